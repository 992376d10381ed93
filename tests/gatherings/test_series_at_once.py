"""Series under several hands at once, with a real lock: on Postgres alone, since SQLite writes one at a time anyway."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from apps.gatherings import later
from apps.gatherings.copies import host_again
from apps.gatherings.models import Gathering, Rsvp, Series, StandingRsvp
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
HANDS = 6


def all_at_once(act: Callable[[int], object]) -> None:
    together = Barrier(HANDS)

    def one(number: int) -> None:
        try:
            connection.ensure_connection()  # or those who are slow to connect come late
            together.wait(10)
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(one, range(HANDS)))


@pytest.fixture
def weekly(transactional_db: None) -> Series:
    return Series.begin(make_gathering(timezone.now() + timedelta(days=2)), "weekly")


def test_sweeps_at_once_make_each_date_once(weekly: Series) -> None:
    in_three_weeks = timezone.now() + timedelta(weeks=3)
    all_at_once(lambda _number: weekly.keep_going(in_three_weeks))
    days = list(weekly.dates.order_by("series_day").values_list("series_day", flat=True))
    assert len(days) == len(set(days)) == 11


def test_one_gathering_begun_by_many_hands_is_one_series() -> None:
    gathering = make_gathering(timezone.now() + timedelta(days=2))
    all_at_once(lambda _number: Series.begin(gathering, "weekly"))
    assert (Series.objects.count(), Gathering.objects.count()) == (1, 8)


def test_one_who_presses_many_times_joins_once(weekly: Series) -> None:
    member = make_member()
    all_at_once(lambda _number: weekly.join(member))
    assert (StandingRsvp.objects.count(), member.rsvps.seated().count(), member.mail.count()) == (1, 8, 1)
    assert {rsvp.round for rsvp in member.rsvps.all()} == {1}


def join_or_bow_out(series: Series, member: Member, seated: Rsvp, number: int) -> None:
    if number:
        series.join(member)
    else:
        seated.bow_out()


def test_giving_a_seat_back_while_somebody_joins_the_series_neither_waits_for_the_other_for_ever() -> None:
    """A gathering that is saved twice in one transaction looks up its series again, which the joining one holds."""
    first = make_gathering(timezone.now() + timedelta(days=2), seats=1)
    series = Series.begin(first, "weekly")
    for _ in range(10):
        seated = first.seat(make_member())
        first.seat(make_member())
        member = make_member()
        all_at_once(partial(join_or_bow_out, series, member, seated))
        for rsvp in first.rsvps.open():
            rsvp.bow_out()


def test_hosting_again_pressed_many_times_makes_one_draft() -> None:
    past = make_gathering(timezone.now() - timedelta(days=2))
    all_at_once(lambda _number: host_again(past))
    assert Gathering.objects.count() == 2


def test_joining_leaving_and_editing_at_once_neither_hangs_nor_loses_anything(weekly: Series) -> None:
    members = [make_member() for _ in range(HANDS)]
    for member in members[:3]:
        weekly.join(member)
    third = weekly.dates.order_by("series_day")[2]
    third.title = "Stew"

    def act(number: int) -> None:
        if number < 3:
            weekly.leave(members[number])
        elif number < 5:
            weekly.join(members[number])
        else:
            later.change(third, ["title"], "weekly")

    all_at_once(act)
    assert Gathering.objects.filter(title="Stew").count() == 6
    for gathering in Gathering.objects.all():
        assert gathering.seats_taken == gathering.rsvps.seated().count()
        assert gathering.seats_taken <= gathering.seats
