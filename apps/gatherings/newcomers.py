"""Somebody who has only just joined has two seats and two tables of their own at a time.

Until they have come once, or seven days have passed. Whoever calls here holds the lock on the gathering; that on the
member comes after it, so that two presses at once are counted one after the other. Of everybody else nothing is asked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from apps.gatherings.models.refusals import HostsEnough, NoSeriesYet, SeatsEnough
from apps.profiles.models import Member

if TYPE_CHECKING:
    from apps.gatherings.models import Gathering, GatheringQuerySet

LASTS = timedelta(days=7)  # after joining
MOST = 2


def is_newcomer(member: Member) -> bool:
    """No query for whoever joined longer ago."""
    if timezone.now() - member.joined_at >= LASTS:
        return False
    return not member.rsvps.who_came().exists()


def ahead() -> GatheringQuerySet:
    from apps.gatherings.models import Gathering  # which asks here

    return Gathering.objects.published().not_over()


def has_seats_enough(member: Member, besides: int | None = None) -> bool:
    """Whether a newcomer has as many seats, or hopes of one, as they may have; one query, or none."""
    if timezone.now() - member.joined_at >= LASTS:
        return False
    seats = member.rsvps.open().filter(gathering__in=ahead()).exclude(gathering=besides)
    return seats.count() >= MOST and is_newcomer(member)


def refuse_seat(member: Member, gathering: Gathering) -> None:
    """Raises SeatsEnough."""
    if is_newcomer(member):
        Member.objects.hold(member)
        if has_seats_enough(member, besides=gathering.pk):
            raise SeatsEnough


def refuse_table(host: Member) -> None:
    """Raises HostsEnough."""
    if is_newcomer(host):
        Member.objects.hold(host)
        if ahead().hosted_by(host).count() >= MOST:
            raise HostsEnough


def refuse_series(member: Member) -> None:
    """Eight seats, or eight tables, at once. Raises NoSeriesYet."""
    if is_newcomer(member):
        raise NoSeriesYet
