"""What is due to whom: queries over the facts, asked every minute, each slot filled once."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum

from apps.gatherings.models import Gathering, GatheringQuerySet, Rsvp, RsvpQuerySet
from apps.gatherings.timing import day_before, not_at_night
from apps.outbox.models import Message

SOON = timedelta(hours=2)
LATE = timedelta(minutes=15)
# A day before, and as much again as the night can bring it forward (21:00 for a start at 03:00).
FURTHEST_AHEAD = timedelta(hours=24 + 7)


def put_what_is_due(now: datetime) -> None:
    put_day_before(now)
    put_soon(now)
    put_too_few(now)


def put_day_before(now: datetime) -> None:
    """For everyone whose seat was taken before the moment; for a later seat the confirmation has said it all."""
    ahead = Gathering.objects.published().filter(starts_at__gt=now + SOON, starts_at__lte=now + FURTHEST_AHEAD)
    moments = {gathering.pk: day_before(gathering.starts_at, gathering.zone) for gathering in ahead}
    due = [pk for pk, moment in moments.items() if moment <= now]
    waiting, rows = not_yet_put("day_before", seats_of(due)), []
    for rsvp in waiting:
        moment = moments[rsvp.gathering_id]
        moved_at = rsvp.gathering.moved_at
        if rsvp.changed_at < moment or (moved_at and rsvp.changed_at < moved_at):
            # The moment itself is never in the night; only a sweep that comes late may be.
            is_late = now - moment > LATE
            at = not_at_night(now, rsvp.gathering.starts_at, rsvp.gathering.zone) if is_late else now
            rows.append(row("day_before", rsvp, at, SOON))
    Message.objects.put_all(rows)


def put_soon(now: datetime) -> None:
    """Two hours before; a seat taken later than that needs no reminder."""
    due = Gathering.objects.published().filter(starts_at__gt=now, starts_at__lte=now + SOON).values("pk")
    waiting = not_yet_put("soon", seats_of(due))
    in_time = [rsvp for rsvp in waiting if rsvp.changed_at < rsvp.gathering.starts_at - SOON]
    Message.objects.put_all([row("soon", rsvp, now, timedelta()) for rsvp in in_time])


def put_too_few(now: datetime) -> None:
    """To the hosts of what has fewer guests than they wished for, at the moment of the day-before mail."""
    put = Message.objects.filter(kind="too_few", subject_id=OuterRef("pk"), version=OuterRef("moves"))
    ahead = Gathering.objects.filter(~Exists(put), starts_at__gt=now, starts_at__lte=now + FURTHEST_AHEAD)
    rows = []
    for gathering in below_their_floor(ahead).select_related("host"):
        moment = day_before(gathering.starts_at, gathering.zone)
        if gathering.published_at and gathering.published_at < moment <= now:
            slot = {"subject_id": gathering.pk, "version": gathering.moves, "expires_at": gathering.starts_at}
            slot["due_at"] = not_at_night(now, gathering.starts_at, gathering.zone)
            rows += [Message.objects.row("too_few", host, **slot) for host in gathering.hosts()]
    Message.objects.put_all(rows)


def below_their_floor(gatherings: GatheringQuerySet) -> GatheringQuerySet:
    """Published, with fewer people seated than they go ahead with, and the host has not decided yet."""
    seated = Sum("rsvps__party", filter=Q(rsvps__state=Rsvp.State.SEATED), default=0)
    counted = gatherings.published().filter(goes_ahead=False, least_guests__gt=0).annotate(people=seated)
    return counted.filter(people__lt=F("least_guests"))


def people_at(gathering: Gathering) -> int:
    return gathering.rsvps.seated().aggregate(people=Sum("party", default=0))["people"]


def seats_of(gatherings: Any) -> RsvpQuerySet:
    return Rsvp.objects.seated().filter(gathering__in=gatherings).select_related("gathering", "member")


def not_yet_put(kind: str, rsvps: RsvpQuerySet) -> RsvpQuerySet:
    slot = Message.objects.filter(
        kind=kind, member=OuterRef("member"), subject_id=OuterRef("pk"), version=OuterRef("gathering__moves")
    )
    return rsvps.filter(~Exists(slot))


def row(kind: str, rsvp: Rsvp, due_at: datetime, useful_until: timedelta) -> Message:
    """One row per seat and move of its gathering, useless from `useful_until` before the start on."""
    return Message.objects.row(
        kind,
        rsvp.member,
        subject_id=rsvp.pk,
        version=rsvp.gathering.moves,
        due_at=due_at,
        expires_at=rsvp.gathering.starts_at - useful_until,
    )
