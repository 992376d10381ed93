"""One member blocks another, or a moderator keeps two apart: what becomes of the tables at which both are.

What a block brings with it is found by the page that asks, and found again by the act, so that what is done is what was
said. It is silent: whoever is blocked reads of it nowhere, and a seat withdrawn is one that the host has withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import Q

from apps.gatherings import waitlist
from apps.gatherings.models import CoHost, Gathering, GatheringQuerySet, Rsvp, StandingRsvp
from apps.gatherings.models.co_host import CoHostQuerySet
from apps.profiles.models import Member
from apps.safety.locks import hold_seats_still
from apps.safety.models import Block, KeepApart


def block(blocker: Member, blocked: Member) -> None:
    """Silent, both ways, and at once. Doing so twice changes nothing."""
    with transaction.atomic():
        hold_seats_still()
        _row, is_new = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
        if is_new:
            Parting(blocker, blocked).carry_out()


@dataclass(frozen=True)
class Parting:
    """What a block brings with it. Whoever makes it gives way where the other hosts; two guests both stay."""

    blocker: Member
    blocked: Member

    @cached_property
    def given_up(self) -> list[Rsvp]:
        """What the blocker has at tables that the other runs: seat, offer, place in the line or request."""
        return rsvps_at(self.blocker, ahead().run_by(self.blocked))

    @cached_property
    def withdrawn(self) -> list[Rsvp]:
        """What the other has at tables that the blocker runs."""
        return rsvps_at(self.blocked, ahead().run_by(self.blocker))

    @cached_property
    def stepped_down(self) -> list[CoHost]:
        """Where the blocker helps the other to host, or beside them: there it is the blocker who goes."""
        run = Gathering.objects.run_by(self.blocked).values("pk")
        return co_hosting_of(self.blocker, Q(gathering__in=run))

    @cached_property
    def removed(self) -> list[CoHost]:
        """Where the other helps the blocker to host; or has been asked to, and has not answered."""
        return co_hosting_of(self.blocked, Q(gathering__host=self.blocker))

    @cached_property
    def shared(self) -> list[Rsvp]:
        """The blocker's seats at tables of others where both have one. They keep it, and read how to give it back."""
        tables = ahead().filter(rsvps__in=Rsvp.objects.seated().of(self.blocked))
        mine = rsvps_at(self.blocker, tables)
        return [rsvp for rsvp in mine if rsvp.is_seated and rsvp not in self.given_up]

    @cached_property
    def standing(self) -> list[StandingRsvp]:
        """No date of a series seats either of them anew at a table of the other."""
        return [*standing_of(self.blocker, self.blocked), *standing_of(self.blocked, self.blocker)]

    def carry_out(self) -> None:
        """Whoever calls has called `hold_seats_still`."""
        given_up, withdrawn, shared = self.given_up, self.withdrawn, self.shared
        for standing in self.standing:
            standing.wherever_it_goes_on().delete()
        CoHost.objects.filter(pk__in=[row.pk for row in (*self.stepped_down, *self.removed)]).delete()
        for rsvp in given_up:
            rsvp.bow_out()
        for rsvp in withdrawn:
            rsvp.decline()
        for rsvp in shared:
            waitlist.tell_of_blocks(rsvp)


def ahead() -> GatheringQuerySet:
    """Where something can still be given back."""
    return Gathering.objects.published().not_over()


def rsvps_at(member: Member, tables: GatheringQuerySet) -> list[Rsvp]:
    """The soonest first."""
    theirs = Rsvp.objects.of(member).open().filter(gathering__in=tables.values("pk"))
    return list(theirs.select_related("gathering__town", "member").order_by("gathering__starts_at", "gathering"))


def co_hosting_of(member: Member, where: Q) -> list[CoHost]:
    """Of all times: who has helped to host reads of the guests for as long as the row stands."""
    theirs: CoHostQuerySet = CoHost.objects.filter(where, Q(member=member) | Q(email=member.email))
    return list(theirs.select_related("gathering__town").order_by("gathering__starts_at", "gathering"))


def standing_of(member: Member, at_tables_of: Member) -> list[StandingRsvp]:
    dates = ahead().run_by(at_tables_of).exclude(series=None).values("series")
    series = Q(series__host=at_tables_of) | Q(series__in=dates)
    return list(StandingRsvp.objects.filter(series, member=member).select_related("series"))


def keep_apart(one: Member, other: Member) -> None:
    """A moderator's act: these two are never given seats at one table. Where both have one, who came second goes.

    They read what anybody reads from whom the host takes a seat back. Of two co-hosts it is the `other` who goes.
    """
    with transaction.atomic():
        hold_seats_still()
        KeepApart.objects.keep(one, other)
        for first, second in ((one, other), (other, one)):
            run = list(Gathering.objects.run_by(first).values_list("pk", flat=True))
            CoHost.objects.filter(member=second, gathering__in=run).delete()
            for rsvp in rsvps_at(second, ahead().run_by(first)):
                if rsvp.holds_seats:
                    rsvp.decline()
        for rsvp in second_at_shared_tables(one, other):
            rsvp.decline()


def let_meet(pair: KeepApart) -> None:
    """A moderator takes it back: they may have seats at one table again. What it has ended stays ended."""
    with transaction.atomic():
        hold_seats_still()
        KeepApart.objects.filter(pk=pair.pk).delete()


def second_at_shared_tables(one: Member, other: Member) -> list[Rsvp]:
    """Of the two at each table where both hold seats, the one who came to theirs later."""
    held = Rsvp.objects.holding_seats().filter(member__in=[one, other], gathering__in=ahead().values("pk"))
    by_table: dict[int, list[Rsvp]] = {}
    for rsvp in held.select_related("gathering", "member").order_by("gathering", "changed_at", "pk"):
        by_table.setdefault(rsvp.gathering_id, []).append(rsvp)
    return [both[1] for both in by_table.values() if len(both) == 2]
