"""Where the host says yes first: asking, a yes, a no, and the line."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.gatherings.models import (
    Declined,
    GatheringFull,
    Rsvp,
)
from apps.outbox.links import path_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from tests.factories import html_of, make_gathering, make_member
from tests.gatherings.lines import NOW, full_table, party, somebody_leaves, states

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_whoever_asks_waits_for_the_hosts_yes_and_a_full_table_for_a_seat() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=1, asks_first=True)
    first, second = gathering.seat(make_member()), gathering.seat(make_member())
    assert states(first, second) == ["asked", "asked"]
    assert Message.objects.filter(kind="request_received", member=gathering.host).count() == 2
    first.admit()
    first.admit()
    second.admit()
    assert states(first, second) == ["seated", "waitlisted"]
    assert [message.kind for message in first.member.mail.all()] == ["request_accepted"]
    assert [message.kind for message in second.member.mail.all()] == ["waitlist_joined"]


def test_a_declined_member_may_not_ask_again_here_but_the_host_may_think_again() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), asks_first=True)
    rsvp = gathering.seat(make_member())
    assert rsvp.decline("We are six already.")
    assert not rsvp.decline()
    with pytest.raises(Declined):
        gathering.seat(rsvp.member)
    assert not rsvp.bow_out()
    assert states(gathering.offer(rsvp.member)) == ["offered"]
    assert make_gathering(NOW + timedelta(days=6), asks_first=True).seat(rsvp.member).is_asked


def test_a_no_carries_the_hosts_own_words_and_no_address() -> None:
    rsvp = make_gathering(NOW + timedelta(days=5), asks_first=True).seat(make_member())
    rsvp.decline("We are six already.\nSee the details: https://elsewhere.example")
    assert Message.objects.filter(kind="request_declined", member=rsvp.member).count() == 1
    send()
    [declined] = [each for each in mail.outbox if each.to == [rsvp.member.email]]
    assert declined.subject == f"Not this time: {rsvp.gathering.title}"
    assert "> We are six already.\n> See the details: https://elsewhere.example\n" in declined.body
    assert "14 Greville Street" not in declined.body + html_of(declined)


def test_where_the_host_says_yes_first_one_more_waits_for_it_too() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, most_companions=1, asks_first=True)
    rsvp = gathering.seat(make_member())
    rsvp.admit()
    rsvp.bring(party(2))
    assert (rsvp.party, rsvp.companions.filter(is_agreed=False).count()) == (1, 1)
    assert Message.objects.filter(kind="company_asked", member=gathering.host).count() == 1
    rsvp.agree()
    rsvp.agree()
    gathering.refresh_from_db()
    assert (rsvp.party, gathering.seats_taken) == (2, 2)


def test_the_host_who_begins_to_say_yes_first_is_asked_about_the_line_and_the_one_who_ceases_lets_it_move() -> None:
    gathering = full_table(seats=2)
    waiting = gathering.seat(make_member(), is_straight_away=True)
    gathering.refresh_from_db()
    gathering.asks_first = True
    gathering.change(["asks_first"])
    assert states(waiting) == ["asked"]
    assert Message.objects.filter(kind="request_received", member=gathering.host).count() == 1
    somebody_leaves(gathering)
    assert states(waiting) == ["asked"]
    gathering.refresh_from_db()
    gathering.asks_first = False
    gathering.change(["asks_first"])
    assert states(waiting) == ["seated"]


def test_a_yes_to_company_is_one_press_from_the_mail(client: Client) -> None:
    """For whoever hosts it still; twice is once, and what there is no room for is said and changes nothing."""
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, most_companions=2, asks_first=True)
    rsvp = gathering.seat(make_member("Noor"))
    rsvp.admit()
    rsvp.bring(party(2))
    send()
    [email] = [each for each in mail.outbox if "would like to bring" in each.subject]
    [path] = re.findall(r"Answer them: \S+?(/m/\S+)", str(email.body))
    assert "Noor would like to bring one more person." in client.get(path).content.decode()
    assert Rsvp.objects.get(pk=rsvp.pk).party == 1
    stranger = path_to("company", make_member(), rsvp.pk, rsvp.round)
    assert client.post(stranger).status_code == 404
    somebody = gathering.seat(make_member())
    somebody.admit()
    assert str(GatheringFull.sentence) in client.post(path).content.decode()
    assert Rsvp.objects.get(pk=rsvp.pk).party == 1
    somebody.bow_out()
    for _twice in range(2):
        assert "Noor comes with one more." in client.post(path, follow=True).content.decode()
    assert Rsvp.objects.get(pk=rsvp.pk).party == 2


def test_where_the_host_says_yes_first_each_request_for_company_reaches_them() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=5, most_companions=2, asks_first=True)
    rsvp = gathering.seat(make_member())
    rsvp.admit()
    rsvp.bring(party(2))
    rsvp.bring(party(2), note="the same, with a word")
    rsvp.agree()
    rsvp.bring(party(3))
    assert Message.objects.filter(kind="company_asked", member=gathering.host).count() == 2
    assert (rsvp.party, rsvp.note) == (2, "the same, with a word")


def test_a_note_is_kept_also_while_company_is_asked_for_and_the_table_is_full() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, most_companions=1, asks_first=True)
    rsvp, other = gathering.seat(make_member()), gathering.seat(make_member())
    for each in (rsvp, other):
        each.admit()
    rsvp.bring(party(2))
    rsvp.bring(party(2), note="hello")
    assert (rsvp.note, rsvp.party) == ("hello", 1)
    with pytest.raises(GatheringFull):
        rsvp.agree()


def test_also_whoever_waits_asks_before_bringing_more_where_the_host_says_yes_first() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=4, most_companions=3, asks_first=True)
    for _ in range(4):
        gathering.seat(make_member()).admit()
    waiting = gathering.seat(make_member())
    waiting.admit()
    waiting.bring(party(4))
    assert (states(waiting), waiting.party) == (["waitlisted"], 1)
    waiting.agree()
    assert waiting.party == 4
