from __future__ import annotations

from collections.abc import Collection
from typing import Any, NoReturn

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.profiles.models import Member


class BlockQuerySet(models.QuerySet["Block"]):
    def made_by(self, member: Member | AnonymousUser) -> BlockQuerySet:
        return self.filter(blocker=member) if member.is_authenticated else self.none()

    def between(self, one: Any, other: Any) -> BlockQuerySet:
        """Whoever of the two has made it. Each is a member, or an OuterRef to one."""
        return self.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one))

    def others_of(self, member: Member) -> models.QuerySet[Any, Any]:
        """The keys of all whom the member has blocked, and of all who have blocked them; for a subquery."""
        of_theirs = self.filter(Q(blocker=member) | Q(blocked=member))
        other = Case(When(blocker=member, then=F("blocked")), default=F("blocker"))
        return of_theirs.values_list(other, flat=True)

    def keys_of_others(self, member: Member) -> set[int]:
        pairs = self.filter(Q(blocker=member) | Q(blocked=member)).values_list("blocker", "blocked")
        return {key for pair in pairs for key in pair} - {member.pk}


class Block(models.Model):
    """That one member wants nothing to do with another. Silent, and both ways: each is as if the other were not there.

    It is made by `gatherings.parting.block`, since much follows from it.
    """

    blocker = models.ForeignKey(Member, models.CASCADE, related_name="blocks_made")
    blocked = models.ForeignKey(Member, models.CASCADE, related_name="blocks_met")
    made_at = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once_per_pair"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_is_not_of_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"  # never who, not even in a log


class KeepApartQuerySet(models.QuerySet["KeepApart"]):
    def others_of(self, members: Collection[int]) -> dict[int, set[int]]:
        """Whom each of these members is kept apart from; one query."""
        found: dict[int, set[int]] = {}
        pairs = self.filter(Q(first__in=members) | Q(second__in=members)).values_list("first", "second")
        for first, second in pairs:
            found.setdefault(first, set()).add(second)
            found.setdefault(second, set()).add(first)
        return found

    def among(self, members: Collection[int]) -> KeepApartQuerySet:
        """Those of whom both are among these."""
        return self.filter(first__in=members, second__in=members).select_related("first", "second").order_by("pk")

    def keys_from(self, member: Member) -> models.QuerySet[Any, Any]:
        """The keys of all whom this member is kept apart from; for a subquery."""
        of_theirs = self.filter(Q(first=member) | Q(second=member))
        return of_theirs.values_list(Case(When(first=member, then=F("second")), default=F("first")), flat=True)

    def keep(self, one: Member, other: Member) -> KeepApart:
        """Doing so twice changes nothing. Whoever calls has called `hold_seats_still`."""
        first, second = sorted([one, other], key=lambda member: member.pk)
        return self.get_or_create(first=first, second=second)[0]


class KeepApart(models.Model):
    """That two members are not to meet: a moderator's act. Whoever of them comes second finds the table full.

    It is no block: they see each other's gatherings and may read each other's names there. Nothing tells either of it.
    """

    first = models.ForeignKey(Member, models.CASCADE, related_name="+")  # of the two the one with the lower key
    second = models.ForeignKey(Member, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = KeepApartQuerySet.as_manager()

    class Meta:
        verbose_name = _("two kept apart")
        verbose_name_plural = _("those kept apart")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="keep_apart_once_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="keep_apart_lower_key_first"),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class LogIsKept(Exception):
    """An entry of the log is never changed and never deleted."""


class LogQuerySet(models.QuerySet["LogEntry"]):
    def add(self, by: Member, act: str, about: Member | str, reason: str = "") -> LogEntry:
        """Write down an act, in its transaction. `about` is a member, or in words what else it was about."""
        whom = f"member {about.key}" if isinstance(about, Member) else about
        return self.create(by=by.key, act=act, about=whom, reason=reason)

    def update(self, **_values: Any) -> NoReturn:
        raise LogIsKept

    def delete(self) -> NoReturn:
        raise LogIsKept

    def bulk_update(self, *_args: Any, **_more: Any) -> NoReturn:
        raise LogIsKept


class LogEntry(models.Model):
    """What a moderator has done: who, what, about whom, why and when. Added to, and otherwise left alone.

    It names people and gatherings by their keys and points at no row, so that nothing that is deleted takes an entry
    with it or changes one. The database refuses a change as well (migration 0003).
    """

    by = models.CharField(_("who"), max_length=10, editable=False)
    act = models.CharField(_("did what"), max_length=40, editable=False)
    about = models.CharField(_("about whom or what"), max_length=60, editable=False)
    reason = models.TextField(_("why"), blank=True, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry in the log")
        verbose_name_plural = _("the log")
        indexes = [models.Index(fields=["at"], name="log_entry_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LogIsKept
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_more: Any) -> NoReturn:
        raise LogIsKept
