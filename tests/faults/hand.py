"""A process that acts on a drill's database: it sets the scene, lets time do its work, and reads what came of it.

It must start from the settings of the stack that is being drilled, not from those of the suite; so nothing here may
import Django before `set_up` has run in it.
"""

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

from scripts.postgres import fresh_database
from scripts.processes import die_with_parent
from tests.e2e.stack import Stack

P = ParamSpec("P")
T = TypeVar("T")


def set_up(env: dict[str, str]) -> None:
    die_with_parent()()
    os.environ.clear()
    os.environ.update(env)
    import django

    django.setup()


def make_tables() -> None:
    """All tables, and one town: the whole gazetteer would take longer than a drill."""
    from django.core.management import call_command

    from tests.factories import make_town

    call_command("migrate", verbosity=0)
    make_town()


class Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.getMessage()}: {record.exc_info[1]!r}" if record.exc_info else record.getMessage())


def troubles_of_the_sweep() -> list[str]:
    """What fails at one table is logged and stops no other; from now on it is kept in this list."""
    logger, listener = logging.getLogger("apps.gatherings.sweep"), Listener()
    logger.handlers = [listener]
    logger.propagate = False
    return listener.heard


@contextmanager
def hands(env: dict[str, str], processes: int) -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(processes, get_context("spawn"), set_up, (env,)) as pool:
        yield pool


@dataclass
class Drill:
    """A running app and a hand on its database."""

    stack: Stack
    hand: ProcessPoolExecutor

    @property
    def port(self) -> int:
        return self.stack.port

    def do(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in the process on the database; one at a time."""
        return self.hand.submit(act, *args, **kwargs).result()


@contextmanager
def drill_on(server: str, **more: str) -> Iterator[Drill]:
    """Web processes on an empty database of this server; without one, on SQLite."""
    env: dict[str, Any] = {**more, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    with database_on(server) as url:
        stack = Stack(url, processes=["web", "broker"], env=env)
        with hands(stack.env, 1) as hand:
            hand.submit(make_tables).result()
            with stack:
                yield Drill(stack, hand)


@contextmanager
def database_on(server: str) -> Iterator[str]:
    if not server:
        yield ""
        return
    with fresh_database(server) as url:
        yield url
