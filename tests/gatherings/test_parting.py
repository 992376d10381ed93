"""What a block ends: what each has at the other's table, and helping to host beside one another."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings import parting
from apps.gatherings.models import (
    CoHost,
    Gathering,
    Rsvp,
    Series,
    StandingRsvp,
)
from apps.gatherings.models.co_host import AskEnded
from apps.outbox.links import path_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.factories import mails_to, make_gathering, make_member, make_seat
from tests.gatherings.blocking import EITHER, EITHER_AND_NOBODY, Blocks, asking, by_the_first, helper, is_made
from tests.odd import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def mei(gathering: Gathering) -> Member:
    return gathering.host


@pytest.fixture
def ada(gathering: Gathering) -> Member:
    """Who helps Mei to host."""
    return helper(gathering, "Ada")


# Parting: what each has at the other's table


State = Callable[[Gathering, Member], Rsvp]


def seated(gathering: Gathering, member: Member) -> Rsvp:
    return gathering.seat(member)


def offered(gathering: Gathering, member: Member) -> Rsvp:
    return gathering.offer(member)


def waiting(gathering: Gathering, member: Member) -> Rsvp:
    while not gathering.seat(make_member()).is_waitlisted:
        pass
    return gathering.seat(member)


STATES = pytest.mark.parametrize("has", [seated, offered, waiting, asking])


@STATES
@pytest.mark.parametrize("whom", ["mei", "ada"])
def test_who_blocks_a_host_gives_up_what_they_have_there(
    member: Member, gathering: Gathering, ada: Member, whom: str, has: State
) -> None:
    rsvp = has(gathering, member)
    send()
    mail.outbox.clear()
    parting.block(member, {"mei": gathering.host, "ada": ada}[whom])
    rsvp.refresh_from_db()
    assert rsvp.state == "left"
    gathering.refresh_from_db()
    assert gathering.seats_taken == gathering.rsvps.holding_seats().people()
    send()
    assert mails_to(member) == []


@STATES
@pytest.mark.parametrize("whom", ["mei", "ada"])
def test_a_host_who_blocks_a_guest_withdraws_what_they_have_in_neutral_words(
    member: Member, gathering: Gathering, ada: Member, whom: str, has: State
) -> None:
    rsvp = has(gathering, member)
    send()
    mail.outbox.clear()
    parting.block({"mei": gathering.host, "ada": ada}[whom], member)
    rsvp.refresh_from_db()
    assert (rsvp.state, rsvp.host_words) == ("declined", "")
    Message.objects.update(due_at=timezone.now())
    send()
    [told] = mails_to(member)
    assert told.subject.startswith("Not this time" if has is asking else "Your place is no longer there")
    assert "block" not in f"{told.subject}{told.body}".lower()


def test_whose_turn_it_is_moves_up_when_a_block_frees_a_seat(member: Member) -> None:
    gathering = make_gathering(seats=1)
    make_seat(gathering, member)
    next_up = gathering.seat(make_member())
    parting.block(member, gathering.host)
    next_up.refresh_from_db()
    assert next_up.is_offered


def test_what_is_past_stays_as_it_was_and_what_goes_on_now_does_not(member: Member) -> None:
    past, now = make_gathering(), make_gathering()
    Gathering.objects.update(host=now.host)
    for gathering in (past, now):
        make_seat(gathering, member)
    begun = timezone.now() - timedelta(minutes=5)
    Gathering.objects.filter(pk=past.pk).update(starts_at=begun - timedelta(days=2), ends_at=begun - timedelta(days=1))
    Gathering.objects.filter(pk=now.pk).update(starts_at=begun)
    parting.block(member, now.host)
    assert [rsvp.state for rsvp in member.rsvps.order_by("pk")] == ["seated", "left"]


def test_blocking_twice_changes_nothing_more(member: Member, gathering: Gathering) -> None:
    make_seat(gathering, member)
    parting.block(member, gathering.host)
    before = all_rows()
    parting.block(member, gathering.host)
    assert all_rows() == before


@EITHER
def test_a_series_seats_nobody_anew_at_a_table_of_whom_they_blocked(member: Member, blocks: Blocks) -> None:
    first = make_gathering(timezone.now() + timedelta(days=2))
    series = Series.begin(first, "weekly")
    series.join(member)
    assert member.rsvps.seated().count() == 8
    blocks(member, first.host)
    assert not StandingRsvp.objects.exists()
    series.keep_going(timezone.now() + timedelta(weeks=3))
    assert series.dates.count() > 8
    assert not member.rsvps.open().exists()


def test_control_without_a_block_the_series_goes_on_seating(member: Member) -> None:
    series = Series.begin(make_gathering(timezone.now() + timedelta(days=2)), "weekly")
    series.join(member)
    series.keep_going(timezone.now() + timedelta(weeks=3))
    assert member.rsvps.seated().count() > 8


# Co-hosts


@EITHER_AND_NOBODY
def test_between_host_and_co_host_it_is_the_co_host_who_goes(
    client: Client, mei: Member, ada: Member, gathering: Gathering, blocks: Blocks
) -> None:
    blocks(mei, ada)
    assert gathering.is_run_by(ada) is not is_made(blocks)
    assert gathering.is_run_by(mei)
    client.force_login(ada)
    assert client.get(gathering.get_absolute_url()).status_code == (404 if is_made(blocks) else 200)


def test_of_two_co_hosts_whoever_blocks_goes(gathering: Gathering, ada: Member) -> None:
    ben = helper(gathering, "Ben")
    parting.block(ada, ben)
    assert (gathering.is_run_by(ada), gathering.is_run_by(ben)) == (False, True)


def test_in_a_series_it_is_so_at_every_date(mei: Member, ada: Member, gathering: Gathering) -> None:
    series = Series.begin(gathering, "weekly")
    assert CoHost.objects.filter(member=ada).count() == 8
    parting.block(ada, mei)
    series.keep_going(timezone.now() + timedelta(weeks=3))
    assert not CoHost.objects.filter(member=ada).exists()


@EITHER_AND_NOBODY
@pytest.mark.parametrize("who", ["host", "co-host", "guest"])
def test_nobody_becomes_co_host_beside_whom_they_must_not_meet(
    client: Client, member: Member, gathering: Gathering, ada: Member, blocks: Blocks, who: str
) -> None:
    """They read what anybody reads whose invitation was taken back."""
    guest = make_member()
    make_seat(gathering, guest)
    CoHost.invite(gathering, member.email)
    row = gathering.co_hosts.get(email=member.email)
    parting.block(make_member(), guest)  # somebody else's, which is nothing here
    one, other = member, {"host": gathering.host, "co-host": ada, "guest": guest}[who]
    if is_made(blocks):  # the row alone: the verb would end what they were asked, where it is the host's
        blocker, blocked = (one, other) if blocks is by_the_first else (other, one)
        Block.objects.create(blocker=blocker, blocked=blocked)
    client.force_login(member)
    path = path_to("cohost", None, row.pk)
    assert client.get(path).status_code == (404 if is_made(blocks) else 200)
    client.post(path, {"act": "yes"})
    assert gathering.is_run_by(member) is not is_made(blocks)
    if is_made(blocks):
        with pytest.raises(AskEnded):
            row.accept(member)
