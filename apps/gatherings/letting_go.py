"""What becomes of the evenings of a member who is not to be there for a while, or for good."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.gatherings.models import CoHost, Gathering, StandingRsvp
from apps.gatherings.parting import ahead, rsvps_at
from apps.profiles.models import Member
from apps.safety.locks import hold_seats_still


def let_go(member: Member, until: datetime | None, words: str) -> list[Gathering]:
    """What begins before `until`, or all of it, is handed to a co-host or called off, and their seats are given back.

    Returns what was handed over. Whoever calls in a transaction of their own has locked no row yet.
    """
    with transaction.atomic():
        hold_seats_still()
        soon = Q(starts_at__lt=until) if until else Q()
        handed = [table for table in ahead().filter(soon, host=member) if hand_over_or_cancel(table, words)]
        StandingRsvp.objects.filter(member=member).delete()
        tables = ahead().filter(soon)
        CoHost.objects.filter(member=member, gathering__in=tables).delete()
        for rsvp in rsvps_at(member, tables):
            rsvp.bow_out()
    return handed


def heirs(gathering: Gathering) -> list[CoHost]:
    """Who may host it in their place, the longest-standing first."""
    return list(gathering.co_hosts.accepted().filter(member__is_active=True).select_related("member"))


def hand_over_or_cancel(gathering: Gathering, words: str) -> bool:
    """Whether there was a co-host to take it; the home of whoever hosted it goes with them."""
    if any(heir.take_over() for heir in heirs(gathering)):
        gathering.refresh_from_db()
        return True
    gathering.cancel(words)
    return False
