"""A block and a seat at the same moment, with a real lock: on Postgres alone, since SQLite writes one at a time anyway.

Whichever is first, the two part, or whoever made the block is told; it is never that neither knows.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, current_thread, main_thread
from typing import Any

import pytest
from django.db import connection

from apps.gatherings import parting, waitlist
from apps.gatherings.models import CannotSit, Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member
from apps.safety import locks
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ROUNDS = 30


def at_once(*acts: Callable[[], object]) -> None:
    together = Barrier(len(acts))

    def one(act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            together.wait(10)
            act()
        except CannotSit:
            pass  # too late for a seat, which is as good
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        list(hands.map(one, acts))


def sits_with_a_host_they_must_not_meet(gathering: Gathering, member: Member) -> bool:
    return gathering.rsvps.open().filter(member=member).exists()


def nobody_knows(gathering: Gathering, maker: Member, other: Member) -> bool:
    both_sit = gathering.rsvps.seated().filter(member__in=[maker, other]).count() == 2
    return both_sit and not Message.objects.filter(kind="blocked_at_table", member=maker).exists()


def host_and_guest(is_by_the_host: bool) -> bool:
    """One round; whether it has gone wrong."""
    gathering, member = make_gathering(), make_member()
    one, other = (gathering.host, member) if is_by_the_host else (member, gathering.host)
    at_once(partial(gathering.seat, member), partial(parting.block, one, other))
    return sits_with_a_host_they_must_not_meet(gathering, member)


def two_guests(seats_taken_at_once: int) -> bool:
    """One round: the block while one of the two takes a seat, or both do."""
    gathering, maker, other = make_gathering(), make_member(), make_member()
    coming = [maker, other][:seats_taken_at_once]
    for member in {maker, other} - set(coming):
        make_seat(gathering, member)
    at_once(partial(parting.block, maker, other), *(partial(gathering.seat, member) for member in coming))
    return nobody_knows(gathering, maker, other)


@pytest.mark.parametrize("is_by_the_host", [True, False])
def test_a_guest_who_sits_down_while_a_block_is_made_is_parted_from_the_host(is_by_the_host: bool) -> None:
    assert not any(host_and_guest(is_by_the_host) for _ in range(ROUNDS))


@pytest.mark.parametrize("seats_taken_at_once", [1, 2])
def test_whoever_blocks_a_guest_who_sits_down_meanwhile_is_told(seats_taken_at_once: int) -> None:
    assert not any(two_guests(seats_taken_at_once) for _ in range(ROUNDS))


def test_blocks_and_seats_at_many_tables_at_once_neither_hang_nor_part_the_wrong() -> None:
    tables = [make_gathering(seats=2) for _ in range(3)]
    members = [make_member() for _ in range(6)]

    def everywhere(member: Member) -> None:
        for table in tables:
            table.seat(member)

    pairs = [(members[0], members[1]), (members[2], tables[0].host), (tables[1].host, members[3])]
    at_once(*(partial(everywhere, member) for member in members), *(partial(parting.block, *pair) for pair in pairs))
    for table in tables:
        table.refresh_from_db()
        assert table.seats_taken == table.rsvps.holding_seats().people() == 2
    assert not any(nobody_knows(table, members[0], members[1]) for table in tables)
    assert not sits_with_a_host_they_must_not_meet(tables[0], members[2])
    assert not sits_with_a_host_they_must_not_meet(tables[1], members[3])


# The control: without the lock, and with both held up between their look and their commit


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "lock", lambda statement: None)
    looked = Barrier(2)

    def held_up(act: Callable[..., Any]) -> Callable[..., Any]:
        def after(*args: Any) -> Any:
            result = act(*args)
            if current_thread() is not main_thread():  # what a round begins with is laid by one hand
                looked.wait(10)
            return result

        return after

    monkeypatch.setattr(waitlist, "tell_of_blocks", held_up(waitlist.tell_of_blocks))
    monkeypatch.setattr(parting.Parting, "carry_out", held_up(parting.Parting.carry_out))


def test_control_without_the_lock_neither_would_know(unlocked: None) -> None:
    assert two_guests(seats_taken_at_once=1)


def test_control_without_the_lock_they_would_not_part(unlocked: None) -> None:
    assert host_and_guest(is_by_the_host=False)
