"""Where else to look, when a look around a town finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser

from apps.gatherings.browse import Search
from apps.places.cells import RADII
from apps.places.distance import metres_between
from apps.places.models import Town
from apps.profiles.models import Member

MOST = 3  # towns
AS_FAR_AS = RADII[-1]  # km


@dataclass(frozen=True)
class Nearest:
    """What was looked for, as far as it goes; where nobody has that, anything at all.

    Where the town itself has something of it, no other town is named: it lies nearer than they do.
    """

    look: Search  # as far as it goes
    places: list[tuple[Town, float, str]]  # with the metres between the middles of the two, and the address

    @property
    def is_anything(self) -> bool:
        return not self.look.narrowing


def nearest(search: Search, member: Member | AnonymousUser) -> Nearest | None:
    """None where there is nothing at all."""
    wider = replace(search, km=AS_FAR_AS, after=None)
    for look in (wider, Search(search.town, AS_FAR_AS)) if search.narrowing else (wider,):
        with_something = look.gatherings(member).order_by().values("town").distinct()
        if towns := list(Town.objects.filter(pk__in=with_something)):
            return Nearest(look, [] if look.town in towns else list(places(look, towns)))
    return None


def places(look: Search, towns: list[Town]) -> Iterator[tuple[Town, float, str]]:
    """The nearest of these."""
    away = {town: metres_between(*look.town.point, *town.point) for town in towns}
    for town in sorted(away, key=lambda town: (away[town], town.pk))[:MOST]:
        yield town, away[town], replace(look, town=town, km=Search.km).url
