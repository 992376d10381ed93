"""What the minute's sweep puts and sends. The clock is the only thing faked."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import Message as Mime
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.gatherings.models import Gathering
from apps.gatherings.models.change import SETTLES
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders import due, rows
from apps.reminders.due import put_what_is_due
from apps.reminders.tasks import minute
from tests.factories import html_of, make_gathering, make_seat, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)
BOOKED = STARTS - timedelta(days=3)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def seated(clock: time_machine.Traveller, member: Member) -> Gathering:
    gathering = make_gathering(STARTS)
    make_seat(gathering, member)
    minute()
    mail.outbox.clear()
    return gathering


def guest_mail() -> list[EmailMessage]:
    """What the hosts of these tests, who are all named Mei, have not been sent."""
    hosts = Member.objects.filter(name="Mei").values_list("email", flat=True)
    return [email for email in mail.outbox if email.to[0] not in hosts]


def sent_at(clock: time_machine.Traveller, *hours_before: float, starts: datetime = STARTS) -> list[str]:
    """The subjects of what guests are sent by sweeps at these hours before the start."""
    for hours in hours_before:
        clock.move_to(starts - timedelta(hours=hours))
        minute()
    return [str(each.subject) for each in guest_mail()]


def test_each_reminder_comes_once_and_on_time(clock: time_machine.Traveller, seated: Gathering) -> None:
    assert sent_at(clock, 25, 24.1) == []
    assert sent_at(clock, 24, 23.9, 20, 3) == [f"Tomorrow at 19:00: {seated.title}"]
    mail.outbox.clear()
    assert sent_at(clock, 2.1) == []
    assert sent_at(clock, 2, 1.9, 0.5) == [f"Today at 19:00: {seated.title}"]
    kinds = Message.objects.exclude(member=seated.host).order_by("due_at").values_list("kind", flat=True)
    assert list(kinds) == ["seat_confirmed", "day_before", "soon"]


def test_nothing_is_sent_after_its_moment(clock: time_machine.Traveller, seated: Gathering) -> None:
    assert sent_at(clock, 0, -1, -30) == []


def test_a_time_without_a_beat_is_caught_up_but_not_at_night(clock: time_machine.Traveller, seated: Gathering) -> None:
    assert sent_at(clock, 18, 12) == []  # 01:00 and 07:00
    assert sent_at(clock, 10) == [f"Today at 19:00: {seated.title}"]


def test_a_seat_taken_late_gets_no_second_mail_for_the_day_before(
    clock: time_machine.Traveller, member: Member
) -> None:
    gathering = make_gathering(STARTS)
    clock.move_to(STARTS - timedelta(hours=20))
    make_seat(gathering, member)
    assert sent_at(clock, 19.9, 10) == [f"You have a seat: {gathering.title}, Thursday 26 November, 19:00"]
    assert "14 Greville Street" in guest_mail()[0].body


def test_a_cancelled_gathering_falls_silent_but_for_the_word_of_it(
    clock: time_machine.Traveller, seated: Gathering
) -> None:
    seated.cancel("The oven gave up.")
    assert sent_at(clock, 24, 2) == [f"Called off: {seated.title}, Thursday 26 November, 19:00"]
    assert "\n> The oven gave up.\n" in guest_mail()[0].body


def test_a_moved_gathering_reminds_anew_each_time(clock: time_machine.Traveller, seated: Gathering) -> None:
    assert len(sent_at(clock, 24)) == 1
    for day in (27, 28):
        seated.refresh_from_db()
        seated.day = seated.day.replace(day=day)
        seated.change(["day"])
        minute()
        sent_at(clock, 24, starts=seated.starts_at)
    kinds = Message.objects.filter(kind="day_before", state=Message.State.SENT).values_list("version", flat=True)
    assert sorted(kinds) == [0, 1, 2]


def test_a_seat_of_an_evening_that_moves_nearer_still_gets_its_address_in_time(
    clock: time_machine.Traveller, member: Member
) -> None:
    gathering = make_gathering(STARTS)
    make_seat(gathering, member)
    clock.shift(timedelta(hours=1))
    gathering.day -= timedelta(days=3)
    gathering.starts, gathering.ends = time(23), time(23, 59)
    gathering.change(["day", "starts", "ends"])
    clock.shift(SETTLES)
    minute()
    assert "14 Greville Street" in str(guest_mail()[-1].body)
    assert Message.objects.filter(kind="day_before", version=1).count() == 1


def test_a_host_who_looks_for_the_right_hour_has_their_guests_reminded_once(
    clock: time_machine.Traveller, seated: Gathering
) -> None:
    clock.move_to(STARTS - timedelta(hours=10))
    for minutes in (10, 20, 30):
        seated.refresh_from_db()
        seated.starts = time(19, minutes)
        seated.change(["starts"])
        minute()
        clock.shift(timedelta(minutes=1))
    assert not Message.objects.filter(kind="day_before").exists()
    clock.shift(SETTLES)
    minute()
    assert [str(each.subject) for each in guest_mail()] == [
        f"This has changed: {seated.title}, Thursday 26 November, 19:30",
        f"Today at 19:30: {seated.title}",
    ]


def test_what_fails_in_one_search_keeps_nobody_elses_mail(
    clock: time_machine.Traveller, seated: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(now: datetime) -> None:
        raise ValueError

    for name in ("put_soon", "put_too_few", "put_host_updates"):
        monkeypatch.setattr(due, name, fail)
    monkeypatch.setattr("apps.reminders.tasks.put_nudges", fail)
    assert sent_at(clock, 24) == [f"Tomorrow at 19:00: {seated.title}"]


def test_who_wants_the_day_before_gets_it_with_a_late_seat_whatever_else_they_switched_off(
    clock: time_machine.Traveller, member: Member
) -> None:
    Consent.objects.say(member, "seat_confirmed", is_given=False)
    gathering = make_gathering(STARTS)
    make_seat(gathering, member)
    minute()
    assert guest_mail() == []
    gathering.rsvps.get().bow_out()
    clock.move_to(STARTS - timedelta(hours=9))
    make_seat(gathering, member)
    minute()
    assert "14 Greville Street" in str(guest_mail()[-1].body)
    Consent.objects.say(member, "day_before", is_given=False)
    gathering.rsvps.get().bow_out()
    make_seat(gathering, member)
    before = len(guest_mail())
    minute()
    assert len(guest_mail()) == before


def test_whoever_leaves_a_second_before_sending_hears_nothing(
    clock: time_machine.Traveller, seated: Gathering, member: Member
) -> None:
    clock.move_to(STARTS - timedelta(hours=24))
    put_what_is_due(STARTS - timedelta(hours=24))
    seated.rsvps.get().bow_out()
    send()
    assert guest_mail() == []
    assert Message.objects.get(kind="day_before").state == Message.State.DROPPED


def test_two_beats_at_once_put_one_row(clock: time_machine.Traveller, seated: Gathering) -> None:
    clock.move_to(STARTS - timedelta(hours=24))
    rsvp = seated.rsvps.select_related("gathering", "member").get()
    for _ in range(2):
        Message.objects.put_all([due.row("day_before", rsvp, STARTS - timedelta(hours=24), due.SOON)])
    assert Message.objects.filter(kind="day_before").count() == 1


@pytest.mark.parametrize(("hour", "minutes", "told"), [(21, 30, 21), (0, 30, 21), (3, 0, 21), (4, 0, 9), (8, 0, 9)])
def test_the_address_comes_at_the_edge_of_the_night_as_promised(
    clock: time_machine.Traveller, member: Member, hour: int, minutes: int, told: int
) -> None:
    starts = datetime(2026, 11, 27, hour, minutes, tzinfo=UTC)
    gathering = make_gathering(starts)
    make_seat(gathering, member)
    minute()
    mail.outbox.clear()
    opens = gathering.address_opens_at
    assert opens.hour == told
    clock.move_to(opens - timedelta(minutes=1))
    minute()
    assert guest_mail() == []
    clock.move_to(opens + timedelta(seconds=30))
    minute()
    assert "14 Greville Street" in str(guest_mail()[0].body)


def test_the_day_before_mail_carries_address_and_calendar(clock: time_machine.Traveller, seated: Gathering) -> None:
    sent_at(clock, 24)
    [email] = guest_mail()
    html = html_of(email)
    assert "14 Greville Street" in email.body
    assert "14 Greville Street" in html
    [part] = email.attachments
    assert isinstance(part, Mime)
    assert part.get_param("method") == "REQUEST"


def test_a_seat_that_was_being_taken_at_the_moment_is_found_by_the_next_sweeps(
    clock: time_machine.Traveller, seated: Gathering
) -> None:
    """Its change bears an earlier time than the sweep that could not see it yet."""
    moment = STARTS - timedelta(hours=24)
    clock.move_to(moment)
    minute()
    clock.shift(timedelta(minutes=1))
    slow = make_seat(seated, taken_at=moment - timedelta(seconds=1))
    minute()
    assert Message.objects.filter(kind="day_before", subject_id=slow.pk).count() == 1


def test_many_are_put_some_at_a_time(
    clock: time_machine.Traveller, seated: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "AT_ONCE", 2)
    for _ in range(4):
        make_seat(seated)
    clock.move_to(STARTS - timedelta(hours=24))
    put_what_is_due(STARTS - timedelta(hours=24))
    assert Message.objects.filter(kind="day_before").count() == 5


def test_gatherings_made_before_it_was_kept_are_given_their_moment(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling = import_module("apps.gatherings.migrations.0017_fill_day_before_at")
    monkeypatch.setattr(filling, "AT_ONCE", 2)
    ahead = [make_gathering(STARTS + timedelta(hours=hours)) for hours in range(5)]
    over = make_gathering(BOOKED - timedelta(days=2))
    kept = [gathering.day_before_at for gathering in ahead]
    Gathering.objects.update(day_before_at=None)
    filling.fill(apps, None)
    assert [Gathering.objects.get(pk=gathering.pk).day_before_at for gathering in ahead] == kept
    over.refresh_from_db()
    assert over.day_before_at is None
    assert over.address_opens_at == over.starts_at - timedelta(days=1)


@pytest.mark.parametrize("hours", [24, 2])
def test_a_sweep_asks_as_often_for_fifty_as_for_one(clock: time_machine.Traveller, hours: int) -> None:
    """With every kind due to each of them that can be."""
    now, asked = STARTS - timedelta(hours=hours), []
    for number in (1, 50):
        clock.move_to(BOOKED)
        gatherings = [make_gathering(STARTS, least_guests=3) for _ in range(number)]
        clock.move_to(now - timedelta(hours=2))
        for gathering in gatherings:
            make_seat(gathering)
        clock.move_to(now)
        with CaptureQueriesContext(connection) as queries:
            put_what_is_due(now)
        kinds = Message.objects.filter(due_at=now).values_list("kind", flat=True)
        asked.append((len(queries), set(kinds)))
        for gathering in gatherings:
            gathering.cancel("")
        Message.objects.all().delete()
    assert asked[0] == asked[1]
    assert asked[0][1] >= {"host_briefing", "too_few", "host_update", "soon" if hours == 2 else "day_before"}


def test_times_are_those_of_the_town_in_every_part_of_the_mail(clock: time_machine.Traveller, member: Member) -> None:
    starts = datetime(2026, 11, 26, 6, tzinfo=UTC)  # 19:00 in Auckland, 11:45 in Kathmandu
    for town in (make_town("auckland-nz"), make_town("kathmandu-np")):
        make_seat(make_gathering(starts, hours=2, town=town, title="Soup"), member)
    minute()
    mail.outbox.clear()
    assert sorted(sent_at(clock, 24, starts=starts)) == ["Tomorrow at 11:45: Soup", "Tomorrow at 19:00: Soup"]
    for email in guest_mail():
        begin, end = ("19:00", "21:00") if "19:00" in email.subject else ("11:45", "13:45")
        for part in (str(email.body), html_of(email)):
            assert f"Thursday 26 November, {begin} to {end}" in part
