"""Towns of the gazetteer and the names they are found by. Nothing here knows a person."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from apps.places.countries import COUNTRIES, SHORT_FORMS, STATES
from apps.places.distance import metres_between, metres_from
from apps.places.folding import LONGEST, folded, spellings

# A word inside a name comes after every start of a name, however large its town.
INSIDE = 1_000_000_000
# By another name than its own a city ranks as one a tenth its size: "munch" is München before Münchberg, and
# "bri" is Bristol before Brussels ("Briuselis").
FOREIGN = 10
NAMESAKES = 300  # the most towns looked at to find those in the country or region that was typed
LONGEST_LABEL = 160  # characters; the longest has 104
LAST = "\U0010ffff"  # after every other character


class TownQuerySet(models.QuerySet["Town"]):
    def matching(self, text: str, limit: int = 8) -> list[Town]:
        """Towns for what somebody types, best first: "munch", "Newport, Wales", "newport gb", a label.

        A name typed in full comes first, then names that start so, then those with a later word that does;
        among equals the larger town. Never raises; what lies past LONGEST_LABEL characters is not read.
        """
        text = text[:LONGEST_LABEL]
        name, *within = [part for part in map(folded, text.split(",")) if part] or [""]
        if within:
            towns, whole = self._named(name, NAMESAKES, within), folded(text)
            towns.sort(key=lambda town: folded(town.label) != whole)  # a label leads back to its own town
            return towns[:limit]
        *start, area = name.split() or [""]
        towns = self._named(name, limit)
        return towns or self._named(" ".join(start), NAMESAKES, [area], is_strict=True)[:limit]  # "newport gb"

    def best_match(self, text: str) -> Town | None:
        return next(iter(self.matching(text, 1)), None)

    def nearest(self, latitude: float, longitude: float) -> Town | None:
        """The town whose centre is nearest to the point. None only where the gazetteer is empty."""
        towns = self.annotate(metres=metres_from(latitude, longitude)).order_by("metres", "pk")
        for degrees in (0.3, 1, 4):  # of latitude: 33, 111 and 445 km
            nearby = towns.filter(latitude__range=(latitude - degrees, latitude + degrees)).first()
            # No town outside the band can be nearer than the band is high.
            if nearby and metres_between(latitude, longitude, *nearby.point) <= degrees * 111_000:
                return nearby
        return towns.first()

    def _named(self, name: str, limit: int, within: Iterable[str] = (), is_strict: bool = False) -> list[Town]:
        """Unless strict, an area that none of the towns lies in is passed over: Bavaria is Bayern here."""
        ranked = TownName.objects.starting_with(name, limit) if name else []
        found = {town.pk: town for town in Town.objects.filter(pk__in=ranked)}
        towns = [found[pk] for pk in ranked if pk in found]
        for area in within:
            inside = [town for town in towns if town.is_within(area)]
            towns = inside if is_strict else inside or towns
        return towns


class Town(models.Model):
    """A place of GeoNames with a thousand people or more. Loaded by `load_towns`, changed by nothing else."""

    id = models.IntegerField(_("GeoNames number"), primary_key=True)
    name = models.CharField(_("name"), max_length=LONGEST)
    admin = models.CharField(_("region"), max_length=150, blank=True)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    time_zone = models.CharField(_("time zone"), max_length=40)
    population = models.PositiveIntegerField(_("people"))
    other_names = models.TextField(_("other names"), blank=True, help_text=_("Between bars: Köln|Cologne"))
    slug = models.CharField(_("address"), max_length=120, unique=True)

    objects = TownQuerySet.as_manager()

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        indexes = [models.Index(fields=["latitude", "longitude"], name="town_point")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Tells it from its namesakes: "Newport, Wales, United Kingdom"."""
        region = self.admin if self.admin != self.name else ""
        country = COUNTRIES.get(self.country, self.country)
        return ", ".join(part for part in (self.name, region, country) if part)

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude in degrees, of the town's centre."""
        return self.latitude, self.longitude

    def is_within(self, area: str) -> bool:
        """Whether a folded text names, or begins to name, this town's country or one of its regions."""
        names = [_folded_area(part) for part in (COUNTRIES.get(self.country, ""), *self.admin.split(", "))]
        meant = [area, SHORT_FORMS.get(area, area), STATES.get(area, area) if self.country == "US" else area]
        return area == self.country.lower() or any(name.startswith(form) for name in names for form in meant)

    def names(self) -> dict[str, int]:
        """Every folded name it is found by, with its rank (see TownName)."""
        ranks: dict[str, int] = {}
        for name in spellings(self.name):
            words = name.split()
            for first in range(1, len(words)):
                ranks[" ".join(words[first:])] = INSIDE - self.population
        for name in map(folded, self.other_names.split("|")):
            ranks[name] = -(self.population // FOREIGN)
        ranks |= dict.fromkeys(spellings(self.name), -self.population)
        ranks.pop("", None)
        return ranks


@lru_cache(maxsize=5000)
def _folded_area(name: str) -> str:
    return folded(name)


class FoldedField(models.CharField):
    """Text in the order of its bytes on every database, so that a range of an index holds what starts so."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":  # SQLite compares bytes anyhow
            parameters["collation"] = "C"
        return parameters


class TownNameQuerySet(models.QuerySet["TownName"]):
    def ranked(self) -> Self:
        return self.order_by("rank", "town_id")

    def spelt(self, text: str) -> Self:
        """Names that are exactly this folded text; no ends of longer names."""
        return self.filter(name=text, rank__lte=0).ranked()

    def beginning(self, text: str) -> Self:
        """A range, for LIKE would not use the index."""
        return self.filter(name__gte=text, name__lt=text + LAST).ranked()

    def starting_with(self, text: str, limit: int) -> list[int]:
        """Ids of the towns, best first, each once."""
        found = dict.fromkeys(self.spelt(text).values_list("town_id", flat=True)[:limit])
        if len(found) < limit:
            some = limit * 8  # one town may have several names that start so
            found |= dict.fromkeys(self.beginning(text).values_list("town_id", flat=True)[:some])
        return list(found)[:limit]


class TownName(models.Model):
    """One folded name of a town. The lower the rank, the earlier it is offered."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="+")
    name = FoldedField(max_length=LONGEST)
    rank = models.IntegerField()

    objects = TownNameQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["name", "rank", "town"], name="town_name")]
