"""Gatherings that come again and again: their dates, their hosts, and those who come to all of them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import later, rhythm
from apps.gatherings.copies import FACTS, OWN
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
from apps.gatherings.templatetags.series import series_of
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.odd import assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)  # a Monday
FIRST = datetime(2026, 11, 5, 19, tzinfo=UTC)  # the Thursday after, the first of its month
FIRST_DAY = FIRST.date()
WEEK = timedelta(weeks=1)


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


def dates_of(series: Series) -> list[Gathering]:
    return list(series.dates.order_by("series_day"))


def days_of(series: Series) -> list[date]:
    return [each.day for each in dates_of(series)]


def thursdays(number: int, start: date = FIRST_DAY) -> list[date]:
    return [start + WEEK * week for week in range(number)]


def states(member: Member, series: Series) -> list[str]:
    return [rsvp.state for rsvp in member.rsvps.filter(gathering__series=series).order_by("gathering__series_day")]


def text_of(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def edited(gathering: Gathering, **more: Any) -> dict[str, Any]:
    """The edit form of a date as a browser sends it back, with what the host changed."""
    form = {
        "title": gathering.title,
        "day": gathering.day.isoformat(),
        "starts": f"{gathering.starts:%H:%M}",
        "ends": f"{gathering.ends:%H:%M}",
        "area": gathering.area,
        "address": gathering.address,
        "seats": gathering.seats_wanted,
        "words": gathering.words,
        "town": gathering.town.name,
        "setting": gathering.setting,
        "visibility": gathering.visibility,
        "address_from": gathering.address_from,
        "most_companions": gathering.most_companions,
        "seats_kept": gathering.seats_kept,
        "is_step_free": "unsaid",
        "is_alcohol_free": "unsaid",
        "is_animal_free": "unsaid",
    }
    return {**form, **more}


# The days


@pytest.mark.parametrize(
    ("how_often", "first_day", "days"),
    [
        ("weekly", date(2026, 12, 24), [date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 7)]),
        ("fortnightly", date(2026, 12, 24), [date(2026, 12, 24), date(2027, 1, 7), date(2027, 1, 21)]),
        ("monthly", date(2026, 11, 12), [date(2026, 11, 12), date(2026, 12, 10), date(2027, 1, 14)]),
        ("monthly", date(2026, 10, 29), [date(2026, 10, 29), date(2026, 11, 26), date(2026, 12, 31)]),  # a fifth one
        ("monthly", date(2026, 11, 26), [date(2026, 11, 26), date(2026, 12, 24), date(2027, 1, 28)]),  # a fourth one
    ],
)
def test_the_days_of_a_rhythm(how_often: str, first_day: date, days: list[date]) -> None:
    assert list(rhythm.days(how_often, first_day, days[-1])) == days


def test_a_rhythm_is_said_with_its_weekday() -> None:
    assert rhythm.in_words("weekly", FIRST.date()) == "Every Thursday"
    assert rhythm.in_words("fortnightly", FIRST.date()) == "Every two weeks, on Thursday"
    assert rhythm.in_words("monthly", date(2026, 11, 12)) == "Every month, on the second Thursday"
    assert rhythm.in_words("monthly", date(2026, 10, 29)) == "Every month, on the last Thursday"


# Beginning, and going on


def test_a_series_has_its_next_eight_dates_as_gatherings_of_their_own(first: Gathering) -> None:
    series = Series.begin(first, "weekly")
    dates = dates_of(series)
    assert dates[0] == first
    assert [each.day for each in dates] == [each.series_day for each in dates] == thursdays(8)
    assert len({each.key for each in dates}) == 8
    assert {each.state for each in dates} == {"published"}
    assert series.last_day == date(2027, 5, 5)


def test_beginning_or_sweeping_twice_makes_nothing_twice(first: Gathering, weekly: Series) -> None:
    assert Series.begin(first, "monthly") == weekly
    for _ in range(2):
        minute()
        weekly.keep_going(NOW)
    assert len(dates_of(weekly)) == Gathering.objects.count() == 8


def test_a_date_has_what_the_host_entered_and_nothing_that_happened_to_another(member: Member) -> None:
    said: dict[str, Any] = {
        "seats_kept": 2, "most_companions": 1, "asks_first": True, "is_step_free": True, "is_animal_free": False,
        "way_in": "Bus 76, one step", "contact": "0117 496", "met_by": "Ada", "met_from": time(18, 45),
        "least_guests": 2, "cost": "Nothing", "visibility": "members", "is_quiet": True, "has_vegan": False,
        "door_width": 90, "languages": "Polish", "for_whom": "Anyone",
    }  # fmt: skip
    first = make_gathering(FIRST, **said)
    helper = make_member("Ada")
    first.co_hosts.create(email=helper.email, member=helper, accepted_at=NOW)
    first.co_hosts.create(email="asked@example.org")
    make_seat(first, member)
    first.refresh_from_db()
    first.day += timedelta(days=7)
    first.change(["day"])
    second = dates_of(Series.begin(first, "weekly"))[1]
    assert {name: getattr(second, name) for name in FACTS} == {name: getattr(first, name) for name in FACTS}
    assert {name: getattr(second, name) for name in said} == said
    assert (second.moves, second.sequence, second.seats_taken, second.rsvps.count()) == (0, 0, 0, 0)
    assert [each.email for each in second.co_hosts.all()] == [helper.email]


def test_every_field_of_a_gathering_is_either_copied_or_its_own() -> None:
    assert sorted(FACTS) == sorted(
        "host_id kind visibility title words cost is_step_free is_alcohol_free is_animal_free is_quiet "
        "has_captions is_scent_free is_smoke_free is_softly_lit is_child_friendly is_fine_to_leave is_fine_to_listen "
        "is_costless has_vegan has_vegetarian has_halal has_kosher has_no_gluten door_width languages for_whom "
        "starts ends time_zone "
        "arrive_from seats_wanted is_larger seats_kept most_companions asks_first least_guests setting town_id area "
        "has_own_point latitude longitude address way_in address_from contact met_from met_by".split()
    ), "Is it copied to the next date, or one date's own? copies.py wants to know."
    assert {field.name for field in Gathering._meta.concrete_fields} >= OWN


def test_dates_only_for_those_who_have_the_link_each_have_their_own() -> None:
    first = make_gathering(FIRST, visibility="link")
    first.make_link()
    links = [each.link for each in dates_of(Series.begin(first, "weekly"))]
    assert len(set(links)) == 8
    assert all(links)


def test_as_dates_pass_new_ones_are_made(clock: time_machine.Traveller, weekly: Series) -> None:
    clock.move_to(FIRST + timedelta(hours=1))
    minute()
    assert len(dates_of(weekly)) == 8
    clock.move_to(FIRST + timedelta(days=1))
    minute()
    minute()
    assert days_of(weekly) == thursdays(9)


def test_after_a_long_silence_only_dates_to_come_are_made(clock: time_machine.Traveller, weekly: Series) -> None:
    clock.move_to(FIRST + 12 * WEEK + timedelta(hours=1))
    minute()
    assert days_of(weekly)[7:10] == [FIRST.date() + 7 * WEEK, FIRST.date() + 13 * WEEK, FIRST.date() + 14 * WEEK]
    assert all(each.has_begun is (each.day < FIRST.date() + 13 * WEEK) for each in dates_of(weekly))


def test_a_date_that_was_called_off_or_moved_is_not_made_again(weekly: Series) -> None:
    dates = dates_of(weekly)
    dates[2].cancel("")
    dates[3].day += timedelta(days=1)
    dates[3].change(["day"])
    minute()
    weekly.keep_going(NOW)
    assert len(dates_of(weekly)) == 8
    assert [each.is_cancelled for each in dates_of(weekly)].count(True) == 1


def test_two_dates_of_a_series_may_fall_on_one_day(client: Client, weekly: Series) -> None:
    second, third = dates_of(weekly)[1:3]
    second.day, second.starts, second.ends = third.day, time(12), time(14)
    second.change(["day", "starts", "ends"])
    minute()
    assert days_of(weekly)[1:3] == [third.day, third.day]
    page = text_of(client, weekly.dates.get(series_day=FIRST.date()).get_absolute_url())
    assert "Thursday 19 November, 12:00" in page
    assert "Thursday 19 November, 19:00" in page


def test_no_date_comes_after_the_last_day(clock: time_machine.Traveller, weekly: Series) -> None:
    clock.move_to(datetime(2027, 4, 20, tzinfo=UTC))
    minute()
    assert days_of(weekly)[-1] == date(2027, 4, 29)
    clock.move_to(datetime(2027, 5, 20, tzinfo=UTC))
    minute()
    assert days_of(weekly)[-1] == date(2027, 4, 29)


def test_one_query_finds_that_nothing_is_to_be_made(
    weekly: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Series.begin(make_gathering(FIRST), "monthly")  # of which six months hold fewer than eight dates
    with django_assert_num_queries(1):
        assert Series.objects.that_need_dates(NOW.date()) == []


def test_an_end_past_midnight_stays_past_midnight() -> None:
    dates = dates_of(Series.begin(make_gathering(FIRST.replace(hour=22), hours=3.5), "weekly"))
    assert {each.ends_at - each.starts_at for each in dates} == {timedelta(hours=3.5)}
    assert dates[1].ends_at == datetime(2026, 11, 13, 1, 30, tzinfo=UTC)


def test_local_time_stays_when_the_clocks_change(clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 10, 19, tzinfo=UTC))
    dates = dates_of(Series.begin(make_gathering(datetime(2026, 10, 22, 18, tzinfo=UTC)), "weekly"))
    assert [each.starts_at.hour for each in dates[:2]] == [18, 19]
    assert {each.starts_local.hour for each in dates} == {19}


@pytest.mark.parametrize(("hours", "ends"), [(3, time(4, 30)), (0.75, time(3, 15))])
def test_an_hour_that_the_clocks_skip_moves_forward_by_the_gap(
    clock: time_machine.Traveller, hours: float, ends: time
) -> None:
    """01:30 on 28 March 2027 does not exist in Bristol; an end at 02:15 would come before such a start."""
    clock.move_to(datetime(2027, 3, 16, tzinfo=UTC))
    dates = dates_of(Series.begin(make_gathering(datetime(2027, 3, 21, 1, 30, tzinfo=UTC), hours=hours), "weekly"))
    skipped = next(each for each in dates if each.day == date(2027, 3, 28))
    assert skipped.starts_local.time() == time(2, 30)
    assert skipped.ends_local.time() == ends
    skipped.words = "The night of the short hour."
    skipped.change(["words"])  # it can still be changed
    assert dates[2].starts_local.time() == time(1, 30)


def test_what_was_edited_for_one_date_alone_is_not_passed_on(clock: time_machine.Traveller, weekly: Series) -> None:
    last = dates_of(weekly)[-1]
    last.title, last.address = "At the lake", "The pier"
    last.change(["title", "address"])
    clock.move_to(FIRST + timedelta(days=1))
    minute()
    newest = dates_of(weekly)[-1]
    assert (newest.title, newest.address) == (dates_of(weekly)[0].title, "14 Greville Street, the green door")


# Coming to all of it


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


# The page of a date


def test_the_page_says_the_rhythm_and_offers_all_of_it_to_members(
    client: Client, weekly: Series, member: Member
) -> None:
    first, second = dates_of(weekly)[:2]
    page = text_of(client, first.get_absolute_url())
    assert "Every Thursday" in page
    assert f'href="{second.get_absolute_url()}"' in page
    assert "Come to the whole series" not in page
    client.force_login(member)
    assert "Come to the whole series" in text_of(client, first.get_absolute_url())
    weekly.join(member)
    page = text_of(client, first.get_absolute_url())
    assert "You come to the whole series." in page
    assert "Leave the series" in page
    client.force_login(weekly.host)
    assert "Come to the whole series" not in text_of(client, first.get_absolute_url())


def test_the_page_names_no_date_that_its_reader_may_not_see(weekly: Series, member: Member) -> None:
    first, second, third = dates_of(weekly)[:3]
    Gathering.objects.filter(pk=second.pk).update(visibility="link", link="x")
    Gathering.objects.filter(pk=third.pk).update(state="draft")
    shown = series_of(first, member)
    assert shown
    assert second not in shown.dates
    assert third not in shown.dates


def test_the_words_of_the_series_take_two_queries_at_most(
    weekly: Series, member: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = dates_of(weekly)[0]
    with django_assert_num_queries(2):
        series_of(first, member)
    alone = make_gathering()
    with django_assert_num_queries(0):
        assert series_of(alone, member) is None


# For its hosts


def test_a_host_makes_a_series_from_the_page_of_a_gathering(client: Client, first: Gathering) -> None:
    client.force_login(first.host)
    url = f"/gatherings/{first.key}/series/"
    assert "Every two weeks, on Thursday" in text_of(client, url)
    assert not Series.objects.exists()
    page = client.post(url, {"rhythm": "fortnightly"}, follow=True).content.decode()
    assert "It is a series now." in page
    assert "Thursday 19 November, 19:00" in page
    client.post(url, {"rhythm": "weekly"})
    assert Series.objects.get().rhythm == "fortnightly"


@pytest.mark.parametrize("odd", ["", "yearly", "weekly ", "\x00", "<script>"])
def test_an_odd_rhythm_is_refused_beside_the_field(client: Client, first: Gathering, odd: str) -> None:
    client.force_login(first.host)
    answer = client.post(f"/gatherings/{first.key}/series/", {"rhythm": odd})
    assert answer.status_code == 422
    assert answer.context["form"].errors["rhythm"]
    assert not Series.objects.exists()


def test_a_draft_or_what_is_over_makes_no_series(client: Client, clock: time_machine.Traveller) -> None:
    draft, past = make_gathering(FIRST, is_draft=True), make_gathering(FIRST)
    clock.move_to(FIRST + timedelta(days=1))
    for gathering in (draft, past):
        client.force_login(gathering.host)
        assert client.post(f"/gatherings/{gathering.key}/series/", {"rhythm": "weekly"}).status_code == 302
        with pytest.raises(GatheringNotOpen):
            Series.begin(gathering, "weekly")


def test_the_series_is_its_hosts_business(client: Client, weekly: Series, member: Member) -> None:
    first = dates_of(weekly)[0]
    helper = make_member()
    for each in dates_of(weekly):
        CoHost.objects.create(gathering=each, email=helper.email, member=helper, accepted_at=NOW)
    make_seat(first, member)
    url = f"/gatherings/{first.key}/series/"
    assert "/accounts/login/" in client.get(url)["Location"]
    client.force_login(member)
    assert (client.get(url).status_code, client.post(url, {"act": "end"}).status_code) == (404, 404)
    client.force_login(helper)
    page = text_of(client, url)
    assert ("Let it go on" in page, "End the series" in page) == (False, False)
    client.post(url, {"act": "end"})
    weekly.refresh_from_db()
    assert not weekly.is_ended
    alone = make_gathering(FIRST)
    CoHost.objects.create(gathering=alone, email=helper.email, member=helper, accepted_at=NOW)
    assert client.get(f"/gatherings/{alone.key}/series/").status_code == 404


def test_what_only_members_may_see_is_joined_by_members(client: Client, member: Member) -> None:
    weekly = Series.begin(make_gathering(FIRST, visibility="link"), "weekly")
    first = dates_of(weekly)[0]
    client.force_login(member)
    for act in ("join", "leave"):
        assert client.post(f"/gatherings/{first.key}/series/{act}/").status_code == 404
    first.make_link()
    assert "Come to the whole series" in text_of(client, first.invitation_url)
    answer = client.post(f"/gatherings/{first.key}/series/join/", {"link": first.link}, follow=True)
    assert answer.status_code == 200
    assert len(states(member, weekly)) == 8


def test_an_ended_series_keeps_its_dates_and_makes_no_more(
    client: Client, clock: time_machine.Traveller, weekly: Series
) -> None:
    first = dates_of(weekly)[0]
    client.force_login(weekly.host)
    page = client.post(f"/gatherings/{first.key}/series/", {"act": "end"}, follow=True).content.decode()
    assert "No new dates are made." in page
    clock.move_to(FIRST + 3 * WEEK)
    minute()
    assert days_of(weekly) == thursdays(8)
    assert {each.state for each in dates_of(weekly)} == {"published"}
    assert not weekly.renew(0)


def test_two_weeks_before_it_runs_out_the_hosts_are_asked_once(
    client: Client, clock: time_machine.Traveller, weekly: Series
) -> None:
    helper = make_member("Ada")
    clock.move_to(datetime(2027, 4, 20, 12, tzinfo=UTC))
    minute()
    CoHost.objects.create(gathering=dates_of(weekly)[-1], email=helper.email, member=helper, accepted_at=NOW)
    assert not Message.objects.filter(kind="series_ending").exists()
    clock.move_to(datetime(2027, 4, 21, 3, tzinfo=UTC))
    minute()
    minute()
    asked = Message.objects.filter(kind="series_ending")
    assert {(each.member, each.due_at) for each in asked} == {
        (weekly.host, datetime(2027, 4, 21, 8, tzinfo=UTC)),
        (helper, datetime(2027, 4, 21, 8, tzinfo=UTC)),
    }
    clock.move_to(datetime(2027, 4, 21, 10, tzinfo=UTC))
    mail.outbox.clear()
    send()
    told = [each for each in mail.outbox if each.subject.startswith("Shall it go on?")]
    assert len(told) == 2
    assert "Its last date is Thursday 29 April." in " ".join(told[0].body.split())
    link = next(word for word in told[0].body.split() if "/m/" in word)
    assert link in html_of(told[0])
    path = "/m/" + link.split("/m/")[1]
    assert "Letting it end is just as fine" in client.get(path).content.decode()
    weekly.refresh_from_db()
    assert weekly.renewals == 0
    for _ in range(2):
        assert "now goes on until Friday 5 November 2027" in client.post(path, follow=True).content.decode()
    weekly.refresh_from_db()
    assert (weekly.renewals, weekly.last_day) == (1, date(2027, 11, 5))
    assert days_of(weekly)[-1] == date(2027, 6, 10)


def test_nobody_is_asked_about_a_series_that_was_ended_or_goes_on_in_another(
    clock: time_machine.Traveller, weekly: Series
) -> None:
    fourth = dates_of(weekly)[3]
    fourth.title = "Another soup"
    later.change(fourth, ["title"], "weekly")
    ended = Series.begin(make_gathering(FIRST), "weekly")
    ended.end()
    clock.move_to(FIRST + 2 * WEEK)
    minute()
    assert not Message.objects.filter(kind="series_ending").exists()


def test_the_link_of_the_mail_ends_with_the_right_to_host(client: Client, weekly: Series, member: Member) -> None:
    path = "/m/" + link_to("renew_series", member, weekly.pk, 0).split("/m/")[1]
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 404
    weekly.refresh_from_db()
    assert weekly.renewals == 0


def test_it_is_renewed_from_its_page_once_it_runs_out_and_once_for_each_time(
    client: Client, clock: time_machine.Traveller, weekly: Series
) -> None:
    client.force_login(weekly.host)
    url = f"/gatherings/{dates_of(weekly)[0].key}/series/"
    assert "Let it go on" not in text_of(client, url)
    client.post(url, {"act": "renew", "renewals": "0"})
    weekly.refresh_from_db()
    assert weekly.renewals == 0
    clock.move_to(datetime(2027, 4, 21, tzinfo=UTC))
    client.force_login(weekly.host)
    assert "Let it go on" in text_of(client, url)
    for act in ({"act": "renew", "renewals": "0"}, {"act": "renew", "renewals": "0"}, {"act": "renew"}, {}):
        assert client.post(url, act).status_code == 302
    weekly.refresh_from_db()
    assert (weekly.renewals, weekly.last_day) == (1, date(2027, 11, 5))


def test_a_series_that_ran_out_long_ago_goes_on_from_today(clock: time_machine.Traveller, weekly: Series) -> None:
    clock.move_to(datetime(2028, 1, 3, tzinfo=UTC))
    assert weekly.renew(0)
    assert weekly.last_day == date(2028, 5, 5)
    assert days_of(weekly)[8:10] == [date(2028, 1, 6), date(2028, 1, 13)]


@pytest.mark.parametrize(
    ("act", "gets", "posts"),
    [
        ("series/", "in 404 200 200", "in 404 302 302"),
        ("series/join/", "in 405 405 405", "in 302 302 302"),
        ("series/leave/", "in 200 302 302", "in 302 302 302"),
    ],
)
def test_who_may_do_what_with_a_series(weekly: Series, member: Member, act: str, gets: str, posts: str) -> None:
    """A stranger, a member who comes to all of it, a co-host and the host."""
    first, helper = dates_of(weekly)[0], make_member()
    CoHost.objects.create(gathering=first, email=helper.email, member=helper, accepted_at=NOW)
    weekly.join(member)
    for method, answers in (("get", gets), ("head", gets), ("post", posts)):
        for reader, expected in zip((None, member, helper, weekly.host), answers.split(), strict=True):
            client = Client()
            if reader:
                client.force_login(reader)
            answer = getattr(client, method)(f"/gatherings/{first.key}/{act}")
            is_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            assert ("in" if is_in else str(answer.status_code)) == expected, f"{method} by {reader}"
            if reader and answer.status_code == 200:
                assert "no-store" in answer["Cache-Control"]


# This date, or this and later


def test_the_edit_page_asks_for_which_dates_only_where_there_are_several(client: Client, weekly: Series) -> None:
    client.force_login(weekly.host)
    question = "This date and all later ones"
    for act in ("edit", "cancel"):
        assert question in text_of(client, f"/gatherings/{dates_of(weekly)[0].key}/{act}/")
        alone = make_gathering(FIRST, host=weekly.host)
        assert question not in text_of(client, f"/gatherings/{alone.key}/{act}/")


def test_an_edit_is_for_this_date_alone_unless_the_host_says_otherwise(client: Client, weekly: Series) -> None:
    third = dates_of(weekly)[2]
    client.force_login(weekly.host)
    assert client.post(f"/gatherings/{third.key}/edit/", edited(third, title="Stew")).status_code == 302
    assert [each.title == "Stew" for each in dates_of(weekly)] == [False, False, True] + [False] * 5
    assert Series.objects.count() == 1


def test_an_edit_of_this_and_later_goes_on_in_a_new_series(client: Client, weekly: Series, member: Member) -> None:
    weekly.join(member)
    third = dates_of(weekly)[2]
    client.force_login(weekly.host)
    typed = edited(third, title="Stew", day="2026-11-20", starts="18:30", scope="later", rhythm="weekly")
    assert client.post(f"/gatherings/{third.key}/edit/", typed)["Location"] == third.get_absolute_url()
    weekly.refresh_from_db()
    assert (days_of(weekly), weekly.last_day) == (thursdays(2), date(2026, 11, 18))
    goes_on = Series.objects.get(first_day=date(2026, 11, 20))
    dates = dates_of(goes_on)
    assert dates[0] == third
    assert [each.day for each in dates] == [each.series_day for each in dates] == thursdays(8, date(2026, 11, 20))
    assert {(each.title, each.starts) for each in dates} == {("Stew", time(18, 30))}
    assert [each.moves for each in dates] == [1] * 6 + [0] * 2  # two were made to fill up to eight
    assert [each.member for each in goes_on.standing.all()] == [member]
    assert states(member, goes_on) == ["seated"] * 8


def test_a_date_that_was_edited_alone_keeps_its_edits(weekly: Series) -> None:
    dates = dates_of(weekly)
    alone = dates[4]
    alone.title, alone.day, alone.seats_wanted = "At the lake", alone.day + timedelta(days=2), 3
    alone.change(["title", "day", "seats_wanted"])
    third = dates[2]
    third.title, third.words, third.seats_wanted, third.day = "Stew", "Come in.", 6, third.day + timedelta(days=1)
    later.change(third, ["title", "words", "seats_wanted", "day"], "weekly")
    alone.refresh_from_db()
    assert (alone.title, alone.words, alone.seats) == ("At the lake", "Come in.", 3)
    assert (alone.day, alone.series_day) == (date(2026, 12, 5), date(2026, 12, 4))
    after = dates[5]
    after.refresh_from_db()
    assert (after.title, after.words, after.seats, after.day) == ("Stew", "Come in.", 6, date(2026, 12, 11))


def test_a_date_that_had_moved_alone_does_not_carry_the_others_along(weekly: Series) -> None:
    third = dates_of(weekly)[2]
    third.day += timedelta(days=1)
    third.change(["day"])
    third.words = "Come in."
    later.change(third, ["words"], "weekly")
    goes_on = Series.objects.latest("pk")
    assert days_of(goes_on)[:3] == [date(2026, 11, 20), date(2026, 11, 26), date(2026, 12, 3)]
    assert (goes_on.last_day, goes_on.renewals) == (date(2027, 5, 5), 0)
    assert {each.words for each in dates_of(goes_on)} == {"Come in."}


def test_the_last_thursday_stays_the_last_after_an_edit_of_words(clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 10, 26, tzinfo=UTC))
    series = Series.begin(make_gathering(datetime(2026, 10, 29, 19, tzinfo=UTC)), "monthly")
    second = dates_of(series)[1]  # on the fourth Thursday, which is November's last
    second.words = "Come in."
    later.change(second, ["words"], "monthly")
    assert days_of(Series.objects.latest("pk"))[:3] == [date(2026, 11, 26), date(2026, 12, 31), date(2027, 1, 28)]


def test_another_rhythm_is_for_the_dates_still_to_be_made(client: Client, weekly: Series, member: Member) -> None:
    weekly.join(member)
    second = dates_of(weekly)[1]
    keys = [each.key for each in dates_of(weekly)[1:]]
    client.force_login(weekly.host)
    page = text_of(client, f"/gatherings/{second.key}/edit/")
    assert "The dates that are there keep their days; new ones come after them in this rhythm." in page
    refused = client.post(f"/gatherings/{second.key}/edit/", edited(second, rhythm="monthly"))
    assert_refused(refused, "rhythm", "choose “This date and all later ones”")
    client.post(f"/gatherings/{second.key}/edit/", edited(second, rhythm="monthly", scope="later"))
    goes_on = Series.objects.latest("pk")
    assert goes_on.in_words == "Every month, on the second Thursday"
    assert [each.key for each in dates_of(goes_on)][:7] == keys
    second_thursdays = [date(2027, 1, 14), date(2027, 2, 11), date(2027, 3, 11), date(2027, 4, 8)]
    assert days_of(goes_on) == thursdays(7, second.day) + second_thursdays
    assert {each.moves for each in dates_of(goes_on)} == {0}
    assert states(member, goes_on) == ["seated"] * 11


def test_dates_of_two_rhythms_move_by_as_many_days(weekly: Series) -> None:
    second = dates_of(weekly)[1]
    later.change(second, [], "monthly")
    second.day += timedelta(days=1)
    later.change(second, ["day"], "monthly")
    goes_on = Series.objects.latest("pk")
    assert days_of(goes_on)[:8] == [*thursdays(7, date(2026, 11, 13)), date(2027, 1, 15)]
    assert [each.day for each in dates_of(goes_on)] == [each.series_day for each in dates_of(goes_on)]


def test_monthly_dates_move_to_the_same_week_of_their_months(first: Gathering) -> None:
    second = dates_of(Series.begin(first, "monthly"))[1]
    second.day += timedelta(days=1)
    later.change(second, ["day"], "monthly")
    assert days_of(Series.objects.latest("pk"))[:3] == [date(2026, 12, 4), date(2027, 1, 1), date(2027, 2, 5)]


def test_a_series_that_was_ended_stays_ended_when_its_day_changes(
    client: Client, clock: time_machine.Traveller, weekly: Series
) -> None:
    weekly.end()
    second = dates_of(weekly)[1]
    client.force_login(weekly.host)
    assert "How often" not in text_of(client, f"/gatherings/{second.key}/edit/")
    client.post(f"/gatherings/{second.key}/edit/", edited(second, day="2026-11-10", scope="later"))
    goes_on = Series.objects.latest("pk")
    assert goes_on.is_ended
    clock.move_to(FIRST + 3 * WEEK)
    minute()
    assert days_of(goes_on) == thursdays(7, date(2026, 11, 10))
    assert not goes_on.renew(0)


def test_the_days_before_a_change_may_change_as_well_and_bring_no_new_ones(weekly: Series) -> None:
    dates = dates_of(weekly)
    dates[2].title = "Stew"
    later.change(dates[2], ["title"], "weekly")
    dates[0].day -= timedelta(days=2)
    later.change(dates[0], ["day"], "weekly")
    assert Gathering.objects.count() == 8
    assert days_of(Series.objects.latest("pk")) == thursdays(2, date(2026, 11, 3))


def test_an_odd_scope_is_refused_and_nothing_changes(client: Client, weekly: Series) -> None:
    third = dates_of(weekly)[2]
    client.force_login(weekly.host)
    answer = client.post(f"/gatherings/{third.key}/edit/", edited(third, title="Stew", scope="<b>all</b>"))
    assert answer.status_code == 422
    assert not Gathering.objects.filter(title="Stew").exists()
    assert client.post(f"/gatherings/{third.key}/cancel/", {"scope": "all"}).status_code == 422
    third.refresh_from_db()
    assert third.is_published


def test_a_smaller_table_at_all_later_dates_takes_nobodys_seat() -> None:
    weekly = Series.begin(make_gathering(FIRST, seats=14, is_larger=True), "weekly")
    second, third = dates_of(weekly)[1:3]
    for _ in range(13):
        make_seat(third)
    second.seats_wanted, second.is_larger = 6, False
    later.change(second, ["seats_wanted", "is_larger"], "weekly")
    third.refresh_from_db()
    assert (third.seats_wanted, third.seats, third.rsvps.seated().count()) == (6, 13, 13)


def test_dates_that_become_link_only_each_get_a_link(weekly: Series) -> None:
    second = dates_of(weekly)[1]
    second.visibility = "link"
    later.change(second, ["visibility"], "weekly")
    after = dates_of(Series.objects.latest("pk"))[1:]
    assert len({each.link for each in after}) == len(after)
    assert all(each.link for each in after)


def test_calling_off_one_date_leaves_the_others(client: Client, weekly: Series, member: Member) -> None:
    weekly.join(member)
    third = dates_of(weekly)[2]
    client.force_login(weekly.host)
    client.post(f"/gatherings/{third.key}/cancel/", {"words": "A cold."})
    assert [each.is_cancelled for each in dates_of(weekly)] == [False, False, True] + [False] * 5


def test_calling_off_this_and_later_tells_each_guest_once_per_date_and_ends_the_series(
    client: Client, clock: time_machine.Traveller, weekly: Series, member: Member
) -> None:
    weekly.join(member)
    third, fourth = dates_of(weekly)[2:4]
    fourth.cancel("Before.")
    client.force_login(weekly.host)
    for _ in range(2):
        client.post(f"/gatherings/{third.key}/cancel/", {"words": "We move away.", "scope": "later"})
    dates = dates_of(weekly)
    assert [each.is_cancelled for each in dates] == [False, False] + [True] * 6
    assert [each.cancel_words for each in dates[2:]] == ["We move away.", "Before."] + ["We move away."] * 4
    assert member.mail.filter(kind="gathering_cancelled").count() == 6
    clock.move_to(FIRST + 2 * WEEK)
    minute()
    assert len(dates_of(weekly)) == 8


def test_two_edits_of_this_and_later_at_once_lose_no_date(weekly: Series) -> None:
    third, again = dates_of(weekly)[2], dates_of(weekly)[2]
    third.title = "Stew"
    later.change(third, ["title"], "weekly")
    again.words = "Come in."
    later.change(again, ["words"], "weekly")
    again.refresh_from_db()
    assert (again.title, again.words) == ("Stew", "Come in.")
    assert Gathering.objects.filter(series__isnull=False).count() == 8
