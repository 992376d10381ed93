"""Seats that are kept for first-timers, and what becomes of the line beside them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from apps.gatherings.tasks import minute
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat
from tests.gatherings.lines import NOW, party, states

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def who_came_before(name: str = "") -> Member:
    """A member who has been at a table already, so no first-timer."""
    member = make_member(name)
    with time_machine.travel(NOW - timedelta(days=9)):
        make_seat(make_gathering(NOW - timedelta(days=7)), member)
    return member


def test_kept_seats_are_for_first_timers_until_two_days_before(clock: time_machine.Traveller) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=4, seats_kept=2)
    for _ in range(2):
        assert gathering.seat(who_came_before()).is_seated
    known = gathering.seat(who_came_before())
    assert states(known) == ["waitlisted"]
    newcomer = gathering.seat(make_member())
    assert states(newcomer) == ["seated"]
    gathering.refresh_from_db()
    assert (gathering.seats_left, gathering.seats_kept_now) == (1, 1)
    clock.move_to(gathering.starts_at - timedelta(hours=48, minutes=1))
    minute()
    assert states(known) == ["waitlisted"]
    clock.shift(timedelta(minutes=1))
    minute()
    assert states(known) == ["offered"]


def test_while_only_kept_seats_are_free_it_is_the_first_waiting_first_timers_turn() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, seats_kept=1)
    first_timer = gathering.seat(make_member())
    assert gathering.seat(who_came_before()).is_seated
    known, newcomer = gathering.seat(who_came_before()), gathering.seat(make_member())
    first_timer.bow_out()
    assert states(known, newcomer) == ["waitlisted", "offered"]


def test_a_first_timers_whole_party_may_use_the_kept_seats() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=4, seats_kept=2, most_companions=2)
    assert gathering.seat(who_came_before(), companions=party(2)).is_seated
    assert gathering.seat(make_member(), companions=party(2)).is_seated
    gathering.refresh_from_db()
    assert (gathering.seats_left, gathering.kept_left) == (0, 0)


def test_a_bow_out_does_not_make_anybody_less_of_a_first_timer() -> None:
    member = make_member()
    with time_machine.travel(NOW - timedelta(days=9)):
        make_seat(make_gathering(NOW - timedelta(days=7)), member).bow_out()
    gathering = make_gathering(NOW + timedelta(days=5))
    assert gathering.seat(member).is_first_time
    assert not gathering.seat(who_came_before()).is_first_time


def test_how_many_kept_seats_are_left_is_nowhere_to_be_read(client: Client) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=6, seats_kept=2)
    before = client.get(gathering.get_absolute_url()).content.decode()
    assert "Your first time? This seat is kept for you." in before
    newcomer = gathering.seat(make_member())
    with_a_first_timer = client.get(gathering.get_absolute_url()).content.decode()
    newcomer.bow_out()
    gathering.seat(who_came_before())
    with_somebody_known = client.get(gathering.get_absolute_url()).content.decode()
    token = re.compile('name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub("", with_a_first_timer) == token.sub("", with_somebody_known)
