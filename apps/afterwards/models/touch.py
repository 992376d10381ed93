"""Keep in touch. A tick says "I would like to see them again", to nobody; two that answer each other become a match.

Of a pair there is, at any moment, nothing, one tick, or a match of two rows, one for each to read. What a tick does to
what others see is nothing at all until it is answered.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member
from apps.safety.models import Block, KeepApart

LASTS = timedelta(days=30)
LONGEST_CONTACT = 200
Row = TypeVar("Row", bound=models.Model)


class BetweenQuerySet(models.QuerySet[Row]):
    """Of rows that are one member's, about another."""

    def live(self, now: datetime | None = None) -> Any:
        return self.filter(at__gt=(now or timezone.now()) - LASTS)

    def of(self, member: Member) -> Any:
        """Their own, as they may see them now."""
        return self.live().standing().filter(member=member)

    def standing(self) -> Any:
        return self.exclude(is_void())

    def void(self) -> Any:
        """Across a block, whoever made it, or of somebody who may not sign in."""
        return self.filter(is_void())


def is_void() -> Q:
    gone = Q(member__is_active=False) | Q(other__is_active=False)
    return gone | Q(Exists(Block.objects.between(OuterRef("member"), OuterRef("other"))))


class TickQuerySet(BetweenQuerySet["Tick"]):
    def keep(
        self, member: Member, gathering: Gathering, listed: Collection[int], wished: Collection[int], contact: str
    ) -> None:
        """Of those listed the member would like to see these again, and no others.

        `contact` is for whoever says so, too.

        All rows of those whom it is about are locked in one order, so that two who tick each other at the same moment
        do so one after the other, and the second of them finds the first.
        """
        with transaction.atomic():
            Member.objects.hold_all({member.pk, *listed})
            found = set(Match.objects.of(member).values_list("other", flat=True))
            theirs = self.filter(member=member, other__in=set(listed) - found)
            theirs.exclude(other__in=wished).delete()
            said = {"gathering": gathering, "contact": contact, "at": timezone.now()}
            for other in sorted(set(wished) & set(listed) - found):
                tick, _is_new = self.update_or_create(member=member, other_id=other, defaults=said)
                if answer := self.answering(tick).first():
                    Match.objects.reveal(tick, answer)

    def answering(self, tick: Tick) -> TickQuerySet:
        """The other's own tick, where the two may know of it. Moderators' keeping two apart is silent here, too."""
        mutual: TickQuerySet = self.live().standing().filter(member=tick.other_id, other=tick.member_id)
        pair = sorted([tick.member_id, tick.other_id])
        return mutual.exclude(Exists(KeepApart.objects.filter(first=pair[0], second=pair[1])))


class MatchQuerySet(BetweenQuerySet["Match"]):
    def reveal(self, one: Tick, other: Tick) -> None:
        """Both have said yes: each is given what the other chose to give. Whoever calls holds both members."""
        pair = [(one, other), (other, one)]
        self.filter(Q(member=one.member_id, other=one.other_id) | Q(member=one.other_id, other=one.member_id)).delete()
        for own, theirs in pair:
            match = self.create(
                member_id=own.member_id,
                other_id=own.other_id,
                gathering=one.gathering,
                given=own.contact,
                contact=theirs.contact,
            )
            Message.objects.put("match", match.member, subject_id=match.pk)
        Tick.objects.filter(pk__in=[one.pk, other.pk]).delete()


class Between(models.Model):
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    other = models.ForeignKey(Member, models.CASCADE, related_name="+")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="+")
    contact = models.CharField(max_length=LONGEST_CONTACT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["member", "other"], name="%(class)s_once_per_pair"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="%(class)s_is_not_of_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"  # never who, not even in a log


class Tick(Between):
    """That a member would like to see another again, whom they met at this table; `contact` is what they would give."""

    objects = TickQuerySet.as_manager()

    class Meta(Between.Meta):
        verbose_name = _("wish to keep in touch")
        verbose_name_plural = _("wishes to keep in touch")


class Match(Between):
    """That both said yes, as one of the two reads it: `contact` is the other's, `given` their own."""

    given = models.CharField(max_length=LONGEST_CONTACT)

    objects = MatchQuerySet.as_manager()

    class Meta(Between.Meta):
        verbose_name = _("two who keep in touch")
        verbose_name_plural = _("those who keep in touch")
