from typing import NamedTuple

from apps.gatherings.models import Gathering

HOME, PUBLIC, COMMUNITY = Gathering.Setting.HOME, Gathering.Setting.PUBLIC, Gathering.Setting.COMMUNITY


class Idea(NamedTuple):
    """What a host writes, with the hour (local wall time) and length that suit it."""

    title: str
    words: str
    starts: str
    minutes: int
    seats: int = 5
    setting: str = HOME
    place: str = ""  # where in public
    has_animals: bool = False
    is_step_free: bool | None = None  # where the words themselves say so
