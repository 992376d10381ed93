"""The one small next step: what fits, in which order, and that a no is as good as a yes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.gatherings import parting
from apps.gatherings.models import CoHost, Gathering, Plan, Question, Rsvp, Series
from apps.meals.models import Dish
from apps.profiles.models import Member
from apps.profiles.own_page import ProfileAnswer
from apps.safety.models import KeepApart
from apps.steps.facts import WAYS, done_by
from apps.steps.models import LASTS, NotThisTime
from tests.factories import make_gathering, make_member, make_newcomer, make_seat

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
NO = "/table/not-this-time/"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def member(at_noon: Any) -> Member:
    return make_member("Robin")


@pytest.fixture
def signed_in(client: Client, member: Member) -> Client:
    client.force_login(member)
    return client


def been(member: Member, days: int = 20, **more: Any) -> Gathering:
    """An evening so many days ago that they came to."""
    gathering = make_gathering(NOON - timedelta(days=days), **more)
    Rsvp.objects.create(gathering=gathering, member=member, state=Rsvp.State.SEATED, round=1)
    gathering.count_seats()
    return gathering


def offered(client: Client) -> str:
    step = client.get("/table/").context["step"]
    return step.name if step else ""


def words(client: Client) -> str:
    page = client.get("/table/").content.decode()
    found = re.search(r'(?s)<section[^>]*id="step".*?</section>', page)
    return found[0] if found else ""


# Which one fits


def test_somebody_new_is_shown_one_small_table_by_its_name(signed_in: Client) -> None:
    small = make_gathering(NOON + timedelta(days=3), title="Soup for a few", seats=4)
    make_gathering(NOON + timedelta(days=2), title="Soup for many", seats=12)
    assert offered(signed_in) == "look"
    assert "Soup for a few is a small table near you, on Saturday 28 November." in words(signed_in)
    assert small.get_absolute_url() in words(signed_in)


def test_the_step_does_not_say_again_what_the_greeting_above_it_has_said(signed_in: Client) -> None:
    make_gathering(NOON + timedelta(days=3), seats=4)
    page = signed_in.get("/table/").content.decode()
    assert offered(signed_in) == "look"
    assert page.count("Looking is enough for today.") == 1


def test_a_small_table_behind_a_block_or_by_link_only_is_not_named(signed_in: Client, member: Member) -> None:
    apart = make_gathering(NOON + timedelta(days=3), title="Soup for a few")
    make_gathering(NOON + timedelta(days=3), visibility="link", title="Soup among friends")
    assert "Soup for a few" in words(signed_in)
    parting.block(apart.host, member)
    assert words(signed_in) == ""


def test_whoever_has_a_seat_and_no_plan_is_offered_to_make_one(signed_in: Client, member: Member) -> None:
    seat = make_seat(make_gathering(NOON + timedelta(days=2), title="Stew"), member)
    assert offered(signed_in) == "plan"
    assert "When would you set off for Stew?" in words(signed_in)
    Plan.objects.create(rsvp=seat, sets_off="18:15")
    assert offered(signed_in) != "plan"


def test_whoever_comes_for_the_first_time_is_told_that_they_may_ask(signed_in: Client, member: Member) -> None:
    table = make_gathering(NOON + timedelta(days=2))
    Plan.objects.create(rsvp=make_seat(table, member), if_nervous="stay twenty minutes")
    assert offered(signed_in) == "ask"
    assert f"{table.get_absolute_url()}ask/" in words(signed_in)
    Question.objects.ask(table, member, "Is there a bus home?")
    assert offered(signed_in) == ""


def test_whoever_came_is_shown_the_next_of_the_same_host(signed_in: Client, member: Member) -> None:
    mei = been(member).host
    make_gathering(NOON + timedelta(days=1), title="Somebody else’s")
    make_gathering(NOON + timedelta(days=4), host=mei, title="Stew again")
    assert offered(signed_in) == "again"
    assert "Mei sets the table again: Stew again, on Sunday 29 November." in words(signed_in)


def test_or_of_the_same_series_whoever_hosts_it(signed_in: Client, member: Member) -> None:
    last = been(member)
    series = Series.objects.create(host=last.host, rhythm="weekly", first_day=last.day, last_day=last.day)
    Gathering.objects.filter(pk=last.pk).update(series=series)
    next_one = make_gathering(NOON + timedelta(days=4), title="Thursday soup")
    Gathering.objects.filter(pk=next_one.pk).update(series=series)
    assert "Thursday soup is on Sunday 29 November." in words(signed_in)


def test_whoever_knows_the_way_is_asked_whether_they_open_the_door(signed_in: Client, member: Member) -> None:
    mei = been(member).host
    table = make_gathering(NOON + timedelta(days=3), host=mei)
    make_seat(table, member)
    assert offered(signed_in) == "door"
    assert "Would you like to open the door on Saturday?" in words(signed_in)
    signed_in.post(f"/table/door/{table.key}/", {"act": "yes"})
    assert table.rsvps.get(member=member).opens_door is True
    page = signed_in.get("/table/")
    assert "You open the door." in page.content.decode()
    assert offered(signed_in) == "plan"


def test_not_at_a_door_that_is_new_to_them_or_that_somebody_opens(signed_in: Client, member: Member) -> None:
    mei = been(member).host
    elsewhere = make_gathering(NOON + timedelta(days=2))
    seat = make_seat(elsewhere, member)
    assert offered(signed_in) == "plan"
    seat.bow_out()
    table = make_gathering(NOON + timedelta(days=3), host=mei)
    make_seat(table, member)
    make_seat(table).say_about_the_door(True)
    assert offered(signed_in) == "plan"


def test_not_this_time_at_the_door_is_the_answer_that_the_mail_asks_for(signed_in: Client, member: Member) -> None:
    table = make_gathering(NOON + timedelta(days=3), host=been(member).host)
    make_seat(table, member)
    page = signed_in.post(f"/table/door/{table.key}/", {"act": "no"}, follow=True)
    assert "That is fine. You have your seat as before." in page.content.decode()
    assert table.rsvps.get(member=member).opens_door is False
    assert offered(signed_in) == "plan"


def test_whoever_came_before_is_told_what_the_table_could_do_with(signed_in: Client, member: Member) -> None:
    been(member)
    table = make_gathering(NOON + timedelta(days=3), kind="shared-meal", title="Potluck")
    make_seat(table, member)
    assert offered(signed_in) == "bring"
    assert "Potluck could still do with something: Starters. Would you like to bring some?" in words(signed_in)
    Dish.objects.bring(table, member, "dessert", "Plum cake")
    page = signed_in.get("/table/").content.decode()
    assert "<strong>Plum cake</strong>" in page
    assert offered(signed_in) == "plan"


def test_whoever_has_brought_something_before_is_offered_to_lend_a_hand(signed_in: Client, member: Member) -> None:
    gave = been(member, kind="shared-meal")
    Dish.objects.create(gathering=gave, bringer=member, round=1, need="bread")
    make_seat(make_gathering(NOON + timedelta(days=3), kind="shared-meal", title="Potluck"), member)
    assert offered(signed_in) == "help"
    assert "Setting up" in words(signed_in)


def test_a_first_timer_is_not_asked_to_bring_anything(signed_in: Client, member: Member) -> None:
    make_seat(make_gathering(NOON + timedelta(days=3), kind="shared-meal"), member)
    assert offered(signed_in) == "plan"


def test_whoever_has_hosted_is_offered_to_host_again(signed_in: Client, member: Member) -> None:
    make_seat_of_the_past = make_gathering(NOON - timedelta(days=30), host=member, title="My stew")
    been_by = Rsvp(gathering=make_seat_of_the_past, member=make_member(), state=Rsvp.State.SEATED)
    been_by.save()
    make_seat_of_the_past.count_seats()
    assert offered(signed_in) == "host-again"
    assert "Would you like to set the table again, as for My stew?" in words(signed_in)
    signed_in.post(f"{make_seat_of_the_past.get_absolute_url()}again/", {"act": "yes"})
    assert offered(signed_in) == ""  # a draft lies there


def test_nobody_is_reminded_of_an_evening_without_guests(signed_in: Client, member: Member) -> None:
    make_gathering(NOON - timedelta(days=30), host=member)
    assert offered(signed_in) == ""


def test_where_nothing_fits_nothing_is_shown(signed_in: Client) -> None:
    page = signed_in.get("/table/")
    assert page.context["step"] is None
    assert "One small next step" not in page.content.decode()


# Not this time


def test_not_this_time_weighs_as_much_as_yes(signed_in: Client) -> None:
    make_gathering(NOON + timedelta(days=3))
    buttons = re.findall(r'<(?:a|button) class="([^"]*)"', words(signed_in))
    assert buttons == ["button", "button"]


def test_not_this_time_is_remembered_for_a_month_and_the_next_that_fits_comes(
    signed_in: Client, member: Member, at_noon: Any
) -> None:
    make_gathering(NOON + timedelta(days=4), host=been(member).host, title="Stew again")
    make_gathering(NOON + timedelta(days=5), title="Soup for a few")
    assert offered(signed_in) == "again"
    page = signed_in.post(NO, {"step": "again"}, follow=True)
    assert "That is fine." in page.content.decode()
    assert offered(signed_in) == "look"
    signed_in.post(NO, {"step": "look"})
    assert offered(signed_in) == ""
    NotThisTime.objects.filter(step="again").update(at=NOON - LASTS)
    assert offered(signed_in) == "again"


def test_not_this_time_is_not_answered_by_the_same_table(signed_in: Client, member: Member) -> None:
    mei = been(member).host
    make_gathering(NOON + timedelta(days=4), host=mei, title="Stew again", seats=4)
    signed_in.post(NO, {"step": "again"})
    assert words(signed_in) == ""
    make_gathering(NOON + timedelta(days=5), title="Soup for a few", seats=4)
    assert "Soup for a few" in words(signed_in)
    assert "Stew again" not in words(signed_in)


def test_no_table_is_offered_that_looks_full_to_whoever_is_kept_out(signed_in: Client, member: Member) -> None:
    apart = make_member("Kai")
    sits, helps = (make_gathering(NOON + timedelta(days=day), title="Soup", seats=4) for day in (3, 4))
    make_gathering(NOON + timedelta(days=5), title="Soup", seats=4, host=apart)
    make_seat(sits, apart)
    CoHost.objects.create(gathering=helps, member=apart, email=apart.email, accepted_at=NOON)
    assert "Soup" in words(signed_in)  # control
    KeepApart.objects.keep(member, apart)
    assert words(signed_in) == ""
    make_gathering(NOON + timedelta(days=6), title="Stew", seats=4)
    assert "Stew" in words(signed_in)


def test_a_yes_at_the_door_may_be_taken_back_until_the_start(signed_in: Client, member: Member, at_noon: Any) -> None:
    table = make_gathering(NOON + timedelta(hours=5))
    make_seat(table, member).say_about_the_door(True)
    door = f'action="/table/door/{table.key}/"'
    for path in ("/table/", table.get_absolute_url()):
        assert door in signed_in.get(path).content.decode()
    at_noon.move_to(table.starts_at)
    for path in ("/table/", table.get_absolute_url()):
        assert door not in signed_in.get(path).content.decode()
    at_noon.move_to(NOON)
    page = signed_in.post(f"/table/door/{table.key}/", {"act": "no"}, follow=True).content.decode()
    assert "You open the door." not in page
    assert "You have your seat as before." in page


def test_saying_so_twice_is_saying_it_once_and_is_nobody_elses(signed_in: Client, member: Member) -> None:
    make_gathering(NOON + timedelta(days=3))
    for _time in range(2):
        signed_in.post(NO, {"step": "look"})
    assert NotThisTime.objects.get().member == member
    other = Client()
    other.force_login(make_member())
    assert offered(other) == "look"


@pytest.mark.parametrize("step", ["", "dance", "look\x00", "1" * 5000])
def test_a_step_that_is_none_is_not_remembered(signed_in: Client, step: str) -> None:
    assert signed_in.post(NO, {"step": step}).status_code == 404
    assert not NotThisTime.objects.exists()


def test_the_door_is_for_those_with_a_seat(signed_in: Client, member: Member) -> None:
    table = make_gathering(NOON + timedelta(days=3))
    assert signed_in.post(f"/table/door/{table.key}/", {"act": "yes"}).status_code == 404
    make_seat(table, member).bow_out()
    assert signed_in.post(f"/table/door/{table.key}/", {"act": "yes"}).status_code == 404


# Facts


def test_what_a_member_has_done_is_asked_of_the_facts(member: Member, django_assert_num_queries: Any) -> None:
    assert done_by(member, *WAYS) == set()
    evening = been(member, kind="shared-meal")
    Rsvp.objects.update(opens_door=True)
    for need in ("bread", "washing-up"):
        Dish.objects.create(gathering=evening, bringer=member, round=1, need=need)
    Question.objects.ask(make_gathering(), member, "Is there a bus home?")
    ProfileAnswer.objects.create(member=member, place=1, prompt="arriving", words="look for the kitchen")
    own = make_gathering(NOON - timedelta(days=9), host=member)
    Gathering.objects.filter(pk=own.pk).update(seats_taken=2)
    with django_assert_num_queries(1):
        assert done_by(member, *WAYS) == set(WAYS)
    Rsvp.objects.update(has_missed=True)
    assert done_by(member, *WAYS) == {
        "answered",
        "asked",
        "has_a_seat",
        "hosted",
    }  # a control: whoever missed it gave nothing there


def test_what_others_did_is_not_ones_own(member: Member) -> None:
    evening = been(make_member(), kind="shared-meal")
    Dish.objects.create(gathering=evening, bringer=evening.host, need="bread")
    assert done_by(member, *WAYS) == set()


def test_it_takes_as_many_queries_with_few_rows_as_with_many(
    client: Client,
) -> None:
    counted = []
    for many in (1, 6):
        somebody = make_newcomer() if many == 1 else make_member()
        lay_a_full_table(somebody, many)
        client.force_login(somebody)
        client.get("/table/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/table/")
        assert page.context["step"] is None
        counted.append(len(asked.captured_queries))
    assert counted[0] == counted[1] <= 28


def lay_a_full_table(member: Member, many: int) -> None:
    """So many of each thing that can lie there; each step is asked for, and none fits any more."""
    Member.objects.filter(pk=member.pk).update(joined_at=NOON - timedelta(days=90))
    for number in range(many):
        been(member, days=20 + number)
        been(member, days=1, host=make_member())
        seat = make_seat(make_gathering(NOON + timedelta(days=2, hours=number), kind="shared-meal"), member)
        make_seat(seat.gathering)
        Dish.objects.bring(seat.gathering, member, "bread", f"Loaf {number}")
        Plan.objects.create(rsvp=seat, sets_off="17:00")
        Question.objects.ask(seat.gathering, member, "Is there a bus?")
        seat.gathering.questions.get().reply(seat.gathering.host, "There is.")
        own = make_gathering(NOON + timedelta(days=9, hours=number), host=member, asks_first=True)
        make_seat(own)
        Question.objects.ask(own, make_member(), "May I bring a friend?")
        make_gathering(NOON + timedelta(days=5, hours=number)).offer(member)
        make_gathering(NOON + timedelta(days=6), host=member, is_draft=True)
