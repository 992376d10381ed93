"""Parties of one to four: whatever people, hosts and time do, the seats taken are those that the rows say."""

import pytest

from tests.faults import parties
from tests.faults.controls import breaks
from tests.faults.hand import Drill

pytestmark = pytest.mark.faults


def test_step_by_step_every_seat_is_where_it_should_be(drill: Drill, is_full_size: bool) -> None:
    run = drill.do(parties.run, is_at_once=False, examples=110 if is_full_size else 6, steps=50)
    assert not run.failure, run.failure
    assert run.steps >= (5000 if is_full_size else 300)


def test_all_at_once_every_seat_is_where_it_should_be(drill: Drill, is_full_size: bool) -> None:
    run = drill.do(parties.run, is_at_once=True, examples=60 if is_full_size else 2, steps=20)
    assert not run.failure, run.failure


def test_without_the_lock_all_at_once_breaks_it(unlocked: Drill) -> None:
    assert breaks(lambda: unlocked.do(parties.run, is_at_once=True, examples=3, steps=20).failure)
