"""An evening that is over, with its host and guests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.test import Client

from apps.gatherings.models import Gathering
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)  # a Thursday in Bristol; it ends at 21:30
MORNING = datetime(2026, 11, 27, 10, tzinfo=UTC)
BOOKED = STARTS - timedelta(days=3)


def make_evening(*guests: str | Member, starts: datetime = STARTS, **more: Any) -> tuple[Gathering, list[Member]]:
    """With its host first among those who were there."""
    with time_machine.travel(starts - timedelta(days=3), tick=False):
        gathering = make_gathering(starts, seats=12, **more)
        members = [guest if isinstance(guest, Member) else make_member(guest) for guest in guests]
        for member in members:
            make_seat(gathering, member)
    return gathering, [gathering.host, *members]


def path_of(gathering: Gathering, act: str = "") -> str:
    return f"/gatherings/{gathering.key}/afterwards/{act}"


def browser_of(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def words_of(browser: Client, path: str) -> str:
    answer: Any = browser.get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def tick(member: Member, gathering: Gathering, *others: Member, contact: str = "") -> Any:
    """On the page of that evening, as somebody does: everybody else stands unticked from then on."""
    said = {"touch-people": [other.key for other in others], "touch-contact": contact or f"{member.name}@home.example"}
    return browser_of(member).post(path_of(gathering, "in-touch/"), said)
