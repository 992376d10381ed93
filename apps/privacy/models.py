from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.outbox.models import Message
from apps.profiles.models import Member

A_DAY = timedelta(days=1)
MAY_COME_BACK = timedelta(days=14)


def new_key() -> str:
    return secrets.token_urlsafe(16)  # 128 bits


class OnlyKeeper(Exception):
    """A community whose last keeper leaves has nobody to look after it."""


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, member: Member | AnonymousUser) -> ExportQuerySet:
        return self.filter(member=member) if member.is_authenticated else self.none()

    def ready(self, now: datetime) -> ExportQuerySet:
        return self.filter(ready_at__gt=now - A_DAY)

    def to_make(self) -> ExportQuerySet:
        return self.filter(ready_at=None, member__is_active=True)

    def over(self, now: datetime) -> ExportQuerySet:
        """Had for a day; or asked for a day ago and not made, so that it can be asked for anew."""
        return self.filter(models.Q(ready_at__lte=now - A_DAY) | models.Q(ready_at=None, asked_at__lte=now - A_DAY))

    def ask(self, member: Member) -> None:
        """Have it made, soon and by a worker. While there is one, asking again changes nothing."""
        from apps.privacy.tasks import wake  # the task module imports this one

        with transaction.atomic():
            export, is_new = self.get_or_create(member=member)
            if is_new:
                transaction.on_commit(partial(wake, export.pk))


class Export(models.Model):
    """Everything that is one member's, as a file. There is one at a time; it and its row are gone after a day."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="export")
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    ready_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def file(self) -> Path:
        return Path(settings.EXPORTS_ROOT) / f"{self.key}.zip"

    @property
    def until(self) -> datetime | None:
        return self.ready_at and self.ready_at + A_DAY

    @property
    def is_ready(self) -> bool:
        return self.until is not None and self.until > timezone.now() and self.file.exists()

    def say_ready(self) -> bool:
        """The file lies there: tell the member. Says whether it was for the first time."""
        now = timezone.now()
        with transaction.atomic():
            is_first = bool(Export.objects.filter(pk=self.pk, ready_at=None).update(ready_at=now))
            if is_first:
                Message.objects.put("export_ready", self.member, subject_id=self.pk, expires_at=now + A_DAY)
        return is_first

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)
        Export.objects.filter(pk=self.pk).delete()


class DepartureQuerySet(models.QuerySet["Departure"]):
    def locked(self, member: Member) -> Departure | None:
        """That of a member, with both rows locked until the transaction ends."""
        Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
        return self.select_related("member").filter(member=member).first()

    def over(self, now: datetime) -> DepartureQuerySet:
        return self.filter(at__lte=now - MAY_COME_BACK)

    def that_may_return(self, member: Member | None) -> DepartureQuerySet:
        """Not of whom moderators have shut out meanwhile."""
        return self.filter(member=member, member__suspension=None).select_related("member")

    def begin(self, member: Member) -> Departure:
        """Gone for others from this moment on; to whoever looks they are somebody without a name.

        Leaving twice is leaving once. Raises OnlyKeeper.
        """
        with transaction.atomic():
            if known := self.locked(member):
                return known
            refuse_only_keeper(member)
            member.refresh_from_db()
            departure = self.create(member=member, name=member.name, pronouns=member.pronouns)
            member.name, member.pronouns, member.is_active = nameless(), "", False
            member.save(update_fields=["name", "pronouns", "is_active"])
            member.sign_out_everywhere()
            slot = {"subject_id": departure.pk, "expires_at": departure.final_at}
            Message.objects.put("leaving", member.email, **slot)  # to the address: members who have left get no mail
        return departure


class Departure(models.Model):
    """That a member has left, and what their name was, should they come back before it is for good."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="departure")
    name = models.CharField(max_length=60)
    pronouns = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"  # never who

    @property
    def final_at(self) -> datetime:
        return self.at + MAY_COME_BACK

    def come_back(self) -> Member | None:
        """As they were, but for what they gave back. None where they came back already, or it was for good."""
        with transaction.atomic():
            departure = Departure.objects.locked(self.member)
            if departure is None or not Departure.objects.that_may_return(self.member).exists():
                return None
            member = departure.member
            member.name, member.pronouns, member.is_active = departure.name, departure.pronouns, True
            member.save(update_fields=["name", "pronouns", "is_active"])
            departure.delete()
        return member


def nameless() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("Somebody who has left")


def refuse_only_keeper(member: Member) -> None:
    """Raises OnlyKeeper."""
    if is_only_keeper(member):
        raise OnlyKeeper


def is_only_keeper(member: Member) -> bool:
    keepers = Member.objects.filter(is_superuser=True, is_active=True)
    return member.is_superuser and not keepers.exclude(pk=member.pk).exists()
