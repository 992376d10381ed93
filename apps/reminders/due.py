"""What is due to whom: queries over the facts, asked every minute, each slot filled once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from apps.gatherings.models import Gathering, Rsvp, RsvpQuerySet
from apps.gatherings.timing import day_before, not_at_night
from apps.outbox.models import Message

SOON = timedelta(hours=2)
# A day before, and as much again as the night can bring it forward (21:00 for a start at 03:00).
FURTHEST_AHEAD = timedelta(hours=24 + 7)


def put_what_is_due(now: datetime) -> None:
    put_day_before(now)
    put_soon(now)


def put_day_before(now: datetime) -> None:
    """For everyone whose seat was taken before the moment; for a later seat the confirmation has said it all."""
    ahead = Gathering.objects.published().filter(starts_at__gt=now + SOON, starts_at__lte=now + FURTHEST_AHEAD)
    moments = {gathering.pk: day_before(gathering.starts_at, gathering.zone) for gathering in ahead}
    due = [pk for pk, moment in moments.items() if moment <= now]
    waiting = not_yet_put("day_before", seats_of(due))
    put("day_before", [rsvp for rsvp in waiting if rsvp.changed_at < moments[rsvp.gathering_id]], SOON, now)


def put_soon(now: datetime) -> None:
    """Two hours before; a seat taken later than that needs no reminder."""
    due = Gathering.objects.published().filter(starts_at__gt=now, starts_at__lte=now + SOON).values("pk")
    waiting = not_yet_put("soon", seats_of(due))
    put(
        "soon",
        [rsvp for rsvp in waiting if rsvp.changed_at < rsvp.gathering.starts_at - SOON],
        timedelta(),
        now,
    )


def seats_of(gatherings: Any) -> RsvpQuerySet:
    return Rsvp.objects.seated().filter(gathering__in=gatherings).select_related("gathering", "member")


def not_yet_put(kind: str, rsvps: RsvpQuerySet) -> RsvpQuerySet:
    slot = Message.objects.filter(
        kind=kind, member=OuterRef("member"), subject_id=OuterRef("pk"), version=OuterRef("gathering__moves")
    )
    return rsvps.filter(~Exists(slot))


def put(kind: str, rsvps: Iterable[Rsvp], useful_until: timedelta, now: datetime) -> None:
    """One row per seat and move of its gathering, useless from `useful_until` before the start on."""
    Message.objects.put_all([row(kind, rsvp, rsvp.gathering, useful_until, now) for rsvp in rsvps])


def row(kind: str, rsvp: Rsvp, gathering: Gathering, useful_until: timedelta, now: datetime) -> Message:
    return Message.objects.row(
        kind,
        rsvp.member,
        subject_id=rsvp.pk,
        version=gathering.moves,
        due_at=not_at_night(now, gathering.starts_at, gathering.zone),
        expires_at=gathering.starts_at - useful_until,
    )
