"""What helps a member to be there, kept with their account because they said yes to it: it may be about their health.

Nobody else reads it here. At each table they may tell its host with one tick (`SeatForm`): it is in their note there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from apps.profiles.models import Member

LONGEST_NEEDS = 200


class NeedsQuerySet(models.QuerySet["Needs"]):
    def words_of(self, member: Member) -> str:
        return self.filter(member=member).values_list("words", flat=True).first() or ""

    def keep(self, member: Member, words: str, consent: str) -> None:
        """With the words that they said yes to, and the time. Where nothing is said, nothing is kept."""
        if words:
            said = {"words": words, "consent_words": consent, "consented_at": timezone.now()}
            self.update_or_create(member=member, defaults=said)
        else:
            self.filter(member=member).delete()


class Needs(models.Model):
    """What helps one member to be there, in a line of their own."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="needs")
    words = models.CharField(_("in their own words"), max_length=LONGEST_NEEDS)
    consent_words = models.CharField(max_length=300)  # as they stood beside the box
    consented_at = models.DateTimeField(default=timezone.now)

    objects = NeedsQuerySet.as_manager()

    class Meta:
        verbose_name = _("what helps a member")
        verbose_name_plural = _("what helps members")
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="needs_say_something")]

    def __str__(self) -> str:
        return str(_("what helps a member"))  # what stands in it is for nobody's list
