from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing
from apps.gatherings.models.timed import Timed
from apps.places.cells import cells_of
from apps.places.models import Town


class Placed(Timed):
    """Where a gathering is: what everybody may see of the place, and what only the seated may, in time."""

    class Setting(models.TextChoices):
        HOME = "home", _("at home")
        PUBLIC = "public", _("in a public place")
        COMMUNITY = "community", _("in our community’s rooms")

    class AddressFrom(models.TextChoices):
        NOW = "now", _("At once, with their seat")
        DAY_BEFORE = "day-before", _("From the day before")
        ASKED = "asked", _("With their seat, but I say yes to each guest first")

    setting = models.CharField(_("setting"), max_length=10, choices=Setting, default=Setting.HOME)
    town = models.ForeignKey(Town, models.PROTECT, verbose_name=_("town"))
    area = models.CharField(_("area"), max_length=60, blank=True)
    has_own_point = models.BooleanField(default=False, editable=False)
    latitude = models.FloatField(editable=False)
    longitude = models.FloatField(editable=False)
    cell_small = models.BigIntegerField(editable=False)
    cell_medium = models.BigIntegerField(editable=False)
    cell_large = models.BigIntegerField(editable=False)
    address = models.CharField(_("address"), max_length=300)
    way_in = models.CharField(_("nearest stop and way in"), max_length=300, blank=True)
    address_from = models.CharField(
        _("when guests see the address"), max_length=12, choices=AddressFrom, default=AddressFrom.DAY_BEFORE
    )
    contact = models.CharField(_("on the day, reach me at"), max_length=100, blank=True)
    met_from = models.TimeField(_("somebody meets you outside from"), null=True, blank=True)
    met_by = models.CharField(_("who that is"), max_length=60, blank=True)

    class Meta:
        abstract = True

    @property
    def is_public_place(self) -> bool:
        return self.setting == self.Setting.PUBLIC

    @property
    def where(self) -> str:
        """What everybody may see of the place."""
        return f"{self.area}, {self.town.name}" if self.area else self.town.name

    @property
    def address_opens_at(self) -> datetime:
        """From when the seated may see the address of a home (UTC)."""
        if self.address_from == self.AddressFrom.DAY_BEFORE:
            return self.day_before_at or timing.day_before(self.starts_at, self.zone)
        return self.created_at

    @property
    def address_opens_local(self) -> timing.WallTime:
        return timing.on_the_wall(self.address_opens_at, self.zone)

    def settle_place(self) -> None:
        if not self.has_own_point:
            self.latitude, self.longitude = self.town.point
        self.cell_small, self.cell_medium, self.cell_large = cells_of(self.latitude, self.longitude)
