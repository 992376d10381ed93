import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig


class Moment:
    """Between reading and writing; drawn out, so that others come between."""

    seconds = 0.05

    @classmethod
    @contextmanager
    def is_short(cls) -> Iterator[None]:
        """While a scene is set, by one alone."""
        drawn_out, cls.seconds = cls.seconds, 0
        yield
        cls.seconds = drawn_out


def unlocked(gatherings: Any, pk: int) -> Any:
    """What `locked` would be without its lock, with the moment between reading and writing drawn out."""
    gathering = gatherings.get(pk=pk)
    time.sleep(Moment.seconds)
    return gathering


def take_out_the_lock() -> None:
    from apps.gatherings.models import GatheringQuerySet

    GatheringQuerySet.locked = unlocked  # type: ignore[assignment, method-assign]  # taking it out is the point


def take_out_the_lease() -> None:
    """Whoever asks for what is due is given it, whether or not somebody else is sending it."""
    from apps.outbox.models import MessageQuerySet

    MessageQuerySet.due = lambda messages, now: messages.waiting().filter(due_at__lte=now)  # type: ignore[assignment, method-assign]  # the point


def mark_nothing_first() -> None:
    """Nudges are sent as reminders are: marked once they are gone."""
    from apps.outbox.kinds import Kind

    Kind.is_at_most_once = property(lambda kind: False)  # type: ignore[assignment, method-assign]  # the point


def mark_everything_first() -> None:
    """Reminders are sent as nudges are: marked before they go."""
    from apps.outbox.kinds import Kind

    Kind.is_at_most_once = property(lambda kind: True)  # type: ignore[assignment, method-assign]  # the point


def take_out_the_end() -> None:
    """Nothing is ever too late."""
    from apps.outbox.models import Message

    Message.has_expired = property(lambda message: False)  # type: ignore[assignment, method-assign]  # the point


def try_once() -> None:
    """Whatever goes wrong at the mail server ends a message."""
    from apps.outbox.models import Message

    Message.put_off = lambda message, error: message.mark(Message.State.DEAD, error)  # type: ignore[assignment, method-assign]  # the point


def blame_the_reader() -> None:
    """Whatever the mail server refuses, it is the address that was wrong."""
    from apps.outbox import delivery

    delivery.is_no_such_reader = lambda error: True  # the point


def let_beat_wait_for_its_past() -> None:
    """What ran by a clock that was ahead runs again when that time has come."""
    from celery.beat import PersistentScheduler

    from config.beat import Scheduler

    Scheduler.tick = PersistentScheduler.tick  # type: ignore[method-assign]  # the point


def do_not_look_first() -> None:
    """A worker that has found the broker again waits to be woken."""
    from config.celery import LookFirst

    LookFirst.start = lambda self, parent: None  # type: ignore[method-assign]  # the point


GUARDS = {
    "lock": take_out_the_lock,
    "lease": take_out_the_lease,
    "marking nudges first": mark_nothing_first,
    "marking reminders last": mark_everything_first,
    "end": take_out_the_end,
    "second try": try_once,
    "telling whose fault it is": blame_the_reader,
    "looking first": do_not_look_first,
    "forgetting the future": let_beat_wait_for_its_past,
}


class FaultsConfig(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        if guard := GUARDS.get(os.environ.get("WITHOUT", "")):
            guard()
