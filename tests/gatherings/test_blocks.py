"""A block is silent, both ways and everywhere: who is behind it is as if they were not there, and nobody is told.

Each promise is held with the block made by either of the two, and has its control: the same with nobody blocked.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings import feeds, parting, waitlist
from apps.gatherings.company import may_be_offered
from apps.gatherings.models import (
    CannotSit,
    CoHost,
    Gathering,
    GatheringNotOpen,
    Invitation,
    Note,
    Question,
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
from tests.odd import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Blocks = Callable[[Member, Member], None]


def by_the_first(one: Member, other: Member) -> None:
    parting.block(one, other)


def by_the_second(one: Member, other: Member) -> None:
    parting.block(other, one)


def nobody(one: Member, other: Member) -> None:
    """The control."""


EITHER = pytest.mark.parametrize("blocks", [by_the_first, by_the_second])
EITHER_AND_NOBODY = pytest.mark.parametrize("blocks", [by_the_first, by_the_second, nobody])


def is_made(blocks: Blocks) -> bool:
    return blocks is not nobody


@pytest.fixture
def mei(gathering: Gathering) -> Member:
    return gathering.host


@pytest.fixture
def ada(gathering: Gathering) -> Member:
    """Who helps Mei to host."""
    return helper(gathering, "Ada")


def helper(gathering: Gathering, name: str) -> Member:
    member = make_member(name)
    CoHost.invite(gathering, member.email)
    gathering.co_hosts.get(email=member.email).accept(member)
    return member


def names(client: Client, url: str) -> str:
    return client.get(url).content.decode()


# Hosts: the gathering is as one that never was


ACTS = {
    "get": ["", "calendar.ics", "seat/", "ask/", "leave/", "plan/"],
    "post": ["rsvp/", "seat/", "ask/", "leave/", "plan/", "coming/", "accept/", "late/"],
}


@EITHER_AND_NOBODY
@pytest.mark.parametrize("whom", ["mei", "ada"])
@pytest.mark.parametrize(("method", "act"), [(method, act) for method, acts in ACTS.items() for act in acts])
def test_a_page_behind_a_block_is_one_that_never_was(
    signed_in: Client,
    member: Member,
    gathering: Gathering,
    ada: Member,
    blocks: Blocks,
    whom: str,
    method: str,
    act: str,
) -> None:
    make_seat(gathering, member)
    blocks(member, {"mei": gathering.host, "ada": ada}[whom])
    seen = []
    for key in (gathering.key, "zzzzzzzzzz"):
        answer = getattr(signed_in, method)(f"/gatherings/{key}/{act}")
        page = without_tokens(answer.content.decode()).replace(key, "KEY")
        seen.append((answer.status_code, page, dict(answer.items())))
    assert seen[1][0] == 404
    assert (seen[0] == seen[1]) is is_made(blocks)


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@EITHER_AND_NOBODY
@pytest.mark.parametrize("visibility", ["everyone", "members", "link"])
def test_it_is_in_no_list_feed_or_calendar(
    signed_in: Client, member: Member, mei: Member, gathering: Gathering, visibility: str, blocks: Blocks
) -> None:
    Gathering.objects.update(visibility=visibility, link="secret")
    make_seat(gathering, member)
    blocks(member, mei)
    shows = not is_made(blocks)
    assert (gathering.title in names(signed_in, "/near/bristol-gb/")) is (shows and visibility != "link")
    assert (gathering.title in names(signed_in, "/table/")) is shows
    assert (gathering in [entry.gathering for entry in feeds.own(member)]) is shows
    assert signed_in.get(f"/gatherings/{gathering.key}/?link=secret").status_code == (200 if shows else 404)


def test_a_stranger_and_a_third_member_find_it_as_before(client: Client, member: Member, gathering: Gathering) -> None:
    parting.block(member, gathering.host)
    assert gathering.title in names(client, "/near/bristol-gb/")
    client.force_login(make_member())
    assert gathering.title in names(client, "/near/bristol-gb/")


@EITHER
def test_hosts_go_on_seeing_what_is_theirs(member: Member, gathering: Gathering, ada: Member, blocks: Blocks) -> None:
    blocks(member, gathering.host)
    assert set(Gathering.objects.visible_to(gathering.host)) == set(Gathering.objects.visible_to(ada)) == {gathering}


@EITHER_AND_NOBODY
def test_a_list_takes_one_question_however_many_are_blocked(
    signed_in: Client, member: Member, gathering: Gathering, blocks: Blocks, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        blocks(member, make_gathering().host)
    # town, session, member, gatherings of the next days and of all others, the rules, whether mail reaches them
    with django_assert_num_queries(7):
        signed_in.get("/near/bristol-gb/")


@EITHER
def test_no_seat_is_to_be_had_by_any_other_way(
    member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    """Not even for whoever had the page open when the block was made."""
    blocks(member, mei)
    with pytest.raises(GatheringNotOpen):
        gathering.seat(member)
    with pytest.raises(CannotSit):
        gathering.offer(member)
    series = Series.begin(gathering, "weekly")
    with pytest.raises(GatheringNotOpen):
        series.join(member, seen=gathering)
    assert not member.rsvps.exists()


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


def asking(gathering: Gathering, member: Member) -> Rsvp:
    gathering.asks_first = True
    gathering.change(["asks_first"])
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


# Guests: never a name, always a seat that counts


@pytest.fixture
def quin(gathering: Gathering) -> Member:
    """A guest with a seat, who opens the door."""
    quin = make_member("Quincy Zed")
    make_seat(gathering, quin).say_about_the_door(True)
    return quin


@EITHER_AND_NOBODY
def test_two_guests_do_not_read_each_others_names_and_are_counted(
    client: Client, member: Member, gathering: Gathering, quin: Member, blocks: Blocks
) -> None:
    make_seat(gathering, member)
    third = make_member("Thea")
    make_seat(gathering, third)
    blocks(member, quin)
    for reader, other in ((member, quin), (quin, member)):
        client.force_login(reader)
        page = names(client, gathering.get_absolute_url())
        assert (other.name in page) is not is_made(blocks)
        assert (f">{other.initials}<" in page) is not is_made(blocks)
        assert "Thea" in page
        assert "Five seats, three taken, two free" in page
        assert "Right now you would be the only guest" not in page
    client.force_login(third)
    assert all(name in names(client, gathering.get_absolute_url()) for name in (member.name, quin.name))
    client.force_login(gathering.host)
    assert all(name in names(client, f"{gathering.get_absolute_url()}guests/") for name in (member.name, quin.name))


@EITHER_AND_NOBODY
def test_who_opens_the_door_is_not_named_to_whom_they_must_not_meet(
    client: Client, member: Member, gathering: Gathering, quin: Member, blocks: Blocks
) -> None:
    rsvp = make_seat(gathering, member)
    blocks(member, quin)
    found = Rsvp.objects.with_the_table().get(pk=rsvp.pk)
    assert (found.door_name, found.people_at_the_table) == (None if is_made(blocks) else quin.name, 2)
    page = names(client, path_to("door", member, rsvp.pk, rsvp.round))
    assert (quin.name in page, "opens the door" in page) == (not is_made(blocks), True)


def test_names_cost_no_question_of_their_own(
    client: Client, member: Member, gathering: Gathering, quin: Member, django_assert_num_queries: Any
) -> None:
    make_seat(gathering, member)
    client.force_login(member)
    for _ in range(2):
        with django_assert_num_queries(10):  # as in test_browse
            client.get(gathering.get_absolute_url())
        parting.block(member, quin)


@EITHER_AND_NOBODY
def test_a_host_does_not_read_the_name_of_a_guest_of_old(
    client: Client, member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    make_seat(gathering, member)
    make_seat(gathering, make_member("Thea"))
    yesterday = timezone.now() - timedelta(days=1)
    Gathering.objects.update(starts_at=yesterday - timedelta(hours=2), ends_at=yesterday)
    gathering.refresh_from_db()
    blocks(member, mei)
    client.force_login(mei)
    for page in (f"{gathering.get_absolute_url()}guests/", f"{gathering.get_absolute_url()}sheet/"):
        seen = names(client, page)
        assert (member.name in seen, "Thea" in seen) == (not is_made(blocks), True)
        assert "2 people" in seen
    mark = client.post(f"{gathering.get_absolute_url()}guests/{member.key}/absent/")
    assert mark.status_code == (404 if is_made(blocks) else 302)


@EITHER_AND_NOBODY
@pytest.mark.parametrize("whom", ["mei", "ada"])
def test_a_host_is_offered_nobody_whom_they_must_not_meet(
    member: Member, gathering: Gathering, ada: Member, blocks: Blocks, whom: str
) -> None:
    past = make_gathering(timezone.now() + timedelta(days=1), host=gathering.host)
    make_seat(past, member)
    ended = timezone.now() - timedelta(days=1)
    Gathering.objects.filter(pk=past.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)
    blocks(member, {"mei": gathering.host, "ada": ada}[whom])
    assert may_be_offered(gathering, gathering.host).contains(member) is not is_made(blocks)


# Words between host and guest


@EITHER_AND_NOBODY
def test_a_question_is_neither_read_nor_answered_across_a_block(
    client: Client, member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    question = Question.objects.ask(gathering, member, "Is there a bus home?")
    blocks(member, mei)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(mei)) == (0 if is_made(blocks) else 1)
    client.force_login(mei)
    assert ("Is there a bus home?" in names(client, f"{gathering.get_absolute_url()}questions/")) is not is_made(blocks)
    status = 404 if is_made(blocks) else 200
    assert client.get(f"{gathering.get_absolute_url()}questions/{question.pk}/").status_code == status
    assert client.get(path_to("answer_question", mei, question.pk)).status_code == status


@EITHER_AND_NOBODY
def test_an_answer_is_not_sent_across_a_block(
    member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    Question.objects.ask(gathering, member, "Is there a bus home?").reply(mei, "Every hour.")
    blocks(member, mei)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(member)) == (0 if is_made(blocks) else 1)


@EITHER_AND_NOBODY
def test_an_answer_of_somebody_who_no_longer_helps_to_host_is_not_read_across_a_block(
    signed_in: Client, member: Member, gathering: Gathering, ada: Member, blocks: Blocks
) -> None:
    Question.objects.ask(gathering, member, "Is there a bus home?").reply(ada, "Every hour.")
    gathering.co_hosts.get(member=ada).end()
    blocks(member, ada)
    page = names(signed_in, f"{gathering.get_absolute_url()}ask/")
    assert ("Ada" in page) is not is_made(blocks)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(member)) == (0 if is_made(blocks) else 1)


@EITHER_AND_NOBODY
def test_a_note_is_not_sent_across_a_block(member: Member, mei: Member, gathering: Gathering, blocks: Blocks) -> None:
    make_seat(gathering, member)
    make_seat(gathering)  # somebody to write to
    send()
    Note.objects.send(gathering, mei, "Bring slippers.")
    blocks(member, mei)
    mail.outbox.clear()
    Message.objects.update(due_at=timezone.now())
    send()
    told = [each for each in mails_to(member) if "A note from" in each.subject]
    assert len(told) == (0 if is_made(blocks) else 1)


@EITHER_AND_NOBODY
def test_nobody_is_invited_across_a_block(member: Member, mei: Member, gathering: Gathering, blocks: Blocks) -> None:
    """And the host reads of it nothing: it looks as sent."""
    blocks(member, mei)
    Invitation.send(gathering, mei, [member.email])
    CoHost.invite(gathering, member.email)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(member)) == (0 if is_made(blocks) else 2)
    assert gathering.invitations.count() == gathering.co_hosts.count() == 1


def test_a_request_that_ended_with_a_block_is_not_read_in_the_mail_about_it(member: Member) -> None:
    gathering = make_gathering(asks_first=True)
    rsvp = gathering.seat(member)
    link = path_to("request", gathering.host, rsvp.pk, rsvp.round)
    assert Client().get(link).status_code == 200
    parting.block(member, gathering.host)
    assert Client().get(link).status_code == 404


@EITHER
@pytest.mark.parametrize("purpose", ["leave", "coming", "late", "offer", "door"])
def test_a_link_of_an_old_mail_leads_nowhere(
    member: Member, mei: Member, gathering: Gathering, blocks: Blocks, purpose: str
) -> None:
    rsvp = make_seat(gathering, member)
    path = path_to(purpose, member, rsvp.pk, rsvp.round)
    assert Client().get(path).status_code == 200
    blocks(member, mei)
    assert Client().get(path).status_code == Client().post(path).status_code == 404


def test_word_of_a_calling_off_reaches_whom_a_host_has_blocked_and_not_who_has_blocked_a_host(
    gathering: Gathering, mei: Member
) -> None:
    """The one must not stand before a closed door; the other has said that they will not come."""
    told, untold = make_member(), make_member()
    for guest in (told, untold):
        make_seat(gathering, guest)
    send()
    mail.outbox.clear()
    gathering.cancel("The oven gave up.")
    parting.block(mei, told)
    parting.block(untold, mei)
    send()
    assert (len(mails_to(told)), len(mails_to(untold))) == (1, 0)


# Told to whoever made the block, once both have a seat


def told(member: Member) -> int:
    Message.objects.update(due_at=timezone.now())
    send()
    return sum("About your seat" in each.subject for each in mails_to(member))


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
