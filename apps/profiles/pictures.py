"""The one picture a member may have: sent, made anew by a worker, and shown by a view that asks who is looking."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.profiles.developing import SIZES, make_anew

if TYPE_CHECKING:
    from apps.profiles.models import Member

A_MOMENT = timedelta(minutes=2)  # in which the worker that was woken makes it
LONG_ENOUGH = timedelta(hours=1)  # to have tried for


def new_name() -> str:
    return secrets.token_hex(16)  # 128 bits


def folder() -> Path:
    return Path(settings.PICTURES_ROOT)


def original(name: str) -> Path:
    return folder() / f"{name}.original"


def files_named(name: str) -> list[Path]:
    """Every file of this name, there or not."""
    return [original(name), *(folder() / f"{name}-{size}.webp" for size in SIZES)] if name else []


def forget_files(*names: str) -> None:
    for file in (file for name in names for file in files_named(name)):
        file.unlink(missing_ok=True)


def keep(name: str, chunks: Iterable[bytes]) -> None:
    """What was sent, where nobody else on this machine can read it."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(original(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.writelines(chunks)


class PictureQuerySet(models.QuerySet["Picture"]):
    def of(self, member: Member) -> PictureQuerySet:
        return self.filter(member=member)

    def shown(self) -> PictureQuerySet:
        """Those there is something to see of; nobody's who has left or is shut out."""
        return self.filter(member__is_active=True).exclude(key="")

    def to_make(self) -> PictureQuerySet:
        return self.exclude(sent="")

    def send(self, member: Member, chunks: Iterable[bytes]) -> None:
        """Have a worker make it, soon. One that is there is shown until then; one that waits is forgotten."""
        from apps.profiles.tasks import wake  # the task module imports this one

        name = new_name()
        keep(name, chunks)
        with transaction.atomic():
            picture, is_new = self.select_for_update().get_or_create(member=member, defaults={"sent": name})
            if not is_new:
                transaction.on_commit(partial(forget_files, picture.sent))
            picture.sent, picture.sent_at, picture.has_failed = name, timezone.now(), False
            picture.save(update_fields=["sent", "sent_at", "has_failed"])
            transaction.on_commit(partial(wake, picture.pk))


class Picture(models.Model):
    """Names of files: of those that are shown, and of the one that was sent and waits. There may be one, or both."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="picture")
    key = models.CharField(max_length=32, blank=True, editable=False)
    sent = models.CharField(max_length=32, blank=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    has_failed = models.BooleanField(default=False, editable=False)  # what was sent last could not be made

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                condition=~Q(key="", sent="", has_failed=False), name="picture_is_there_or_sent_or_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d}"

    def file(self, size: int) -> Path:
        return folder() / f"{self.key}-{size}.webp"

    def make(self) -> None:
        """Twice at once makes it twice, and the first of them counts."""
        name = new_name()
        is_made = make_anew(original(self.sent), folder() / name)
        settled = {"key": name} if is_made else {"has_failed": True}
        with transaction.atomic():
            is_ours = Picture.objects.filter(pk=self.pk, sent=self.sent).update(sent="", **settled)
            old = [self.sent, *([self.key] if is_made else [name])] if is_ours else [name]
            transaction.on_commit(partial(forget_files, *old))

    def take_away(self) -> None:
        with transaction.atomic():
            for picture in Picture.objects.select_for_update().filter(pk=self.pk):
                transaction.on_commit(partial(forget_files, picture.key, picture.sent))
                picture.delete()


def make(pk: int) -> None:
    for picture in Picture.objects.to_make().filter(pk=pk):
        picture.make()


def sweep(now: datetime) -> None:
    """What no worker was woken for, or was stopped at; and what nobody remembers."""
    waiting = Picture.objects.to_make().filter(sent_at__lte=now - A_MOMENT)
    for pk in waiting.filter(sent_at__gt=now - LONG_ENOUGH).values_list("pk", flat=True):
        make(pk)
    waiting.filter(sent_at__lte=now - LONG_ENOUGH).update(sent="", has_failed=True)
    forget_strays(now)


def forget_strays(now: datetime) -> None:
    """Files that no row names, of a process that was stopped in between or of a member who is gone."""
    before = (now - LONG_ENOUGH).timestamp()
    names = {file.name[:32] for file in folder().glob("*") if file.stat().st_mtime <= before}
    known = Picture.objects.filter(Q(key__in=names) | Q(sent__in=names)).values_list("key", "sent")
    forget_files(*names.difference(*known))
