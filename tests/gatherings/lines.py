"""What tests of the line for a seat share."""

from datetime import UTC, datetime, timedelta

from apps.gatherings.models import (
    Companion,
    Gathering,
    Rsvp,
)
from tests.factories import make_gathering, make_member, make_seat

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def full_table(days: float = 5, seats: int = 1, **more: object) -> Gathering:
    gathering = make_gathering(NOW + timedelta(days=days), seats=seats, **more)  # type: ignore[arg-type]  # of any kind
    for _ in range(seats):
        make_seat(gathering, make_member())
    return gathering


def party(size: int) -> list[Companion]:
    return [Companion() for _ in range(size - 1)]


def states(*rsvps: Rsvp) -> list[str]:
    for rsvp in rsvps:
        rsvp.refresh_from_db()
    return [rsvp.state for rsvp in rsvps]


def somebody_leaves(gathering: Gathering) -> None:
    gathering.rsvps.seated().order_by("pk")[0].bow_out()
