"""What a guest has in hand on the day: the address, the way, what to expect, and how to say that they come."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.gatherings.models import Gathering, Plan
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.emails import directions
from apps.reminders.tasks import minute
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)
BOOKED = STARTS - timedelta(days=3)
ADDRESS = "14 Greville Street"
NERVES = "You may stay for twenty minutes and then decide."


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize("address_from", ["now", "day-before", "asked"])
@pytest.mark.parametrize("setting", ["home", "public", "community"])
@pytest.mark.parametrize("hours", [24, 2])
def test_the_address_is_in_every_reminder_whenever_the_host_shows_it(
    clock: time_machine.Traveller, member: Member, address_from: str, setting: str, hours: int
) -> None:
    gathering = make_gathering(STARTS, address_from=address_from, setting=setting)
    make_seat(gathering, member)
    for rsvp in gathering.rsvps.all():
        rsvp.admit()
    minute()
    clock.move_to(STARTS - timedelta(hours=hours))
    mail.outbox.clear()
    minute()
    [email] = mails_to(member)
    assert ADDRESS in str(email.body)
    assert ADDRESS in html_of(email)


def test_two_hours_before_one_link_finds_the_way(clock: time_machine.Traveller, member: Member) -> None:
    gathering = make_gathering(STARTS, address="3 Rose & Crown Row, second bell")
    make_seat(gathering, member)
    minute()
    clock.move_to(STARTS - timedelta(hours=2))
    mail.outbox.clear()
    minute()
    [email] = mails_to(member)
    way = "https://www.openstreetmap.org/search?query=3+Rose+%26+Crown+Row%2C+second+bell%2C+Bristol"
    assert f"Find the way: {way}\n" in str(email.body)
    assert f'href="{way}"' in html_of(email)
    assert "<img" not in html_of(email)


@pytest.mark.parametrize("more", [": the green door", "\nThe green door", " (the green door)", "; the green door"])
@pytest.mark.usefixtures("clock")
def test_a_map_is_asked_for_the_address_and_not_for_how_to_get_in(member: Member, more: str) -> None:
    seat = make_seat(make_gathering(STARTS, address=f"14 Saucepan Row{more}", address_from="seat"), member)
    assert directions(seat) == "https://www.openstreetmap.org/search?query=14+Saucepan+Row%2C+Bristol"


@pytest.mark.parametrize("hours", [25, 23])
def test_the_last_mail_before_the_day_says_what_to_expect(
    clock: time_machine.Traveller, member: Member, hours: int
) -> None:
    """How many they are, what was said of comfort and who lets them in; of what is unsaid, and of whom, nothing."""
    said: dict[str, Any] = {"is_step_free": True, "is_alcohol_free": False, "is_scent_free": True}
    said |= {"is_softly_lit": False, "languages": "English and Polish"}
    gathering = make_gathering(STARTS, host=make_member("Mei"), **said)
    make_seat(gathering, make_member("Noor")).say_about_the_door(True)
    make_seat(gathering, make_member("Xanthe"))
    clock.move_to(STARTS - timedelta(hours=hours))
    make_seat(gathering, member)
    minute()
    if hours > 24:
        mail.outbox = [each for each in mail.outbox if "At the table" in str(each.body)]
        assert mails_to(member) == []
        clock.move_to(STARTS - timedelta(hours=24))
        minute()
    email = mails_to(member)[-1]
    rows = {
        "At the table": "3 guests, you among them, and Mei",
        "Steps to the door, the table or the toilet": "No steps",
        "Alcohol": "There may be alcohol",
        "Languages": "English and Polish",
        "Good to know": "Scent-free, Bright light",
        "Who lets you in": "Noor opens the door",
    }
    for label, words in rows.items():
        assert f"{label}: {words}\n" in str(email.body)
        assert label in html_of(email)
        assert words in html_of(email)
    assert "Animals" not in str(email.body)
    assert "Xanthe" not in str(email.body)


@pytest.mark.parametrize("if_nervous", ["", "ring Ada first"])
def test_whoever_has_a_plan_for_nerves_reads_that_and_no_other(
    clock: time_machine.Traveller, member: Member, if_nervous: str
) -> None:
    seat = make_seat(make_gathering(STARTS), member)
    Plan.objects.create(rsvp=seat, sets_off="18:15", if_nervous=if_nervous)
    minute()
    clock.move_to(STARTS - timedelta(hours=24))
    mail.outbox.clear()
    minute()
    [email] = mails_to(member)
    for words in (str(email.body), html_of(email)):
        assert "A little nervous? Many are" in words
        assert (NERVES in words) == (not if_nervous)
        assert ("If I get nervous, I ring Ada first." in words) == bool(if_nervous)


@pytest.mark.parametrize(("hours", "is_the_last"), [(25, False), (23, True)])
def test_a_seat_taken_within_a_day_is_told_all_that_the_day_before_would_have(
    clock: time_machine.Traveller, member: Member, hours: int, is_the_last: bool
) -> None:
    gathering = make_gathering(STARTS)
    clock.move_to(STARTS - timedelta(hours=hours))
    make_seat(gathering, member)
    send()
    [email] = mails_to(member)
    for words in (ADDRESS, NERVES, "Right now you would be the only guest."):
        assert (words in str(email.body)) == is_the_last
        assert (words in html_of(email)) == is_the_last
    assert "Yes, I’m coming" not in str(email.body)  # they have just said so
    clock.move_to(STARTS - timedelta(hours=22, minutes=30))
    minute()
    reminders = [each.subject for each in mails_to(member) if each.subject.startswith("Tomorrow")]
    assert len(reminders) == (not is_the_last)


@pytest.mark.parametrize(("hours", "is_asked"), [(25, False), (23, True)])
def test_whom_the_host_admits_within_a_day_may_say_that_they_come(
    clock: time_machine.Traveller, client: Client, member: Member, hours: int, is_asked: bool
) -> None:
    gathering = make_gathering(STARTS, asks_first=True)
    make_seat(gathering, member)
    clock.move_to(STARTS - timedelta(hours=hours))
    gathering.rsvps.get().admit()
    send()
    email = mails_to(member)[-1]
    assert ("Yes, I’m coming" in str(email.body)) == is_asked
    assert ("Yes, I’m coming" in html_of(email)) == is_asked
    if is_asked:
        path = "/m/" + str(email.body).split("Yes, I’m coming: ")[1].split("/m/")[1].split()[0]
        client.post(path)
        assert gathering.rsvps.get().said_yes_at is not None


def test_a_request_is_taken_back_from_the_mail_about_a_change(
    clock: time_machine.Traveller, client: Client, member: Member
) -> None:
    gathering: Gathering = make_gathering(STARTS, asks_first=True, host=make_member("Mei"))
    make_seat(gathering, member)
    clock.shift(timedelta(minutes=1))
    gathering.cost = "A song"
    gathering.change(["cost"])
    clock.shift(timedelta(minutes=10))
    minute()
    path = "/m/" + str(mails_to(member)[-1].body).split("Step back.")[1].split("/m/")[1].split()[0]
    assert "Take your request back?" in client.get(path).content.decode()
    client.post(path)
    assert gathering.rsvps.get().state == "left"
