from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.rsvp import Rsvp


class Companion(models.Model):
    """Somebody whom a guest brings along. Only the guest and the hosts read the name and the needs."""

    rsvp = models.ForeignKey(Rsvp, models.CASCADE, related_name="companions")
    is_child = models.BooleanField(default=False)
    name = models.CharField(_("their name"), max_length=60, blank=True)
    is_agreed = models.BooleanField(default=True)  # where the host says yes to each guest, one more waits for it
    needs = models.CharField(_("what they need at the table"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("companion")
        verbose_name_plural = _("companions")

    def __str__(self) -> str:
        return self.name or (str(_("a child")) if self.is_child else str(_("a companion")))
