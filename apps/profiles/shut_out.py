"""Who was banned, or suspended, and left: their account goes, and with it what would keep them out.

Of their address a keyed hash stays. From it nobody can read it, and we find it only when somebody proves that address.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class ShutOutQuerySet(models.QuerySet["ShutOut"]):
    def hold(self, email: str, until: date | None) -> None:
        self.update_or_create(trace=trace_of(email), defaults={"until": until})

    def keeping_out(self, email: str) -> ShutOutQuerySet:
        today = timezone.now().date()
        return self.filter(Q(until=None) | Q(until__gt=today), trace=trace_of(email))


def trace_of(email: str) -> str:
    return salted_hmac("shut out", email.lower(), algorithm="sha256").hexdigest()


class ShutOut(models.Model):
    """That whoever has an address may not join: until a day or, without one, for good."""

    trace = models.CharField(max_length=64, unique=True)
    until = models.DateField(null=True, blank=True)

    objects = ShutOutQuerySet.as_manager()

    class Meta:
        app_label = "profiles"
        verbose_name = _("address that is shut out")
        verbose_name_plural = _("addresses that are shut out")

    def __str__(self) -> str:
        return str(self.until or _("for good"))  # nobody's address, not even its trace
