from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.rsvp import Rsvp


class RsvpChange(models.Model):
    """What an RSVP has been: one row for each change of its state or its party."""

    rsvp = models.ForeignKey(Rsvp, models.CASCADE, related_name="history")
    round = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=Rsvp.State)
    party = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of an RSVP")
        verbose_name_plural = _("changes of RSVPs")
        indexes = [
            models.Index(fields=["rsvp", "round"], name="rsvp_change_by_round"),
            models.Index(fields=["at"], name="rsvp_change_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d %H:%M}"
