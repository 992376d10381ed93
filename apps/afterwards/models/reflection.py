from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering
from apps.profiles.models import Member

LONGEST_LINE = 300


class Felt(models.TextChoices):
    """Five words, none of them better than another."""

    APART = "apart", _("Apart")
    EDGE = "edge", _("At the edge")
    BETWEEN = "between", _("Somewhere in between")
    AMONG = "among", _("Among others")
    HOME = "home", _("At home")


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    """Nobody but its writer is ever given one: `of` comes first wherever somebody reads it."""

    def of(self, member: Member) -> ReflectionQuerySet:
        return self.filter(member=member)

    def last_lines(self, members: Collection[int]) -> dict[int, str]:
        """What each of these wrote for themself last, of those who have; one query."""
        written = self.filter(member__in=members).exclude(line="").order_by("gathering__ends_at", "pk")
        return dict(written.values_list("member", "line"))

    def last_of(self, member: Member) -> Reflection | None:
        """The last of theirs with a line in it, and its gathering."""
        written = self.of(member).exclude(line="").select_related("gathering")
        return written.order_by("gathering__ends_at", "pk").last()

    def last_line(self, member: Member) -> str:
        return self.last_lines([member.pk]).get(member.pk, "")

    def keep(self, member: Member, gathering: Gathering, felt: str, line: str) -> None:
        """Their answer, which may be another one than before."""
        said = {"felt": felt, "line": line, "at": timezone.now()}
        self.update_or_create(member=member, gathering=gathering, defaults=said)


class Reflection(models.Model):
    """What somebody answered to the one private question, for themself."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="reflections")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="reflections")
    felt = models.CharField(max_length=10, choices=Felt)
    line = models.CharField(max_length=LONGEST_LINE, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("private answer")
        verbose_name_plural = _("private answers")
        constraints = [
            models.UniqueConstraint(fields=["member", "gathering"], name="reflection_once_per_member_and_gathering"),
            models.CheckConstraint(condition=Q(felt__in=Felt.values), name="reflection_felt_is_one_of_ours"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"  # neither who nor what, not even in a log
