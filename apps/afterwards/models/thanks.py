from __future__ import annotations

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member

LONGEST_THANKS = 280


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def send(self, gathering: Gathering, writer: Member, receiver: Member, words: str) -> bool:
        """Keep the words and deliver them, once. Says whether there were none of this writer's yet."""
        with transaction.atomic():
            between = {"gathering": gathering, "writer": writer, "receiver": receiver}
            row, is_new = self.get_or_create(**between, defaults={"words": words})
            if is_new:
                Message.objects.put("thanks", receiver, subject_id=row.pk)
        return is_new

    def read_by(self, receiver: Member) -> ThanksQuerySet:
        """What they may take along: not from whom a block parts them, nor from whoever has left or may not sign in."""
        writers = Member.objects.filter(is_active=True).visible_to(receiver)
        return self.filter(receiver=receiver, writer__in=writers.values("pk"))


class Thanks(models.Model):
    """A few words from one to another who was at the same table. They go by mail, and stand on no page."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="+")
    writer = models.ForeignKey(Member, models.CASCADE, related_name="+")
    receiver = models.ForeignKey(Member, models.CASCADE, related_name="+")
    words = models.CharField(max_length=LONGEST_THANKS)
    at = models.DateTimeField(default=timezone.now)

    objects = ThanksQuerySet.as_manager()

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "writer", "receiver"], name="thanks_once_per_writer_receiver_and_gathering"
            ),
            models.CheckConstraint(condition=~Q(writer=F("receiver")), name="thanks_are_to_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
