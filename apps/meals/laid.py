"""A table as it is laid: what is brought, what is still needed, and whether it is enough for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.gatherings.models import Gathering
from apps.meals.models import BringsEnough, Dish, Meal, TableIsLaden
from apps.meals.models.dish import MOST_EACH, MOST_ON_A_TABLE
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


def in_words(several: Iterable[Open]) -> str:
    return _(", ").join(f"{each.label} ({each.number})" if each.number > 1 else str(each.label) for each in several)


@dataclass(frozen=True)
class OpenGroup:
    heading: str
    open: list[Open]
    is_of_hands: bool = False

    @property
    def words(self) -> str:
        return in_words(self.open)


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
        return in_words(self.open)

    @property
    def open_groups(self) -> list[OpenGroup]:
        """What may be brought, and what may be done: a cake is not the same as the washing-up.

        The first has a place for ideas of one's own where meals are shared, whether anything is still needed or not.
        """
        things = [each for each in self.open if not each.need.is_role]
        roles = [each for each in self.open if each.need.is_role]
        brought = OpenGroup(_("Still needed"), things)
        done = OpenGroup(_("A helping hand would be welcome"), roles, is_of_hands=True)
        return ([brought] if things or self.meal.is_shared else []) + ([done] if roles else [])

    def no_more(self, group: OpenGroup, member: Member, is_host: bool) -> StrPromise | str:
        """Why nobody, or not this member, brings more of this; nothing where they may. As at the moment of bringing."""
        alike = [dish for dish in self.dishes if dish.kind.is_role == group.is_of_hands]
        if len(alike) >= MOST_ON_A_TABLE:
            return TableIsLaden.sentence
        own = [dish for dish in alike if dish.bringer_id == member.pk]
        return BringsEnough.sentence if len(own) >= MOST_EACH and not is_host else ""

    @property
    def given_groups(self) -> list[tuple[str, list[Dish]]]:
        """Likewise what is brought, and who lends a hand."""
        things = [dish for dish in self.dishes if not dish.kind.is_role]
        roles = [dish for dish in self.dishes if dish.kind.is_role]
        return [(name, dishes) for name, dishes in (("", things), (_("Who lends a hand"), roles)) if dishes]

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
