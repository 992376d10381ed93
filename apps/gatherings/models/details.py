from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.gatherings.details import FOR_ALL, Detail


def line(name: Any, longest: int = 120, **more: Any) -> models.CharField[str, str]:
    """A few words that a host may say, or leave unsaid, as all do that are older than the column."""
    return models.CharField(name, max_length=longest, blank=True, default="", db_default="", **more)


class Details(models.Model):
    """What is to be known of a gathering of its kind; `details.py` has the words for it."""

    class Pace(models.TextChoices):
        SLOW = "slow", _("Slow, with stops to rest")
        EASY = "easy", _("Easy, talking all the way")
        BRISK = "brisk", _("Brisk")

    # A walk
    meeting_point = line(_("meeting point"), 200)  # for whoever may see the address: of a home it says nearly as much
    walk_length = line(_("how long it is"))
    pace = line(_("pace"), 5, choices=Pace)
    surface = line(_("what is underfoot"))
    toilets = line(_("toilets on the way"))
    in_rain = line(_("if it rains"))
    # Tea or coffee
    who_pays = line(_("who pays"))
    treats = line(_("to eat"))
    # Games
    which_games = line(_("which games"))
    players = line(_("how many play"))
    rules = line(_("the rules"))
    # Making
    what_is_made = line(_("what is made"))
    materials = line(_("materials"))
    # Quiet company
    quiet_means = line(_("what quiet means"), 200)

    class Meta:
        abstract = True

    @property
    def details_said(self) -> list[tuple[Detail, str]]:
        """What everybody may read of it."""
        return [(detail, words) for detail in FOR_ALL if (words := detail.in_words(self))]
