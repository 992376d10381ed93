"""How often a member is nudged at most. Nudges and digests share one budget, asked when one is put and when sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.models import Message
from apps.profiles.models import Member

# Of several that are due at once the first is put; the others are dropped, not postponed.
ORDER = [
    "something_near",
    "first_step",
    "try_again",
    "keep_showing_up",
    "open_the_door",
    "seats_tomorrow",
    "weekly_digest",
]
APART = timedelta(days=3)
AROUND_A_SEAT = timedelta(hours=48)  # before its start and after its end
IN_A_ROW = 2  # without a visit; then none until the next


def week_of(local: datetime) -> int:
    """Year and ISO week on the calendar there: 202648."""
    year, week, _day = local.isocalendar()
    return year * 100 + week


@dataclass(frozen=True)
class Budget:
    """What a member has had, and whether they may be written to now.

    What has a `budget_week` counts, whether it waits or was sent; what was dropped has none.
    """

    member: Member
    now: datetime
    latest: list[datetime]  # of what counts, newest first; as many as matter
    last_week: int
    is_around_a_seat: bool

    @property
    def week(self) -> int:
        """What one that goes now is charged to."""
        return week_of(self.now.astimezone(ZoneInfo(self.member.time_zone)))

    @property
    def allows(self) -> bool:
        return not (
            self.member.has_paused_nudges
            or self.is_around_a_seat
            or self.last_week >= self.week
            or any(self.now - moment < APART for moment in self.latest)
            or self.unanswered >= IN_A_ROW
        )

    @property
    def unanswered(self) -> int:
        """How many have gone since the last visit, of which only the day is known: one sent that day counts, too."""
        seen = self.member.last_seen_on
        return sum(seen is None or moment.date() >= seen for moment in self.latest)

    @property
    def is_last(self) -> bool:
        """Whether one that goes now is the last until the next visit."""
        return self.unanswered + 1 >= IN_A_ROW


def budgets(members: QuerySet[Member], now: datetime, besides: Message | None = None) -> dict[int, Budget]:
    """Of each of these members; one query. `besides`: as if this message were not there."""
    charged = Message.objects.filter(member=OuterRef("pk"), budget_week__isnull=False)
    if besides:
        charged = charged.exclude(pk=besides.pk)
    latest = charged.annotate(at=Coalesce("done_at", "due_at")).order_by("-at").values("at")
    found = {f"latest_{n}": Subquery(latest[n : n + 1]) for n in range(IN_A_ROW)}
    found["last_week"] = Subquery(charged.order_by("-budget_week").values("budget_week")[:1])
    asked: QuerySet[Any] = members.annotate(**found, is_around_a_seat=Exists(seats_around(now)))
    return {member.pk: budget_of(member, now) for member in asked}


def budget_of(member: Any, now: datetime) -> Budget:
    latest = [moment for n in range(IN_A_ROW) if (moment := getattr(member, f"latest_{n}"))]
    return Budget(member, now, latest, member.last_week or 0, member.is_around_a_seat)


def seats_around(now: datetime) -> QuerySet[Rsvp]:
    """Seats of the member outside at gatherings that are too near in time for a nudge."""
    return Rsvp.objects.seated().filter(
        member=OuterRef("pk"),
        gathering__state=Gathering.State.PUBLISHED,
        gathering__starts_at__lt=now + AROUND_A_SEAT,
        gathering__ends_at__gt=now - AROUND_A_SEAT,
    )
