"""Which nudges are due to whom: queries over the facts, each asked once a sweep however many members there are.

A moment is good for a while, so that hours without a beat are caught up and nothing stale is sent; what comes due in
the night waits for the morning. The same queries are asked again, for one member, when a mail is about to go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Value, When

from apps.gatherings import timing
from apps.gatherings.models import Gathering, GatheringQuerySet, Rsvp, RsvpChange, RsvpQuerySet
from apps.outbox.models import Consent, Message
from apps.places.models import Town
from apps.profiles.models import Member
from apps.reminders import offers
from apps.reminders.budget import ORDER, Budget, budgets, week_of
from apps.reminders.models import SOMETHING_NEAR, NearWish
from apps.steps.tables import on_offer, small

GOOD_FOR = timedelta(hours=24)  # half of which is day, wherever it begins
RUNGS = {1: timedelta(days=2), 2: timedelta(days=9), 3: timedelta(days=23)}  # of first_step, after joining
AFTER_A_MISS = timedelta(days=5)  # or after a seat given back
NOTHING_AHEAD = timedelta(days=21)
DOOR = timedelta(days=3)  # before the start
EVENING = time(18)
AS_FAR_AS_ONE_PLANS = timedelta(days=3650)
TO_MIDNIGHT_TOMORROW = timedelta(hours=30)  # from then
THURSDAY = 3


@dataclass(frozen=True)
class Slot:
    """What can be put once. It is useless from `until` on.

    `is_lasting`: it has no moment of its own, and so is due until it is put; what is refused now may be put later.
    """

    kind: str
    member: Member
    until: datetime
    subject_id: int = 0
    version: int = 0
    is_lasting: bool = False


@dataclass(frozen=True)
class Look:
    """One look at the facts, at the members of some time zones; at the moment of sending, at one member only."""

    now: datetime
    zones: list[ZoneInfo]
    only: int | None = None

    def members(self, kind: str) -> QuerySet[Any]:
        """Whoever has asked for this kind, may be written to, and has not paused it."""
        asked = Consent.objects.given(kind).filter(member=OuterRef("pk"))
        found = Member.objects.filter(Exists(asked), is_active=True, time_zone__in=[zone.key for zone in self.zones])
        found = found.exclude(nudges_paused_until__gt=self.now)
        return found.filter(pk=self.only) if self.only else found

    def in_zones(self, kind: str, version_of: Callable[[datetime], int | None]) -> QuerySet[Any]:
        """Of those the ones for whom the clock of their zone gives a `version` now."""
        versions = {zone.key: version_of(self.now.astimezone(zone)) for zone in self.zones}
        whens = [When(time_zone=zone, then=Value(version)) for zone, version in versions.items() if version]
        if not whens:
            return Member.objects.none()
        case = Case(*whens, default=None, output_field=IntegerField())
        members = self.members(kind).annotate(version=case).filter(version__isnull=False)
        return members.filter(self.not_put(kind, member="pk", version="version"))

    def within(self, field: str, ago: timedelta) -> Q:
        """Whether that long has gone by since `field`, and not so long that its moment has passed."""
        latest = self.now - ago
        return Q(**{f"{field}__gt": latest - GOOD_FOR, f"{field}__lte": latest})

    def not_put(self, kind: str, member: str = "member", **slot: str) -> Q:
        """Whether there is no row yet. At the moment of sending there is, of course."""
        outer = {name: OuterRef(field) for name, field in slot.items()}
        put = Message.objects.filter(kind=kind, member=OuterRef(member), **outer)
        return Q() if self.only else Q(~Exists(put))

    def put(self, kind: str, subjects: list[int]) -> set[tuple[int, int]]:
        """The slots of these subjects that are filled."""
        return set(Message.objects.filter(kind=kind, subject_id__in=subjects).values_list("subject_id", "version"))

    def has_nothing_ahead(self, member: str = "member", within: timedelta = AS_FAR_AS_ONE_PLANS) -> Q:
        """No seat, no place in a line, no request, and no table of their own."""
        ahead = {"state": Gathering.State.PUBLISHED, "ends_at__gt": self.now, "starts_at__lt": self.now + within}
        at = {f"gathering__{field}": value for field, value in ahead.items()}
        rsvps = Rsvp.objects.open().filter(member=OuterRef(member), **at)
        hosted = Gathering.objects.filter(host=OuterRef(member), **ahead)
        return Q(~Exists(rsvps)) & Q(~Exists(hosted))

    def with_some_near(
        self, due: QuerySet[Any], tables: GatheringQuerySet, town: str = "town", **fits: offers.Fits
    ) -> QuerySet[Any]:
        """Those in whose town one of these tables is near. Which it is for one member is asked when their mail goes."""
        if self.only:
            return due
        towns = Town.objects.filter(pk__in=due.values(town))
        return due.filter(**{f"{town}__in": offers.towns_with(tables, towns, **fits)})

    def on_offer(self) -> GatheringQuerySet:
        return on_offer(Gathering.objects.all(), self.now)


# Who and when


def something_near(look: Look) -> Iterator[Slot]:
    """Asked to be told when there is something around a town: the first that is, about which no mail was put so far."""
    wishes = NearWish.objects.open(look.now).filter(member__in=look.members(SOMETHING_NEAR))
    wishes = (wishes if look.only else wishes.untold()).select_related("member", "town").order_by("pk")
    circles = {(wish.town, wish.km) for wish in wishes}
    tables = offers.within(look.on_offer(), circles) if circles else {}
    put = set() if look.only else look.put(SOMETHING_NEAR, [wish.pk for wish in wishes])
    near = {
        wish: [each for each in tables[wish.town, wish.km] if wish.may_fit(each) and (wish.pk, each.pk) not in put]
        for wish in wishes
    }
    for wish, fitting in those_that_fit(near):
        until = min(wish.until, look.now + GOOD_FOR)
        for table in fitting if look.only else fitting[:1]:
            yield Slot(SOMETHING_NEAR, wish.member, until, wish.pk, table.pk, is_lasting=True)


def those_that_fit(near: dict[NearWish, list[Gathering]]) -> Iterator[tuple[NearWish, list[Gathering]]]:
    """Each wish with those near that are all it asks for, which one look finds for many wishes that ask the same."""
    asked: dict[str, set[int]] = {}
    for wish, tables in near.items():
        if wish.also and tables:
            asked.setdefault(wish.also, set()).update(each.pk for each in tables)
    fitting = offers.fitting(asked)
    for wish, tables in near.items():
        yield wish, [each for each in tables if not wish.also or (wish.also, each.pk) in fitting]


def first_step(look: Look) -> Iterator[Slot]:
    """Has not come anywhere, has nothing ahead; some days after joining."""
    rungs = [When(look.within("joined_at", ago), then=Value(rung)) for rung, ago in RUNGS.items()]
    members = look.members("first_step").annotate(rung=Case(*rungs, default=None, output_field=IntegerField()))
    came = Rsvp.objects.who_came().filter(member=OuterRef("pk"))
    due = members.filter(~Exists(came), look.has_nothing_ahead("pk"), rung__isnull=False)
    due = due.filter(look.not_put("first_step", member="pk", version="rung"))
    for member in look.with_some_near(due, small(look.on_offer())):
        yield Slot("first_step", member, member.joined_at + RUNGS[member.rung] + GOOD_FOR, version=member.rung)


def try_again(look: Look) -> Iterator[Slot]:
    """Some days after they gave a seat back, or after an evening that they say they did not make."""
    theirs = Rsvp.objects.filter(member__in=look.members("try_again"))
    was_seated = RsvpChange.objects.filter(rsvp=OuterRef("pk"), round=OuterRef("round") - 1, state=Rsvp.State.SEATED)
    gave_back = theirs.filter(look.within("changed_at", AFTER_A_MISS), Exists(was_seated), state=Rsvp.State.LEFT)
    missed = theirs.filter(look.within("gathering__ends_at", AFTER_A_MISS), has_missed=True)
    came = Rsvp.objects.who_came().filter(member=OuterRef("member"), gathering__ends_at__gt=look.now - AFTER_A_MISS)
    due = Rsvp.objects.filter(~Exists(came), look.has_nothing_ahead(), pk__in=each_of(gave_back, missed))
    due = due.filter(look.not_put("try_again", subject_id="pk", version="round")).select_related("member", "gathering")
    for rsvp in look.with_some_near(due, small(look.on_offer()), "member__town").order_by("-changed_at", "-pk"):
        since = rsvp.gathering.ends_at if rsvp.has_missed else rsvp.changed_at
        yield Slot("try_again", rsvp.member, since + AFTER_A_MISS + GOOD_FOR, rsvp.pk, rsvp.round)


def keep_showing_up(look: Look) -> Iterator[Slot]:
    """Has come, and has had nothing ahead for three weeks: the next of the host or series they came to last."""
    since = idle_since(look)
    later = Rsvp.objects.who_came().filter(
        member=OuterRef("member"), gathering__ends_at__gt=OuterRef("gathering__ends_at")
    )
    last = Rsvp.objects.who_came().filter(~Exists(later), look.has_nothing_ahead(), member__in=list(since))
    last = last.filter(look.not_put("keep_showing_up", subject_id="pk")).select_related("member", "gathering")
    for rsvp in offers.with_another(last, look.on_offer()):
        yield Slot("keep_showing_up", rsvp.member, since[rsvp.member_id] + NOTHING_AHEAD + GOOD_FOR, rsvp.pk)


def idle_since(look: Look) -> dict[int, datetime]:
    """Whose last evening has ended, or was given back or called off, so long ago; and when that was."""
    ways = {
        "gathering__ends_at": Q(gathering__state=Gathering.State.PUBLISHED),
        "gathering__cancelled_at": Q(gathering__state=Gathering.State.CANCELLED),
        "changed_at": Q(state__in=[Rsvp.State.LEFT, Rsvp.State.DECLINED]),
    }
    theirs = Rsvp.objects.filter(member__in=look.members("keep_showing_up"))
    then = [theirs.filter(which, look.within(field, NOTHING_AHEAD)) for field, which in ways.items()]
    given_back, called_off = ways["changed_at"], ways["gathering__cancelled_at"]
    until = Case(
        When(given_back, then="changed_at"),
        When(called_off, then="gathering__cancelled_at"),
        default="gathering__ends_at",
    )
    rsvps = Rsvp.objects.filter(member__in=each_of(*then, field="member"))
    idle = rsvps.order_by().values("member").annotate(since=Max(until)).filter(look.within("since", NOTHING_AHEAD))
    return dict(idle.values_list("member", "since"))


def each_of(first: RsvpQuerySet, *others: RsvpQuerySet, field: str = "pk") -> list[int]:
    """What is in any of these, which a database finds faster one by one than as one condition; one query."""
    found = first.order_by().values_list(field, flat=True)
    return list(found.union(*(other.order_by().values_list(field, flat=True) for other in others)))


def open_the_door(look: Look) -> Iterator[Slot]:
    """Has a seat, and has been to a table of this host or series; nobody has said so far that they open the door."""
    came = Rsvp.objects.who_came().filter(
        Q(gathering__host=OuterRef("gathering__host")) | Q(gathering__series=OuterRef("gathering__series")),
        member=OuterRef("member"),
    )
    somebody = Rsvp.objects.at_the_door().filter(gathering=OuterRef("gathering"))
    seats = Rsvp.objects.seated().filter(
        look.within("gathering__starts_at", -DOOR),
        gathering__state=Gathering.State.PUBLISHED,
        gathering__starts_at__gte=F("changed_at") + DOOR,  # a seat taken later was a visit just now
        opens_door=None,
    )
    due = Rsvp.objects.filter(
        Exists(came),
        ~Exists(somebody),
        look.not_put("open_the_door", subject_id="pk", version="gathering__moves"),
        pk__in=of_those_who_asked(look, "open_the_door", seats),  # few, of whom alone the rest is asked
    )
    for rsvp in due.select_related("member", "gathering").order_by("gathering__starts_at", "pk"):
        until = rsvp.gathering.starts_at - DOOR + GOOD_FOR
        yield Slot("open_the_door", rsvp.member, until, rsvp.pk, rsvp.gathering.moves)


def of_those_who_asked(look: Look, kind: str, rsvps: RsvpQuerySet) -> list[int]:
    """Put together here: as one question Postgres reads all the seats that those who asked have ever had."""
    rsvps = rsvps.filter(member=look.only) if look.only else rsvps
    asked = set(look.members(kind).values_list("pk", flat=True))
    return [pk for pk, member in rsvps.values_list("pk", "member") if member in asked]


def seats_tomorrow(look: Look) -> Iterator[Slot]:
    """The evening before: two seats or more are free near by."""

    def version_of(local: datetime) -> int | None:
        day = local.date() + timedelta(days=1)
        return day.year * 10000 + day.month * 100 + day.day if EVENING <= local.time() < timing.NIGHT_BEGINS else None

    due = look.in_zones("seats_tomorrow", version_of).filter(look.has_nothing_ahead("pk", TO_MIDNIGHT_TOMORROW))
    tables = offers.with_two_free(look.on_offer())
    for member in look.with_some_near(due, tables, fits=offers.is_tomorrow(look.now)):
        zone = ZoneInfo(member.time_zone)
        until = timing.moment(look.now.astimezone(zone).date(), timing.NIGHT_BEGINS, zone)
        yield Slot("seats_tomorrow", member, until, version=member.version)


def weekly_digest(look: Look) -> Iterator[Slot]:
    """Thursday at six."""

    def version_of(local: datetime) -> int | None:
        return week_of(local) if local - last_thursday(local) < GOOD_FOR else None

    due = look.in_zones("weekly_digest", version_of)
    tables = look.on_offer().filter(starts_at__lte=look.now + offers.A_WEEK)
    for member in look.with_some_near(due, tables):
        until = last_thursday(look.now.astimezone(ZoneInfo(member.time_zone))) + GOOD_FOR
        yield Slot("weekly_digest", member, until, version=member.version)


def last_thursday(local: datetime) -> datetime:
    """Six in the evening on the Thursday that was last."""
    evening = datetime.combine(local.date() - timedelta(days=(local.weekday() - THURSDAY) % 7), EVENING, local.tzinfo)
    return evening if evening <= local else evening - timedelta(weeks=1)


DUE: dict[str, Callable[[Look], Iterator[Slot]]] = {
    "something_near": something_near,
    "first_step": first_step,
    "try_again": try_again,
    "keep_showing_up": keep_showing_up,
    "open_the_door": open_the_door,
    "seats_tomorrow": seats_tomorrow,
    "weekly_digest": weekly_digest,
}


# The sweep, and the last look before sending


def put_nudges(now: datetime) -> None:
    """For each member the first of what is due, if their budget allows it; the rest is dropped."""
    asked = Consent.objects.given(*DUE).values_list("member__time_zone", flat=True).distinct()
    awake = [zone for zone in map(ZoneInfo, asked) if not timing.is_night(now.astimezone(zone))]
    due: dict[int, list[Slot]] = {}
    for slot in in_order(Look(now, awake)):
        due.setdefault(slot.member.pk, []).append(slot)
    rows: list[Message] = []
    for some in batched(due, 1000):
        for pk, budget in budgets(Member.objects.filter(pk__in=some), now).items():
            rows += rows_of(due[pk], budget)
    Message.objects.put_all(rows)


def batched(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    """As many as a database takes in one question."""
    rest = iter(keys)
    while some := list(islice(rest, size)):
        yield some


def in_order(look: Look) -> Iterator[Slot]:
    for kind in ORDER if look.zones else []:
        yield from DUE[kind](look)


def rows_of(slots: list[Slot], budget: Budget) -> list[Message]:
    """What is dropped fills its slot, so that it never comes later, and costs nothing."""
    first = [row(slots[0], budget.now, budget_week=budget.week)] if budget.allows else []
    rest = [slot for slot in slots[len(first) :] if not slot.is_lasting]
    return first + [row(slot, budget.now, state=Message.State.DROPPED) for slot in rest]


def row(slot: Slot, now: datetime, **more: Any) -> Message:
    about = {"subject_id": slot.subject_id, "version": slot.version, "due_at": now, "expires_at": slot.until}
    return Message.objects.row(slot.kind, slot.member, **about, **more)


def is_due(message: Message, now: datetime) -> bool:
    """Whether its moment is still there, for this member as they are now."""
    assert message.member is not None  # nudges are put for members
    look = Look(now, [ZoneInfo(message.member.time_zone)], only=message.member.pk)
    slot = (message.subject_id, message.version)
    return any((each.subject_id, each.version) == slot for each in DUE[message.kind](look))
