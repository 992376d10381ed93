import time
from typing import Any

from django.apps import AppConfig


def unlocked(gatherings: Any, pk: int) -> Any:
    """What `locked` would be without its lock, with the moment between reading and writing drawn out."""
    gathering = gatherings.get(pk=pk)
    time.sleep(0.05)
    return gathering


class FaultsConfig(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        from apps.gatherings.models import GatheringQuerySet

        GatheringQuerySet.locked = unlocked  # type: ignore[assignment, method-assign]  # taking it out is the point of a control
