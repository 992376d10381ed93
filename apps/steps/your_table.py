"""What lies on one member's table: what comes next, what was yesterday, and what waits for an answer.

A fixed number of questions, however much they have come to before: only the evenings ahead, and those of the last three
days, are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.gatherings import timing
from apps.gatherings.drawing import Seating, seating_of
from apps.gatherings.models import Companion, Gathering, Question, Rsvp
from apps.meals.laid import Laid, laid_each
from apps.meals.models import Dish
from apps.profiles.models import Member
from apps.steps.facts import done_by

LOOKS_BACK = timedelta(days=3)
ANSWERS_STAND = timedelta(days=3)
Row = TypeVar("Row", Rsvp, Question)


def first_of_each_series(rsvps: Iterable[Rsvp]) -> list[Rsvp]:
    """Soonest first as they come; of a series the next date stands for all."""
    first: dict[object, Rsvp] = {}
    for rsvp in rsvps:
        first.setdefault(rsvp.gathering.series_id or rsvp.gathering, rsvp)
    return list(first.values())


def of_these(rows: Iterable[Row], gatherings: Iterable[Gathering]) -> list[Row]:
    """Of requests and questions those about one of these, each with it, so that it is not read again."""
    by_key = {each.pk: each for each in gatherings}
    found = [row for row in rows if row.gathering_id in by_key]
    for row in found:
        row.gathering = by_key[row.gathering_id]
    return found


def is_since_yesterday(gathering: Gathering) -> bool:
    """Of one that is over: no more than one midnight ago by the clock there."""
    return timing.days_until(gathering.ends_at, gathering.zone) >= -1


class YourTable:
    def __init__(self, member: Member, now: datetime) -> None:
        self.member, self.now = member, now
        own, hosted = self.find_own(), self.find_hosted()
        self.own = [rsvp for rsvp in own if not rsvp.gathering.is_over]
        self.seats = {rsvp.gathering: rsvp for rsvp in self.own if rsvp.is_seated}
        self.hosted = [each for each in hosted if each.is_published and not each.is_over]
        self.drafts = [each for each in hosted if each.is_draft]
        self.next_up = min([*self.seats, *self.hosted], key=lambda each: each.starts_at, default=None)
        self.rsvp = self.seats.get(self.next_up) if self.next_up else None
        self.is_host = self.next_up in self.hosted
        been = {rsvp.gathering: rsvp for rsvp in own if rsvp.is_seated and not rsvp.has_missed}
        had_guests = [each for each in hosted if each.is_published and each.seats_taken]
        self.lately = {each: been.get(each) for each in [*been, *had_guests] if each.is_over}
        self.been = {each: rsvp for each, rsvp in self.lately.items() if is_since_yesterday(each)}

    def find_own(self) -> list[Rsvp]:
        own = Rsvp.objects.of(self.member).open().filter(gathering__ends_at__gt=self.now - LOOKS_BACK)
        own = own.select_related("plan").order_by("gathering__starts_at", "gathering")
        about = Gathering.objects.filter(pk__in=[rsvp.gathering_id for rsvp in own])
        found = of_these(own, about.visible_to(self.member).published().for_cards())
        for rsvp in found:
            rsvp.member = self.member
        return found

    def find_hosted(self) -> list[Gathering]:
        hosted = Gathering.objects.run_by(self.member).still_open(self.now - LOOKS_BACK)
        return list(hosted.for_cards().soonest_first())

    @property
    def further_back(self) -> list[Gathering]:
        """Where they were before yesterday, the latest first."""
        return sorted(self.lately.keys() - self.been.keys(), key=lambda each: each.ends_at, reverse=True)

    @property
    def coming(self) -> list[Rsvp]:
        return first_of_each_series(seat for seat in self.seats.values() if seat != self.rsvp)

    @property
    def hoping(self) -> list[Rsvp]:
        return [each for each in self.own if each.is_waitlisted or each.is_asked]

    @property
    def offers(self) -> list[Rsvp]:
        return [each for each in self.own if each.is_offered]

    @property
    def hosting(self) -> list[Gathering]:
        return [each for each in self.hosted if each != self.next_up]

    @property
    def has_nothing_ahead(self) -> bool:
        return not (self.own or self.hosted or self.drafts)

    @cached_property
    def done(self) -> set[str]:
        """Of the ways of being there those that decide what fits next."""
        return done_by(self.member, "asked", "came", "brought", "helped", "hosted")

    @property
    def is_new(self) -> bool:
        """Has not been at a table, neither as a guest nor as a host."""
        return self.done.isdisjoint({"came", "hosted"})

    # Of what comes next

    @cached_property
    def guests(self) -> list[Rsvp]:
        """Those at the next table whose names this member reads there."""
        if not self.next_up:
            return []
        seated = Rsvp.objects.seated().filter(gathering=self.next_up).named_for(self.member)
        return [each for each in seated.select_related("member").order_by("changed_at", "pk") if each.is_named]

    @cached_property
    def laid(self) -> Laid | None:
        return laid_each([self.next_up]).get(self.next_up.pk) if self.next_up else None

    @property
    def brings(self) -> list[Dish]:
        return [dish for dish in self.laid.dishes if dish.bringer_id == self.member.pk] if self.laid else []

    @property
    def gives(self) -> list[tuple[str, list[Dish]]]:
        """The same as it is read: a cake is brought, and the washing-up is not."""
        things = [dish for dish in self.brings if not dish.kind.is_role]
        hands = [dish for dish in self.brings if dish.kind.is_role]
        return [(said, each) for said, each in ((_("You bring:"), things), (_("You lend a hand:"), hands)) if each]

    @property
    def plan_lines(self) -> list[str]:
        plan = getattr(self.rsvp, "plan", None)
        return plan.lines if plan else []

    @property
    def seating(self) -> Seating | None:
        return seating_of(self.next_up, self.rsvp, [each.member for each in self.guests]) if self.next_up else None

    @property
    def door(self) -> Member | None:
        """Who opens it."""
        return next((each.member for each in self.guests if each.opens_door), None)

    # What waits for an answer, or has one

    @cached_property
    def asks(self) -> list[Rsvp]:
        """Who would like to come to a table of theirs, or to bring somebody: for its host to say."""
        company = Companion.objects.filter(rsvp=OuterRef("pk"), is_agreed=False)
        open_asks = Rsvp.objects.filter(Q(state=Rsvp.State.ASKED) | (Q(state=Rsvp.State.SEATED) & Exists(company)))
        ahead = [each for each in self.hosted if not each.has_begun]
        asks = open_asks.filter(gathering__in=[each.pk for each in ahead])
        asks = asks.filter(member__in=Member.objects.visible_to(self.member))
        return of_these(asks.select_related("member").order_by("changed_at", "pk"), ahead)

    @cached_property
    def asked(self) -> list[Question]:
        """To them, without an answer so far; and by them, answered lately, about an evening that is still to come."""
        to_them = Q(answered_at=None, gathering__in=[each.pk for each in self.hosted])
        lately = Q(answered_at__gt=self.now - ANSWERS_STAND, gathering__ends_at__gt=self.now)
        by_them = Q(asker=self.member) & lately
        asked = Question.objects.shown_to(self.member).filter(to_them | by_them)
        return list(asked.select_related("asker", "answered_by").order_by("asked_at", "pk"))

    @property
    def questions(self) -> list[Question]:
        return of_these((each for each in self.asked if not each.is_answered), self.hosted)

    @cached_property
    def answers(self) -> list[Question]:
        """Of those that they may still see."""
        found = [each for each in self.asked if each.is_answered]
        about = Gathering.objects.filter(pk__in=[each.gathering_id for each in found])
        return of_these(found, about.visible_to(self.member).published().for_cards() if found else [])
