"""Which gatherings a nudge may name. Nothing here reads an address: a nudge knows of a home what everybody may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.http import QueryDict

from apps.gatherings import timing
from apps.gatherings.browse import Search
from apps.gatherings.models import Gathering, GatheringQuerySet, Rsvp
from apps.places.cells import cells_within
from apps.places.distance import metres_between
from apps.places.models import Town
from apps.profiles.models import Member
from apps.reminders.models import NearWish
from apps.steps.tables import KM, first_of_each_series, for_member, near_by, small

A_WEEK = timedelta(weeks=1)
MOST_IN_A_DIGEST = 7
MOST_KEYS, MOST_LISTS = 400, 50  # in one query: SQLite takes some 32,000 values in one
Each = TypeVar("Each")


def with_two_free(found: GatheringQuerySet) -> GatheringQuerySet:
    return found.filter(seats__gte=F("seats_taken") + 2, asks_first=False)


def tomorrow(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    day = now.astimezone(zone).date() + timedelta(days=1)
    return timing.moment(day, time(), zone), timing.moment(day + timedelta(days=1), time(), zone)


Fits = Callable[[Town, Gathering], bool]
Circle = tuple[Town, int]  # so many km around it


def towns_with(found: GatheringQuerySet, towns: Iterable[Town], fits: Fits = lambda town, gathering: True) -> set[int]:
    """Those of the towns that have at least one of these near by that `fits`; one query for all."""
    around = within(found, [(town, KM) for town in towns])
    return {town.pk for (town, _km), near in around.items() if any(fits(town, each) for each in near)}


def within(found: GatheringQuerySet, circles: Iterable[Circle]) -> dict[Circle, list[Gathering]]:
    """Which of these lie in each circle, soonest first; one query for each size of cells, however many circles."""
    cells = {circle: cells_within(*circle[0].point, circle[1]) for circle in circles}
    tables = {column: by_cell(found, column, cells.values()) for column in {column for column, _all in cells.values()}}
    return {
        circle: sorted(
            (each for cell in some for each in tables[column].get(cell, []) if is_within(circle, each)),
            key=lambda each: (each.starts_at, each.pk),
        )
        for circle, (column, some) in cells.items()
    }


def by_cell(
    found: GatheringQuerySet, column: str, asked: Iterable[tuple[str, tuple[int, ...]]]
) -> dict[int, list[Gathering]]:
    """Of the cells of this size that anybody asks about."""
    inside = found.filter(**{f"{column}__in": {cell for size, cells in asked if size == column for cell in cells}})
    tables: dict[int, list[Gathering]] = {}
    for gathering in inside.only(column, "latitude", "longitude", "starts_at", "published_at", "kind", "host_id"):
        tables.setdefault(getattr(gathering, column), []).append(gathering)
    return tables


def is_within(circle: Circle, gathering: Gathering) -> bool:
    town, km = circle
    return metres_between(*town.point, gathering.latitude, gathering.longitude) <= km * 1000


def is_tomorrow(now: datetime) -> Fits:
    def fits(town: Town, gathering: Gathering) -> bool:
        begins, ends = tomorrow(now, ZoneInfo(town.time_zone))
        return begins <= gathering.starts_at < ends

    return fits


def with_another(last: Iterable[Rsvp], tables: GatheringQuerySet) -> list[Rsvp]:
    """Those of the RSVPs to whose host or series there is another table; one query for all."""
    came_to = {rsvp: rsvp.gathering for rsvp in last}
    hosts = {gathering.host_id for gathering in came_to.values()}
    series = {gathering.series_id for gathering in came_to.values() if gathering.series_id}
    pairs = list(tables.filter(Q(host__in=hosts) | Q(series__in=series)).values_list("host", "series"))
    hosts, series = {host for host, _series in pairs}, {series for _host, series in pairs if series}
    return [each for each, gathering in came_to.items() if gathering.host_id in hosts or gathering.series_id in series]


# What one member may be offered: asked at the moment of sending


def smaller(member: Member, now: datetime, than: Gathering) -> list[Gathering]:
    """The smallest near by; not larger than the one that did not come about."""
    found = near_by(small(for_member(member, now)).filter(seats__lte=than.seats), member)
    return list(found.order_by("seats", "starts_at", "pk")[:1])


def tomorrow_near(member: Member, now: datetime) -> list[Gathering]:
    """The nearest with two seats free tomorrow; none if that day is not free."""
    begins, ends = tomorrow(now, ZoneInfo(member.time_zone))
    if has_something(member, begins, ends):
        return []
    then = {"starts_at__gte": begins, "starts_at__lt": ends}
    found = near_by(with_two_free(for_member(member, now)).filter(**then), member)
    return list(found.order_by(F("metres"), "starts_at", "pk")[:1])


def has_something(member: Member, begins: datetime, ends: datetime) -> bool:
    """Whether they come to, hope for or host something between these moments."""
    then = Gathering.objects.published().filter(starts_at__lt=ends, ends_at__gt=begins)
    own = Gathering.objects.run_by(member).values("pk")
    return then.filter(Q(pk__in=Rsvp.objects.of(member).open().values("gathering")) | Q(pk__in=own)).exists()


def this_week(member: Member, now: datetime) -> list[Gathering]:
    found = near_by(for_member(member, now).filter(starts_at__lte=now + A_WEEK), member)
    return first_of_each_series(found, MOST_IN_A_DIGEST)


def for_wish(wish: NearWish, now: datetime) -> GatheringQuerySet:
    """What is new around the town that they asked about, since they did."""
    found = for_member(wish.member, now).near(*wish.town.point, wish.km).filter(published_at__gte=wish.asked_at)
    return wish.search.fitting(found)


def fitting(asked: Mapping[str, Iterable[int]]) -> set[tuple[str, int]]:
    """Of the gatherings with these keys, which fit what is looked for besides; one query for fifty lists of them."""
    lists = [(also, some) for also, keys in asked.items() for some in slices(sorted(keys), MOST_KEYS)]
    found: set[tuple[str, int]] = set()
    for some in slices(lists, MOST_LISTS):
        first, *others = [one_of(number, also, keys) for number, (also, keys) in enumerate(some)]
        found |= {(some[number][0], key) for number, key in first.union(*others)}
    return found


def one_of(number: int, also: str, keys: list[int]) -> QuerySet[Any, tuple[int, int]]:
    """With its number, to be told from the others."""
    tables = Search.of(Town(), QueryDict(also)).fitting(Gathering.objects.filter(pk__in=keys)).order_by()
    return tables.annotate(number=Value(number, IntegerField())).values_list("number", "pk")


def slices(several: list[Each], size: int) -> list[list[Each]]:
    return [several[begin : begin + size] for begin in range(0, len(several), size)]
