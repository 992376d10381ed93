from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.profiles.models import Member

LASTS = timedelta(days=30)  # so long nobody is offered again what they did not want this time


class NotThisTimeQuerySet(models.QuerySet["NotThisTime"]):
    def of(self, member: Member) -> NotThisTimeQuerySet:
        return self.filter(member=member)

    def lasting(self, now: datetime | None = None) -> NotThisTimeQuerySet:
        return self.filter(at__gt=(now or timezone.now()) - LASTS)

    def say(self, member: Member, step: str) -> None:
        self.update_or_create(member=member, step=step, defaults={"at": timezone.now()})


class NotThisTime(models.Model):
    """That a member would rather not take a step just now. It is not offered meanwhile, and nothing else goes by it."""

    class Step(models.TextChoices):
        DOOR = "door", _("open the door")
        BRING = "bring", _("bring something")
        HELP = "help", _("lend a hand")
        PLAN = "plan", _("make a plan")
        ASK = "ask", _("ask the host")
        HOST_AGAIN = "host-again", _("host again")
        AGAIN = "again", _("come again")
        LOOK = "look", _("look at a small table")

    member = models.ForeignKey(Member, models.CASCADE, related_name="not_this_time")
    step = models.CharField(max_length=12, choices=Step)
    at = models.DateTimeField(default=timezone.now)

    objects = NotThisTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("step not taken this time")
        verbose_name_plural = _("steps not taken this time")
        constraints = [models.UniqueConstraint(fields=["member", "step"], name="not_this_time_once_per_step")]

    def __str__(self) -> str:
        return str(self.get_step_display())
