"""That there is something to choose is told once to those who sit there, and with the seat to whoever comes later."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from apps.gatherings.models import Gathering
from apps.movies.models import Film, Showing, Vote
from apps.movies.tasks import minute
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, mails_to, make_member, make_seat
from tests.movies.nights import TITLES, add_film, make_night, make_vote

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)
BOOKED = STARTS - timedelta(days=3, hours=5)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def night(clock: time_machine.Traveller) -> Gathering:
    return make_night(starts=STARTS, seats=5)


def guest_of(night: Gathering) -> Member:
    member = make_member()
    make_seat(night, member)
    send()
    return member


def about_the_vote(member: Member) -> list[str]:
    return [str(each.body) for each in mails_to(member) if each.subject.startswith("Which film?")]


def test_the_seated_are_told_once_what_there_is_and_until_when(night: Gathering) -> None:
    guest = guest_of(night)
    make_vote(night)
    send()
    Showing.objects.open_vote(night, BOOKED + timedelta(days=2))  # its end is moved
    send()
    [told] = about_the_vote(guest)
    assert "until Tuesday 24 November, 14:00" in " ".join(told.split())
    for title in TITLES:
        assert title in told
    assert "Totoro" in html_of(mails_to(guest)[-1])
    assert not about_the_vote(night.host)
    assert Message.objects.filter(kind="vote_opened").count() == 1


def test_whoever_sits_down_later_reads_of_it_with_their_seat(night: Gathering) -> None:
    make_vote(night)
    guest = guest_of(night)
    [seat] = mails_to(guest)
    for part in (str(seat.body), html_of(seat)):
        assert "You may help to choose the film, until Tuesday 24 November, 14:00." in part
    assert not about_the_vote(guest)


def test_a_seat_where_nothing_is_voted_on_says_nothing_of_it(night: Gathering) -> None:
    [seat] = mails_to(guest_of(night))
    assert "choose the film" not in str(seat.body)


def test_it_is_dropped_once_the_vote_is_closed(night: Gathering, clock: time_machine.Traveller) -> None:
    guest = guest_of(night)
    make_vote(night, days=0.01)
    clock.shift(timedelta(hours=1))
    minute()
    send()
    assert not about_the_vote(guest)
    assert Message.objects.get(kind="vote_opened").state == Message.State.DROPPED


def test_and_for_whoever_has_chosen_or_left_or_does_not_want_it(night: Gathering) -> None:
    chose, left, silent = guest_of(night), guest_of(night), guest_of(night)
    Consent.objects.say(silent, "vote_opened", is_given=False)
    films = make_vote(night)
    Vote.objects.cast(night, chose, [films[0].pk])
    night.rsvps.get(member=left).bow_out()
    send()
    assert [about_the_vote(member) for member in (chose, left, silent)] == [[], [], []]


def test_control_whoever_did_none_of_these_is_told(night: Gathering) -> None:
    guest = guest_of(night)
    make_vote(night)
    send()
    assert len(about_the_vote(guest)) == 1


# Captions, and the sheet


def page(client: Client, night: Gathering, address: str = "") -> str:
    return " ".join(client.get(f"{night.get_absolute_url()}{address}").content.decode().split())


def test_a_film_with_captions_answers_what_the_host_has_not_said(client: Client, night: Gathering) -> None:
    assert "captions" in page(client, night).split("Not said:")[1].split("</summary>")[0]
    film = add_film(night, "Totoro", captions="subtitles", captions_language="English")
    Showing.objects.show(film)
    said = page(client, night)
    assert "<p>Subtitles in English</p>" in said
    assert "captions" not in said.split("Not said:")[1].split("</summary>")[0]
    Film.objects.update(captions="none")
    assert "<p>Subtitles in English</p>" not in page(client, night)


def test_a_host_who_has_said_it_is_taken_at_their_word(client: Client, night: Gathering) -> None:
    Showing.objects.show(add_film(night, "Totoro", captions="captions"))
    night.has_captions = False
    night.change(["has_captions"])
    assert "Without captions" in page(client, night)
    assert "<p>Captions</p>" not in page(client, night)


def test_while_it_is_chosen_only_what_holds_for_every_film_is_said(client: Client, night: Gathering) -> None:
    make_vote(night)
    Film.objects.update(captions="captions")
    assert "Subtitles or captions, whichever film it is" in page(client, night)
    Film.objects.filter(title="Totoro").update(captions="")
    assert "whichever film it is" not in page(client, night)


def test_the_printed_sheet_names_the_film_and_its_times(client: Client, night: Gathering) -> None:
    client.force_login(night.host)
    assert "film-sheet" not in page(client, night, "sheet/")
    films = make_vote(night)
    assert "Your guests choose it until Tuesday 24 November, 14:00." in page(client, night, "sheet/")
    Showing.objects.update(vote_until=None, chosen=films[0])
    sheet = page(client, night, "sheet/")
    assert "<strong>Totoro</strong>, 1 hour 40 minutes" in sheet
    assert "the film at 19:15" in sheet
