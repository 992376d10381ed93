"""Who eats what at a table, as its readers may know it: exactly for the hosts, and for the table what it was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.gatherings.models import Companion, Rsvp
from apps.meals.laid import Laid
from apps.meals.models import Dish, ToldDiet
from apps.meals.suits import suits
from apps.profiles.diets import ALLERGENS, listed, suitable
from apps.profiles.models import Member

EVENING = 17  # o'clock
NOT_LOOKED_FOR = {"drinks"}  # of which nobody says what is in water


@dataclass(frozen=True)
class Eater:
    """Somebody who eats there, and what they have told, or was told of them."""

    told: ToldDiet
    name: str

    @property
    def words(self) -> str:
        """ "vegan, no nuts"; and what stands in their own words, if anything does."""
        quoted = [_("“%s”") % self.told.words] if self.told.words else []
        return _(", ").join([*self.told.said, *quoted])

    @property
    def is_at_the_table(self) -> bool:
        companion = self.told.companion
        return self.told.rsvp.is_seated and (companion is None or companion.is_agreed)

    @property
    def key(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What dishes are looked for by; what is in somebody's own words can be looked for by nobody but a reader."""
        return tuple(sorted(self.told.diets)), tuple(sorted(self.told.allergens))


@dataclass(frozen=True)
class Group:
    """Those at a table who have told the same, and which of its dishes suit them."""

    diets: tuple[str, ...]
    allergens: tuple[str, ...]
    table: Laid
    eaters: list[Eater] = field(default_factory=list)

    @property
    def needs(self) -> str:
        return suitable(self.diets, self.allergens)

    @property
    def names(self) -> str:
        return listed(eater.name for eater in self.eaters)

    @cached_property
    def dishes(self) -> list[Dish]:
        return [dish for dish in self.table.dishes if dish.kind.is_food and suits(dish, self.diets, self.allergens)]

    @property
    def dish_names(self) -> str:
        return _(", ").join(str(dish.name) for dish in self.dishes)

    @property
    def lacking(self) -> str:
        """The courses of which nothing suits them yet; all of them where no dish does."""
        suited = {dish.need for dish in self.dishes}
        courses = [each for each in self.table.courses if each.key not in suited | NOT_LOOKED_FOR]
        return _(", ").join(str(course.label) for course in courses)

    @property
    def sentence(self) -> str:
        """ "Nothing yet without nuts for one guest, Ines, since they told you." """
        words = {"needs": self.needs, "count": len(self.eaters), "names": self.names}
        if not self.dishes:
            return (
                ngettext(
                    "Nothing yet %(needs)s for one guest, %(names)s, since they told you.",
                    "Nothing yet %(needs)s for %(count)s guests, %(names)s, since they told you.",
                    len(self.eaters),
                )
                % words
            )
        return _("By what is said of them, these suit %(names)s: %(dishes)s.") % {**words, "dishes": self.dish_names}

    @property
    def ask_for(self) -> str:
        """What a host may ask their table for, to be made their own words: it names nobody."""
        without = [_("no %(allergen)s") % {"allergen": ALLERGENS[key]} for key in ALLERGENS if key in self.allergens]
        is_tonight = self.table.gathering.starts_local.hour >= EVENING
        please = _("Please, %s tonight.") if is_tonight else _("Please, %s this time.")
        said = [please % listed(without)] if without else []
        if self.diets:
            said.append(_("Something %s would be welcome.") % suitable(self.diets, ()))
        return " ".join(said)


class Eaters:
    """What the hosts of one table know of it. What somebody has told to nobody is not among it."""

    def __init__(self, table: Laid, eaters: Iterable[Eater]) -> None:
        self.table, eaters = table, [eater for eater in eaters if not eater.told.is_empty]
        self.there = [eater for eater in eaters if eater.is_at_the_table]
        self.hoping = [eater for eater in eaters if not eater.is_at_the_table]

    @cached_property
    def groups(self) -> list[Group]:
        found: dict[tuple[tuple[str, ...], tuple[str, ...]], Group] = {}
        for eater in self.there:
            if any(eater.key):
                found.setdefault(eater.key, Group(*eater.key, self.table)).eaters.append(eater)
        return list(found.values())

    @property
    def known_to_the_table(self) -> list[Eater]:
        return [eater for eater in self.there if eater.told.is_for_the_table]

    @property
    def unmet(self) -> list[Group]:
        return [group for group in self.groups if not group.dishes]

    @property
    def is_looked_for(self) -> bool:
        """Not where the host cooks alone, and no dish is on the list."""
        return self.table.meal.is_shared or any(dish.kind.is_food for dish in self.table.dishes)


def for_hosts(tables: Iterable[Laid], reader: Member | None = None) -> dict[int, Eaters]:
    """Of each of these tables what its hosts may know; one query, however many they are."""
    laid = {table.gathering.pk: table for table in tables}
    told = ToldDiet.objects.to_hosts().to_read(table.gathering for table in laid.values())
    found: dict[int, list[Eater]] = {pk: [] for pk in laid}
    for each in told.named_for(reader) if reader else told:
        found[each.rsvp.gathering_id].append(Eater(each, name_for_hosts(each) if is_named(each) else somebody()))
    return {pk: Eaters(table, found[pk]) for pk, table in laid.items()}


def for_guest(rsvp: Rsvp, reader: Member) -> tuple[list[ToldDiet], list[Eater]]:
    """What this guest has told, of themself first; and what guests have told the table themselves. Nothing follows."""
    told = list(ToldDiet.objects.for_guest(rsvp).to_read([rsvp.gathering]).named_for(reader))
    own = [each for each in told if each.rsvp_id == rsvp.pk]
    to_table = [each for each in told if each.is_for_the_table or each not in own] if rsvp.is_seated else []
    named = [Eater(each, name_for_the_table(each, reader) if is_named(each) else somebody()) for each in to_table]
    return own, [eater for eater in named if eater.is_at_the_table]


def is_named(told: ToldDiet) -> bool:
    return getattr(told, "is_named", True)


def somebody() -> str:
    return _("somebody at the table")


def name_for_hosts(told: ToldDiet) -> str:
    """Hosts read the names of companions, too."""
    if told.companion and told.companion.name:
        return _("%(companion)s (with %(name)s)") % {"companion": told.companion.name, "name": told.rsvp.member.name}
    return brought_by(told.companion, told.rsvp.member.name) if told.companion else told.rsvp.member.name


def name_for_the_table(told: ToldDiet, reader: Member) -> str:
    name = _("you") if told.rsvp.member_id == reader.pk else told.rsvp.member.name
    return brought_by(told.companion, name) if told.companion else name


def brought_by(companion: Companion, name: str) -> str:
    words = _("a child (with %(name)s)") if companion.is_child else _("one more (with %(name)s)")
    return words % {"name": name}
