"""When nudges are sent: nights, a beat that stood still, the budget, and what ends them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import timing
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders import budget, nudges
from apps.reminders.nudges import DUE, put_nudges
from tests.factories import html_of, make_gathering, make_member, make_newcomer, make_seat, make_town
from tests.reminders.nudging import DAY, HOUR, MINUTE, MONDAY, SIX, THURSDAY, State, ask, rows, sweep, visit

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member(clock: time_machine.Traveller) -> Member:
    return make_newcomer("Robin")


# When: nights, holes, the moment of sending


def test_what_comes_due_at_night_waits_for_nine(clock: time_machine.Traveller) -> None:
    night = MONDAY + 11 * HOUR
    clock.move_to(night)
    ask(make_newcomer(), "first_step")
    make_gathering(MONDAY + 9 * DAY)
    due = night + 2 * DAY
    assert sweep(clock, due, due + 6 * HOUR, due + 10 * HOUR - MINUTE) == []
    assert sweep(clock, due + 10 * HOUR) == ["A small table near you"]


def test_one_that_was_put_in_the_last_minute_of_the_day_rests_until_nine(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "first_step")
    make_gathering(MONDAY + 9 * DAY)
    last_minute = MONDAY + 2 * DAY + 9 * HOUR - MINUTE
    clock.move_to(last_minute)
    put_nudges(last_minute)
    assert sweep(clock, last_minute + 2 * MINUTE, last_minute + 6 * HOUR) == []
    assert sweep(clock, last_minute + 12 * HOUR + MINUTE) == ["A small table near you"]


def test_without_the_rest_it_would_go_at_night(
    clock: time_machine.Traveller, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(member, "first_step")
    make_gathering(MONDAY + 9 * DAY)
    last_minute = MONDAY + 2 * DAY + 9 * HOUR - MINUTE
    clock.move_to(last_minute)
    put_nudges(last_minute)
    monkeypatch.setattr(timing, "is_night", lambda local: False)
    assert sweep(clock, last_minute + 2 * MINUTE) == ["A small table near you"]


def test_six_hours_without_a_beat_are_caught_up_and_nothing_stale_is_sent(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "first_step", "seats_tomorrow")
    make_gathering(SIX + DAY)
    make_gathering(MONDAY + 6 * DAY)
    assert sweep(clock, SIX + 6 * HOUR, SIX + 15 * HOUR) == [], "tomorrow is today by now"
    assert sweep(clock, MONDAY + 2 * DAY + 6 * HOUR) == ["A small table near you"]
    late = ask(make_newcomer(), "first_step")
    joined = datetime.now(UTC)
    assert sweep(clock, joined + 3 * DAY + MINUTE) == []
    assert not Message.objects.filter(member=late, kind="first_step").exists()


@pytest.mark.parametrize("change", ["opts out", "pauses", "sits down", "leaves", "crosses a week"])
def test_it_is_asked_again_at_the_moment_of_sending(clock: time_machine.Traveller, member: Member, change: str) -> None:
    ask(member, "first_step")
    table = make_gathering(MONDAY + 9 * DAY)
    clock.move_to(MONDAY + 2 * DAY)
    put_nudges(MONDAY + 2 * DAY)
    if change == "opts out":
        Consent.objects.say(member, "first_step", False)
    if change == "pauses":
        member.pause_nudges()
    if change == "sits down":
        make_seat(table, member)
    if change == "leaves":
        Member.objects.filter(pk=member.pk).update(is_active=False)
    if change == "crosses a week":
        Message.objects.filter(kind="first_step").update(budget_week=202646)
    assert sweep(clock, MONDAY + 2 * DAY + MINUTE) == []
    assert rows("first_step") == [(State.DROPPED, None)]


# The budget


def due_together(member: Member) -> datetime:
    """On Thursday at six: a first step, seats tomorrow and the digest."""
    ask(member)
    make_gathering(THURSDAY + DAY + HOUR, seats=4)
    make_gathering(THURSDAY + 3 * DAY)
    Member.objects.filter(pk=member.pk).update(joined_at=THURSDAY - 2 * DAY)
    return THURSDAY


def test_of_several_the_first_in_the_order_is_sent_and_the_rest_never_comes(
    clock: time_machine.Traveller, member: Member
) -> None:
    moment = due_together(member)
    assert sweep(clock, moment, moment + HOUR, moment + 16 * HOUR) == ["Small tables near you"]
    assert rows("first_step") == [(State.SENT, 202647)]
    assert rows("seats_tomorrow") == rows("weekly_digest") == [(State.DROPPED, None)]


def test_the_order_is_what_decides(
    clock: time_machine.Traveller, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = due_together(member)
    monkeypatch.setattr(nudges, "ORDER", budget.ORDER[::-1])
    assert sweep(clock, moment) == ["This week near you"]


def test_two_sweeps_at_once_put_one(clock: time_machine.Traveller, member: Member) -> None:
    moment = due_together(member)
    clock.move_to(moment)
    slots = list(nudges.in_order(nudges.Look(moment, [ZoneInfo("Europe/London")])))
    bought = budget.budgets(Member.objects.filter(pk=member.pk), moment)[member.pk]
    for _ in range(2):
        Message.objects.put_all(nudges.rows_of(slots, bought))
    assert Message.objects.filter(kind__in=DUE, state=State.WAITING).count() == 1


def charge(member: Member, at: datetime, kind: str = "try_again") -> None:
    """A nudge that went then."""
    week = budget.week_of(at)
    Message.objects.put(kind, member, version=week, due_at=at, budget_week=week, state=State.SENT)
    Message.objects.filter(member=member, version=week).update(done_at=at)


def test_there_are_three_days_between_two_and_one_in_a_week(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_gathering(MONDAY + 9 * DAY)
    joined = MONDAY + DAY  # due on Thursday
    clock.move_to(joined)
    sunday, monday, wednesday = (joined + 2 * DAY - n * DAY for n in (4, 3, 1))
    members = {at: ask(make_newcomer(), "first_step") for at in (sunday, monday, wednesday)}
    for at, each in members.items():
        charge(each, at)
        visit(each)
    sweep(clock, joined + 2 * DAY)
    assert [email.to[0] for email in mail.outbox] == [members[sunday].email]
    assert set(rows("first_step")) == {(State.SENT, 202647), (State.DROPPED, None)}


@pytest.mark.parametrize(("hours", "goes"), [(-47, False), (-49, True), (47, False), (49, True)])
def test_two_days_around_a_seat_are_quiet(
    clock: time_machine.Traveller, member: Member, hours: int, goes: bool
) -> None:
    ask(member, "weekly_digest")
    make_gathering(THURSDAY + 4 * DAY)
    starts = THURSDAY + hours * HOUR if hours > 0 else THURSDAY + hours * HOUR - 2 * HOUR
    with time_machine.travel(MONDAY - 3 * DAY, tick=False):
        make_seat(make_gathering(starts, hours=2), member)
    assert bool(sweep(clock, THURSDAY)) is goes


def test_a_pause_keeps_all_of_them_away(clock: time_machine.Traveller, member: Member) -> None:
    moment = due_together(member)
    Member.objects.get(pk=member.pk).pause_nudges()
    assert sweep(clock, moment, moment + HOUR) == []


def test_two_in_a_row_without_a_visit_end_them_and_the_second_says_so(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "weekly_digest")
    week, last = 7 * DAY, "If this one goes by"
    for n in range(6):
        make_gathering(THURSDAY + n * week + 2 * DAY)
    assert len(sweep(clock, THURSDAY)) == 1
    assert last not in str(mail.outbox[0].body)
    assert len(sweep(clock, THURSDAY + week)) == 1
    assert last in str(mail.outbox[0].body)
    assert last in html_of(mail.outbox[0])
    assert sweep(clock, THURSDAY + 2 * week, THURSDAY + 3 * week) == []
    visit(member)
    assert len(sweep(clock, THURSDAY + 4 * week)) == 1


def test_an_answer_by_mail_is_a_visit(clock: time_machine.Traveller, client: Client, member: Member) -> None:
    ask(member, "weekly_digest")
    for n in range(3):
        make_gathering(THURSDAY + n * 7 * DAY + 2 * DAY)
    sweep(clock, THURSDAY, THURSDAY + 7 * DAY)
    [path] = re.findall(r"Choose what we send: http://[^/]+(/m/\S+)", str(mail.outbox[0].body))
    clock.move_to(THURSDAY + 8 * DAY)
    client.get(path)
    assert Member.objects.get(pk=member.pk).last_seen_on == MONDAY.date()
    client.post(path, {"act": "resume"})
    assert len(sweep(clock, THURSDAY + 14 * DAY)) == 1


def test_what_was_not_sent_leaves_the_week_free(clock: time_machine.Traveller, member: Member) -> None:
    ask(member, "seats_tomorrow", "weekly_digest")
    table = make_gathering(SIX + DAY, seats=2)
    clock.move_to(SIX)
    put_nudges(SIX)
    make_seat(table)
    send()
    make_gathering(THURSDAY + 2 * DAY)
    assert sweep(clock, THURSDAY) == ["This week near you"]


# The sweep, the switches, the card


def test_a_sweep_asks_as_often_for_many_as_for_one(
    clock: time_machine.Traveller, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for days in (1, 3):
        make_gathering(THURSDAY + days * DAY)
    for n in range(12):
        each = ask(make_member(town=make_town(("bristol-gb", "bath-gb")[n % 2])))
        Member.objects.filter(pk=each.pk).update(joined_at=THURSDAY - 2 * DAY)
        make_seat(make_gathering(THURSDAY + 3 * DAY), make_member())
    clock.move_to(THURSDAY)
    with django_assert_max_num_queries(17):
        put_nudges(THURSDAY)
    assert Message.objects.filter(kind__in=DUE, state=State.WAITING).count() == 12


def test_nobody_has_asked_until_they_have_ticked_it(signed_in: Client, member: Member) -> None:
    page = signed_in.get("/settings/mail/")
    form = page.context["form"]
    for kind in DUE:
        assert form[kind].initial is False
        assert str(form[kind].label) in page.content.decode().replace("&#x27;", "'")


def test_your_table_offers_nudges_once_and_falls_silent_with_the_first_choice(
    signed_in: Client, member: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert "A nudge now and then?" in signed_in.get("/table/").content.decode()
    Consent.objects.say(member, "seats_tomorrow", False)
    assert "A nudge now and then?" not in signed_in.get("/table/").content.decode()
    with django_assert_num_queries(14):
        signed_in.get("/table/")
