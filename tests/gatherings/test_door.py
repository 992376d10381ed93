"""Who opens the door: a guest's word, seen by the hosts and by those with a seat."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.links import path_to
from apps.profiles.models import Member
from apps.reminders.tasks import minute
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 20, 19, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(STARTS - timedelta(days=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def seat(member: Member) -> Rsvp:
    return make_seat(make_gathering(STARTS), member)


def path_of(rsvp: Rsvp) -> str:
    return path_to("door", rsvp.member, rsvp.pk, rsvp.round)


def answer_of(rsvp: Rsvp) -> bool | None:
    return Rsvp.objects.get(pk=rsvp.pk).opens_door


def test_looking_at_the_question_answers_nothing(client: Client, seat: Rsvp) -> None:
    for _ in range(2):
        assert "Would you like to open the door?" in client.get(path_of(seat)).content.decode()
        client.head(path_of(seat))
    assert answer_of(seat) is None


def test_a_yes_is_seen_by_the_host_and_by_the_table_and_by_nobody_else(
    clock: time_machine.Traveller, client: Client, seat: Rsvp
) -> None:
    other, page = make_seat(seat.gathering), seat.gathering.get_absolute_url()
    assert "You open the door" in client.post(path_of(seat), {"act": "yes"}, follow=True).content.decode()
    assert answer_of(seat) is True
    readers = {
        seat.gathering.host: (f"{page}guests/", "opens the door"),
        other.member: (page, "Robin opens the door."),
        seat.member: (page, "You open the door."),
    }
    for reader, (url, words) in readers.items():
        client.force_login(reader)
        assert words in client.get(url).content.decode()
    client.force_login(make_member("Stranger"))
    assert "opens the door" not in client.get(page).content.decode()
    clock.move_to(STARTS - timedelta(days=1))
    mail.outbox.clear()
    minute()
    said = {email.to[0]: str(email.body) for email in mail.outbox}
    assert "Robin opens the door" in said[other.member.email]
    assert "You open the door" in said[seat.member.email]
    clock.move_to(STARTS - timedelta(hours=2))
    mail.outbox.clear()
    minute()
    assert all("the door" in str(email.body) for email in mail.outbox)


def test_the_answer_may_change_and_ends_with_another_day_or_the_seat(client: Client, seat: Rsvp) -> None:
    path = path_of(seat)
    assert "Not this time" in client.post(path, {"act": "no"}, follow=True).content.decode()
    assert answer_of(seat) is False
    client.post(path, {"act": "yes"})
    gathering = Gathering.objects.get(pk=seat.gathering_id)
    gathering.day += timedelta(days=1)
    gathering.change(["day"])
    assert answer_of(seat) is None
    client.post(path, {"act": "yes"})
    assert answer_of(seat) is True
    seat.bow_out()
    client.post(path, {"act": "yes"})
    assert answer_of(seat) is None


def test_nobody_answers_once_it_has_begun(clock: time_machine.Traveller, client: Client, seat: Rsvp) -> None:
    clock.move_to(STARTS + timedelta(minutes=1))
    client.post(path_of(seat), {"act": "yes"})
    assert answer_of(seat) is None


def test_whoever_says_yes_first_opens_the_door(client: Client, seat: Rsvp) -> None:
    noor = make_seat(seat.gathering, make_member("Noor"))
    noor.say_about_the_door(True)
    assert "Noor opens the door" in client.get(path_of(seat)).content.decode()
    client.post(path_of(seat), {"act": "yes"})
    assert list(seat.gathering.rsvps.at_the_door()) == [noor]
