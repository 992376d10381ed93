"""Told to whoever made a block, and to nobody else: both have a seat at one table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.gatherings import parting, waitlist
from apps.gatherings.models import (
    Gathering,
    Rsvp,
    Series,
)
from apps.outbox.links import path_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.factories import mails_to, make_member, make_seat
from tests.gatherings.blocking import (
    asking,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def quin(gathering: Gathering) -> Member:
    """A guest with a seat, who opens the door."""
    quin = make_member("Quincy Zed")
    make_seat(gathering, quin).say_about_the_door(True)
    return quin


def test_whoever_blocks_a_guest_beside_them_is_told_and_the_other_is_not(
    member: Member, gathering: Gathering, quin: Member
) -> None:
    rsvp = make_seat(gathering, member)
    parting.block(member, quin)
    assert (told(member), told(quin)) == (1, 0)
    [sent] = [each for each in mails_to(member) if "About your seat" in each.subject]
    assert "Someone you have blocked has a seat at this table." in sent.body
    assert quin.name not in sent.body
    assert path_to("leave", member, rsvp.pk, rsvp.round).split("/m/")[0] in sent.body
    message = Message.objects.get(kind="blocked_at_table")
    assert (message.subject_id, message.version, message.state) == (rsvp.pk, rsvp.round, "sent")


Sits = Callable[[Gathering, Member], object]


def by_pressing(gathering: Gathering, member: Member) -> None:
    gathering.seat(member)


def by_taking_an_offer(gathering: Gathering, member: Member) -> None:
    rsvp = gathering.offer(member)
    assert not Message.objects.filter(kind="blocked_at_table").exists()
    rsvp.accept()


def by_being_admitted(gathering: Gathering, member: Member) -> None:
    asking(gathering, member).admit()


def from_the_line(gathering: Gathering, member: Member) -> None:
    while not (last := gathering.seat(make_member())).is_waitlisted:
        pass
    last.bow_out()
    gathering.seat(member, is_straight_away=True)
    list(gathering.rsvps.seated().order_by("pk"))[-1].bow_out()  # one of the strangers, also on Postgres


def with_the_series(gathering: Gathering, member: Member) -> None:
    Series.begin(gathering, "weekly").join(member)


WAYS = [by_pressing, by_taking_an_offer, by_being_admitted, from_the_line, with_the_series]


@pytest.mark.parametrize("sits", WAYS)
@pytest.mark.parametrize("comes_second", ["the blocker", "the blocked"])
def test_whoever_has_blocked_somebody_is_told_however_the_second_comes_to_their_seat(
    member: Member, gathering: Gathering, comes_second: str, sits: Sits
) -> None:
    other = make_member("Quincy Zed")
    parting.block(member, other)
    first, second = (member, other) if comes_second == "the blocked" else (other, member)
    make_seat(gathering, first)
    assert told(member) == 0
    sits(gathering, second)
    assert gathering.rsvps.seated().filter(member=second).exists()
    assert (told(member), told(other)) == (1, 0)


def test_they_are_told_once_for_each_time_they_take_a_seat(member: Member, gathering: Gathering, quin: Member) -> None:
    rsvp = make_seat(gathering, member)
    parting.block(member, quin)
    theirs = gathering.rsvps.get(member=quin)
    theirs.bow_out()
    gathering.seat(quin)
    make_seat(gathering)
    assert told(member) == 1
    rsvp.refresh_from_db()
    rsvp.bow_out()
    gathering.seat(member)
    assert told(member) == 2


def test_who_have_blocked_one_another_are_both_told(member: Member, gathering: Gathering, quin: Member) -> None:
    parting.block(member, quin)
    parting.block(quin, member)
    make_seat(gathering, member)
    assert (told(member), told(quin)) == (1, 1)


def leave(rsvp: Rsvp, other: Rsvp) -> None:
    rsvp.bow_out()


def other_leaves(rsvp: Rsvp, other: Rsvp) -> None:
    other.bow_out()


def unblock(rsvp: Rsvp, other: Rsvp) -> None:
    Block.objects.all().delete()


def call_off(rsvp: Rsvp, other: Rsvp) -> None:
    rsvp.gathering.cancel("")


@pytest.mark.parametrize("act", [leave, other_leaves, unblock, call_off])
def test_what_is_no_longer_so_is_not_told(
    member: Member, gathering: Gathering, quin: Member, act: Callable[[Rsvp, Rsvp], None]
) -> None:
    rsvp = make_seat(gathering, member)
    parting.block(member, quin)
    act(rsvp, gathering.rsvps.get(member=quin))
    assert told(member) == 0


def test_it_is_told_at_any_hour(member: Member, gathering: Gathering, quin: Member, time_machine: Any) -> None:
    night = gathering.starts_at.replace(hour=23) - timedelta(days=3)
    time_machine.move_to(night, tick=False)
    make_seat(gathering, member)
    parting.block(member, quin)
    assert Message.objects.get(kind="blocked_at_table").due_at == night
    send()
    assert Message.objects.get(kind="blocked_at_table").state == "sent"


def test_control_nobody_is_told_of_seats_while_nobody_is_blocked(
    member: Member, gathering: Gathering, quin: Member
) -> None:
    make_seat(gathering, member)
    assert not Message.objects.filter(kind="blocked_at_table").exists()
    assert waitlist.kept_out(gathering, [member.pk]) == set()
