from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing
from apps.gatherings.models.gathering import Gathering
from apps.outbox.models import Message

KIND = "gathering_changed"
SETTLES = timedelta(minutes=10)  # after an edit: a host who looks at it once more may mend it, and guests hear it once


def told_at(gathering: Gathering) -> datetime:
    """When guests hear of an edit made now: sooner where they may be on their way."""
    now = timezone.now()
    settles = max(timedelta(), min(SETTLES, (gathering.starts_at - now) / 4))
    return timing.not_at_night(now + settles, gathering.starts_at, gathering.zone)


class ChangeQuerySet(models.QuerySet["Change"]):
    def keep(self, before: Gathering, after: Gathering, fields: list[str]) -> None:
        """Write down what an edit of a published gathering has changed, and put the mail about it for the guests.

        Whoever calls holds the lock on the gathering, which has its new SEQUENCE.
        """
        now = timezone.now()
        Change.objects.bulk_create(
            Change(
                gathering=after,
                sequence=after.sequence,
                field=name,
                old=getattr(before, name),
                new=getattr(after, name),
                at=now,
            )
            for name in fields
        )
        slot: dict[str, Any] = {"subject_id": after.pk, "version": after.sequence, "expires_at": after.ends_at}
        slot["due_at"] = told_at(after)
        concerned = after.rsvps.open().select_related("member")
        Message.objects.put_all([Message.objects.row(KIND, each.member, **slot) for each in concerned])


class Change(models.Model):
    """What an edit made of one field of a gathering; edits told in one mail have one SEQUENCE each."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="changes")
    sequence = models.PositiveIntegerField()
    field = models.CharField(max_length=40)
    old = models.JSONField(encoder=DjangoJSONEncoder, null=True, blank=True)
    new = models.JSONField(encoder=DjangoJSONEncoder, null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a gathering")
        verbose_name_plural = _("changes of gatherings")

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"

    def undo(self, gathering: Gathering) -> None:
        """Make this instance, which nobody saves, as it was before."""
        field = Gathering._meta.get_field(self.field)
        setattr(gathering, self.field, field.to_python(self.old))  # type: ignore[union-attr]  # none is a relation back
