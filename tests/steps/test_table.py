"""Your table: what comes next, told without a countdown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from apps.profiles.models import Member
from tests.factories import make_gathering, make_seat

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_the_next_evening_is_said_in_words(client: Client, member: Member) -> None:
    with time_machine.travel(NOON, tick=False):
        make_seat(make_gathering(NOON + timedelta(hours=31), title="Soup"), member)
        make_seat(make_gathering(NOON + timedelta(days=9), title="Stew"), member)
        client.force_login(member)
        page = client.get("/table/")
        assert page.context["next_up"].title == "Soup"
        assert [seat.gathering.title for seat in page.context["coming"]] == ["Stew"]
        assert "Tomorrow, Thursday, 19:00" in page.content.decode()


def test_what_one_hosts_is_next_if_it_comes_first(client: Client, member: Member) -> None:
    with time_machine.travel(NOON, tick=False):
        make_gathering(NOON + timedelta(days=1), host=member, title="My own")
        make_seat(make_gathering(NOON + timedelta(days=2), title="Soup"), member)
        client.force_login(member)
        page = client.get("/table/")
    assert (page.context["next_up"].title, page.context["is_host"], page.context["hosting"]) == ("My own", True, [])


def test_what_is_over_or_called_off_or_given_back_is_gone(client: Client, member: Member) -> None:
    with time_machine.travel(NOON, tick=False):
        called_off, given_back = make_gathering(), make_gathering()
        make_seat(called_off, member)
        called_off.cancel("")
        make_seat(given_back, member).bow_out()
        make_seat(make_gathering(NOON + timedelta(hours=1)), member)
    with time_machine.travel(NOON + timedelta(hours=6), tick=False):
        client.force_login(member)
        page = client.get("/table/")
    assert page.context["next_up"] is None
    assert "There is no seat with your name on it yet." in page.content.decode()


def test_a_passkey_is_offered_to_whoever_has_none(signed_in: Client) -> None:
    assert "/accounts/2fa/webauthn/add/" in signed_in.get("/table/").content.decode()


def test_a_draft_stays_on_the_table_of_its_host_after_its_day(client: Client, member: Member) -> None:
    with time_machine.travel(NOON, tick=False):
        make_gathering(NOON + timedelta(days=1), host=member, is_draft=True, title="Some day")
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        client.force_login(member)
        assert "Some day" in client.get("/table/").content.decode()


def test_a_held_seat_stands_on_the_table_and_is_taken_there(client: Client, member: Member) -> None:
    with time_machine.travel(NOON, tick=False):
        gathering = make_gathering(NOON + timedelta(days=3), seats=1, title="Stew")
        seat = make_seat(gathering)
        gathering.seat(member)
        client.force_login(member)
        assert "Where you wait for a seat" in client.get("/table/").content.decode()
        seat.bow_out()
        page = client.get("/table/").content.decode()
        assert "A seat is held for you" in page
        client.post(f"{gathering.get_absolute_url()}accept/")
        assert client.get("/table/").context["next_up"] == gathering
