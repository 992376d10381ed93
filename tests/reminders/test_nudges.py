"""Nudges and the digest: to whom, at which moment, about what. The clock is the only thing faked."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.gatherings.models import Gathering, Rsvp, Series
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.nudges import put_nudges
from tests.factories import html_of, make_gathering, make_member, make_newcomer, make_seat, make_town
from tests.reminders.nudging import DAY, HOUR, MINUTE, MONDAY, SIX, THURSDAY, State, ask, came, rows, sweep, visit

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member(clock: time_machine.Traveller) -> Member:
    return make_newcomer("Robin")


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
