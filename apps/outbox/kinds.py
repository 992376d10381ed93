"""The kinds of message. Each app registers its own in `emails.py`; this module knows names only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from apps.outbox.models import Message


class Klass(StrEnum):
    """What a kind promises, and what it needs of its reader's consent."""

    SERVICE = "service"  # on, at least once
    REMINDER = "reminder"  # on, at least once, never after its moment
    NUDGE = "nudge"  # opt-in, at most once, on a budget
    DIGEST = "digest"  # likewise


@dataclass
class Mail:
    """What a kind composes: a subject, the templates `<template>.txt` and `.html`, and their context."""

    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    calendar: bytes = b""
    calendar_method: str = ""
    thread: str = ""
    picture: bytes = b""  # PNG, and in words; the templates that show it say where. A discreet member gets none
    picture_words: str = ""
    discreet_subject: str = ""  # what a discreet member reads in its place; if not said, something neutral


@dataclass(frozen=True)
class Kind:
    """A kind of message: whether one is still worth sending, its words, and what its reader may choose.

    `label` is what its switch says; a kind without one cannot be switched off. `rests_until` says until when one that
    is due must wait, as for the morning; None if it need not. `load` finds what many messages are about at once, by
    their `subject_id`; each then has it as `message.subject`. `stands_for` names the kind whose place one takes, if it
    does: then it also goes to whoever wants that.
    """

    name: str
    is_still_true: Callable[[Message], bool]
    compose: Callable[[Message], Mail | None]  # None: there is nothing left to say, and it is dropped
    klass: Klass = Klass.SERVICE
    label: str | _StrPromise = ""
    rests_until: Callable[[Message], datetime | None] | None = None
    load: Callable[[Collection[int]], Mapping[int, Any]] | None = None
    stands_for: Callable[[Message], str] | None = None
    is_for_hosts: bool = False  # about the reader's own table; on the page of switches it stands apart
    has_its_own_button: bool = False  # where one asks for it, so that to do so is no word about the others
    is_first: bool = False  # goes before everything that waits

    @property
    def is_opt_in(self) -> bool:
        return self.klass in (Klass.NUDGE, Klass.DIGEST)

    @property
    def is_at_most_once(self) -> bool:
        """Rather lost than sent twice: marked before it is sent."""
        return self.is_opt_in

    @property
    def rank(self) -> int:
        """What goes first where much waits: 0 codes, 1 what somebody counts on, 2 nudges and digests."""
        return 0 if self.is_first else 2 if self.is_opt_in else 1


KINDS: dict[str, Kind] = {}


def register(
    name: str, is_still_true: Callable[[Message], bool], compose: Callable[[Message], Mail | None], **more: Any
) -> None:
    if name in KINDS:
        raise ValueError(f"There is a kind of message named {name} already.")
    KINDS[name] = Kind(name, is_still_true, compose, **more)


def names_of(*classes: Klass) -> list[str]:
    return [name for name, kind in KINDS.items() if kind.klass in classes]
