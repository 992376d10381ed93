"""Votes whose time has come, looked for every minute. Each is counted under the lock of its gathering, once."""

from datetime import datetime

from apps.gatherings.sweep import each
from apps.movies.models import Showing


def sweep(now: datetime) -> None:
    due = Showing.objects.to_close(now).values_list("gathering", flat=True)
    each(list(due), lambda gathering: Showing.objects.close(gathering, now))
