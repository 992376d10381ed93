"""A table as it is laid: what is brought, what is still needed, and whether it is enough for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.gatherings.models import Gathering, Rsvp
from apps.meals.models import Dish, Meal
from apps.meals.needs import ALL, BY_KIND, Need, label_of, offer_of
from apps.profiles.models import Member

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True)
class Open:
    """Something that the table still needs."""

    need: Need
    label: StrPromise
    offer: StrPromise
    number: int


@dataclass(frozen=True)
class Course:
    """How far what is brought of one course goes."""

    key: str
    label: StrPromise
    serves: int
    people: int

    @property
    def short(self) -> int:
        return max(0, self.people - self.serves)


class Laid:
    def __init__(self, gathering: Gathering, meal: Meal, dishes: list[Dish]) -> None:
        self.gathering, self.meal, self.dishes = gathering, meal, dishes
        self.is_dry = bool(gathering.is_alcohol_free)

    @property
    def plates(self) -> int:
        return sum(dish.kind.is_food for dish in self.dishes)

    @cached_property
    def open(self) -> list[Open]:
        wanted = self.meal.wanted
        left = {need.key: wanted[need.key] - len(self.of(need)) for need in ALL}
        return [
            Open(need, label_of(need, self.is_dry), offer_of(need, self.is_dry), left[need.key])
            for need in ALL
            if left[need.key] > 0
        ]

    @property
    def open_words(self) -> str:
        """ "Bread, Dessert (2)" """
        words = [f"{each.label} ({each.number})" if each.number > 1 else str(each.label) for each in self.open]
        return _(", ").join(words)

    @cached_property
    def people(self) -> int:
        """Everyone who eats: guests with their companions, and the hosts. One query, and one for co-hosts."""
        return self.gathering.rsvps.seated().people() + 1 + len(self.gathering.named_co_hosts)

    @cached_property
    def courses(self) -> list[Course]:
        """Of what the table needs, or has."""
        wanted = self.meal.wanted
        return [
            Course(need.key, label_of(need, self.is_dry), sum(dish.serves or 0 for dish in self.of(need)), self.people)
            for need in ALL
            if need.is_food and (wanted[need.key] or self.of(need))
        ]

    @property
    def is_enough(self) -> bool:
        return not any(course.short for course in self.courses)

    @property
    def short_words(self) -> str:
        """ "Main dishes for 2 more, and Bread for 6 more" """
        short = [
            _("%(course)s for %(number)s more") % {"course": course.label, "number": course.short}
            for course in self.courses
            if course.short
        ]
        return get_text_list(short, _("and"))

    def of(self, need: Need) -> list[Dish]:
        return [dish for dish in self.dishes if dish.need == need.key]


def is_a_meal(gathering: Gathering) -> bool:
    return gathering.kind in BY_KIND


def names_of_brought(rsvp: Rsvp) -> list[str]:
    """What this guest brings, in words; one query, and none where there is no meal."""
    return [str(dish.name) for dish in Dish.objects.of_seats([rsvp])[rsvp.pk]] if is_a_meal(rsvp.gathering) else []


def laid(gathering: Gathering, reader: Member | AnonymousUser | None = None) -> Laid:
    return laid_each([gathering], reader)[gathering.pk]


def laid_each(gatherings: Iterable[Gathering], reader: Member | AnonymousUser | None = None) -> dict[int, Laid]:
    """Those of them that are meals; three queries at most, however many they are and however much is brought.

    With `reader` each dish says whether they may know whose it is.
    """
    meals_of = {each.pk: each for each in gatherings if is_a_meal(each)}
    if not meals_of:
        return {}
    meals = Meal.objects.of_each(meals_of.values())
    dishes: Any = Dish.objects.on_the_table().filter(gathering__in=meals_of).to_read()
    brought: dict[int, list[Dish]] = {pk: [] for pk in meals_of}
    for dish in dishes.named_for(reader) if reader else dishes:
        dish.gathering = meals_of[dish.gathering_id]
        brought[dish.gathering_id].append(dish)
    return {pk: Laid(gathering, meals[pk], brought[pk]) for pk, gathering in meals_of.items()}
