"""What the minute's sweep puts and sends. The clock is the only thing faked."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import Message as Mime

import pytest
import time_machine
from django.core import mail
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member
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


def sent_at(clock: time_machine.Traveller, *hours_before: float, starts: datetime = STARTS) -> list[str]:
    """The subjects of what is sent by sweeps at these hours before the start."""
    for hours in hours_before:
        clock.move_to(starts - timedelta(hours=hours))
        minute()
    return [str(each.subject) for each in mail.outbox]


def test_each_reminder_comes_once_and_on_time(clock: time_machine.Traveller, seated: Gathering) -> None:
    assert sent_at(clock, 25, 24.1) == []
    assert sent_at(clock, 24, 23.9, 20, 3) == [f"Tomorrow at 19:00: {seated.title}"]
    mail.outbox.clear()
    assert sent_at(clock, 2.1) == []
    assert sent_at(clock, 2, 1.9, 0.5) == [f"Today at 19:00: {seated.title}"]
    kinds = Message.objects.order_by("due_at").values_list("kind", flat=True)
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
    assert "14 Greville Street" in mail.outbox[0].body


def test_a_cancelled_gathering_falls_silent_but_for_the_word_of_it(
    clock: time_machine.Traveller, seated: Gathering
) -> None:
    seated.cancel("The oven gave up.")
    assert sent_at(clock, 24, 2) == [f"Called off: {seated.title}, Thursday 26 November, 19:00"]
    assert "\n> The oven gave up.\n" in mail.outbox[0].body


def test_a_moved_gathering_reminds_anew_each_time(clock: time_machine.Traveller, seated: Gathering) -> None:
    assert len(sent_at(clock, 24)) == 1
    for day in (27, 26):
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
    minute()
    assert "14 Greville Street" in str(mail.outbox[-1].body)
    assert Message.objects.filter(kind="day_before", version=1).count() == 1


def test_whoever_leaves_a_second_before_sending_hears_nothing(
    clock: time_machine.Traveller, seated: Gathering, member: Member
) -> None:
    from apps.outbox.tasks import send
    from apps.reminders.due import put_what_is_due

    clock.move_to(STARTS - timedelta(hours=24))
    put_what_is_due(STARTS - timedelta(hours=24))
    seated.rsvps.get().bow_out()
    send()
    assert mail.outbox == []
    assert Message.objects.get(kind="day_before").state == Message.State.DROPPED


def test_two_beats_at_once_put_one_row(clock: time_machine.Traveller, seated: Gathering) -> None:
    from apps.reminders import due

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
    assert mail.outbox == []
    clock.move_to(opens + timedelta(seconds=30))
    minute()
    assert "14 Greville Street" in str(mail.outbox[0].body)


def test_the_day_before_mail_carries_address_and_calendar(clock: time_machine.Traveller, seated: Gathering) -> None:
    sent_at(clock, 24)
    [email] = mail.outbox
    html = html_of(email)
    assert "14 Greville Street" in email.body
    assert "14 Greville Street" in html
    [part] = email.attachments
    assert isinstance(part, Mime)
    assert part.get_param("method") == "REQUEST"


def test_a_sweep_asks_as_often_for_many_as_for_one(
    clock: time_machine.Traveller, seated: Gathering, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from apps.reminders.due import put_what_is_due

    for _ in range(10):
        make_seat(make_gathering(STARTS), None)
    clock.move_to(STARTS - timedelta(hours=24))
    with django_assert_max_num_queries(8):
        put_what_is_due(STARTS - timedelta(hours=24))
    assert Message.objects.filter(kind="day_before").count() == 11


def test_times_are_those_of_the_town_in_every_part_of_the_mail(clock: time_machine.Traveller, member: Member) -> None:
    starts = datetime(2026, 11, 26, 6, tzinfo=UTC)  # 19:00 in Auckland, 11:45 in Kathmandu
    for town in (make_town("auckland-nz"), make_town("kathmandu-np")):
        make_seat(make_gathering(starts, hours=2, town=town, title="Soup"), member)
    minute()
    mail.outbox.clear()
    assert sorted(sent_at(clock, 24, starts=starts)) == ["Tomorrow at 11:45: Soup", "Tomorrow at 19:00: Soup"]
    for email in mail.outbox:
        begin, end = ("19:00", "21:00") if "19:00" in email.subject else ("11:45", "13:45")
        for part in (str(email.body), html_of(email)):
            assert f"Thursday 26 November, {begin} to {end}" in part
