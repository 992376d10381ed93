"""Coming to all of a series: the seats on dates that are there and on those to come, and leaving again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from icalendar import Calendar

from apps.gatherings import later
from apps.gatherings.models import (
    CoHost,
    Declined,
    Gathering,
    GatheringNotOpen,
    HostHasASeat,
    Series,
    StandingRsvp,
)
from apps.gatherings.tasks import minute
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.gatherings.thursdays import FIRST, NOW, WEEK, dates_of, states, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def first() -> Gathering:
    return make_gathering(FIRST)


@pytest.fixture
def weekly(first: Gathering) -> Series:
    return Series.begin(first, "weekly")


def test_a_member_joins_the_whole_series_and_one_mail_says_what_they_have(
    signed_in: Client, member: Member, weekly: Series
) -> None:
    dates = dates_of(weekly)
    full = dates[3]
    full.seats_wanted = 1
    full.change(["seats_wanted"])
    make_seat(full)
    dates[4].asks_first = True
    dates[4].change(["asks_first"])
    dates[5].cancel("")
    page = signed_in.post(f"/gatherings/{dates[0].key}/series/join/", follow=True).content.decode()
    assert "You come to the whole series." in page
    assert states(member, weekly) == ["seated", "seated", "seated", "waitlisted", "asked", "seated", "seated"]
    assert [each.kind for each in member.mail.all()] == ["series_joined"]
    mail.outbox.clear()
    send()
    [told] = [each for each in mail.outbox if each.to == [member.email]]
    assert told.subject == f"You come to the whole series: {dates[0].title}"
    for words in (told.body, html_of(told)):
        assert "Every Thursday" in words
        for line in ("Thursday 5 November, 19:00", "you have a seat", "place 1 on the waitlist", "has your request"):
            assert line in words
        assert "14 Greville Street" not in words
    entries = Calendar.from_ical(calendar_of(told)).walk("VEVENT")
    assert len({str(entry["UID"]) for entry in entries}) == len(entries) == 5
    assert [entry["DTSTART"].dt for entry in entries][:2] == [FIRST, FIRST + WEEK]


def calendar_of(told: Any) -> str:
    [part] = [each for each in told.attachments if each.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "PUBLISH"
    return str(part.get_payload(decode=True).decode())


def test_joining_twice_is_joining_once(weekly: Series, member: Member) -> None:
    weekly.join(member)
    weekly.join(member)
    assert (StandingRsvp.objects.count(), member.rsvps.count(), member.mail.count()) == (1, 8, 1)
    assert {rsvp.round for rsvp in member.rsvps.all()} == {1}


@pytest.mark.parametrize("address_from", ["now", "day-before"])
def test_the_address_is_in_the_mail_where_it_may_be_seen_by_now(member: Member, address_from: str) -> None:
    weekly = Series.begin(make_gathering(FIRST, address_from=address_from), "weekly")
    weekly.join(member)
    send()
    told = mail.outbox[-1]
    for words in (str(told.body), html_of(told)):
        assert ("14 Greville Street" in words) == (address_from == "now")
        assert ("The address comes to you in time" in words) == (address_from != "now")


def test_a_date_made_later_seats_those_who_come_to_all_of_it_by_day(
    clock: time_machine.Traveller, weekly: Series, member: Member
) -> None:
    weekly.join(member)
    Message.objects.all().delete()
    clock.move_to(datetime(2026, 11, 6, 0, 1, tzinfo=UTC))
    minute()
    newest = dates_of(weekly)[-1]
    assert newest.rsvps.seated().get().member == member
    [told] = member.mail.all()
    assert (told.kind, told.due_at) == ("seat_confirmed", datetime(2026, 11, 6, 9, tzinfo=UTC))


def test_at_a_full_date_one_who_comes_to_all_of_it_waits_in_line(clock: time_machine.Traveller, member: Member) -> None:
    weekly = Series.begin(make_gathering(FIRST, seats=1), "weekly")
    before = make_member()
    weekly.join(before)
    weekly.join(member)
    assert set(states(member, weekly)) == {"waitlisted"}
    clock.move_to(FIRST + timedelta(days=1))
    minute()
    newest = dates_of(weekly)[-1]
    assert [(rsvp.member, rsvp.state) for rsvp in newest.rsvps.order_by("pk")] == [
        (before, "seated"),
        (member, "waitlisted"),
    ]


def test_whoever_leaves_one_date_is_not_seated_there_again(
    clock: time_machine.Traveller, weekly: Series, member: Member
) -> None:
    weekly.join(member)
    dates_of(weekly)[2].rsvps.get(member=member).bow_out()
    weekly.join(member)
    clock.move_to(FIRST + timedelta(days=1))
    minute()
    assert states(member, weekly) == ["seated", "seated", "left"] + ["seated"] * 6


def test_leaving_the_series_is_asked_first_and_gives_back_all_that_is_ahead(
    clock: time_machine.Traveller, signed_in: Client, weekly: Series, member: Member
) -> None:
    weekly.join(member)
    clock.move_to(FIRST + timedelta(days=1))
    minute()
    url = f"/gatherings/{dates_of(weekly)[1].key}/series/leave/"
    page = text_of(signed_in, url)
    assert "That is fine; no reason needed." in page
    assert "Thursday 12 November, 19:00" in page
    assert StandingRsvp.objects.exists()
    assert "Your seats are free again." in signed_in.post(url, follow=True).content.decode()
    assert states(member, weekly) == ["seated"] + ["left"] * 8
    clock.move_to(FIRST + WEEK + timedelta(days=1))
    minute()
    assert len(states(member, weekly)) == 9
    assert signed_in.post(url, follow=True).status_code == 200


def test_the_mail_leads_to_leaving_without_signing_in(client: Client, weekly: Series, member: Member) -> None:
    weekly.join(member)
    link = link_to("leave_series", member, StandingRsvp.objects.get().pk).removeprefix("http://localhost:8000")
    assert "Leave the series?" in client.get(link).content.decode()
    assert StandingRsvp.objects.exists()
    for _ in range(2):
        assert "You have left the series" in client.post(link, follow=True).content.decode()
    assert set(states(member, weekly)) == {"left"}
    weekly.join(member)
    client.post(link)  # of the time before
    assert set(states(member, weekly)) == {"seated"}


@pytest.mark.parametrize("way", ["mail", "earlier", "later"])
def test_leaving_after_the_series_went_on_in_another_gives_back_all_that_is_ahead_in_both(
    client: Client, weekly: Series, member: Member, way: str
) -> None:
    weekly.join(member)
    mailed = link_to("leave_series", member, StandingRsvp.objects.get().pk).removeprefix("http://localhost:8000")
    dates = dates_of(weekly)
    for each, title in ((dates[3], "Stew"), (dates[5], "Pie")):
        each.refresh_from_db()
        each.title = title
        later.change(each, ["title"], "weekly")
    assert Series.objects.count() == 3
    client.force_login(member)
    pages = {"earlier": dates[0], "later": dates[4]}
    url = f"/gatherings/{pages[way].key}/series/leave/" if way in pages else mailed
    page = text_of(client, url)
    assert way == "mail" or all(f"{each.day:%-d %B}, 19:00" in page for each in dates)
    client.post(url, follow=True)
    assert not StandingRsvp.objects.exists()
    assert set(member.rsvps.values_list("state", flat=True)) == {"left"}
    assert member.rsvps.count() == 8


def test_leaving_one_series_leaves_another_of_the_same_host_alone(
    clock: time_machine.Traveller, weekly: Series, member: Member
) -> None:
    other = Series.begin(make_gathering(FIRST, host=weekly.host), "monthly")
    weekly.join(member)
    clock.shift(timedelta(minutes=1))
    other.join(member)
    weekly.leave(member)
    assert set(states(member, other)) == {"seated"}
    assert [each.series for each in member.standing.all()] == [other]


def test_joining_seats_nobody_on_a_date_that_they_may_not_see(
    signed_in: Client, clock: time_machine.Traveller, weekly: Series, member: Member
) -> None:
    dates = dates_of(weekly)
    hidden = dates[2]
    hidden.visibility = "link"
    hidden.change(["visibility"])
    hidden.make_link()
    signed_in.post(f"/gatherings/{dates[0].key}/series/join/")
    assert not hidden.rsvps.exists()
    assert states(member, weekly) == ["seated"] * 7
    assert signed_in.get(hidden.get_absolute_url()).status_code == 404


def test_new_dates_only_for_those_who_have_the_link_seat_who_was_let_in_by_one(
    clock: time_machine.Traveller, member: Member
) -> None:
    weekly = Series.begin(make_gathering(FIRST, visibility="link"), "weekly")
    dates = dates_of(weekly)
    dates[1].visibility = "everyone"
    dates[1].change(["visibility"])
    weekly.join(member, seen=dates[0])
    passing = make_member()
    weekly.join(passing, seen=dates[1])
    assert (len(states(member, weekly)), len(states(passing, weekly))) == (8, 1)
    clock.move_to(FIRST + timedelta(days=1))
    minute()
    assert [rsvp.member for rsvp in dates_of(weekly)[-1].rsvps.all()] == [member]


def test_whoever_is_refused_is_led_back_by_the_link_they_came_by(client: Client, member: Member) -> None:
    weekly = Series.begin(make_gathering(FIRST, visibility="link"), "weekly")
    first = dates_of(weekly)[0]
    first.make_link()
    for each in dates_of(weekly)[1:]:
        each.cancel("")
    first.cancel("")
    client.force_login(member)
    answer = client.post(f"/gatherings/{first.key}/series/join/", {"link": first.link}, follow=True)
    assert answer.status_code == 200


def test_joining_passes_over_a_date_where_there_is_no_seat_for_them_and_says_so(
    signed_in: Client, member: Member, weekly: Series
) -> None:
    dates = dates_of(weekly)
    CoHost.objects.create(gathering=dates[1], email=member.email, member=member, accepted_at=NOW)
    page = signed_in.post(f"/gatherings/{dates[0].key}/series/join/", follow=True).content.decode()
    assert "Not on Thursday 12 November, 19:00: You are the host" in page
    assert len(states(member, weekly)) == 7


def test_neither_the_host_nor_whom_a_host_has_declined_comes_to_the_whole_series(
    clock: time_machine.Traveller, weekly: Series, member: Member
) -> None:
    with pytest.raises(HostHasASeat):
        weekly.join(weekly.host)
    weekly.join(member)
    dates_of(weekly)[0].rsvps.get(member=member).decline()
    clock.move_to(FIRST + timedelta(days=1))
    minute()
    assert not dates_of(weekly)[-1].rsvps.exists()
    weekly.leave(member)
    with pytest.raises(Declined):
        weekly.join(member)


def test_a_series_without_dates_ahead_cannot_be_joined(weekly: Series, member: Member) -> None:
    later.cancel(dates_of(weekly)[0], "")
    with pytest.raises(GatheringNotOpen):
        weekly.join(member)
    assert not StandingRsvp.objects.exists()
