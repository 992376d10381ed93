"""Two whom a moderator keeps apart: the second finds the table full, by whichever way they come, and reads no reason.

Each has its control: the same two, whom nobody keeps apart.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings import parting, sweep
from apps.gatherings.company import may_be_offered
from apps.gatherings.models import CoHost, Companion, Gathering, GatheringFull, Rsvp, Series
from apps.outbox.links import path_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.safety.models import KeepApart
from tests.factories import mails_to, make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
APART = pytest.mark.parametrize("is_apart", [True, False])


@pytest.fixture
def moderator(db: None) -> Member:
    return make_member("Moira")


@pytest.fixture
def quin(db: None) -> Member:
    return make_member("Quin")


def keep_apart(one: Member, other: Member, is_apart: bool = True) -> None:
    if is_apart:
        KeepApart.objects.keep(one, other)


@APART
@pytest.mark.parametrize("first_is", ["guest", "offered", "host", "co-host"])
def test_whoever_comes_second_waits_as_at_a_full_table(
    client: Client, member: Member, quin: Member, first_is: str, is_apart: bool
) -> None:
    gathering = make_gathering(host=quin) if first_is == "host" else make_gathering()
    if first_is == "guest":
        make_seat(gathering, quin)
    elif first_is == "offered":
        gathering.offer(quin)
    elif first_is == "co-host":
        CoHost.invite(gathering, quin.email)
        gathering.co_hosts.get().accept(quin)
    keep_apart(member, quin, is_apart)
    client.force_login(member)
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert ("Five seats, all taken" in page, "Wait for a seat" in page) == (is_apart, is_apart)
    assert ("Take a seat" in page) is not is_apart
    rsvp = gathering.seat(member)
    assert rsvp.state == ("waitlisted" if is_apart else "seated")
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert ("Five seats, all taken" in page, "It is your turn next." in page) == (is_apart, is_apart)
    seat_page = client.get(f"{gathering.get_absolute_url()}seat/").content.decode()
    assert "apart" not in page + seat_page


def test_the_page_for_what_one_says_first_finds_it_full_as_well(client: Client, member: Member, quin: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, quin)
    keep_apart(member, quin)
    client.force_login(member)
    assert "Wait for a seat" in client.get(f"{gathering.get_absolute_url()}seat/").content.decode()
    gathering.refresh_from_db()
    assert gathering.seats_taken == 1


@APART
def test_whoever_waits_is_passed_over_and_has_their_turn_once_the_other_has_gone(
    member: Member, quin: Member, is_apart: bool
) -> None:
    """Nobody else's turn waits for it."""
    gathering = make_gathering(seats=2)
    theirs, leaving = make_seat(gathering, quin), make_seat(gathering)
    keep_apart(member, quin, is_apart)
    waits, next_up = gathering.seat(member), gathering.seat(make_member())
    leaving.bow_out()
    sweep.sweep(timezone.now())
    assert states(waits, next_up) == (["waitlisted", "offered"] if is_apart else ["offered", "waitlisted"])
    theirs.bow_out()
    assert states(waits)[0] == "offered"


def states(*rsvps: Rsvp) -> list[str]:
    return [Rsvp.objects.get(pk=rsvp.pk).state for rsvp in rsvps]


def test_of_two_who_both_wait_one_has_their_turn(member: Member, quin: Member) -> None:
    gathering = make_gathering(seats=2)
    first, second = make_seat(gathering), make_seat(gathering)
    keep_apart(member, quin)
    one, other = gathering.seat(member), gathering.seat(quin)
    first.bow_out()
    second.bow_out()
    assert states(one, other) == ["offered", "waitlisted"]
    one.refresh_from_db()
    one.accept()
    assert states(one, other) == ["seated", "waitlisted"]


@APART
def test_a_request_admitted_waits(member: Member, quin: Member, is_apart: bool) -> None:
    gathering = make_gathering(asks_first=True)
    gathering.seat(quin).admit()
    keep_apart(member, quin, is_apart)
    rsvp = gathering.seat(member)
    rsvp.admit()
    assert rsvp.state == ("waitlisted" if is_apart else "seated")


@APART
def test_a_host_can_offer_them_no_seat_and_reads_that_none_is_free(
    client: Client, member: Member, quin: Member, is_apart: bool
) -> None:
    gathering = make_gathering()
    make_seat(gathering, quin)
    came = make_gathering(host=gathering.host)
    make_seat(came, member)
    ended = timezone.now() - timedelta(days=1)
    Gathering.objects.filter(pk=came.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)
    keep_apart(member, quin, is_apart)
    assert may_be_offered(gathering, gathering.host).contains(member) is not is_apart
    if not is_apart:
        assert gathering.offer(member).is_offered
        return
    with pytest.raises(GatheringFull):
        gathering.offer(member)
    gathering.seat(member)
    client.force_login(gathering.host)
    answer = client.post(f"{gathering.get_absolute_url()}guests/{member.key}/offer/", follow=True).content.decode()
    assert "There is no free seat for that just now." in answer


@APART
def test_a_whole_series_seats_them_at_no_date_of_the_other(member: Member, quin: Member, is_apart: bool) -> None:
    series = Series.begin(make_gathering(timezone.now() + timedelta(days=2)), "weekly")
    series.join(quin)
    keep_apart(member, quin, is_apart)
    series.join(member)
    series.keep_going(timezone.now() + timedelta(weeks=3))
    assert quin.rsvps.seated().count() == series.dates.count() > 8
    assert member.rsvps.seated().count() == (0 if is_apart else series.dates.count())


@APART
@pytest.mark.parametrize("who", ["host", "guest"])
def test_nobody_becomes_co_host_where_the_other_is(
    client: Client, member: Member, gathering: Gathering, quin: Member, who: str, is_apart: bool
) -> None:
    make_seat(gathering, quin)
    CoHost.invite(gathering, member.email)
    keep_apart(member, {"host": gathering.host, "guest": quin}[who], is_apart)
    client.force_login(member)
    link = path_to("cohost", None, gathering.co_hosts.get().pk)
    assert client.get(link).status_code == (404 if is_apart else 200)
    client.post(link, {"act": "yes"})
    assert gathering.is_run_by(member) is not is_apart


@APART
def test_the_host_reads_of_no_turn_that_holds_up_the_line(
    client: Client, member: Member, quin: Member, is_apart: bool
) -> None:
    gathering = make_gathering(seats=3, most_companions=1)
    make_seat(gathering, quin)
    make_seat(gathering)
    keep_apart(member, quin, is_apart)
    gathering.seat(member, companions=[Companion()])
    client.force_login(gathering.host)
    page = client.get(f"{gathering.get_absolute_url()}guests/").content.decode()
    assert (f"{member.name} waits for 2 seats together" in page) is not is_apart


# The moderator's act

Lay = Callable[[Member, Member], Gathering]


def both_seated(first: Member, second: Member) -> Gathering:
    gathering = make_gathering()
    make_seat(gathering, first)
    make_seat(gathering, second)
    return gathering


def a_host_and_a_guest(first: Member, second: Member) -> Gathering:
    gathering = make_gathering(host=first)
    make_seat(gathering, second)
    return gathering


@pytest.mark.parametrize("lay", [both_seated, a_host_and_a_guest])
@pytest.mark.parametrize("is_turned", [True, False])
def test_where_both_are_already_who_came_second_reads_that_their_place_is_gone(
    moderator: Member, member: Member, quin: Member, lay: Lay, is_turned: bool
) -> None:
    gathering = lay(member, quin)
    send()
    mail.outbox.clear()
    one, other = (quin, member) if is_turned else (member, quin)
    parting.keep_apart(one, other)
    assert gathering.rsvps.get(member=quin).is_declined
    assert gathering.rsvps.filter(member=member, state="seated").exists() is (lay is both_seated)
    Message.objects.update(due_at=timezone.now())
    send()
    assert [each.subject.split(":")[0] for each in mails_to(quin)] == ["Your place is no longer there"]
    assert not any("apart" in f"{each.subject}{each.body}" for each in mail.outbox)


def test_between_host_and_co_host_the_co_host_goes(moderator: Member, gathering: Gathering, quin: Member) -> None:
    CoHost.invite(gathering, quin.email)
    gathering.co_hosts.get().accept(quin)
    parting.keep_apart(quin, gathering.host)
    assert not gathering.is_run_by(quin)
