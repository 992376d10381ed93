"""What a member eats, kept with their account because they said yes to it: it is about their health.

Nobody else reads it here. What a host is to know a guest tells them at each table anew (apps/meals).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.profiles.diets import said

if TYPE_CHECKING:
    from apps.profiles.models import Member

LONGEST_WORDS = 200


class Eats(models.Model):
    """What somebody eats and what not: from the lists, and in a line of their own."""

    diets = models.JSONField(default=list, blank=True)
    allergens = models.JSONField(default=list, blank=True)
    words = models.CharField(_("in their own words"), max_length=LONGEST_WORDS, blank=True)

    class Meta:
        abstract = True

    @property
    def is_empty(self) -> bool:
        return not (self.diets or self.allergens or self.words)

    @property
    def said(self) -> list[str]:
        """ "vegan", "no nuts"; without what is in their own words."""
        return said(self.diets, self.allergens)


class DietQuerySet(models.QuerySet["Diet"]):
    def of(self, member: Member) -> Diet:
        """Theirs, or one that says nothing and is not saved."""
        return self.filter(member=member).first() or Diet(member=member)

    def keep(self, member: Member, consent: str, **told: Any) -> None:
        """With the words that they said yes to, and the time. Where nothing is said, nothing is kept."""
        if Diet(member=member, **told).is_empty:
            self.withdraw(member)
        else:
            told |= {"consent_words": consent, "consented_at": timezone.now()}
            self.update_or_create(member=member, defaults=told)

    def withdraw(self, member: Member) -> None:
        """Without a yes nothing of it is kept."""
        self.filter(member=member).delete()


class Diet(Eats):
    """What one member eats."""

    member = models.OneToOneField("profiles.Member", models.CASCADE, related_name="diet")
    consent_words = models.CharField(max_length=300)  # as they stood beside the box
    consented_at = models.DateTimeField(default=timezone.now)

    objects = DietQuerySet.as_manager()

    class Meta:
        verbose_name = _("diet")
        verbose_name_plural = _("diets")

    def __str__(self) -> str:
        return str(_("diet"))  # what stands in it is for nobody's list
