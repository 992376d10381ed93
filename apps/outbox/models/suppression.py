from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def suppress(self, address: str, reason: str) -> None:
        """Write to this address no more, but for codes. Doing so twice changes nothing."""
        if not self.of(address).exists():
            self.get_or_create(address=address.lower(), defaults={"reason": reason})

    def of(self, *addresses: str) -> SuppressionQuerySet:
        """Also where only the trace of an address is left."""
        lower = [address.lower() for address in addresses]
        return self.filter(address__in=[*lower, *map(trace_of, lower)])

    def hold_traces(self, address: str) -> None:
        """Of an address whose account is gone. That it wants no mail is kept, and what it is can be read nowhere."""
        theirs = self.filter(address=address.lower())
        theirs.exclude(reason__in=[Suppression.Reason.ASKED, Suppression.Reason.COMPLAINED]).delete()
        theirs.update(address=trace_of(address.lower()))


def trace_of(address: str) -> str:
    """An address that is none, made from one with a secret: of the two, only the way here can be found."""
    return f"{salted_hmac('suppressed', address, algorithm='sha256').hexdigest()}@trace.invalid"


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
