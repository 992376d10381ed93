"""What hosts are told: joins and leaves in one mail an hour, who comes tomorrow, and that few do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from apps.gatherings.models import CoHost, Companion, Gathering, Series
from apps.outbox.models import Consent, Message
from apps.profiles.models import Member
from apps.reminders.due import put_what_is_due
from apps.reminders.tasks import minute
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)  # a Thursday
BOOKED = STARTS - timedelta(days=3, hours=5)  # Monday, 14:00
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def table(clock: time_machine.Traveller) -> Gathering:
    return make_gathering(STARTS, title="Soup")


@pytest.fixture
def mei(table: Gathering) -> Member:
    return table.host


def told(clock: time_machine.Traveller, host: Member, after: timedelta = timedelta(0)) -> list[EmailMessage]:
    """What a host is sent by a sweep once that time has passed."""
    before = len(mails_to(host))
    clock.shift(after)
    minute()
    return mails_to(host)[before:]


def body(email: EmailMessage) -> str:
    return str(email.body)


def veteran(name: str) -> Member:
    """Somebody who has come before."""
    member = make_member(name)
    with time_machine.travel(BOOKED - timedelta(days=30), tick=False):
        past = make_gathering(BOOKED - timedelta(days=29), title="Long ago")
        make_seat(past, member)
    return member


def help_to_host(gathering: Gathering, member: Member) -> CoHost:
    CoHost.invite(gathering, member.email)
    row = gathering.co_hosts.get(email=member.email)
    row.accept(member)
    return row


# Joins and leaves


def test_an_hour_of_joins_and_leaves_is_one_mail(clock: time_machine.Traveller, table: Gathering, mei: Member) -> None:
    stays, old = make_member("Robin"), veteran("Ada")
    make_seat(table, stays)
    assert told(clock, mei, timedelta(minutes=30)) == []
    table.most_companions = 2
    table.change(["most_companions"])
    table.seat(old, companions=[Companion(is_child=True)])
    assert told(clock, mei, timedelta(minutes=29)) == []
    [email] = told(clock, mei, timedelta(minutes=1))
    assert email.subject == "News from your table: Soup, Thursday 26 November, 19:00"
    for words in (
        "Robin has a seat.",
        "Ada has a seat, with a child.",
        "One of them comes for the first time.",
        "2 of 5 seats are free.",
        f"/gatherings/{table.key}/guests/",
    ):
        assert words in body(email)
    assert "Ada has a seat, with a child." in html_of(email)
    assert told(clock, mei, HOUR * 5) == []


def test_what_one_update_told_the_next_does_not(clock: time_machine.Traveller, table: Gathering, mei: Member) -> None:
    robin = make_seat(table, make_member("Robin"))
    assert len(told(clock, mei, HOUR)) == 1
    clock.shift(timedelta(minutes=5))
    make_seat(table, make_member("Ada"))
    robin.bow_out()
    [email] = told(clock, mei, HOUR)
    assert "Ada has a seat." in body(email)
    assert "Robin has given their seat back." in body(email)
    assert "Robin has a seat." not in body(email)


def test_what_comes_to_nothing_within_the_hour_is_not_told(
    clock: time_machine.Traveller, table: Gathering, mei: Member
) -> None:
    rsvp = make_seat(table)
    clock.shift(timedelta(minutes=30))
    rsvp.bow_out()
    assert told(clock, mei, HOUR) == []
    table.seat(rsvp.member)  # the control: they come after all
    assert len(told(clock, mei, HOUR)) == 1


def test_the_waitlist_is_one_line(clock: time_machine.Traveller, mei: Member) -> None:
    full = make_gathering(STARTS, seats=1, host=mei, title="Full")
    for _ in range(3):
        full.seat(make_member("Wim"))
    [email] = told(clock, mei, HOUR)
    assert "2 more have joined the waitlist." in body(email)
    assert "Every seat is taken." in body(email)


def test_a_hosts_own_acts_are_no_news_to_them(clock: time_machine.Traveller, mei: Member) -> None:
    gathering = make_gathering(STARTS, host=mei, asks_first=True, seats=1)
    admitted, refused, second = (gathering.seat(make_member(name)) for name in ("Ada", "Bo", "Cy"))
    mail.outbox.clear()
    minute()  # the requests
    admitted.admit()
    refused.decline()
    second.admit()  # into the line
    assert told(clock, mei, HOUR) == []
    assert Message.objects.get(kind="host_update").state == Message.State.DROPPED
    admitted.decline()
    assert told(clock, mei, HOUR) == []
    gathering.rsvps.get(member=second.member).accept()  # the control: a guest's own
    [email] = told(clock, mei, HOUR)
    assert "Cy has a seat." in body(email)


def test_in_the_last_twelve_hours_each_is_told_at_once(
    clock: time_machine.Traveller, table: Gathering, mei: Member
) -> None:
    rsvp = make_seat(table, make_member("Robin"))
    assert len(told(clock, mei, HOUR)) == 1
    clock.move_to(STARTS - timedelta(hours=11))
    minute()
    rsvp.bow_out()
    assert "Robin has given their seat back." in body(told(clock, mei, timedelta(seconds=20))[0])
    table.seat(make_member("Ada"))
    assert "Ada has a seat." in body(told(clock, mei, timedelta(seconds=20))[0])
    assert told(clock, mei, HOUR) == []


def test_the_night_is_gathered_for_the_morning(clock: time_machine.Traveller, table: Gathering, mei: Member) -> None:
    clock.move_to(datetime(2026, 11, 24, 21, 30, tzinfo=UTC))
    make_seat(table, make_member("Robin"))
    for hours in range(11):  # 22:30 to 08:30
        assert told(clock, mei, HOUR) == [], hours
        if hours == 3:
            make_seat(table, make_member("Ada"))
    [email] = told(clock, mei, timedelta(minutes=30))
    assert "Robin has a seat." in body(email)
    assert "Ada has a seat." in body(email)
    assert told(clock, mei, HOUR) == []


def test_co_hosts_are_told_until_they_step_down(clock: time_machine.Traveller, table: Gathering, mei: Member) -> None:
    helper = make_member("Hal")
    row = help_to_host(table, helper)
    minute()
    mail.outbox.clear()
    make_seat(table, make_member("Robin"))
    clock.shift(HOUR)
    minute()
    assert [len(mails_to(each)) for each in (mei, helper)] == [1, 1]
    row.end()
    make_seat(table, make_member("Ada"))
    clock.shift(HOUR)
    minute()
    assert [len(mails_to(each)) for each in (mei, helper)] == [2, 1]


def test_a_guest_who_begins_to_co_host_has_not_left(
    clock: time_machine.Traveller, table: Gathering, mei: Member
) -> None:
    guest = make_member("Hal")
    make_seat(table, guest)
    assert len(told(clock, mei, HOUR)) == 1
    help_to_host(table, guest)
    assert told(clock, mei, HOUR) == []


def test_of_a_series_only_the_next_date_tells_who_comes_to_them_all(
    clock: time_machine.Traveller, table: Gathering, mei: Member
) -> None:
    series = Series.begin(table, "weekly")
    robin = make_member("Robin")
    series.join(robin)
    mail.outbox.clear()
    [email] = told(clock, mei, HOUR)
    assert "Robin has a seat." in body(email)
    clock.shift(timedelta(minutes=5))
    series.leave(robin)
    [email] = told(clock, mei, HOUR)
    assert "Robin has given their seat back." in body(email)
    later = series.dates.order_by("series_day")[2]
    make_seat(later, make_member("Ada"))
    [email] = told(clock, mei, HOUR)  # the control: somebody who comes to a later date alone
    assert "Ada has a seat." in body(email)


def test_six_hours_without_a_beat_are_made_up_for(clock: time_machine.Traveller, table: Gathering, mei: Member) -> None:
    make_seat(table)
    assert len(told(clock, mei, HOUR * 6)) == 1


# The day before


def test_the_briefing_says_who_comes_and_what_they_told_their_host(
    clock: time_machine.Traveller, table: Gathering, mei: Member
) -> None:
    table.seat(make_member("Robin", pronouns="they/them"), note="I may be quiet\nat first.", wants_space=True)
    rsvp = table.seat(veteran("Ada"))
    rsvp.say_yes()
    minute()
    clock.move_to(STARTS - timedelta(hours=24, minutes=1))
    minute()
    mail.outbox.clear()
    [email] = told(clock, mei, timedelta(minutes=1))
    assert email.subject == "Tomorrow at 19:00: Soup"
    for words in (
        "2 people come to your table. 1 of 2 has said yes.",
        "Robin (they/them), first time",
        "Please leave a space without a chair.",
        "> I may be quiet",
        "> at first.",
        "Ada, has said yes",
        f"/gatherings/{table.key}/guests/",
        f"/gatherings/{table.key}/sheet/",
    ):
        assert words in body(email)
    assert "I may be quiet" in html_of(email)
    assert told(clock, mei, HOUR) == []


def test_who_waits_and_who_asks_is_in_the_briefing(clock: time_machine.Traveller, mei: Member) -> None:
    full = make_gathering(STARTS, seats=1, host=mei, title="Full")
    for name in ("Ada", "Wim"):
        full.seat(make_member(name))
    asks = make_gathering(STARTS, asks_first=True, host=mei, title="Asks")
    asks.seat(make_member("Bo"))
    minute()
    clock.move_to(STARTS - timedelta(hours=24, minutes=1))
    minute()
    mail.outbox.clear()
    emails = {email.subject.split(": ")[1]: body(email) for email in told(clock, mei, timedelta(minutes=1))}
    assert "1 guest waits for a seat." in emails["Full"]
    assert "1 guest has asked for a seat, and the yes is yours." in emails["Asks"]


def test_an_empty_table_gets_kind_words_and_what_one_may_do(
    clock: time_machine.Traveller, table: Gathering, mei: Member
) -> None:
    helper = make_member("Hal")
    help_to_host(table, helper)
    minute()
    clock.move_to(STARTS - timedelta(hours=24))
    minute()
    for reader, is_the_host in ((mei, True), (helper, False)):
        [email] = [each for each in mails_to(reader) if each.subject == "Tomorrow at 19:00: Soup"]
        assert "Nobody has a seat so far. That happens at many tables" in body(email)
        assert f"/gatherings/{table.key}/edit/" in body(email)
        assert (f"/gatherings/{table.key}/cancel/" in body(email)) == is_the_host
        whose = "move it, or call it off" if is_the_host else "move it, and Mei may call it off"
        assert whose in body(email)


def test_what_is_opened_within_a_day_has_no_briefing(clock: time_machine.Traveller, mei: Member) -> None:
    clock.move_to(STARTS - timedelta(hours=20))
    sudden = make_gathering(STARTS, host=mei)
    assert told(clock, mei, HOUR) == []
    sudden.day += timedelta(days=7)  # the control: it moves, and is due in its time
    sudden.change(["day"])
    clock.move_to(sudden.starts_at - timedelta(hours=24))
    assert len(told(clock, mei)) == 1


# Few guests


def few_words(email: EmailMessage) -> bool:
    return email.subject.startswith("Few guests so far")


def few(host: Member) -> int:
    return sum(few_words(email) for email in mails_to(host))


def test_a_table_that_falls_below_its_floor_anew_is_told_of_if_it_never_was(
    clock: time_machine.Traveller, mei: Member
) -> None:
    """The question of the night is dropped as somebody has joined, and asked once they are gone again."""
    starts = datetime(2026, 11, 27, 8, tzinfo=UTC)  # its moment is 09:00, on the day before
    table = make_gathering(starts, host=mei, least_guests=1)
    clock.move_to(starts - timedelta(hours=23))
    put_what_is_due(datetime.now(UTC))
    guest = make_seat(table)
    minute()
    assert Message.objects.get(kind="too_few").state == Message.State.DROPPED
    assert few(mei) == 0
    clock.shift(HOUR)
    guest.bow_out()
    minute()
    assert few(mei) == 1
    table.seat(guest.member)
    clock.shift(HOUR)
    minute()
    table.rsvps.get().bow_out()
    clock.shift(HOUR)
    minute()
    assert few(mei) == 1  # asked once, they know


@pytest.mark.parametrize("wants_the_question", [True, False])
def test_few_guests_and_who_they_are_is_one_mail(
    clock: time_machine.Traveller, table: Gathering, mei: Member, wants_the_question: bool
) -> None:
    """Both are due at the same moment. Whoever does not want the question has the briefing alone."""
    Gathering.objects.update(least_guests=2)
    make_seat(table, make_member("Robin"))
    table.rsvps.update(note="I may be quiet at first.")
    Consent.objects.say(mei, "too_few", is_given=wants_the_question)
    minute()
    clock.move_to(STARTS - timedelta(hours=24))
    emails = [*told(clock, mei), *told(clock, mei, timedelta(minutes=1))]
    [email] = [each for each in emails if "News" not in each.subject]
    assert "Robin, first time\n> I may be quiet at first." in body(email)
    assert "I may be quiet at first." in html_of(email)
    assert ("It goes ahead: " in body(email)) == few_words(email) == wants_the_question


def test_whoever_joins_before_the_morning_leaves_the_briefing_alone(clock: time_machine.Traveller, mei: Member) -> None:
    starts = datetime(2026, 11, 27, 8, tzinfo=UTC)  # its moment is 09:00, on the day before
    table = make_gathering(starts, host=mei, least_guests=1)
    clock.move_to(starts - timedelta(hours=23))
    put_what_is_due(datetime.now(UTC))
    assert Message.objects.waiting().filter(kind="too_few", subject_id=table.pk).exists()
    make_seat(table, make_member("Robin"))
    [email] = [each for each in told(clock, mei) if table.title in each.subject and "News" not in each.subject]
    assert email.subject.startswith("Tomorrow at 08:00")
    assert "Robin, first time" in body(email)


def test_few_guests_leave_a_co_host_the_choices_that_are_theirs(
    clock: time_machine.Traveller, table: Gathering, mei: Member
) -> None:
    helper = make_member("Hal")
    help_to_host(table, helper)
    table.least_guests = 2
    table.change(["least_guests"])
    clock.move_to(STARTS - timedelta(hours=24))
    minute()
    [to_host], [to_helper] = ([each for each in mails_to(who) if few_words(each)] for who in (mei, helper))
    assert "You wrote that it goes ahead with at least 2." in body(to_host)
    assert "Mei wrote that it goes ahead with at least 2." in body(to_helper)
    assert "Mei may also call it off" in body(to_helper)
    assert ("Call it off: " in body(to_host), "Call it off: " in body(to_helper)) == (True, False)


def test_who_does_not_want_the_question_is_not_asked_it_each_minute(clock: time_machine.Traveller, mei: Member) -> None:
    make_gathering(STARTS, host=mei, least_guests=1)
    Consent.objects.say(mei, "too_few", is_given=False)
    clock.move_to(STARTS - timedelta(hours=24))
    minute()
    row = Message.objects.get(kind="too_few")
    clock.shift(timedelta(minutes=1))
    minute()
    assert Message.objects.get(kind="too_few").pk == row.pk
