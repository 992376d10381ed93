"""Which tables a member may be pointed to, by a nudge or on their own table. Nothing here reads an address: whoever is
pointed to a home knows of it what everybody may see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from apps.gatherings.models import KEPT_UNTIL, CoHost, Gathering, GatheringQuerySet, Rsvp
from apps.profiles.models import Member
from apps.safety.models import KeepApart

KM = 25
SMALL = 6  # seats beside the host's, at most
SOONEST, FURTHEST = timedelta(hours=12), timedelta(weeks=3)  # before the start: time to decide, near enough to see


def on_offer(found: GatheringQuerySet, now: datetime) -> GatheringQuerySet:
    """Listed, to come, and with a free seat that nobody waits for."""
    waits = Rsvp.objects.filter(gathering=OuterRef("pk"), state=Rsvp.State.WAITLISTED)
    open_seats = found.listed().published().with_seats_free().filter(~Exists(waits))
    return open_seats.filter(starts_at__gt=now + SOONEST, starts_at__lte=now + FURTHEST)


def small(found: GatheringQuerySet) -> GatheringQuerySet:
    """A first step is one that nobody can say no to."""
    return found.filter(seats__lte=SMALL, asks_first=False)


def for_member(member: Member, now: datetime) -> GatheringQuerySet:
    """What they may see and could take a seat at, and have said nothing about so far."""
    theirs = on_offer(Gathering.objects.visible_to(member), now)
    theirs = theirs.exclude(pk__in=Gathering.objects.run_by(member).values("pk"))
    theirs = theirs.exclude(pk__in=Rsvp.objects.of(member).values("gathering")).exclude(is_full_to(member))
    if Rsvp.objects.of(member).who_came().exists():  # what is free may be kept for first-timers
        theirs = theirs.filter(Q(starts_at__lte=now + KEPT_UNTIL) | Q(seats__gt=F("seats_taken") + F("kept_left")))
    return theirs.for_cards().soonest_first()


def is_full_to(member: Member) -> Q:
    """Whoever a moderator keeps apart from somebody there finds no seat free."""
    apart = KeepApart.objects.keys_from(member)
    sits = Rsvp.objects.holding_seats().filter(member__in=apart).values("gathering")
    helps = CoHost.objects.accepted().order_by().filter(member__in=apart).values("gathering")
    return Q(host__in=apart) | Q(pk__in=sits) | Q(pk__in=helps)


def near_by(found: GatheringQuerySet, member: Member) -> GatheringQuerySet:
    return found.near(*member.town.point, KM) if member.town else found.none()


def first_of_each_series(found: GatheringQuerySet, most: int) -> list[Gathering]:
    """Soonest first; of a series the next date stands for all."""
    first: dict[object, Gathering] = {}
    for gathering in found[: most * 10]:
        first.setdefault(gathering.series_id or gathering, gathering)
    return list(first.values())[:most]


def first_steps(member: Member, now: datetime) -> list[Gathering]:
    return first_of_each_series(near_by(small(for_member(member, now)), member), 3)


def of_the_same(member: Member, now: datetime, came_to: Gathering) -> list[Gathering]:
    """The next by the same host, or of the same series."""
    return list(for_member(member, now).filter(same_as(came_to))[:1])


def is_same_as(gathering: Gathering, other: Gathering) -> bool:
    is_same_series = gathering.series_id is not None and gathering.series_id == other.series_id
    return gathering.host_id == other.host_id or is_same_series


def same_as(gathering: Gathering) -> Q:
    same = Q(host=gathering.host_id)
    return same | Q(series=gathering.series_id) if gathering.series_id else same
