"""Cancelled, moved, left, blocked or switched off a second before: nothing stale is sent, and what moved is due anew.

Each kind has its control: the same row, with nothing come between, is sent.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from apps.gatherings import parting
from apps.gatherings.models import CoHost, Gathering
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.due import put_what_is_due
from apps.reminders.tasks import minute
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)
BOOKED = STARTS - timedelta(days=3, hours=5)
DAY, SOON = STARTS - timedelta(hours=24), STARTS - timedelta(hours=2)

# Each kind, when a row of it is put, and whether its reader is the guest or the co-host.
KINDS = {
    "day_before": (DAY, "Robin"),
    "soon": (SOON, "Robin"),
    "gathering_changed": (BOOKED + timedelta(hours=2, minutes=10), "Robin"),
    "host_update": (BOOKED + timedelta(hours=1, minutes=1), "Hal"),
    "host_briefing": (DAY, "Hal"),
    "too_few": (DAY, "Hal"),
}


def cancel(gathering: Gathering, reader: Member, kind: str) -> None:
    gathering.cancel("")


def move(gathering: Gathering, reader: Member, kind: str) -> None:
    gathering.day += timedelta(days=7)
    gathering.change(["day"])


def leave(gathering: Gathering, reader: Member, kind: str) -> None:
    """The guest gives their seat back; the co-host steps down."""
    for rsvp in gathering.rsvps.filter(member=reader):
        rsvp.bow_out()
    for row in CoHost.objects.filter(member=reader):
        row.end()


def block_the_host(gathering: Gathering, reader: Member, kind: str) -> None:
    parting.block(reader, gathering.host)


def be_blocked_by_the_host(gathering: Gathering, reader: Member, kind: str) -> None:
    parting.block(gathering.host, reader)


def opt_out(gathering: Gathering, reader: Member, kind: str) -> None:
    Consent.objects.say(reader, kind, is_given=False)


def nothing(gathering: Gathering, reader: Member, kind: str) -> None:
    pass


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def table(clock: time_machine.Traveller) -> Gathering:
    """Robin has a seat, Hal helps to host, and three guests were hoped for."""
    gathering = make_gathering(STARTS, least_guests=3)
    helper = make_member("Hal")
    CoHost.invite(gathering, helper.email)
    gathering.co_hosts.get().accept(helper)
    make_seat(gathering, make_member("Robin"))
    return gathering


def put(clock: time_machine.Traveller, table: Gathering, kind: str) -> tuple[Message, Member]:
    """A row of this kind that is due this very second, and its reader."""
    at, name = KINDS[kind]
    if kind == "host_briefing":  # below their floor hosts are asked what they would like to do instead
        Gathering.objects.filter(pk=table.pk).update(least_guests=None)
        table.refresh_from_db()
    if kind == "gathering_changed":
        clock.move_to(at - timedelta(minutes=10))
        table.cost = "A song"
        table.change(["cost"])
    clock.move_to(at)
    reader = Member.objects.get(name=name)
    put_what_is_due(timezone.now())
    return Message.objects.get(kind=kind, member=reader), reader


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", [cancel, move, leave, block_the_host, be_blocked_by_the_host, opt_out, nothing])
def test_what_has_become_stale_is_not_sent(
    clock: time_machine.Traveller,
    table: Gathering,
    kind: str,
    act: Callable[[Gathering, Member, str], None],
) -> None:
    row, reader = put(clock, table, kind)
    act(table, reader, kind)
    mail.outbox.clear()
    send()
    row.refresh_from_db()
    is_still_news = (kind, act) == ("host_update", move)  # who has a seat has it on the new day
    assert row.state == ("sent" if act is nothing or is_still_news else "dropped")


def test_who_has_joined_and_left_again_is_no_news(clock: time_machine.Traveller, table: Gathering) -> None:
    row, _host = put(clock, table, "host_update")
    table.rsvps.get().bow_out()
    send()
    row.refresh_from_db()
    assert row.state == "dropped"


@pytest.mark.parametrize("kind", ["day_before", "soon", "host_briefing", "too_few"])
def test_what_moved_reminds_anew(clock: time_machine.Traveller, table: Gathering, kind: str) -> None:
    _row, reader = put(clock, table, kind)
    send()
    move(table, reader, kind)
    clock.move_to(KINDS[kind][0] + timedelta(days=7, minutes=-1))
    minute()
    rows = Message.objects.filter(kind=kind, member=reader).order_by("pk")
    assert [each.version for each in rows] == [0]
    clock.shift(timedelta(minutes=1))
    minute()
    assert [(each.version, each.state) for each in rows.all()] == [(0, "sent"), (1, "sent")]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "soon"])
def test_a_worker_that_was_down_until_night_lets_its_readers_sleep(
    clock: time_machine.Traveller, table: Gathering, kind: str
) -> None:
    """A row that was put by day and comes to be sent at 22:00 waits for 09:00."""
    row, _reader = put(clock, table, kind)
    night = row.due_at.replace(hour=22, minute=0)
    Message.objects.exclude(pk=row.pk).delete()
    clock.move_to(night)
    send()
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("waiting", night + timedelta(hours=11))
    clock.move_to(night + timedelta(hours=11))
    send()
    row.refresh_from_db()
    assert row.state == "sent"


def test_two_hours_before_is_told_at_any_hour(clock: time_machine.Traveller) -> None:
    late = make_gathering(datetime(2026, 11, 26, 23, 30, tzinfo=UTC), hours=2)
    make_seat(late, make_member("Robin"))
    clock.move_to(late.starts_at - timedelta(hours=2))  # 21:30
    minute()
    assert Message.objects.get(kind="soon").state == "sent"


@pytest.mark.parametrize(("minutes", "state"), [(14, "sent"), (16, "waiting")])
def test_the_edge_of_the_night_has_a_quarter_of_an_hour(
    clock: time_machine.Traveller, minutes: int, state: str
) -> None:
    """For a start at 22:00 the moment is 21:00, where the night begins."""
    late = make_gathering(datetime(2026, 11, 26, 22, tzinfo=UTC), hours=2)
    make_seat(late, make_member("Robin"))
    clock.move_to(datetime(2026, 11, 25, 21, minutes, tzinfo=UTC))
    minute()
    for kind in ("day_before", "host_briefing"):
        assert Message.objects.get(kind=kind).state == state
