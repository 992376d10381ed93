from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.gathering import Gathering
from apps.profiles.models import Member


class KeptWish(models.Model):
    """The seat that a newcomer pressed for, while their joining waits for a keeper's yes."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="kept_wish")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="kept_wishes")
    link = models.CharField(max_length=22, blank=True)  # by which they came to it
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("kept wish")
        verbose_name_plural = _("kept wishes")

    def __str__(self) -> str:
        return f"{self.member} {self.at:%Y-%m-%d}"
