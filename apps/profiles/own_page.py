"""What a member says of themself on their page: up to three sentences that we have begun and they have finished.

Who reads it is for `apps/gatherings/faces.py` to say, which knows who has met whom.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.profiles.prompts import PROMPTS

if TYPE_CHECKING:
    from apps.profiles.models import Member

MOST_ANSWERS = 3
LONGEST_ANSWER = 200
LONGEST_LANGUAGES = 120


class ProfileAnswerQuerySet(models.QuerySet["ProfileAnswer"]):
    def of(self, member: Member) -> ProfileAnswerQuerySet:
        """In their own order."""
        return self.filter(member=member, prompt__in=PROMPTS).order_by("place")

    def keep(self, member: Member, said: Iterable[tuple[str, str]]) -> None:
        """These, in this order, and no others: a key of PROMPTS with what they wrote. What is empty is not kept."""
        kept = [(prompt, words) for prompt, words in said if words]
        with transaction.atomic():
            get_user_model().objects.hold(member)  # two browsers may keep theirs at once
            self.filter(member=member).delete()
            ProfileAnswer.objects.bulk_create(
                ProfileAnswer(member=member, place=place, prompt=prompt, words=words)
                for place, (prompt, words) in enumerate(kept, start=1)
            )


class ProfileAnswer(models.Model):
    """One sentence on a member's page."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="answers")
    place = models.PositiveSmallIntegerField()
    prompt = models.CharField(max_length=30)
    words = models.CharField(_("in their own words"), max_length=LONGEST_ANSWER)

    objects = ProfileAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer on a member’s page")
        verbose_name_plural = _("answers on members’ pages")
        constraints = [
            models.UniqueConstraint(fields=["member", "prompt"], name="profile_answer_once_per_member_and_prompt"),
            models.UniqueConstraint(fields=["member", "place"], name="profile_answer_one_per_place"),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_ANSWERS), name="profile_answer_is_one_of_three"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="profile_answer_says_something"),
        ]

    def __str__(self) -> str:
        return self.prompt  # what they wrote is for those they meet

    @property
    def begun(self) -> Any:
        """The sentence as it begins."""
        return PROMPTS[self.prompt]
