"""Beat asks for each sweep every minute, also on a machine whose clock was wrong and is set right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery.beat import PersistentScheduler, Scheduler

from config import beat, celery_app

NOON = datetime(2026, 3, 3, 12, 0, 30, tzinfo=UTC)
SWEEP, NIGHT = "apps.reminders.tasks.minute", "apps.privacy.tasks.night"
AN_HOUR, A_WHILE = timedelta(hours=1), timedelta(minutes=5)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What beat asks of a worker."""
    sent: list[str] = []
    monkeypatch.setattr(Scheduler, "apply_async", lambda scheduler, entry, **options: sent.append(entry.task))
    return sent


def start(tmp_path: Path, kind: type[PersistentScheduler] = beat.Scheduler) -> PersistentScheduler:
    return kind(app=celery_app, schedule_filename=str(tmp_path / "schedule"))


def live(scheduler: Any, clock: time_machine.Traveller, span: timedelta) -> None:
    """For so long by whatever clock, as beat does: it ticks, and sleeps for as long as the tick says."""
    while span > timedelta(0):
        pause = timedelta(seconds=max(scheduler.tick(), 0.001))  # its work takes some time, too
        clock.shift(pause)
        span -= pause


def sent_after_it_is_set_right(
    scheduler: PersistentScheduler, clock: time_machine.Traveller, sent: list[str]
) -> list[str]:
    """While it runs."""
    live(scheduler, clock, A_WHILE)
    clock.shift(-AN_HOUR)
    sent.clear()
    live(scheduler, clock, A_WHILE)
    return sent


def sent_at_another_start(kind: type[PersistentScheduler], clock: Any, sent: list[str], tmp_path: Path) -> list[str]:
    """Set right between two beats, of which the second reads what the first has kept."""
    before = start(tmp_path, kind)
    live(before, clock, A_WHILE)
    before.close()
    clock.shift(-AN_HOUR)
    sent.clear()
    live(start(tmp_path, kind), clock, A_WHILE)
    return sent


def test_the_app_beats_by_it() -> None:
    assert celery_app.conf.beat_scheduler == "config.beat:Scheduler"


def test_a_clock_that_is_set_right_while_beat_runs_costs_no_minute(
    clock: time_machine.Traveller, sent: list[str], tmp_path: Path
) -> None:
    assert sent_after_it_is_set_right(start(tmp_path), clock, sent).count(SWEEP) >= 5


def test_a_clock_that_is_set_right_between_two_beats_costs_no_minute(
    clock: time_machine.Traveller, sent: list[str], tmp_path: Path
) -> None:
    assert sent_at_another_start(beat.Scheduler, clock, sent, tmp_path).count(SWEEP) >= 5


def test_celery_s_own_scheduler_would_be_silent_for_an_hour(
    clock: time_machine.Traveller, sent: list[str], tmp_path: Path
) -> None:
    assert sent_after_it_is_set_right(start(tmp_path, PersistentScheduler), clock, sent) == []
    assert sent_at_another_start(PersistentScheduler, clock, sent, tmp_path) == []


def test_a_clock_that_jumps_ahead_asks_for_each_sweep_once(
    clock: time_machine.Traveller, sent: list[str], tmp_path: Path
) -> None:
    scheduler = start(tmp_path)
    live(scheduler, clock, A_WHILE)
    clock.shift(AN_HOUR)
    sent.clear()
    live(scheduler, clock, timedelta(minutes=1))
    assert sent.count(SWEEP) == 2  # the one it was late for, and that of the next minute
    assert NIGHT not in sent


def test_what_is_done_once_a_night_is_done_after_a_night_without_beat(
    clock: time_machine.Traveller, sent: list[str], tmp_path: Path
) -> None:
    before = start(tmp_path)
    live(before, clock, A_WHILE)
    before.close()
    clock.shift(timedelta(days=1))
    live(start(tmp_path), clock, A_WHILE)
    assert sent.count(NIGHT) == 1
