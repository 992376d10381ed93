"""The last seat is sold once, whoever presses for it: real server processes, real clients, both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.stack import Stack
from tests.faults.crowd import crowd_at_the_last_seat

pytestmark = pytest.mark.faults


@contextmanager
def web(database_url: str, **env: str) -> Iterator[Stack]:
    """Web processes on a database with one town in it; the whole gazetteer would take longer than the drill."""
    env["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    stack = Stack(database_url, processes=["web", "broker"], env=env)
    stack.manage("migrate", "--verbosity", "0")
    stack.shell("from tests.factories import make_town; make_town()")
    with stack:
        yield stack


def test_one_of_two_hundred_is_seated_and_nobody_meets_an_error(database_url: str) -> None:
    with web(database_url) as stack:
        outcome = crowd_at_the_last_seat(stack, processes=8, each=25)
    assert sum(outcome.answers.values()) == 200
    assert outcome.is_right, outcome


def test_without_the_lock_the_same_crowd_breaks_it(database_url: str) -> None:
    with web(database_url, WITHOUT_THE_LOCK="1") as stack:
        outcome = crowd_at_the_last_seat(stack, processes=8, each=25)
    assert not outcome.is_right, outcome
