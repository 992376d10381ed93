from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def suppress(self, address: str, reason: str) -> None:
        """Write to this address no more, but for codes. Doing so twice changes nothing."""
        self.get_or_create(address=address.lower(), defaults={"reason": reason})

    def of(self, address: str) -> SuppressionQuerySet:
        return self.filter(address=address.lower())


class Suppression(models.Model):
    """An address that gets nothing but codes: mail to it came back, or its reader does not want it."""

    class Reason(models.TextChoices):
        REFUSED = "refused", _("the mail server refused it")
        BOUNCED = "bounced", _("mail came back")
        COMPLAINED = "complained", _("marked as unwanted")
        ASKED = "asked", _("asked not to be written to")

    address = models.EmailField(max_length=254, unique=True)
    reason = models.CharField(max_length=12, choices=Reason)
    at = models.DateTimeField(default=timezone.now)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")

    def __str__(self) -> str:
        return f"{self.address}: {self.get_reason_display()}"
