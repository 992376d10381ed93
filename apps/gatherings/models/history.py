from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.rsvp import Rsvp

TOLD_TO_HOSTS = [Rsvp.State.SEATED, Rsvp.State.LEFT, Rsvp.State.WAITLISTED]


class RsvpChangeQuerySet(models.QuerySet["RsvpChange"]):
    def untold(self) -> RsvpChangeQuerySet:
        """Of what hosts are told: who has come, gone, or joined the line."""
        return self.filter(is_told=False, state__in=TOLD_TO_HOSTS)


class RsvpChange(models.Model):
    """What an RSVP has been: one row for each change of its state or its party."""

    rsvp = models.ForeignKey(Rsvp, models.CASCADE, related_name="history")
    round = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=Rsvp.State)
    party = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    is_told = models.BooleanField(default=False, db_default=False)  # to the hosts, or too late for it

    objects = RsvpChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an RSVP")
        verbose_name_plural = _("changes of RSVPs")
        indexes = [
            models.Index(fields=["rsvp", "round"], name="rsvp_change_by_round"),
            models.Index(
                fields=["at"],
                condition=models.Q(is_told=False, state__in=TOLD_TO_HOSTS),
                name="rsvp_change_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d %H:%M}"
