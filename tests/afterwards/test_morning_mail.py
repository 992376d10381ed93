"""The mail of the morning after: to whom, at which hour on which wall, and when it stays away."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.gatherings import parting
from apps.gatherings.models import CoHost, Gathering
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.due import put_afterwards
from apps.reminders.tasks import minute
from tests.afterwards.evenings import MORNING, STARTS, browser_of, make_evening, path_of
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SUBJECT = "The morning after"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(STARTS, tick=False) as traveller:
        yield traveller


def told(*members: Member) -> list[int]:
    """How many such mails each of these has."""
    return [sum(str(each.subject).startswith(SUBJECT) for each in mails_to(member)) for member in members]


def minute_at(clock: time_machine.Traveller, moment: datetime) -> None:
    clock.move_to(moment)
    minute()


def test_it_goes_to_guests_hosts_and_co_hosts_once_at_ten_the_next_morning(clock: time_machine.Traveller) -> None:
    gathering, [host, guest] = make_evening("Noor")
    helper, asked = make_member("Efua"), make_member()
    CoHost.objects.create(gathering=gathering, member=helper, email=helper.email, accepted_at=STARTS)
    CoHost.objects.create(gathering=gathering, email=asked.email)
    minute_at(clock, MORNING - timedelta(minutes=1))
    assert told(host, helper, guest, asked) == [0, 0, 0, 0]
    for minutes in (0, 1, 60, 60 * 30):
        minute_at(clock, MORNING + timedelta(minutes=minutes))
    assert told(host, helper, guest, asked) == [1, 1, 1, 0]
    [email] = [each for each in mails_to(guest) if str(each.subject).startswith(SUBJECT)]
    assert f"{path_of(gathering)}" in str(email.body)
    assert "Something not right? Tell us privately." in str(email.body)
    assert f"{gathering.get_absolute_url()}report/" in html_of(email)
    assert "List-Unsubscribe" in email.extra_headers


# End of the evening by the wall, and the morning that is the first ten o'clock six hours later.
@pytest.mark.parametrize(
    ("slug", "ends", "due"),
    [
        ("bristol-gb", datetime(2026, 11, 26, 21, 30), datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ("bristol-gb", datetime(2026, 11, 27, 4, 0), datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ("bristol-gb", datetime(2026, 11, 27, 4, 1), datetime(2026, 11, 28, 10, tzinfo=UTC)),
        ("bristol-gb", datetime(2026, 11, 27, 11, 0), datetime(2026, 11, 28, 10, tzinfo=UTC)),
        ("auckland-nz", datetime(2026, 11, 26, 21, 30), datetime(2026, 11, 26, 21, tzinfo=UTC)),
        ("kathmandu-np", datetime(2026, 11, 26, 21, 30), datetime(2026, 11, 27, 4, 15, tzinfo=UTC)),
        # The clocks of Bristol go back that night, and forward that other.
        ("bristol-gb", datetime(2026, 10, 24, 23, 0), datetime(2026, 10, 25, 10, tzinfo=UTC)),
        ("bristol-gb", datetime(2027, 3, 27, 23, 0), datetime(2027, 3, 28, 9, tzinfo=UTC)),
    ],
)
def test_it_is_ten_by_the_clock_there(slug: str, ends: datetime, due: datetime, clock: time_machine.Traveller) -> None:
    town = make_town(slug)
    zone = make_gathering(town=town).zone
    starts = ends.replace(tzinfo=zone).astimezone(UTC) - timedelta(hours=1)
    gathering, [_host, guest] = make_evening("Noor", starts=starts, hours=1, town=town)
    assert gathering.ends_at.astimezone(zone).replace(tzinfo=None) == ends
    minute_at(clock, due - timedelta(minutes=1))
    assert told(guest) == [0]
    minute_at(clock, due)
    assert told(guest) == [1]


def test_an_evening_that_moved_has_its_own_morning(clock: time_machine.Traveller) -> None:
    gathering, [_host, guest] = make_evening("Noor")
    clock.move_to(STARTS - timedelta(hours=30))
    gathering.day, gathering.ends = gathering.day + timedelta(days=2), time(23, 30)
    gathering.change(["day", "ends"])
    minute_at(clock, MORNING)
    assert told(guest) == [0]
    minute_at(clock, MORNING + timedelta(days=2))
    assert told(guest) == [1]
    assert Message.objects.get(kind="afterwards", member=guest).version == 1


def test_not_to_whoever_did_not_come_nor_after_a_calling_off(clock: time_machine.Traveller) -> None:
    gathering, [_host, left, missed, came] = make_evening("Noor", "Efua", "Priya")
    called_off, [off_host, off_guest] = make_evening("Kai")
    clock.move_to(STARTS - timedelta(days=1))
    gathering.rsvps.get(member=left).bow_out()
    called_off.cancel("The oven gave up.")
    clock.move_to(gathering.ends_at)
    gathering.rsvps.get(member=missed).say_missed()
    gathering.rsvps.get(member=came).mark_absent(True)  # the hosts' mark, by which nothing goes
    minute_at(clock, MORNING)
    assert told(left, missed, came, off_host, off_guest) == [0, 0, 1, 0, 0]


def test_a_host_to_whom_nobody_came_is_not_asked_how_connected_they_felt(clock: time_machine.Traveller) -> None:
    gathering, [host] = make_evening()
    minute_at(clock, MORNING)
    assert told(host) == [0]
    assert browser_of(host).get(path_of(gathering)).status_code == 200


def waiting(clock: time_machine.Traveller, *guests: str) -> tuple[Gathering, list[Member]]:
    """Put into the outbox, and not sent yet."""
    gathering, people = make_evening(*guests)
    clock.move_to(MORNING)
    put_afterwards(MORNING)
    assert Message.objects.filter(kind="afterwards").count() == len(people)
    return gathering, people


def test_it_is_asked_again_when_it_is_sent(clock: time_machine.Traveller) -> None:
    gathering, [host, missed, blocks, blocked, stays] = waiting(clock, "Noor", "Efua", "Priya", "Kai")
    gathering.rsvps.get(member=missed).say_missed()
    parting.block(blocks, host)
    parting.block(host, blocked)
    send()
    assert told(host, missed, blocks, blocked, stays) == [1, 0, 0, 0, 1]


def test_late_it_waits_for_the_morning_and_after_some_days_it_is_dropped(clock: time_machine.Traveller) -> None:
    _gathering, [_host, guest] = make_evening("Noor")
    minute_at(clock, MORNING + timedelta(hours=12))
    assert told(guest) == [0]
    minute_at(clock, MORNING + timedelta(hours=23))
    assert told(guest) == [1]
    late, [_host, other] = make_evening("Efua")
    minute_at(clock, MORNING + timedelta(days=3))
    assert told(other) == [0]
    assert not Message.objects.filter(kind="afterwards", subject_id=late.pk).exists()


def test_it_has_a_switch(clock: time_machine.Traveller) -> None:
    _gathering, [host, guest] = make_evening("Noor")
    Consent.objects.say(guest, "afterwards", is_given=False)
    minute_at(clock, MORNING)
    assert told(host, guest) == [1, 0]


def test_the_sweep_asks_as_much_for_eight_evenings_as_for_two_and_little_once_all_is_put(
    clock: time_machine.Traveller,
) -> None:
    counts = []
    for evenings in (2, 8):
        for _ in range(evenings):
            make_evening(make_member(), make_member())
        for _ in range(2):
            clock.move_to(MORNING)
            with CaptureQueriesContext(connection) as asked:
                put_afterwards(MORNING)
            counts.append(len(asked))
    assert counts[0] == counts[2]
    assert counts[1] == counts[3] <= 2
    assert mail.outbox == []


def test_last_time_is_read_back_in_the_mail_of_the_day_before_and_in_a_late_confirmation(
    clock: time_machine.Traveller,
) -> None:
    first, [host, guest, other] = make_evening("Noor", "Efua")
    clock.move_to(MORNING)
    browser_of(guest).post(path_of(first, "answer/"), {"answer-felt": "home", "answer-line": "the chair by the door"})
    second, late = (make_gathering(MORNING + timedelta(days=days), host=host) for days in (3, 6))
    for member in (guest, other):
        make_seat(second, member)
    minute_at(clock, MORNING + timedelta(days=2))
    clock.move_to(late.starts_at - timedelta(hours=20))
    make_seat(late, guest)
    send()
    said = {str(each.subject): each for each in mails_to(guest) if "the chair by the door" in str(each.body)}
    assert [subject.split(":")[0] for subject in said] == ["Tomorrow at 10", "You have a seat"]
    assert all("the chair by the door" in html_of(email) for email in said.values())
    others = [email for member in (host, other) for email in mails_to(member)]
    assert others
    assert not [each for each in others if "the chair by the door" in str(each.body) + html_of(each)]
