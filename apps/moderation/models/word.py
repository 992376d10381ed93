from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering
from apps.moderation.models.report import Report
from apps.outbox.models import Message
from apps.profiles.models import Member


class WordQuerySet(models.QuerySet["Word"]):
    def send(self, what: Word.What, to: Member | str, **said: Any) -> Word:
        """Keep it and send it. To an address where there is no member, or one who may not sign in."""
        recipient = to if isinstance(to, str) or to.is_active else to.email
        with transaction.atomic():
            word = self.create(what=what, **said)
            Message.objects.put("word_from_moderators", recipient, subject_id=word.pk)
        return word


class Word(models.Model):
    """What moderators write to somebody: a mail, with a sentence of theirs where there is one."""

    class What(models.TextChoices):
        WARNING = "warning", _("a warning")
        QUESTION = "question", _("a question to whoever reported")
        PICTURE = "picture", _("a picture taken away")
        SUSPENSION = "suspension", _("a suspension")
        BAN = "ban", _("a ban")
        BACK = "back", _("an account that is open again")
        HOST_NOW = "host-now", _("a gathering handed over")

    report = models.ForeignKey(Report, models.SET_NULL, null=True, related_name="words_sent")
    gathering = models.ForeignKey(Gathering, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=12, choices=What)
    words = models.TextField(max_length=1000, blank=True)
    until = models.DateField(null=True)
    at = models.DateTimeField(default=timezone.now)

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of moderators")
        verbose_name_plural = _("words of moderators")
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="suspension") | Q(until__isnull=False), name="word_suspension_has_an_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.what}"
