"""Your table: what comes next, told without a countdown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from apps.gatherings import parting
from apps.gatherings.models import Plan, Question
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat, make_town

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
        make_seat(make_gathering(NOON + timedelta(hours=1), title="Soup of today"), member)
    with time_machine.travel(NOON + timedelta(hours=6), tick=False):
        client.force_login(member)
        page = client.get("/table/")
    assert page.context["next_up"] is None
    assert [table.title for table in page.context["table"].been] == ["Soup of today"]
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        page = client.get("/table/")
    assert "Nothing is laid for you just now." in page.content.decode()


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


def test_somebody_new_is_greeted_and_may_just_look(signed_in: Client) -> None:
    page = signed_in.get("/table/").content.decode()
    assert "There is no seat with your name on it yet." in page
    assert "Looking is enough for today." in page


def shown(client: Client, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        return client.get("/table/").content.decode()


def test_the_day_before_the_day_and_the_day_after(client: Client, member: Member) -> None:
    starts = datetime(2026, 11, 26, 18, tzinfo=UTC)
    with time_machine.travel(NOON - timedelta(days=9), tick=False):
        table = make_gathering(starts, title="Soup", contact="0117 496 0000", way_in="Ring twice")
        Plan.objects.create(rsvp=make_seat(table, member), sets_off="17:25", sets_off_by="bike")
        make_seat(table, make_member("Jo"))
        client.force_login(member)
    early = shown(client, starts - timedelta(days=5))
    assert "Thursday 26 November, 18:00" in early
    assert "If it is 17:25 on Thursday, I set off by bike." in early
    assert "running late" not in early
    before = shown(client, starts - timedelta(hours=23))
    assert "Tomorrow, Thursday, 18:00" in before
    assert table.address in before
    day = shown(client, starts - timedelta(hours=1))
    assert "Today, 18:00" in day
    assert "I’m running late" in day
    assert "0117 496 0000" in day
    after = shown(client, starts + timedelta(days=1))
    assert "Yesterday, Thursday, 18:00" in after
    assert "You sat at Mei’s table." in after
    assert "If it is 17:25" not in after
    assert "You sat at" not in shown(client, starts + timedelta(days=2))


def test_today_is_read_off_the_clock_of_the_gathering(client: Client, member: Member) -> None:
    """Half past midnight in Auckland is noon of the day before in London."""
    with time_machine.travel(NOON - timedelta(hours=2), tick=False):
        make_seat(make_gathering(NOON + timedelta(hours=12), town=make_town("auckland-nz")), member)
        client.force_login(member)
        assert "Tomorrow, Thursday, 13:00" in client.get("/table/").content.decode()
    assert "Today, 13:00" in shown(client, NOON - timedelta(minutes=-1))


def test_an_evening_that_somebody_missed_is_not_held_up_to_them(client: Client, member: Member) -> None:
    with time_machine.travel(NOON, tick=False):
        seat = make_seat(make_gathering(NOON + timedelta(hours=6)), member)
    client.force_login(member)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert "You sat at" in client.get("/table/").content.decode()
        seat.gathering.refresh_from_db()
        client.post(f"{seat.gathering.get_absolute_url()}missed/")
        assert "You sat at" not in client.get("/table/").content.decode()


def test_a_host_finds_who_asks_and_what_is_asked_and_the_guest_the_answer(client: Client, member: Member) -> None:
    table = make_gathering(host=member, asks_first=True, title="Stew")
    kim = make_member("Kim")
    make_seat(table, kim)
    question = Question.objects.ask(table, kim, "May I bring my own cup?")
    client.force_login(member)
    page = client.get("/table/").content.decode()
    assert "Kim asks for a seat" in page
    assert "May I bring my own cup?" in page
    question.reply(member, "Please do.")
    table.rsvps.get().admit()
    page = client.get("/table/").content.decode()
    assert "Kim asks" not in page
    client.force_login(kim)
    assert "has answered you" in client.get("/table/").content.decode()
    assert "Please do." in client.get("/table/").content.decode()
    with time_machine.travel(table.starts_at - timedelta(hours=1), tick=False):
        assert "Please do." not in client.get("/table/").content.decode()  # by then it is known


def test_nobody_is_named_across_a_block(client: Client, member: Member) -> None:
    table = make_gathering(None, host=make_member("Mei"))
    make_seat(table, member)
    jo = make_member("Jo Quill")
    make_seat(table, jo)
    client.force_login(member)
    assert [each.member for each in client.get("/table/").context["table"].guests] == [member, jo]
    parting.block(jo, member)
    assert [each.member for each in client.get("/table/").context["table"].guests] == [member]
