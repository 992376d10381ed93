"""What is due to whom: queries over the facts, asked every minute, each slot filled once.

The moments come from UTC columns of the gathering, so that the database finds them. What is due goes at once, unless it
comes late and its reader sleeps; that the kinds themselves ask (`rests_until`) at the moment of sending.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Sum

from apps.gatherings import timing
from apps.gatherings.models import Gathering, GatheringQuerySet, Rsvp, RsvpQuerySet
from apps.gatherings.models.change import SETTLES
from apps.outbox.models import Message
from apps.reminders.news import put_host_updates
from apps.reminders.rows import hosts_of, in_parts, with_hosts

logger = logging.getLogger(__name__)
SOON = timedelta(hours=2)
A_WHILE = timedelta(minutes=15)
OF_A_SEAT = ("gathering__moves", "gathering__starts_at", "member__key")  # what a row is made from
# A day before, and as much again as the night can bring it forward (21:00 for a start at 03:00).
FURTHEST_AHEAD = timedelta(hours=24 + 7)
# A morning comes within a day and an hour of the six hours' rest; then it is of use for some days.
LONGEST_MORNING, OF_USE = timedelta(hours=6 + 25), timedelta(days=3)


def put_what_is_due(now: datetime) -> None:
    each(now, [put_too_few])  # first: it stands for the briefing of the same moment
    each(now, [put_day_before, put_briefings])  # in this order: see `seats_at_their_day_before`
    each(now, [put_soon])
    each(now, [put_host_updates])
    each(now, [put_afterwards])


def each(now: datetime, steps: Sequence[Callable[[datetime], None]]) -> None:
    """One after the other, each only where the one before it succeeded; what fails stops nobody else."""
    try:
        for step in steps:
            step(now)
    except Exception:  # one row that cannot be read must not keep everybody's mail
        logger.exception("The sweep could not finish %s", step.__name__)


# To the guests


def put_day_before(now: datetime) -> None:
    """For everyone whose seat was taken before the moment; for a later seat the confirmation has said it all."""
    put_reminders("day_before", seats_at_their_day_before(now), now, useful_until=SOON)


def put_soon(now: datetime) -> None:
    """Two hours before; a seat taken later than that needs no reminder."""
    put_reminders("soon", seats_that_are_soon(now), now, useful_until=timedelta())


def seats_at_their_day_before(now: datetime) -> RsvpQuerySet:
    """Not at each table again and again for a day: once its hosts were briefed its guests have been seen to, since that
    comes after them in a sweep. A seat that was being taken at that very moment has a quarter of an hour to be found.
    """
    briefed = Message.objects.filter(
        kind="host_briefing", member=OuterRef("host"), subject_id=OuterRef("pk"), version=OuterRef("moves")
    )
    ahead = {"starts_at__gt": now + SOON, "starts_at__lte": now + FURTHEST_AHEAD, "day_before_at__lte": now}
    tables = Gathering.objects.published().filter(~Exists(briefed.filter(created_at__lte=now - A_WHILE)), **ahead)
    seats = seats_not_told("day_before", now, taken_before=F("gathering__day_before_at"))
    return seats.filter(gathering__in=tables)


def seats_that_are_soon(now: datetime) -> RsvpQuerySet:
    seats = seats_not_told("soon", now, taken_before=F("gathering__starts_at") - SOON)
    return seats.filter(gathering__starts_at__gt=now, gathering__starts_at__lte=now + SOON)


def seats_not_told(kind: str, now: datetime, taken_before: Any) -> RsvpQuerySet:
    """Seats taken before that moment, or before their gathering moved, without such a mail since it moved last.

    Not at a gathering that has moved just now: its host may not be done, and its guests are to hear of the move first.
    """
    in_time = Q(changed_at__lt=taken_before) | Q(changed_at__lt=F("gathering__moved_at"))
    told = Message.objects.filter(
        kind=kind, member=OuterRef("member"), subject_id=OuterRef("pk"), version=OuterRef("gathering__moves")
    )
    seats = Rsvp.objects.seated().filter(in_time, ~Exists(told), gathering__state=Gathering.State.PUBLISHED)
    return seats.exclude(gathering__moved_at__gt=now - SETTLES)


def put_reminders(kind: str, seats: RsvpQuerySet, now: datetime, useful_until: timedelta) -> None:
    """One row per seat and move of its gathering, useless from `useful_until` before the start on."""
    for some in in_parts(list(seats.values_list("pk", flat=True))):
        rsvps = Rsvp.objects.filter(pk__in=some).select_related("gathering", "member").only(*OF_A_SEAT)
        Message.objects.put_all([row(kind, rsvp, now, useful_until) for rsvp in rsvps])


def row(kind: str, rsvp: Rsvp, due_at: datetime, useful_until: timedelta) -> Message:
    return Message.objects.row(
        kind,
        rsvp.member,
        subject_id=rsvp.pk,
        version=rsvp.gathering.moves,
        due_at=due_at,
        expires_at=rsvp.gathering.starts_at - useful_until,
    )


# To the hosts


def put_briefings(now: datetime) -> None:
    put_for_hosts("host_briefing", at_their_day_before(now), now)


def put_too_few(now: datetime) -> None:
    """To the hosts of what has fewer guests than they wished for, once they have been told so at most.

    A row that was dropped, as somebody joined in time, has told nobody: it makes way for another.
    """
    few = below_their_floor(at_their_day_before(now))
    untold = Message.objects.filter(kind="too_few", state=Message.State.DROPPED, last_error="")
    for some in in_parts(list(few.values_list("pk", flat=True))):
        hosts = {host for gathering in with_hosts(some) for host in hosts_of(gathering)}
        untold.filter(member__in=hosts, subject_id__in=some).delete()  # found by its reader: of mail there is much
    put_for_hosts("too_few", few, now)


def at_their_day_before(now: datetime) -> GatheringQuerySet:
    """Whose moment has come, and were published, or have moved, before it."""
    in_time = Q(published_at__lt=F("day_before_at")) | Q(published_at__lt=F("moved_at"))
    ahead = {"starts_at__gt": now, "starts_at__lte": now + FURTHEST_AHEAD, "day_before_at__lte": now}
    return Gathering.objects.published().filter(in_time, **ahead).exclude(moved_at__gt=now - SETTLES)


def below_their_floor(gatherings: GatheringQuerySet) -> GatheringQuerySet:
    """Published, with fewer people seated than they go ahead with, and the host has not decided yet."""
    seated = Sum("rsvps__party", filter=Q(rsvps__state=Rsvp.State.SEATED), default=0)
    counted = gatherings.published().filter(goes_ahead=False, least_guests__gt=0).annotate(people=seated)
    return counted.filter(people__lt=F("least_guests"))


def not_told(kind: str, gatherings: GatheringQuerySet) -> GatheringQuerySet:
    """Those whose host has no such mail since they moved last. It and the co-hosts' are put together."""
    told = Message.objects.filter(
        kind=kind, member=OuterRef("host"), subject_id=OuterRef("pk"), version=OuterRef("moves")
    )
    return gatherings.filter(~Exists(told))


def put_for_hosts(kind: str, gatherings: GatheringQuerySet, now: datetime) -> None:
    """One row per host and move."""
    for some in in_parts(list(not_told(kind, gatherings).values_list("pk", flat=True))):
        rows: list[Message] = []
        for gathering in with_hosts(some):
            slot = {"subject_id": gathering.pk, "version": gathering.moves, "due_at": now}
            slot["expires_at"] = gathering.starts_at
            rows += [Message.objects.row(kind, host, **slot) for host in hosts_of(gathering)]
        Message.objects.put_all(rows)


# To both, the morning after


def put_afterwards(now: datetime) -> None:
    """Once for each evening that somebody came to; to its guests, and to its hosts, whose own says that all was put."""
    window = {"ends_at__lte": now - timing.REST, "ends_at__gt": now - LONGEST_MORNING - OF_USE}
    over = Gathering.objects.published().filter(seats_taken__gt=0, **window)
    for some in in_parts(list(not_told("afterwards", over).values_list("pk", flat=True))):
        rows: list[Message] = []
        for gathering in with_hosts(some).prefetch_related(Prefetch("rsvps", came(), "who_came")):
            due_at = timing.first_ten(gathering.ends_at, gathering.zone)
            guests: list[Rsvp] = gathering.who_came
            if guests and due_at <= now < due_at + OF_USE:
                slot = {"subject_id": gathering.pk, "version": gathering.moves, "due_at": due_at}
                slot["expires_at"] = due_at + OF_USE
                people = [*(rsvp.member for rsvp in guests), *hosts_of(gathering)]
                rows += [Message.objects.row("afterwards", member, **slot) for member in people]
        Message.objects.put_all(rows)


def came() -> RsvpQuerySet:
    return Rsvp.objects.who_came().select_related("member")
