"""Beat on a machine whose clock may be set right."""

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

A_MINUTE = timedelta(minutes=1)


class Scheduler(PersistentScheduler):
    """What seems to have run in the future ran by a clock that was ahead.

    Celery would send nothing until that moment comes again, and remembers it over a restart. That it remembers is
    wanted: what is done once a night is done after a night in which it could not be.
    """

    def tick(self, *args: Any, **kwargs: Any) -> float:
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at and entry.last_run_at > now:
                entry.last_run_at = now - A_MINUTE  # so that no minute is left out
                self._heap = None  # Celery's plan of what comes next, by that clock; it makes another
        return super().tick(*args, **kwargs)
