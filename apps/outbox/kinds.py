"""The kinds of message. Each app registers its own in `emails.py`; this module knows names only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apps.outbox.models import Message


@dataclass
class Mail:
    """What a kind composes: a subject, the templates `<template>.txt` and `.html`, and their context."""

    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    calendar: bytes = b""
    calendar_method: str = ""
    thread: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of message: whether one is still worth sending, and its words."""

    name: str
    is_still_true: Callable[[Message], bool]
    compose: Callable[[Message], Mail]


KINDS: dict[str, Kind] = {}


def register(name: str, is_still_true: Callable[[Message], bool], compose: Callable[[Message], Mail]) -> None:
    if name in KINDS:
        raise ValueError(f"There is a kind of message named {name} already.")
    KINDS[name] = Kind(name, is_still_true, compose)
