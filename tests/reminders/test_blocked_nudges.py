"""No nudge, no digest and no news names anybody, or any table, across a block.

Nor does any bring back an evening that somebody gave up by one.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail

from apps.gatherings import parting
from apps.gatherings.models import Rsvp
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.nudges import put_nudges
from apps.reminders.tasks import minute
from tests.factories import mails_to, make_gathering, make_member, make_newcomer, make_seat
from tests.reminders.nudging import DAY, HOUR, MONDAY, ask, came

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHEN_BLOCKED = pytest.mark.parametrize("when", ["before", "a second before it is sent", "never"])


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member(clock: time_machine.Traveller) -> Member:
    return make_newcomer("Robin")


def sent(clock: time_machine.Traveller, moment: datetime, one: Member, other: Member, when: str) -> list[str]:
    """The subjects of what a sweep at this moment sends, where the one blocks the other."""
    if when == "before":
        parting.block(one, other)
    clock.move_to(moment)
    put_nudges(datetime.now(UTC))
    if when == "a second before it is sent":
        parting.block(one, other)
    mail.outbox.clear()
    send()
    return [str(each.subject) for each in mail.outbox]


@WHEN_BLOCKED
@pytest.mark.parametrize("is_by_the_member", [True, False])
@pytest.mark.parametrize("kind", ["first_step", "weekly_digest", "keep_showing_up", "seats_tomorrow"])
def test_it_names_no_table_of_whom_one_must_not_meet(
    clock: time_machine.Traveller, member: Member, kind: str, is_by_the_member: bool, when: str
) -> None:
    host = make_member("Mei")
    ask(member, kind)
    moment = {
        "first_step": MONDAY + 2 * DAY,
        "weekly_digest": MONDAY + 3 * DAY + 6 * HOUR,
        "keep_showing_up": MONDAY + HOUR,
        "seats_tomorrow": MONDAY + 2 * DAY + 6 * HOUR,
    }[kind]
    if kind == "keep_showing_up":
        came(member, 21 * DAY - HOUR, host=host)
    make_gathering(moment + DAY, host=host)
    one, other = (member, host) if is_by_the_member else (host, member)
    found = sent(clock, moment, one, other, when)
    assert len(found) == (1 if when == "never" else 0)


@WHEN_BLOCKED
def test_nobody_is_shown_another_evening_for_one_that_they_gave_up_by_a_block(
    clock: time_machine.Traveller, member: Member, when: str
) -> None:
    """Its title would bring back what they have put behind them."""
    ask(member, "try_again")
    gathering = make_gathering(MONDAY + 9 * DAY)
    rsvp = make_seat(gathering, member)
    if when != "before":
        rsvp.bow_out()
    make_gathering(MONDAY + 9 * DAY, host=make_member())
    found = sent(clock, MONDAY + 5 * DAY, member, gathering.host, when)
    assert len(found) == (1 if when == "never" else 0)


def left(rsvp: Rsvp) -> None:
    rsvp.bow_out()


def blocks_the_host(rsvp: Rsvp) -> None:
    parting.block(rsvp.member, rsvp.gathering.host)


@pytest.mark.parametrize("act", [left, blocks_the_host])
def test_a_host_reads_of_whoever_blocks_them_what_they_read_of_anybody_who_leaves(
    clock: time_machine.Traveller, act: Callable[[Rsvp], None]
) -> None:
    """Word for word: were nothing said, a seat that came free in silence would tell."""
    gathering = make_gathering(MONDAY + 5 * DAY, title="Soup", host=make_member("Mei"))
    rsvp = make_seat(gathering, make_member("Ash"))
    clock.shift(2 * HOUR)
    minute()
    mail.outbox.clear()
    act(rsvp)
    clock.shift(2 * HOUR)
    minute()
    [told] = mails_to(gathering.host)
    assert "Ash has given their seat back" in " ".join(str(told.body).split())
    assert "block" not in f"{told.subject}{told.body}".lower()


def test_a_host_who_blocks_a_guest_reads_no_news_of_it(clock: time_machine.Traveller) -> None:
    gathering = make_gathering(MONDAY + 5 * DAY)
    rsvp = make_seat(gathering)
    clock.shift(2 * HOUR)
    minute()
    mail.outbox.clear()
    parting.block(gathering.host, rsvp.member)
    clock.shift(2 * HOUR)
    minute()
    assert mails_to(gathering.host) == []
