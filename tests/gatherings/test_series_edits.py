"""An edit of a date, or of this one and all later ones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.gatherings import later
from apps.gatherings.models import (
    Gathering,
    Series,
)
from apps.gatherings.tasks import minute
from apps.profiles.models import Member
from tests.factories import make_gathering, make_seat
from tests.gatherings.thursdays import FIRST, NOW, WEEK, dates_of, days_of, states, text_of, thursdays
from tests.odd import assert_refused

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
