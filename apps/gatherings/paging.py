"""Page after page of cards: by local day, in a day what has a seat free first, then the nearest.

A page begins behind a mark that the one before it has left, so that nothing is missed or shown twice where tables come
and go meanwhile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from apps.gatherings.models import Gathering, GatheringQuerySet

PAGE = 20
LOOKS_AHEAD = timedelta(days=3)  # a full page is mostly within it, and then nothing later need be read and sorted
ORDER = ("day", "is_full_up", "metres", "pk")
WRITTEN = re.compile(r"([0-9]{8})-([01])-([0-9]{1,8})-([0-9]{1,17})")
WRITTEN_DAY = re.compile("[0-9]{4}(-?)[0-9]{2}\\1[0-9]{2}")
YEARS = range(2000, 3000)  # in which one can reckon some days back and forth
# A local day begins fourteen hours before that day of UTC at the earliest, and ends twelve hours after it.
EAST, WEST = timedelta(hours=14), timedelta(hours=12)


@dataclass(frozen=True)
class Mark:
    """The last card of a page; it goes into the address of the next."""

    day: date
    is_full_up: int
    metres: int
    pk: int

    @classmethod
    def of(cls, gathering: Gathering) -> Mark:
        return cls(gathering.day, gathering.is_full_up, gathering.metres or 0, gathering.pk)

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """None where it is none of ours."""
        match = WRITTEN.fullmatch(text)
        if not match or not match[0].isascii():
            return None
        day = parse_day(match[1])
        return cls(day, *map(int, match.groups()[1:])) if day else None

    def __str__(self) -> str:
        return f"{self.day:%Y%m%d}-{self.is_full_up}-{self.metres}-{self.pk}"


def parse_day(text: str) -> date | None:
    """20261205 or 2026-12-05, in the years that one can reckon with."""
    if not WRITTEN_DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def page(
    found: GatheringQuerySet, today: date, mark: Mark | None, size: int = PAGE
) -> tuple[list[Gathering], Mark | None]:
    """Up to `size` gatherings behind the mark, and the mark of the next page if there is one.

    `found` carries `metres`. One query where the next days fill a page, else two.
    """
    found = found.marked_full().order_by(*ORDER)
    if mark:
        found = behind(found, mark)
    gatherings = list(before(found, max(today, mark.day if mark else today) + LOOKS_AHEAD)[: size + 1])
    if len(gatherings) <= size:
        gatherings = list(found[: size + 1])
    shown = gatherings[:size]
    return shown, Mark.of(shown[-1]) if len(gatherings) > size else None


def behind(found: GatheringQuerySet, mark: Mark) -> GatheringQuerySet:
    """`starts_at` says nothing new here: it is what the index of the cells goes by."""
    same_day = Q(day=mark.day)
    later = Q(day__gt=mark.day) | same_day & Q(is_full_up__gt=mark.is_full_up)
    farther = same_day & Q(is_full_up=mark.is_full_up)
    later |= farther & (Q(metres__gt=mark.metres) | Q(metres=mark.metres, pk__gt=mark.pk))
    return found.filter(later, starts_at__gte=midnight(mark.day) - EAST)


def before(found: GatheringQuerySet, day: date) -> GatheringQuerySet:
    return found.filter(day__lt=day, starts_at__lt=midnight(day) + WEST)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
