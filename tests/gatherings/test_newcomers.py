"""Whoever has only just joined: two seats, two tables, until they have come once or a week has passed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.models import Gathering, Series
from apps.profiles.models import Member
from tests.community.rules import LOGIN, sign_in
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SEATS = "You are new here, and have two seats already."
TABLES = "You are new here, and host two gatherings already."


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada", joined_at=timezone.now())


@pytest.fixture
def as_ada(client: Client, ada: Member) -> Client:
    client.force_login(ada)
    return client


def press(client: Client, gathering: Gathering) -> str:
    return client.post(f"{gathering.get_absolute_url()}rsvp/", follow=True).content.decode()


# Seats


def test_the_third_seat_is_refused_kindly_and_the_two_stay(as_ada: Client, ada: Member) -> None:
    for _ in range(2):
        assert "You have a seat." in press(as_ada, make_gathering())
    third = make_gathering()
    assert SEATS in press(as_ada, third)
    assert ada.rsvps.seated().count() == 2
    assert not third.rsvps.exists()


def test_the_page_says_so_in_the_place_of_the_button(as_ada: Client, ada: Member) -> None:
    third = make_gathering()
    assert 'id="take-seat"' in as_ada.get(third.get_absolute_url()).content.decode()
    for _ in range(2):
        make_seat(make_gathering(), ada)
    page = as_ada.get(third.get_absolute_url()).content.decode()
    assert SEATS in page
    assert 'id="take-seat"' not in page


def test_what_was_typed_with_the_wish_is_kept_beside_what_is_wrong(as_ada: Client, ada: Member) -> None:
    for _ in range(2):
        make_seat(make_gathering(), ada)
    answer = as_ada.post(f"{make_gathering().get_absolute_url()}seat/", {"note": "I may be quiet"})
    assert answer.status_code == 422
    assert SEATS in answer.content.decode()
    assert "I may be quiet" in answer.content.decode()


@pytest.mark.parametrize("hope", ["waitlisted", "asked"])
def test_the_hope_of_a_seat_counts_as_one(as_ada: Client, ada: Member, hope: str) -> None:
    for _ in range(2):
        gathering = make_gathering(seats=1, asks_first=hope == "asked")
        if hope == "waitlisted":
            make_seat(gathering)
        press(as_ada, gathering)
    assert {rsvp.state for rsvp in ada.rsvps.all()} == {hope}
    assert SEATS in press(as_ada, make_gathering())


def test_a_seat_given_back_called_off_or_over_makes_room(as_ada: Client, ada: Member) -> None:
    make_seat(make_gathering(), ada).bow_out()
    off = make_gathering()
    make_seat(off, ada)
    off.cancel("")
    over = make_seat(make_gathering(timezone.now() + timedelta(hours=1)), ada)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        over.say_missed()  # else they had come once, and there were no limit at all
        for _ in range(2):
            assert "You have a seat." in press(as_ada, make_gathering())
        assert SEATS in press(as_ada, make_gathering())


def test_pressing_again_for_what_one_has_is_no_third(as_ada: Client, ada: Member) -> None:
    both = [make_gathering(), make_gathering()]
    for gathering in both * 2:
        assert "You have a seat." in press(as_ada, gathering)


@pytest.mark.parametrize(("days", "refused"), [(6.9, True), (7.1, False)])
def test_after_a_week_there_is_no_limit(as_ada: Client, ada: Member, days: float, refused: bool) -> None:
    Member.objects.filter(pk=ada.pk).update(joined_at=timezone.now() - timedelta(days=days))
    pages = [press(as_ada, make_gathering()) for _ in range(3)]
    assert (SEATS in pages[-1]) is refused


def test_whoever_has_come_once_has_no_limit(as_ada: Client, ada: Member) -> None:
    make_seat(make_gathering(timezone.now() + timedelta(hours=1)), ada)
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        pages = [press(as_ada, make_gathering()) for _ in range(4)]
    assert SEATS not in "".join(pages)


def test_a_whole_series_is_for_later(as_ada: Client, ada: Member) -> None:
    weekly = Series.begin(make_gathering(), "weekly")
    first = weekly.dates.first()
    assert first
    answer = as_ada.post(f"{first.get_absolute_url()}series/join/", follow=True)
    assert "begin with single evenings" in answer.content.decode()
    assert not ada.rsvps.exists()


def test_the_wish_of_a_newcomer_who_signs_in_anew_is_refused_kindly_too(client: Client) -> None:
    sign_in(client)
    ada = Member.objects.get(email="ada@example.org")
    for _ in range(2):
        make_seat(make_gathering(), ada)
    again, third = Client(), make_gathering()
    again.post(f"{third.get_absolute_url()}rsvp/")
    sign_in(again)
    assert SEATS in again.get(LOGIN, follow=True).content.decode()
    assert not third.rsvps.exists()


def test_the_page_asks_one_question_more_of_a_newcomer_and_none_of_others(
    as_ada: Client, ada: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # session, member, gathering, RSVP, host?, the line, who is blocked, co-hosts, whom of them one has met,
    # whether mail reaches them; how the food comes, and what is brought
    third = make_gathering()
    with django_assert_num_queries(13):
        as_ada.get(third.get_absolute_url())
    Member.objects.update(joined_at=timezone.now() - timedelta(days=8))
    with django_assert_num_queries(12):
        as_ada.get(third.get_absolute_url())


# Tables


def publish(client: Client, draft: Gathering) -> Any:
    return client.post(f"{draft.get_absolute_url()}publish/", {"is_step_free": "yes"})


def test_the_third_table_stays_a_draft_with_all_that_was_said(as_ada: Client, ada: Member) -> None:
    for _ in range(2):
        assert publish(as_ada, make_gathering(host=ada, is_draft=True)).status_code == 302
    third = make_gathering(host=ada, is_draft=True)
    answer = publish(as_ada, third)
    assert answer.status_code == 422
    assert TABLES in answer.content.decode()
    third.refresh_from_db()
    assert (third.is_draft, third.is_step_free) == (True, True)
    Member.objects.update(joined_at=timezone.now() - timedelta(days=8))
    assert publish(as_ada, third).status_code == 302


def test_one_called_off_makes_room(as_ada: Client, ada: Member) -> None:
    for _ in range(2):
        make_gathering(host=ada).cancel("")
    for _ in range(2):
        assert publish(as_ada, make_gathering(host=ada, is_draft=True)).status_code == 302


def test_a_series_is_for_later(as_ada: Client, ada: Member) -> None:
    gathering = make_gathering(host=ada)
    answer = as_ada.post(f"{gathering.get_absolute_url()}series/", {"rhythm": "weekly"})
    assert answer.status_code == 422
    assert "begin with single evenings" in answer.content.decode()
    assert not Series.objects.exists()
    Member.objects.update(joined_at=timezone.now() - timedelta(days=8))
    assert as_ada.post(f"{gathering.get_absolute_url()}series/", {"rhythm": "weekly"}).status_code == 302
