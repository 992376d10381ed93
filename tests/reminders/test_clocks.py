"""Each reminder once, at the right wall time, wherever clocks skip or repeat, and whatever the machine's own does."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.reminders.due import put_what_is_due
from apps.reminders.tasks import minute
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HALF_AN_HOUR = timedelta(minutes=30)
KINDS = ("day_before", "host_briefing", "soon")

# The day on which a zone's clocks change (or any day, where they never do), and by how much.
CHANGES = [
    ("Europe/London", datetime(2026, 3, 29), 60),
    ("Europe/London", datetime(2026, 10, 25), -60),
    ("Pacific/Auckland", datetime(2026, 9, 27), 60),
    ("Pacific/Auckland", datetime(2026, 4, 5), -60),
    ("America/New_York", datetime(2026, 3, 8), 60),
    ("America/New_York", datetime(2026, 11, 1), -60),
    ("Australia/Lord_Howe", datetime(2026, 10, 4), 30),
    ("Australia/Lord_Howe", datetime(2026, 4, 5), -30),
    ("Asia/Kathmandu", datetime(2026, 4, 5), 0),
]


def lay(zone: ZoneInfo, wall: datetime) -> Gathering:
    """A table at that wall time, with a seat taken days before."""
    starts = wall.replace(tzinfo=zone)
    with time_machine.travel(starts - timedelta(days=4), tick=False):
        gathering = make_gathering(starts, hours=1, time_zone=zone.key)
        make_seat(gathering, make_member("Robin"))
    return gathering


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 1, 1), tick=False) as traveller:
        yield traveller


def sweeps(clock: time_machine.Traveller, starts: datetime, off: timedelta = timedelta(0)) -> dict[str, list[datetime]]:
    """When each kind was sent, by sweeps from 32 hours before the start until after it.

    They come each half hour around what is due, and seldom between.
    `off` is how far the machine's clock is ahead of the true one until 20 hours before the start.
    """
    sent: dict[str, list[datetime]] = {kind: [] for kind in KINDS}
    true = starts - timedelta(hours=32)
    while true <= starts + timedelta(hours=1):
        clock.move_to(true + (off if starts - true > timedelta(hours=20) else timedelta(0)))
        before = done()
        minute()
        for kind in done()[len(before) :]:
            sent.get(kind, []).append(true)
        is_between = timedelta(hours=4) < starts - true < timedelta(hours=22)
        true += timedelta(hours=2) if is_between else HALF_AN_HOUR
    return sent


def done() -> list[str]:
    return list(
        Message.objects.filter(state="sent", kind__in=KINDS).order_by("done_at", "pk").values_list("kind", flat=True)
    )


@pytest.mark.parametrize(("zone", "day", "minutes"), CHANGES)
@pytest.mark.parametrize("hour", [0, 19])
def test_each_comes_once_at_its_wall_time_over_a_change_of_clocks(
    clock: time_machine.Traveller, zone: str, day: datetime, minutes: int, hour: int
) -> None:
    """A start at midnight is told at 21:00 on the evening before the last; the others at their own hour."""
    there = ZoneInfo(zone)
    wall = day.replace(hour=hour) + timedelta(days=1 if hour == 0 else 0)
    gathering = lay(there, wall)
    day_before = (wall - timedelta(days=1)).replace(hour=hour)
    due = datetime.combine(day_before - timedelta(days=1), time(21)) if hour == 0 else day_before
    real = gathering.starts_at - gathering.day_before_at  # type: ignore[operator]  # settled when it was saved
    sent = sweeps(clock, gathering.starts_at)
    for kind in ("day_before", "host_briefing"):
        assert [at.astimezone(there).replace(tzinfo=None) for at in sent[kind]] == [due]
    assert sent["soon"] == [gathering.starts_at - timedelta(hours=2)]
    crosses = there.utcoffset(due) != there.utcoffset(wall)
    hours = timedelta(hours=27 if hour == 0 else 24)
    assert real == hours - (timedelta(minutes=minutes) if crosses else timedelta(0))


def test_over_the_change_itself_a_day_is_not_24_hours(clock: time_machine.Traveller) -> None:
    """The control: where clocks skip an hour, 24 hours before would be another wall time."""
    gathering = lay(ZoneInfo("Europe/London"), datetime(2026, 3, 29, 19))
    assert gathering.starts_at - gathering.day_before_at == timedelta(hours=23)  # type: ignore[operator]


@pytest.mark.parametrize("hours", [1, -1])
def test_a_machine_whose_clock_is_an_hour_off_and_set_right_sends_once(
    clock: time_machine.Traveller, hours: int
) -> None:
    """As much too early or too late as the clock is, and not again once it is right."""
    gathering = lay(ZoneInfo("Europe/London"), datetime(2026, 11, 26, 19))
    sent = sweeps(clock, gathering.starts_at, off=timedelta(hours=hours))
    for kind in ("day_before", "host_briefing"):
        assert sent[kind] == [gathering.starts_at - timedelta(hours=24 + hours)]
    assert sent["soon"] == [gathering.starts_at - timedelta(hours=2)]


def test_a_clock_that_repeats_an_hour_under_the_machine_puts_nothing_twice(clock: time_machine.Traveller) -> None:
    gathering = lay(ZoneInfo("Europe/London"), datetime(2026, 11, 26, 19))
    moment = gathering.starts_at - timedelta(hours=24)
    for minutes in (0, 30, 60, 0, 30, 60):
        clock.move_to(moment + timedelta(minutes=minutes))
        put_what_is_due(moment + timedelta(minutes=minutes))
    assert Message.objects.filter(kind="day_before").count() == 1
    assert Message.objects.filter(kind="host_briefing").count() == 1
