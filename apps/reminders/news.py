"""What hosts are told of joins and leaves, read from the history of RSVPs.

A mail tells what has become of the table by its `due_at`, less a few seconds, since the last one that was sent: so
nothing is told twice, nothing is passed over, and what has come to nothing meanwhile is not told at all.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Prefetch, Q

from apps.gatherings import timing
from apps.gatherings.models import Gathering, Rsvp, RsvpChange, StandingRsvp
from apps.gatherings.models.history import RsvpChangeQuerySet
from apps.outbox.models import Message
from apps.reminders.rows import hosts_of, in_parts, with_hosts

KIND = "host_update"
GATHERED = timedelta(hours=1)  # from the first join or leave
AT_ONCE = timedelta(hours=12)  # before the start: from then on they are not gathered
SETTLED = timedelta(seconds=5)  # in which a change that bears this time has reached the database
STALE = timedelta(hours=24)  # a night and an hour fit into it; what is older is in the briefing
A_MOMENT = timedelta(minutes=1)
State = Rsvp.State


# When they are told


def put_host_updates(now: datetime) -> None:
    """What is put is marked as told, and so is what comes too late: no sweep looks at a change again and again."""
    untold = RsvpChange.objects.untold().filter(at__lte=now - SETTLED)
    firsts = first_news(untold, now)
    for some in in_parts(list(firsts)):
        rows: list[Message] = []
        for gathering in with_hosts(some):
            slot: dict[str, Any] = {"subject_id": gathering.pk, "expires_at": gathering.starts_at}
            slot["version"] = version(gathering, firsts[gathering.pk], now)
            slot["due_at"] = timing.not_at_night(now, gathering.starts_at, gathering.zone)
            rows += [Message.objects.row(KIND, host, **slot) for host in hosts_of(gathering)]
        Message.objects.put_all(rows)
        untold.filter(rsvp__gathering__in=some).update(is_told=True)
    untold.filter(rsvp__gathering__starts_at__lte=now).update(is_told=True)


def first_news(untold: RsvpChangeQuerySet, now: datetime) -> dict[int, datetime]:
    """Each gathering that has news to be told now, and when the first of it was; one query."""
    is_time = Q(at__lte=now - GATHERED) | Q(rsvp__gathering__starts_at__lte=now + AT_ONCE)
    ahead = {"rsvp__gathering__state": Gathering.State.PUBLISHED, "rsvp__gathering__starts_at__gt": now}
    found = untold.filter(is_time, **ahead).values("rsvp__gathering").annotate(first=Min("at"))
    return dict(found.values_list("rsvp__gathering", "first"))


def version(gathering: Gathering, first: datetime, now: datetime) -> int:
    """The hour of its first news; where news is told at once, and several times an hour, its very moment."""
    is_gathered = gathering.starts_at - now > AT_ONCE
    return int(first.timestamp()) // 3600 if is_gathered else round(first.timestamp() * 1_000_000)


# What they are told


@dataclass
class News:
    joined: list[Rsvp] = field(default_factory=list)
    left: list[Rsvp] = field(default_factory=list)
    waiting: int = 0

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.waiting)

    @property
    def first_timers(self) -> int:
        return sum(rsvp.comes_first_time for rsvp in self.joined)


def news(message: Message, gathering: Gathering) -> News:
    """Who has come and gone since the reader was last told, as far as it still holds and was not a host's own act."""
    since, until, found = told_until(message), message.due_at - SETTLED, News()
    for rsvp in changed(gathering, since, until):
        path = [State(row.state) for row in rsvp.history.all()]
        was = next((State(row.state) for row in reversed(rsvp.history.all()) if row.at <= since), None)
        if rsvp.state == was or is_by_a_host(path):
            continue
        if rsvp.is_seated:
            found.joined.append(rsvp)
        elif rsvp.is_waitlisted:
            found.waiting += 1
        elif was == State.SEATED and rsvp.state == State.LEFT:
            found.left.append(rsvp)
    return found


def told_until(message: Message) -> datetime:
    sent = Message.objects.filter(kind=KIND, member=message.member, subject_id=message.subject_id)
    sent = sent.filter(state=Message.State.SENT, due_at__lte=message.due_at).exclude(pk=message.pk)
    last, oldest = sent.aggregate(last=Max("due_at"))["last"], message.due_at - STALE
    return max(last - SETTLED, oldest) if last else oldest


def changed(gathering: Gathering, since: datetime, until: datetime) -> list[Rsvp]:
    rows = RsvpChange.objects.filter(rsvp__gathering=gathering, at__gt=since, at__lte=until)
    rsvps = gathering.rsvps.filter(pk__in=rows.values("rsvp")).exclude(member__co_hosting__gathering=gathering)
    if gathering.series_id:
        rsvps = rsvps.exclude(came_or_went_with_the_series(gathering))
    ordered = Prefetch("history", RsvpChange.objects.order_by("pk"))
    rsvps = rsvps.with_first_time().select_related("member").prefetch_related("companions", ordered)
    return list(rsvps.order_by("changed_at", "pk"))


def came_or_went_with_the_series(gathering: Gathering) -> Exists:
    """Whoever does so at every date at once, or comes to each as it is made, is told of at the next one."""
    sooner = Gathering.objects.published().upcoming().filter(series=gathering.series_id)
    sooner = sooner.filter(starts_at__lt=gathering.starts_at)
    there = Rsvp.objects.filter(gathering__in=sooner, member=OuterRef("member"), state=OuterRef("state"))
    at = OuterRef("changed_at")
    at_once = Q(changed_at__gt=at - A_MOMENT, changed_at__lt=at + A_MOMENT)
    standing = StandingRsvp.objects.filter(series=gathering.series_id, member=OuterRef("member"))
    return Exists(there.filter(at_once | Q(Exists(standing))))


def is_by_a_host(path: list[Rsvp.State]) -> bool:
    """Whether a request was admitted: to a seat, or to the line."""
    steps = [state for state, _run in groupby(path)]
    return len(steps) > 1 and steps[-2] == State.ASKED and steps[-1] in (State.SEATED, State.WAITLISTED)
