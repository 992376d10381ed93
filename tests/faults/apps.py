import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig


class Moment:
    """Between reading and writing; drawn out, so that others come between."""

    seconds = 0.05

    @classmethod
    @contextmanager
    def is_short(cls) -> Iterator[None]:
        """While a scene is set, by one alone."""
        drawn_out, cls.seconds = cls.seconds, 0
        yield
        cls.seconds = drawn_out


def unlocked(gatherings: Any, pk: int) -> Any:
    """What `locked` would be without its lock, with the moment between reading and writing drawn out."""
    gathering = gatherings.get(pk=pk)
    time.sleep(Moment.seconds)
    return gathering


class FaultsConfig(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        from apps.gatherings.models import GatheringQuerySet

        GatheringQuerySet.locked = unlocked  # type: ignore[assignment, method-assign]  # taking it out is the point of a control
