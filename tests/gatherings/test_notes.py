"""A note from a host to everyone with a seat."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.models import CoHost, Gathering, Note
from apps.gatherings.models.note import CannotWrite
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.odd import FINE, INVISIBLE, MEGABYTE, NUL, PLAIN_AND_HTMX, TIDIED, Page, all_rows, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOON = datetime(2030, 5, 6, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Midday in Bristol, so that no mail waits for the morning."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def hosting(client: Client, gathering: Gathering) -> Client:
    client.force_login(gathering.host)
    return client


def url_of(gathering: Gathering) -> str:
    return f"/gatherings/{gathering.key}/note/"


def make_co_host(gathering: Gathering) -> Member:
    member = make_member("Sam")
    CoHost.objects.create(gathering=gathering, member=member, email=member.email, accepted_at=timezone.now())
    return member


def notes_to(member: Member) -> list[EmailMessage]:
    send()
    return [email for email in mail.outbox if email.to == [member.email] and email.subject.startswith("A note")]


def test_a_note_goes_to_everyone_with_a_seat_and_to_nobody_else(
    hosting: Client, gathering: Gathering, member: Member
) -> None:
    guests = [make_seat(gathering).member for _ in range(2)]
    left = make_seat(gathering, member)
    left.bow_out()
    assert "2 guests have a seat and read it in a mail." in hosting.get(url_of(gathering)).content.decode()
    page = hosting.post(url_of(gathering), {"words": "The bell is broken.\nPlease knock."}, follow=True)
    assert "Your note is on its way." in page.content.decode()
    assert "The bell is broken." in page.content.decode()
    for guest in guests:
        [email] = notes_to(guest)
        assert email.subject == f"A note from Mei about {gathering.title}"
        assert "> The bell is broken.\n> Please knock." in email.body
        assert "The bell is broken." in html_of(email)
        assert gathering.get_absolute_url() in email.body
        assert "Give your seat back." in email.body
        assert email.reply_to == email.cc == email.bcc == []
        assert "@example.org" not in email.body + html_of(email)
    assert notes_to(member) == notes_to(gathering.host) == []


def test_whoever_would_like_to_say_something_back_finds_where(
    client: Client, gathering: Gathering, member: Member
) -> None:
    make_seat(gathering, member)
    Note.objects.send(gathering, gathering.host, "Tell me if you would like to sit by the door.")
    [email] = notes_to(member)
    path = f"{gathering.get_absolute_url()}ask/"
    assert f"Write to your host.\n{settings.BASE_URL}{path}" in email.body
    client.force_login(member)
    client.post(path, {"words": "By the door, please."})
    send()
    [question] = [each for each in mail.outbox if each.to == [gathering.host.email] and "question" in each.subject]
    assert "> By the door, please." in question.body


def test_a_co_host_writes_in_their_own_name(gathering: Gathering, client: Client) -> None:
    guest = make_seat(gathering).member
    client.force_login(make_co_host(gathering))
    client.post(url_of(gathering), {"words": "I bring the lamps."})
    [email] = notes_to(guest)
    assert email.subject == f"A note from Sam about {gathering.title}"


def test_nobody_but_its_hosts_writes_to_the_guests(client: Client, gathering: Gathering, member: Member) -> None:
    guest = make_seat(gathering).member
    keeper = make_member(is_staff=True, is_superuser=True)
    removed = make_co_host(gathering)
    CoHost.objects.all().delete()
    assert client.get(url_of(gathering))["Location"].startswith("/accounts/login/")
    assert client.post(url_of(gathering), {"words": "Hi"})["Location"].startswith("/accounts/login/")
    for reader in (member, guest, keeper, removed, make_gathering().host):
        client.force_login(reader)
        assert client.get(url_of(gathering)).status_code == 404
        assert client.post(url_of(gathering), {"words": "Hi"}).status_code == 404
    assert not Note.objects.exists()


def test_the_sixth_note_in_a_day_is_refused_and_says_when_again(
    clock: time_machine.Traveller, hosting: Client, gathering: Gathering
) -> None:
    guest = make_seat(gathering).member
    co_host = make_co_host(gathering)
    for number in range(5):
        author = co_host if number % 2 else gathering.host
        Note.objects.send(gathering, author, f"Note {number}")
        clock.shift(timedelta(minutes=30))
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        answer = hosting.post(url_of(gathering), {"words": "And another."}, headers=headers)
        assert_refused(answer, "words", "The next may go from Tuesday 7 May, 12:00.", "And another.")
    assert all_rows() == before
    clock.move_to(NOON + timedelta(days=1, minutes=1))
    assert hosting.post(url_of(gathering), {"words": "And another."}).status_code == 302
    assert len(notes_to(guest)) == 6
    other = make_gathering(host=gathering.host)
    make_seat(other)
    assert hosting.post(url_of(other), {"words": "Another table."}).status_code == 302


def test_pressing_twice_sends_once(hosting: Client, gathering: Gathering) -> None:
    guest = make_seat(gathering).member
    for _ in range(2):
        assert hosting.post(url_of(gathering), {"words": "Please knock."}).status_code == 302
    assert len(notes_to(guest)) == Note.objects.count() == 1


def test_an_empty_table_is_said_kindly(hosting: Client, gathering: Gathering) -> None:
    page = Page.of(hosting.get(url_of(gathering)))
    assert "Nobody has a seat yet, so there is nobody to write to." in page.text
    assert "words" not in page.attributes
    assert_refused(
        hosting.post(url_of(gathering), {"words": "Hello?"}), "words", "Nobody has a seat just now", "Hello?"
    )
    assert not Note.objects.exists()


@pytest.mark.parametrize("state", ["over", "called off", "draft"])
def test_no_note_about_what_is_over_called_off_or_a_draft(
    clock: time_machine.Traveller, client: Client, state: str
) -> None:
    gathering = make_gathering(is_draft=state == "draft")
    if state != "draft":
        make_seat(gathering)
    if state == "over":
        clock.shift(timedelta(days=6))
    if state == "called off":
        gathering.cancel("")
    client.force_login(gathering.host)
    assert "words" not in Page.of(client.get(url_of(gathering))).attributes
    assert_refused(client.post(url_of(gathering), {"words": "Hi"}), "words", "over or called off", "Hi")
    with pytest.raises(CannotWrite):
        Note.objects.send(gathering, gathering.host, "Hi")
    assert not Note.objects.exists()


@pytest.mark.parametrize("why", ["left", "called off", "removed"])
def test_what_waits_for_the_morning_is_dropped_when_its_reason_has_gone(
    clock: time_machine.Traveller, gathering: Gathering, why: str
) -> None:
    rsvp, author = make_seat(gathering), make_co_host(gathering)
    clock.move_to(datetime(2030, 5, 6, 22, 30, tzinfo=UTC))
    Note.objects.send(gathering, author, "Please knock.")
    assert notes_to(rsvp.member) == []
    if why == "left":
        rsvp.bow_out()
    elif why == "called off":
        gathering.cancel("")
    else:
        CoHost.objects.all().delete()
    clock.move_to(datetime(2030, 5, 7, 8, 1, tzinfo=UTC))
    assert notes_to(rsvp.member) == []
    assert Message.objects.get(kind="note_from_host").state == Message.State.DROPPED


def test_at_night_a_note_waits_for_the_morning(clock: time_machine.Traveller, gathering: Gathering) -> None:
    guest = make_seat(gathering).member
    clock.move_to(datetime(2030, 5, 6, 22, 30, tzinfo=UTC))
    Note.objects.send(gathering, gathering.host, "Please knock.")
    assert notes_to(guest) == []
    clock.move_to(datetime(2030, 5, 7, 8, 1, tzinfo=UTC))  # 09:01 in Bristol
    assert len(notes_to(guest)) == 1


@pytest.mark.parametrize("text", FINE, ids=ascii)
def test_odd_words_are_shown_as_they_were_written(hosting: Client, gathering: Gathering, text: str) -> None:
    guest = make_seat(gathering).member
    hosting.post(url_of(gathering), {"words": text})
    [email] = notes_to(guest)
    assert f"> {text}" in email.body
    assert Page(html_of(email)).shows(text)
    assert Page.of(hosting.get(url_of(gathering))).shows(text)


@pytest.mark.parametrize(("typed", "kept"), TIDIED.items(), ids=ascii)
def test_what_hides_is_taken_out_and_no_line_reaches_a_header(
    hosting: Client, gathering: Gathering, typed: str, kept: str
) -> None:
    guest = make_seat(gathering).member
    hosting.post(url_of(gathering), {"words": typed})
    assert " ".join(Note.objects.get().words.split()) == kept
    [email] = notes_to(guest)
    assert email.recipients() == [guest.email]
    assert email.message()["Bcc"] is None
    assert "\nBcc" not in email.body


@pytest.mark.parametrize(
    ("words", "sentence"),
    [*[(words, "A note needs a few words.") for words in INVISIBLE], (NUL, "cannot show"),
     ("x" * 1001, "at most 1000 characters"), (MEGABYTE, "at most 1000 characters")],
    ids=lambda value: ascii(value)[:24],
)  # fmt: skip
def test_what_is_no_note_is_said_beside_the_field(
    hosting: Client, gathering: Gathering, words: str, sentence: str
) -> None:
    make_seat(gathering)
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        assert_refused(hosting.post(url_of(gathering), {"words": words}, headers=headers), "words", sentence)
    assert all_rows() == before


def test_a_get_sends_nothing(hosting: Client, gathering: Gathering) -> None:
    make_seat(gathering)
    before = all_rows()
    hosting.get(url_of(gathering), {"words": "Hello"})
    assert all_rows() == before


def test_fifty_notes_take_no_more_queries_than_five(hosting: Client, gathering: Gathering) -> None:
    make_seat(gathering)
    counts = []
    for many in (5, 45):
        for number in range(many):
            Note.objects.create(gathering=gathering, author=make_member(), words=f"Note {number}")
        with CaptureQueriesContext(connection) as queries:
            assert hosting.get(url_of(gathering)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
