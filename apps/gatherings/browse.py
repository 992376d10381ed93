"""What a visitor looks for, read from the address of the page: where, how far, when, what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.gatherings import paging, timing
from apps.gatherings.models import Gathering, GatheringQuerySet
from apps.gatherings.paging import Mark
from apps.places.cells import RADII
from apps.places.models import Town
from apps.profiles.models import Member

WHEN = {"today": _("Today"), "tomorrow": _("Tomorrow"), "week": _("This week"), "weekend": _("Weekend")}
FACTS = {"step_free": _("No steps"), "alcohol_free": _("No alcohol"), "animal_free": _("No animals")}


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Day:
    date: date
    gatherings: list[Gathering]


@dataclass(frozen=True)
class Search:
    """One look around a town. Anything odd in the address is passed over, never refused."""

    town: Town
    km: int = 25
    when: str = ""
    kind: str = ""
    facts: tuple[str, ...] = ()
    after: Mark | None = None

    @classmethod
    def of(cls, town: Town, query: QueryDict) -> Search:
        km, when, kind, mark = (query.get(name, "") for name in ("km", "when", "kind", "after"))
        return cls(
            town=town,
            km=int(km) if km in map(str, RADII) else cls.km,
            when=when if when in WHEN else "",
            kind=kind if kind in Gathering.Kind.values else "",
            facts=tuple(fact for fact in FACTS if query.get(fact) == "1"),
            after=Mark.read(mark),
        )

    @property
    def narrowing(self) -> dict[str, str]:
        """What the chips have chosen, by the names that the address of the page gives it."""
        chosen = {"when": self.when, "kind": self.kind, **dict.fromkeys(self.facts, "1")}
        return {name: value for name, value in chosen.items() if value}

    @property
    def url(self) -> str:
        asked = {**self.narrowing, "after": str(self.after or "")}
        if self.km != Search.km:
            asked["km"] = str(self.km)
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse("gatherings:near", args=[self.town.slug]) + (f"?{query}" if query else "")

    # The chips: each is a link to the same look with one thing changed

    @property
    def when_chips(self) -> list[Chip]:
        return [
            self.chip(label, "when", "" if self.when == key else key, self.when == key) for key, label in WHEN.items()
        ]

    @property
    def kind_chips(self) -> list[Chip]:
        return [
            self.chip(label, "kind", "" if self.kind == key else key, self.kind == key)
            for key, label in Gathering.Kind.choices
        ]

    @property
    def comfort_chips(self) -> list[Chip]:
        return [
            self.chip(label, "facts", tuple(set(self.facts) ^ {fact}), fact in self.facts)
            for fact, label in FACTS.items()
        ]

    def chip(self, label: object, field: str, value: Any, is_chosen: bool) -> Chip:
        return Chip(str(label), replace(self, **{"after": None, field: value}).url, is_chosen)

    # The answer

    def gatherings(self, member: Member | AnonymousUser) -> GatheringQuerySet:
        found = Gathering.objects.visible_to(member).listed().published().upcoming().for_cards()
        found = found.near(*self.town.point, self.km)
        if self.when:
            begin, end = self.span()
            found = found.filter(starts_at__gte=begin, starts_at__lt=end)
        if self.kind:
            found = found.filter(kind=self.kind)
        for fact in self.facts:
            found = found.filter(**{f"is_{fact}": True})
        return found

    def today(self) -> date:
        return timezone.now().astimezone(ZoneInfo(self.town.time_zone)).date()

    def span(self) -> tuple[datetime, datetime]:
        """The UTC bounds of the chosen days, which are local days of the town."""
        zone, today = ZoneInfo(self.town.time_zone), self.today()
        saturday = today + timedelta(days=5 - today.weekday())  # on a Sunday, yesterday
        first, last = {
            "today": (today, today),
            "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
            "week": (today, today + timedelta(days=6)),
            "weekend": (saturday, saturday + timedelta(days=1)),
        }[self.when]
        return timing.moment(first, time(), zone), timing.moment(last + timedelta(days=1), time(), zone)

    def page(self, member: Member | AnonymousUser) -> tuple[list[Gathering], str]:
        """A page of gatherings from where the last one ended, and the address of the next page or nothing."""
        gatherings, mark = paging.page(self.gatherings(member), self.today(), self.after)
        for gathering in gatherings:
            if not gathering.has_own_point:
                gathering.metres = None  # measured from a town's centre it would say nothing
        return gatherings, replace(self, after=mark).url if mark else ""


def by_day(gatherings: Iterable[Gathering]) -> list[Day]:
    return [Day(day, list(group)) for day, group in groupby(gatherings, lambda each: each.starts_local.date())]


def nearest_town_with_something(town: Town, member: Member | AnonymousUser) -> Town | None:
    for km in (50, 100):
        found = Gathering.objects.visible_to(member).listed().published().upcoming().near(*town.point, km)
        nearest = found.order_by(F("metres")).select_related("town").first()
        if nearest:
            return nearest.town
    return None
