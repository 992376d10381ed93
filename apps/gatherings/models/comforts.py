from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.gatherings.comfort import ALL, DECIDING, ON_SMALL_CARDS, OTHERS, Fact

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

NARROWEST_DOOR, WIDEST_DOOR = 40, 300  # cm
MOST_ON_A_CARD = 3


@dataclass(frozen=True)
class Said:
    """A fact, and what the host of one gathering has said of it."""

    fact: Fact
    is_so: bool | None

    @property
    def words(self) -> StrPromise | str:
        return "" if self.is_so is None else self.fact.answer(self.is_so).words

    @property
    def more(self) -> StrPromise | str:
        return "" if self.is_so is None else self.fact.answer(self.is_so).more

    @property
    def icon(self) -> str:
        return self.fact.icon(self.is_so)


class Comforts(models.Model):
    """What guests want to know beforehand. Each of these is yes, no, or not said; `comfort.py` has the words for them.

    The default lets a form that does not ask leave them as they are.
    """

    is_step_free = models.BooleanField(_("no steps"), null=True, blank=True, default=None)
    is_alcohol_free = models.BooleanField(_("no alcohol"), null=True, blank=True, default=None)
    is_animal_free = models.BooleanField(_("no animals"), null=True, blank=True, default=None)
    is_quiet = models.BooleanField(_("quiet"), null=True, blank=True, default=None)
    has_captions = models.BooleanField(_("captions"), null=True, blank=True, default=None)
    is_scent_free = models.BooleanField(_("scent-free"), null=True, blank=True, default=None)
    is_smoke_free = models.BooleanField(_("smoke-free"), null=True, blank=True, default=None)
    is_softly_lit = models.BooleanField(_("soft light"), null=True, blank=True, default=None)
    is_child_friendly = models.BooleanField(_("children welcome"), null=True, blank=True, default=None)
    is_fine_to_leave = models.BooleanField(_("fine to leave early"), null=True, blank=True, default=None)
    is_fine_to_listen = models.BooleanField(_("fine to just listen"), null=True, blank=True, default=None)
    is_costless = models.BooleanField(_("costs nothing"), null=True, blank=True, default=None)
    has_vegan = models.BooleanField(_("vegan possible"), null=True, blank=True, default=None)
    has_vegetarian = models.BooleanField(_("vegetarian possible"), null=True, blank=True, default=None)
    has_halal = models.BooleanField(_("halal possible"), null=True, blank=True, default=None)
    has_kosher = models.BooleanField(_("kosher possible"), null=True, blank=True, default=None)
    has_no_gluten = models.BooleanField(_("can cook without gluten"), null=True, blank=True, default=None)

    door_width = models.PositiveSmallIntegerField(_("narrowest door, in cm"), null=True, blank=True, default=None)
    languages = models.CharField(_("languages spoken"), max_length=120, blank=True)
    for_whom = models.CharField(_("whom it is for"), max_length=120, blank=True)

    # Of the gathering that has these
    kind: str
    cost: str

    class Meta:
        abstract = True

    def said_of(self, facts: list[Fact]) -> list[Said]:
        """These facts as far as they concern a gathering of its kind, or its host has said something of them."""
        said = [Said(fact, getattr(self, fact.field)) for fact in facts]
        return [each for each in said if each.is_so is not None or each.fact.is_for(self.kind)]

    @property
    def deciding_facts(self) -> list[Said]:
        """Those with a line of their own, said or not."""
        return self.said_of(DECIDING)

    @property
    def other_facts(self) -> list[Said]:
        return [said for said in self.said_of(OTHERS) if said.is_so is not None]

    @property
    def unsaid_facts(self) -> list[Said]:
        """Of those without a line of their own."""
        unsaid = [said for said in self.said_of(OTHERS) if said.is_so is None]
        return [said for said in unsaid if said.fact.field != "is_costless" or not self.cost]

    @property
    def facts_said(self) -> list[Said]:
        return [said for said in self.said_of(ALL) if said.is_so is not None]

    @property
    def brief_facts(self) -> list[StrPromise | str]:
        """What a small card says: the first few of those that are so."""
        return [fact.brief for fact in ON_SMALL_CARDS if getattr(self, fact.field)][:MOST_ON_A_CARD]
