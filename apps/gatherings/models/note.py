from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing, waitlist
from apps.gatherings.models.gathering import Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_NOTES, WITHIN = 5, timedelta(days=1)
PRESSED_TWICE = timedelta(minutes=10)


class CannotWrite(Exception):
    sentence: _StrPromise | str = _("This note cannot be sent just now.")


class NobodyToRead(CannotWrite):
    sentence = _("Nobody has a seat just now, so there is nobody to read it.")


class NothingToTell(CannotWrite):
    sentence = _("This gathering is over or called off, so notes can no longer be sent.")


class WroteEnough(CannotWrite):
    def __init__(self, again_at: timing.WallTime) -> None:
        self.sentence = gettext(
            "Your guests have had five notes within a day, which is as many as we send. The next may go from %(when)s."
        ) % {"when": date_format(again_at, "l j F, H:i")}


class NoteQuerySet(models.QuerySet["Note"]):
    def latest_first(self) -> NoteQuerySet:
        return self.select_related("author").order_by("-at", "-pk")

    def send(self, gathering: Gathering, author: Member, words: str) -> Note:
        """Write to everyone who has a seat now. Pressing twice sends once. Raises a CannotWrite."""
        now = timezone.now()
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            same = gathering.notes.filter(author=author, words=words, at__gt=now - PRESSED_TWICE)
            if note := same.first():
                return note
            gathering.notes.refuse(gathering, now)
            note = gathering.notes.create(author=author, words=words, at=now)
            note.tell([rsvp.member for rsvp in gathering.rsvps.at_the_table()])
        return note

    def refuse(self, gathering: Gathering, now: datetime) -> None:
        if not gathering.is_published or gathering.is_over:
            raise NothingToTell
        if not gathering.rsvps.seated().exists():
            raise NobodyToRead
        lately = self.filter(at__gt=now - WITHIN).order_by("-at", "-pk")[:MOST_NOTES]
        if len(lately) == MOST_NOTES:
            raise WroteEnough(timing.on_the_wall(lately[MOST_NOTES - 1].at + WITHIN, gathering.zone))


class Note(models.Model):
    """A few words from a host or co-host to everyone with a seat."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Member, models.CASCADE, related_name="notes")
    words = models.TextField(_("your words"), max_length=1000)
    at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return f"{self.author} {self.at:%Y-%m-%d %H:%M}"

    @property
    def at_local(self) -> timing.WallTime:
        return timing.on_the_wall(self.at, self.gathering.zone)

    def tell(self, members: list[Member]) -> None:
        slot: dict[str, Any] = {"subject_id": self.pk, "version": self.pk, "expires_at": self.gathering.ends_at}
        slot["due_at"] = waitlist.by_day(self.gathering)
        Message.objects.put_all([Message.objects.row("note_from_host", member, **slot) for member in members])
