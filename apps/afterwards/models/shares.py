"""All that ever leaves the private answers: shares in tenths, of the whole community, made once for whole months.

Why so is in docs/decisions/afterwards.md.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.afterwards.models.reflection import Felt, Reflection
from apps.afterwards.models.touch import LASTS

LEAST = 20  # people
A_DAY = timedelta(days=1)


class SharesQuerySet(models.QuerySet["Shares"]):
    def close(self, now: datetime) -> None:
        """Once no answer of a month can change any more, and enough people gave one; else it waits for the next.

        Each counts once, by their latest answer. What is made is never made again, whatever becomes of the answers.
        """
        until = (now - LASTS - A_DAY).astimezone(UTC).date().replace(day=1)
        since = self.closed_until() or first_month()
        if since is None or since >= until:
            return
        answers = Reflection.objects.filter(
            gathering__ends_at__gte=midnight(since), gathering__ends_at__lt=midnight(until)
        )
        felt = Counter(dict(answers.order_by("gathering__ends_at", "pk").values_list("member", "felt")).values())
        if (people := felt.total()) >= LEAST:
            tenths = {name: round(10 * felt[name] / people) for name in Felt.values}
            self.get_or_create(since=since, defaults={"until": until, **tenths})

    def closed_until(self) -> date | None:
        return self.order_by("-until").values_list("until", flat=True).first()

    def latest_first(self) -> SharesQuerySet:
        return self.order_by("-since")


def first_month() -> date | None:
    first = Reflection.objects.order_by("gathering__ends_at").values_list("gathering__ends_at", flat=True).first()
    return first.astimezone(UTC).date().replace(day=1) if first else None


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class Shares(models.Model):
    """How connected people felt, over some months: how many tenths of them chose each of the five words."""

    since = models.DateField(unique=True)
    until = models.DateField()  # the first day that it does not hold
    apart = models.PositiveSmallIntegerField()
    edge = models.PositiveSmallIntegerField()
    between = models.PositiveSmallIntegerField()
    among = models.PositiveSmallIntegerField()
    home = models.PositiveSmallIntegerField()

    objects = SharesQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("shares of a few months")
        verbose_name_plural = gettext_lazy("shares of a few months")
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="shares_are_of_some_days")]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"

    @property
    def last_day(self) -> date:
        return self.until - A_DAY

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """At both ends without a number: that everybody chose one word would tell what each of them chose."""
        return [(str(Felt(name).label), tenths_in_words(getattr(self, name))) for name in Felt.values]


def tenths_in_words(tenths: int) -> str:
    if tenths == 0:
        return _("hardly anybody")
    return _("nearly everybody") if tenths == 10 else _("about %(tenths)s in 10") % {"tenths": tenths}
