from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.rsvp import Rsvp


class Plan(models.Model):
    """A guest's if-then plan, read by them alone (Gollwitzer & Sheeran 2006: a time and a place help to set off)."""

    rsvp = models.OneToOneField(Rsvp, models.CASCADE, related_name="plan")
    sets_off = models.TimeField(_("I set off at"), null=True, blank=True)
    sets_off_from = models.CharField(_("from"), max_length=60, blank=True)
    sets_off_by = models.CharField(_("by"), max_length=60, blank=True)
    if_nervous = models.CharField(_("if I get nervous, I"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return str(_("plan"))

    @property
    def day(self) -> date:
        """That of the gathering, or the one before for whoever sets off before midnight and arrives after it."""
        starts = self.rsvp.gathering.starts_local
        is_after = self.sets_off is not None and self.sets_off > starts.time()
        return starts.date() - timedelta(days=is_after)

    @property
    def lines(self) -> list[str]:
        """What is read back to its writer, a sentence each: "If it is 18:15 on Thursday, I set off by bike." """
        lines = []
        if self.sets_off:
            words = {
                "time": time_format(self.sets_off, "H:i"),
                "day": date_format(self.day, "l"),
                "place": gettext(" from %s") % self.sets_off_from if self.sets_off_from else "",
                "means": gettext(" by %s") % self.sets_off_by if self.sets_off_by else "",
            }
            lines.append(gettext("If it is %(time)s on %(day)s, I set off%(place)s%(means)s.") % words)
        if self.if_nervous:
            lines.append(gettext("If I get nervous, I %s.") % self.if_nervous.rstrip("."))
        return lines
