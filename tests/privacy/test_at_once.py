"""Leaving while others act, with a real lock: on Postgres alone, since SQLite writes one at a time anyway."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from apps.gatherings.models import CannotSit, CoHost, Gathering, Series
from apps.outbox.models import Message
from apps.privacy.erasing import finish
from apps.privacy.leaving import leave
from apps.privacy.models import MAY_COME_BACK, Departure
from apps.privacy.tasks import often
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat, make_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def together(*acts: Callable[[], object]) -> None:
    ready = Barrier(len(acts))

    def one(act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            ready.wait(10)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        list(hands.map(one, acts))


def sits(gathering: Gathering, member: Member) -> Callable[[], None]:
    def sit() -> None:
        with suppress(CannotSit):
            gathering.seat(member)

    return sit


def test_a_host_leaves_while_seats_are_taken_and_nobody_is_left_untold() -> None:
    make_town()
    for _ in range(8):
        host, guests = make_member(), [make_member() for _ in range(3)]
        gathering = make_gathering(host=host)
        together(partial(leave, host), *(sits(gathering, guest) for guest in guests))
        gathering.refresh_from_db()
        assert gathering.is_cancelled
        seated = set(gathering.rsvps.seated().values_list("member", flat=True))
        told = Message.objects.filter(kind="gathering_cancelled", subject_id=gathering.pk)
        assert seated == set(told.values_list("member", flat=True))


def test_a_host_leaves_while_the_co_host_steps_down() -> None:
    for _ in range(8):
        host, helper = make_member(), make_member()
        gathering = make_gathering(host=host)
        row = CoHost.objects.create(gathering=gathering, email=helper.email, member=helper, accepted_at=timezone.now())
        together(partial(leave, host), row.end)
        gathering.refresh_from_db()
        assert gathering.is_cancelled or gathering.host == helper


def test_host_and_co_host_leave_at_the_same_moment() -> None:
    for _ in range(8):
        host, helper = make_member(), make_member()
        series = Series.begin(make_gathering(host=host), "weekly")
        for date in series.dates.all():
            CoHost.objects.create(gathering=date, email=helper.email, member=helper, accepted_at=timezone.now())
        together(partial(leave, host), partial(leave, helper))
        often()
        assert not Gathering.objects.published().upcoming().filter(host__is_active=False).exists()


def test_who_leaves_while_they_take_a_seat_has_none_in_the_end() -> None:
    for _ in range(8):
        member, gathering = make_member(), make_gathering(seats=1)
        together(partial(leave, member), sits(gathering, member))
        often()
        gathering.refresh_from_db()
        assert (gathering.seats_taken, gathering.rsvps.open().count()) == (0, 0)


def test_leaving_twice_at_once_is_leaving_once() -> None:
    member = make_member()
    seat = make_seat(make_gathering(), member)
    together(*[partial(leave, member)] * 4)
    seat.refresh_from_db()
    assert (Departure.objects.count(), seat.round) == (1, 2)
    assert Message.objects.filter(kind="leaving").count() == 1


def test_coming_back_at_the_very_end_is_either_or() -> None:
    for _ in range(8):
        member = make_member("Ada")
        departure = leave(member)
        Departure.objects.update(at=timezone.now() - MAY_COME_BACK - timedelta(seconds=1))
        together(partial(finish, departure), departure_comes_back(departure))
        found = Member.objects.filter(pk=member.pk).first()
        assert found is None or (found.name, found.is_active) == ("Ada", True)
        assert not Departure.objects.exists()


def departure_comes_back(departure: Departure) -> Callable[[], object]:
    def come_back() -> object:
        try:
            return departure.come_back()
        except Member.DoesNotExist:
            return None

    return come_back
