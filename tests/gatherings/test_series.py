"""Gatherings that come again and again: their dates, and what the page of one says of the others."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import rhythm
from apps.gatherings.copies import FACTS, OWN
from apps.gatherings.models import (
    Gathering,
    Series,
)
from apps.gatherings.tasks import minute
from apps.gatherings.templatetags.series import series_of
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat
from tests.gatherings.thursdays import FIRST, NOW, WEEK, dates_of, days_of, text_of, thursdays

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
        "door_width": 90, "languages": "Polish", "for_whom": "Anyone", "meeting_point": "Gate",
        "pace": "slow", "in_rain": "We go",
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
        "meeting_point walk_length pace surface toilets in_rain who_pays treats which_games players rules what_is_made "
        "materials quiet_means "
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
