"""What a table may need, and how much of it is sensible for so many people. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

MOST_OF_ONE = 12


class How(TextChoices):
    """How the food comes."""

    COOK = "cook", _("I cook")
    ADD = "add", _("I cook, you add")
    EVERYONE = "everyone", _("Everyone brings something")
    SNACKS = "snacks", _("No meal, only snacks and drinks")


MEALS = (How.ADD, How.EVERYONE)
SHARED = (*MEALS, How.SNACKS)
# What holds until the host says otherwise.
BY_KIND = {"dinner": How.COOK, "shared-meal": How.EVERYONE, "movie-night": How.SNACKS}


@dataclass(frozen=True)
class Need:
    key: str
    label: StrPromise
    offer: StrPromise  # the words of whoever takes it
    each: int = 0  # one is sensible for so many people; 0: only where the host asks for it
    fewest: int = 2  # people at the table, from which on there should be one
    hows: tuple[How, ...] = MEALS
    is_food: bool = True
    is_role: bool = False  # something to do: also where the host cooks, if they ask for it
    single: StrPromise | None = None  # one of them, where that is another word

    @property
    def serves(self) -> int | None:
        """For how many one of them is, unless somebody says otherwise; only of what is eaten."""
        return (self.each or 6) if self.is_food else None

    def sensible(self, people: int) -> int:
        return ceil(people / self.each) if self.each and people >= self.fewest else 0


ALL = [
    Need("starters", _("Starters"), _("I bring a starter"), 10, 6, (How.EVERYONE,), single=_("A starter")),
    Need("mains", _("Main dishes"), _("I bring a main dish"), 5, hows=(How.EVERYONE,), single=_("A main dish")),
    Need("sides", _("Sides and salads"), _("I bring a side or a salad"), 6, 3, single=_("A side or a salad")),
    Need("dessert", _("Dessert"), _("I bring a dessert"), each=10, single=_("A dessert")),
    Need("snacks", _("Snacks"), _("I bring snacks"), each=4, hows=(How.SNACKS,)),
    Need("drinks", _("Drinks"), _("I bring drinks"), each=6, hows=SHARED),
    Need("bread", _("Bread"), _("I bring bread"), each=10, fewest=4),
    Need("ice", _("Ice"), _("I bring ice"), is_food=False),
    Need("chairs", _("Chairs"), _("I bring chairs"), is_food=False),
    Need("candles", _("Candles"), _("I bring candles"), is_food=False),
    Need("lift", _("A lift"), _("I can give somebody a lift"), is_food=False, is_role=True),
    Need("cooking", _("Cooking together"), _("I help with the cooking"), is_food=False, is_role=True),
    Need("setting-up", _("Setting up"), _("I help to set up"), 25, 3, is_food=False, is_role=True),
    Need("washing-up", _("Washing up"), _("I help with the washing-up"), 8, 3, is_food=False, is_role=True),
    Need(
        "welcome",
        _("A welcome for first-timers"),
        _("I look after whoever comes for the first time"),
        25,
        3,
        is_food=False,
        is_role=True,
    ),
]
NEEDS = {need.key: need for need in ALL}
ROLES = [need.key for need in ALL if need.is_role]
DRY = {"drinks": (_("Drinks without alcohol"), _("I bring drinks without alcohol"))}


def label_of(need: Need, is_dry: bool) -> StrPromise:
    return DRY[need.key][0] if is_dry and need.key in DRY else need.label


def single_of(need: Need, is_dry: bool) -> StrPromise:
    return need.single or label_of(need, is_dry)


def offer_of(need: Need, is_dry: bool) -> StrPromise:
    return DRY[need.key][1] if is_dry and need.key in DRY else need.offer


def hows_for(kind: str) -> list[tuple[str, StrPromise]]:
    """How the food may come to a gathering of this kind."""
    return [(how.value, how.label) for how in How if how != How.SNACKS or BY_KIND.get(kind) == How.SNACKS]


def sensible(how: str, seats: int) -> dict[str, int]:
    """How many of each such a table needs when every seat is taken; the host eats, too."""
    return {need.key: need.sensible(seats + 1) if how in need.hows else 0 for need in ALL}


def is_asked_for(how: str, need: Need) -> bool:
    """Whether guests may bring or do it, where the food comes like that."""
    return how in SHARED or need.is_role


def wanted(how: str, seats: int, more: Mapping[str, int]) -> dict[str, int]:
    """The same with what the host has added (or, below 0, taken away); it goes on following the seats."""
    return {
        key: max(0, min(MOST_OF_ONE, number + more.get(key, 0))) if is_asked_for(how, NEEDS[key]) else 0
        for key, number in sensible(how, seats).items()
    }
