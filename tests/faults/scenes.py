"""What stands on the table before a drill begins; runs in a hand's process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.gatherings.models import Companion, Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member
from tests.faults.apps import Moment

Session = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True)
class Person:
    """A member who is signed in."""

    pk: int
    session: str


@dataclass(frozen=True)
class Table:
    """A gathering, and those who will press its buttons by what they are there for."""

    pk: int
    path: str
    host: Person


def clear() -> None:
    """Nothing of an earlier drill but its members."""
    Gathering.objects.all().delete()
    Message.objects.all().delete()


def sign_in(member: Member) -> Person:
    session = Session()
    session["_auth_user_id"] = str(member.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = member.get_session_auth_hash()
    session.create()
    return Person(member.pk, session.session_key)


SIGNED_IN: list[Person] = []


@transaction.atomic
def people(many: int) -> list[Person]:
    """Members of some weeks, on whom no limit for newcomers falls; the same in every drill on this database."""
    while len(SIGNED_IN) < many:
        SIGNED_IN.append(sign_in(make_member(joined_at=timezone.now() - timedelta(weeks=5))))
    return SIGNED_IN[:many]


def table(host: Person, **terms: Any) -> Table:
    """A gathering of theirs in five days."""
    gathering = make_gathering(host=Member.objects.get(pk=host.pk), **terms)
    return Table(gathering.pk, gathering.get_absolute_url(), host)


def small_table(host: Person, seats: int) -> Table:
    clear()
    return table(host, seats=seats)


@dataclass(frozen=True)
class Guest:
    """Somebody who wishes to come, and with how many."""

    who: Person
    party: int = 1
    is_straight_away: bool = False


def seat(at: Table, guests: Sequence[Guest]) -> None:
    """Through the verb, one after the other."""
    gathering = Gathering.objects.get(pk=at.pk)
    members = Member.objects.in_bulk([guest.who.pk for guest in guests])
    with Moment.is_short():
        for guest in guests:
            companions = [Companion() for _ in range(guest.party - 1)]
            gathering.seat(members[guest.who.pk], companions=companions, is_straight_away=guest.is_straight_away)


def full_table(host: Person, seated: Sequence[Guest], waiting: Sequence[Guest]) -> Table:
    """A larger table without a free seat, and a line in front of it."""
    clear()
    at = table(host, seats=sum(guest.party for guest in seated), is_larger=True, most_companions=3)
    seat(at, [*seated, *waiting])
    return at
