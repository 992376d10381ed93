"""Nudges and the digest: to whom, at which moment, about what. The clock is the only thing faked."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import timing
from apps.gatherings.models import Gathering, Rsvp, Series
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders import budget, nudges
from apps.reminders.nudges import DUE, put_nudges
from apps.reminders.tasks import minute
from tests.factories import html_of, make_gathering, make_member, make_newcomer, make_seat, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
State = Message.State


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member(clock: time_machine.Traveller) -> Member:
    return make_newcomer("Robin")


def ask(member: Member, *kinds: str) -> Member:
    for kind in kinds or DUE:
        Consent.objects.say(member, kind, True)
    return member


def sweep(clock: time_machine.Traveller, *moments: datetime) -> list[str]:
    """The subjects of the nudges that sweeps at these moments send."""
    subjects = []
    for moment in moments:
        clock.move_to(moment)
        mail.outbox.clear()
        minute()
        keys = Message.objects.filter(kind__in=DUE).values_list("key", flat=True)
        mail.outbox[:] = [each for each in mail.outbox if each.extra_headers["Message-ID"][1:11] in keys]
        subjects += [str(each.subject) for each in mail.outbox]
    return subjects


def visit(member: Member) -> None:
    Member.objects.filter(pk=member.pk).were_here()


def came(member: Member, ago: timedelta, **more: Any) -> Rsvp:
    """A seat at an evening that was over so long ago, as of now."""
    now = datetime.now(UTC)
    with time_machine.travel(now - ago - 5 * DAY, tick=False):
        return make_seat(make_gathering(now - ago - 3 * HOUR, hours=3, **more), member)


def rows(kind: str) -> list[tuple[str, int | None]]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("state", "budget_week"))


# first_step


def test_a_first_step_is_shown_on_the_second_ninth_and_twenty_third_day(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "first_step")
    found = {}
    for days in (1, 2, 3, 8, 9, 10, 22, 23, 24):
        visit(member)
        clock.move_to(MONDAY + days * DAY - HOUR)
        make_gathering(datetime.now(UTC) + 4 * DAY)
        found[days] = len(sweep(clock, MONDAY + days * DAY - MINUTE, MONDAY + days * DAY, MONDAY + days * DAY + HOUR))
    assert {days for days, sent in found.items() if sent} == {2, 9, 23}
    assert max(found.values()) == 1


def test_it_names_three_small_tables_near_by_and_no_address(clock: time_machine.Traveller, member: Member) -> None:
    ask(member, "first_step")
    small = [make_gathering(MONDAY + (4 + n) * DAY, title=f"Small {n}", seats=4) for n in range(4)]
    soon = MONDAY + 3 * DAY
    make_gathering(soon, title="Large", seats=9)
    make_gathering(soon, title="Asks", asks_first=True)
    make_gathering(soon, title="Hidden", visibility=Gathering.Visibility.LINK)
    make_gathering(soon, title="Far", town=make_town("auckland-nz"))
    make_gathering(soon, title="Draft", is_draft=True)
    full = make_gathering(soon, title="Full", seats=1)
    make_seat(full)
    assert sweep(clock, MONDAY + 2 * DAY) == ["Small tables near you"]
    [email] = mail.outbox
    for part in (str(email.body), html_of(email)):
        words = " ".join(part.split())
        assert [each.title for each in small if each.title in words] == ["Small 0", "Small 1", "Small 2"]
        for other in ("Large", "Asks", "Hidden", "Far", "Draft", "Full", "Greville"):
            assert other not in words
        assert "People are usually liked more than they think." in words
        assert "because you asked us for a nudge now and then, and have not been to a table yet" in words
        assert "If this one goes by" not in words
    assert html_of(email).count('class="button"') == 1
    assert "List-Unsubscribe" in email.extra_headers


@pytest.mark.parametrize("case", ["not asked", "has come", "has a seat", "waits", "hosts", "nothing near", "has gone"])
def test_a_first_step_is_for_nobody_else(clock: time_machine.Traveller, member: Member, case: str) -> None:
    ask(member, "first_step")
    far = MONDAY + 9 * DAY
    tables = [make_gathering(far), make_gathering(far, seats=1)]
    if case == "not asked":
        Consent.objects.say(member, "first_step", False)
    if case == "has come":
        came(member, DAY * 30)
    if case == "has a seat":
        make_seat(tables[0], member)
    if case == "waits":
        make_seat(tables[1])
        assert make_seat(tables[1], member).is_waitlisted
    if case == "hosts":
        make_gathering(far, host=member)
    if case == "nothing near":
        Gathering.objects.all().delete()
    if case == "has gone":
        Member.objects.filter(pk=member.pk).update(is_active=False)
    assert sweep(clock, MONDAY + 2 * DAY) == []
    assert rows("first_step") == []


# try_again


def test_somebody_who_gave_a_seat_back_is_shown_a_small_one_after_five_days(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "try_again")
    given_back = make_gathering(MONDAY + 3 * DAY, title="Stew", seats=5)
    rsvp = make_seat(given_back, member)
    rsvp.bow_out()
    for title, seats in (("Six", 6), ("Three", 3), ("Four", 4)):
        make_gathering(MONDAY + 9 * DAY, title=title, seats=seats)
    assert sweep(clock, MONDAY + 5 * DAY - MINUTE) == []
    assert sweep(clock, MONDAY + 5 * DAY, MONDAY + 5 * DAY + HOUR) == ["Another evening, if you like"]
    assert sweep(clock, MONDAY + 6 * DAY) == []
    sent = Message.objects.get(kind="try_again")
    assert (sent.subject_id, sent.version) == (rsvp.pk, rsvp.round)


def test_what_is_said_to_them_holds_no_reproach(clock: time_machine.Traveller, member: Member) -> None:
    ask(member, "try_again")
    make_gathering(MONDAY + 9 * DAY, title="Three", seats=3)
    rsvp = came(member, 4 * DAY, title="Stew")
    rsvp.say_missed()
    assert sweep(clock, MONDAY + DAY - MINUTE, MONDAY + DAY) == ["Another evening, if you like"]
    body = " ".join(str(mail.outbox[0].body).split())
    assert "That is fine You did not make it to Stew. It happens to nearly everybody" in body
    assert "Three" in body
    assert "miss you" not in body


def test_whoever_only_stopped_waiting_or_has_a_seat_again_is_left_in_peace(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "try_again")
    make_gathering(MONDAY + 9 * DAY, seats=3)
    full = make_gathering(MONDAY + 3 * DAY, seats=1)
    make_seat(full)
    make_seat(full, member).bow_out()
    other = ask(make_member("Bo"), "try_again")
    make_seat(make_gathering(MONDAY + 4 * DAY), other).bow_out()
    make_seat(make_gathering(MONDAY + 12 * DAY), other)
    assert sweep(clock, MONDAY + 5 * DAY, MONDAY + 5 * DAY + HOUR) == []


# keep_showing_up


def test_after_three_weeks_without_a_seat_the_next_of_the_same_host_is_named(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "keep_showing_up")
    last = came(member, 20 * DAY, title="Soup").gathering
    make_gathering(MONDAY + 3 * DAY, title="Of another")
    make_gathering(MONDAY + 6 * DAY, host=last.host, title="Stew")
    assert sweep(clock, MONDAY, MONDAY + DAY - MINUTE) == []
    assert sweep(clock, MONDAY + DAY, MONDAY + DAY + HOUR) == ["Mei sets the table again"]
    assert sweep(clock, MONDAY + 2 * DAY) == []


def test_the_next_of_the_same_series_will_do(clock: time_machine.Traveller, member: Member) -> None:
    ask(member, "keep_showing_up")
    last = came(member, 21 * DAY, title="Soup").gathering
    make_seat_again = make_gathering(MONDAY + 6 * DAY, title="Stew")
    series = Series.begin(make_seat_again, "weekly")
    last.series, last.series_day = series, last.day
    last.save(update_fields=["series", "series_day"])
    assert sweep(clock, MONDAY) == ["The next one: Stew"]


@pytest.mark.parametrize("case", ["a seat ahead", "given back since", "called off since", "nothing of theirs"])
def test_it_is_not_said_while_something_was_ahead(clock: time_machine.Traveller, member: Member, case: str) -> None:
    ask(member, "keep_showing_up")
    last = came(member, 21 * DAY).gathering
    if case != "nothing of theirs":
        make_gathering(MONDAY + 6 * DAY, host=last.host)
    with time_machine.travel(MONDAY - 3 * DAY, tick=False):
        other = make_gathering(MONDAY + 9 * DAY)
        if case != "nothing of theirs":
            rsvp = make_seat(other, member)
        if case == "given back since":
            rsvp.bow_out()
        if case == "called off since":
            other.cancel("")
    assert sweep(clock, MONDAY) == []


# open_the_door


@pytest.fixture
def regular(member: Member) -> Rsvp:
    """The seat of somebody who has been there before, at a table on Friday evening."""
    ask(member, "open_the_door")
    host = came(member, 30 * DAY).gathering.host
    return make_seat(make_gathering(MONDAY + 4 * DAY + 7 * HOUR, host=host, title="Stew"), member)


DOOR_TIME = MONDAY + DAY + 7 * HOUR  # three days before it


def test_a_regular_is_asked_three_days_before_whether_they_open_the_door(
    clock: time_machine.Traveller, regular: Rsvp
) -> None:
    newcomer = ask(make_member("Bo"), "open_the_door")
    make_seat(regular.gathering, newcomer)
    assert sweep(clock, DOOR_TIME - MINUTE) == []
    assert sweep(clock, DOOR_TIME) == ["Would you like to open the door on Friday?"]
    assert mail.outbox[0].to == [regular.member.email]
    assert sweep(clock, DOOR_TIME + HOUR) == []


def test_the_button_leads_to_the_question(clock: time_machine.Traveller, client: Client, regular: Rsvp) -> None:
    sweep(clock, DOOR_TIME)
    [path] = re.findall(r"http://\S+?(/m/\S+)", str(mail.outbox[0].body).split("\n-- ")[0])
    assert "Would you like to open the door?" in client.get(path).content.decode()
    client.post(path, {"act": "no"})
    assert Rsvp.objects.get(pk=regular.pk).opens_door is False


def test_whoever_has_a_seat_is_not_told_how_to_get_one(clock: time_machine.Traveller, regular: Rsvp) -> None:
    Gathering.objects.filter(pk=regular.gathering_id).update(asks_first=True)
    sweep(clock, DOOR_TIME)
    assert f"{regular.gathering.host.name} is the host.\n" in str(mail.outbox[0].body)
    assert "says yes to each guest" not in str(mail.outbox[0].body)


def test_nobody_is_asked_once_somebody_has_said_yes(clock: time_machine.Traveller, regular: Rsvp) -> None:
    make_seat(regular.gathering, make_member("Noor")).say_about_the_door(True)
    assert sweep(clock, DOOR_TIME) == []


# seats_tomorrow


SIX = MONDAY + 6 * HOUR  # on Monday, in Bristol


def test_seats_free_tomorrow_are_told_the_evening_before_with_their_true_number(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "seats_tomorrow")
    table = make_gathering(SIX + DAY, seats=3, title="Stew")
    make_seat(table)
    assert sweep(clock, SIX - MINUTE) == []
    assert sweep(clock, SIX, SIX + HOUR) == ["Two seats are free tomorrow."]
    assert sweep(clock, SIX + DAY) == []


@pytest.mark.parametrize("case", ["one seat", "today", "the day after", "asks first", "own table", "waited for"])
def test_other_tables_are_none(clock: time_machine.Traveller, member: Member, case: str) -> None:
    ask(member, "seats_tomorrow")
    starts = {"today": SIX + HOUR, "the day after": SIX + 2 * DAY}.get(case, SIX + DAY)
    table = make_gathering(starts, seats=1 if case == "one seat" else 3, asks_first=case == "asks first")
    if case == "own table":
        Gathering.objects.update(host=member)
    if case == "waited for":
        make_seat(table, make_member()).become(Rsvp.State.WAITLISTED, turn=1)
    assert sweep(clock, SIX, SIX + HOUR) == []


@pytest.mark.parametrize("what", ["asks for a seat", "hosts"])
def test_it_is_for_whoever_is_free_that_day(clock: time_machine.Traveller, member: Member, what: str) -> None:
    ask(member, "seats_tomorrow")
    make_gathering(SIX + DAY)
    if what == "hosts":
        make_gathering(SIX + DAY, host=member)
    else:
        make_seat(make_gathering(SIX + DAY, asks_first=True), member)
    assert sweep(clock, SIX) == []
    assert rows("seats_tomorrow") == [], "so that something else may come instead"


def test_six_is_six_where_the_reader_is(clock: time_machine.Traveller) -> None:
    auckland = make_town("auckland-nz")
    ask(make_member(town=auckland), "seats_tomorrow")
    make_gathering(datetime(2026, 11, 18, 6, tzinfo=UTC), town=auckland)  # 19:00 on Wednesday there
    six = datetime(2026, 11, 17, 5, tzinfo=UTC)
    assert sweep(clock, six - HOUR) == []
    assert sweep(clock, six) == ["Five seats are free tomorrow."]


def test_a_table_that_filled_up_or_was_called_off_meanwhile_is_not_offered(
    clock: time_machine.Traveller, member: Member
) -> None:
    ask(member, "seats_tomorrow")
    filled, off = make_gathering(SIX + DAY, seats=2), make_gathering(SIX + DAY, seats=2)
    clock.move_to(SIX)
    put_nudges(SIX)
    make_seat(filled)
    off.cancel("")
    send()
    assert rows("seats_tomorrow") == [(State.DROPPED, None)]
    assert [email for email in mail.outbox if email.to == [member.email]] == []


# weekly_digest


THURSDAY = MONDAY + 3 * DAY + 6 * HOUR


def test_the_week_near_by_comes_on_thursday_at_six(clock: time_machine.Traveller, member: Member) -> None:
    ask(member, "weekly_digest")
    weekly = make_gathering(THURSDAY + DAY, title="Weekly")
    Series.begin(weekly, "weekly")
    for n in range(8):
        make_gathering(THURSDAY + (2 + n / 10) * DAY, title=f"Table {n}", seats=12 if n else 3)
    make_gathering(THURSDAY + 8 * DAY, title="Later")
    assert sweep(clock, THURSDAY - MINUTE) == []
    assert sweep(clock, THURSDAY, THURSDAY + HOUR) == ["This week near you"]
    sweep(clock, THURSDAY)
    digest = Message.objects.get(kind="weekly_digest")
    assert (digest.version, digest.budget_week) == (202647, 202647)


def test_it_names_seven_tables_at_most_each_series_once(clock: time_machine.Traveller, member: Member) -> None:
    ask(member, "weekly_digest")
    Series.begin(make_gathering(THURSDAY + DAY, title="Weekly"), "weekly")
    for n in range(8):
        make_gathering(THURSDAY + (2 + n / 10) * DAY, title=f"Table {n}")
    make_gathering(THURSDAY + 8 * DAY, title="Later")
    sweep(clock, THURSDAY)
    body = str(mail.outbox[0].body)
    assert re.findall(r"^(Weekly|Table \d|Later)", body, re.M) == ["Weekly", *(f"Table {n}" for n in range(6))]


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
    with django_assert_max_num_queries(16):
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
    with django_assert_num_queries(7):
        signed_in.get("/table/")
