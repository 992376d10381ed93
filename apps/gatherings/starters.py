"""Sensible values to begin a host's form with, by kind."""

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.places.models import Town

HOURS = {
    Gathering.Kind.DINNER: (time(19), time(21, 30)),
    Gathering.Kind.SHARED_MEAL: (time(18, 30), time(21)),
    Gathering.Kind.MOVIE_NIGHT: (time(19, 30), time(22)),
    Gathering.Kind.WALK: (time(10, 30), time(12)),
    Gathering.Kind.TEA: (time(15), time(16, 30)),
    Gathering.Kind.GAMES: (time(18, 30), time(21)),
    Gathering.Kind.MAKING: (time(14), time(16, 30)),
    Gathering.Kind.QUIET: (time(15), time(17)),
    Gathering.Kind.OTHER: (time(18), time(20)),
}
OUTDOORS = {Gathering.Kind.WALK}


def starting_values(kind: str, town: Town | None) -> dict[str, Any]:
    """A week from now in the evening, five seats, in the host's town."""
    starts, ends = HOURS[Gathering.Kind(kind)]
    today = timezone.now().astimezone(ZoneInfo(town.time_zone if town else "UTC")).date()
    setting = Gathering.Setting.PUBLIC if kind in OUTDOORS else Gathering.Setting.HOME
    return {
        "day": today + timedelta(days=7),
        "starts": starts,
        "ends": ends,
        "seats": 5,
        "town": town,
        "setting": setting,
    }
