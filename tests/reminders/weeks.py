"""Some members' weeks, lived at random from a seed, with sweeps at odd times; and what was wrong with the nudges sent.

What members did is kept here as they did it, so that a rule is checked against that and not against what the app made
of it.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from apps.gatherings.models import CannotSit, Gathering, Rsvp
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.budget import ORDER
from apps.reminders.models import SOMETHING_NEAR, NearWish
from apps.reminders.nudges import DUE, put_nudges
from tests.factories import TOWNS, make_gathering, make_member, make_newcomer, make_town

BEGINS = datetime(2026, 10, 19, tzinfo=UTC)  # the clocks of Bristol change within its first week
LAST = "If this one goes by"


class Weeks:
    def __init__(self, clock: time_machine.Traveller, seed: int, members: int) -> None:
        self.clock, self.chance = clock, random.Random(seed)
        self.to_join = members
        self.members: list[Member] = []
        self.hosts = [make_member(f"Host {slug}", town=make_town(slug)) for slug in TOWNS for _ in range(2)]
        self.asked: dict[int, set[str]] = defaultdict(set)
        self.paused_until: dict[int, datetime] = {}
        self.visits: dict[int, list[datetime]] = defaultdict(list)
        self.sent: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        self.slots: Counter[tuple[int, str, int, int]] = Counter()
        self.told: Counter[int] = Counter()  # by wish
        self.kinds: Counter[str] = Counter()
        self.wrong: list[str] = []

    @property
    def member_weeks(self) -> float:
        """From joining to the end of it, added up."""
        return sum((self.ended_at - visits[0]) / timedelta(weeks=1) for visits in self.visits.values())

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def live(self, weeks: int) -> None:
        """Everybody joins within the first three days; then life goes on."""
        ends = BEGINS + timedelta(weeks=weeks)
        while self.now < ends:
            hole = self.chance.random() < 0.15
            gap = timedelta(minutes=self.chance.randint(360, 540) if hole else self.chance.randint(1, 400))
            self.clock.shift(gap)
            self.live_on(gap)
            self.sweep()
        self.ended_at = self.now

    def sweep(self) -> None:
        put_nudges(self.now)
        if self.chance.random() < 0.2:  # the broker is away for a while, and the facts change meanwhile
            self.clock.shift(timedelta(minutes=self.chance.randint(1, 500)))
            self.live_on(timedelta(hours=6))
        mail.outbox.clear()
        Message.objects.exclude(kind__in=ORDER).delete()  # all other mail would only take time
        send()
        self.look_through(mail.outbox)

    # What people do

    def live_on(self, gap: timedelta) -> None:
        if self.to_join and self.now < BEGINS + timedelta(days=3):
            for _ in range(min(self.to_join, 1 + int(self.to_join * gap / timedelta(hours=8)))):
                self.join()
        acts = len(self.members) * gap / timedelta(hours=70)
        for _ in range(int(acts) + (self.chance.random() < acts % 1)):
            act = self.chance.choices(*zip(*self.acts, strict=True))[0]
            act(self.chance.choice(self.members))
        for host in self.hosts:
            if self.chance.random() < gap / timedelta(days=2):
                self.lay_a_table(host)
            if self.chance.random() < gap / timedelta(days=6):
                self.change_a_table(host)

    @property
    def acts(self) -> list[tuple[Callable[[Member], None], int]]:
        often = [(self.visit, 6), (self.sit, 5), (self.leave, 2)]
        return [*often, (self.miss, 1), (self.choose, 1), (self.pause, 1), (self.wish, 1)]

    def join(self) -> None:
        member = make_newcomer(town=make_town(self.chance.choice(list(TOWNS))))
        self.to_join -= 1
        self.members.append(member)
        self.visits[member.pk].append(self.now)
        for kind in DUE:
            self.say(member, kind, self.chance.random() < 0.6)

    def say(self, member: Member, kind: str, is_given: bool) -> None:
        Consent.objects.say(member, kind, is_given)
        (self.asked[member.pk].add if is_given else self.asked[member.pk].discard)(kind)

    def visit(self, member: Member) -> None:
        Member.objects.filter(pk=member.pk).were_here()
        self.visits[member.pk].append(self.now)

    def choose(self, member: Member) -> None:
        kind = self.chance.choice(list(DUE))
        self.say(member, kind, kind not in self.asked[member.pk])

    def wish(self, member: Member) -> None:
        town = make_town(self.chance.choice(list(TOWNS)))
        NearWish.objects.ask(member, town, self.chance.choice([10, 25]), self.chance.choice(["", "", "walk"]))
        self.asked[member.pk].add(SOMETHING_NEAR)

    def pause(self, member: Member) -> None:
        member = Member.objects.get(pk=member.pk)
        if self.chance.random() < 0.2:
            member.pause_nudges()
            self.paused_until[member.pk] = self.now + timedelta(days=30)
        else:
            member.resume_nudges()
            self.paused_until.pop(member.pk, None)

    def sit(self, member: Member) -> None:
        if tables := list(Gathering.objects.published().upcoming().filter(town=member.town).order_by("pk")):
            with suppress(CannotSit):
                self.chance.choice(tables).seat(member)

    def leave(self, member: Member) -> None:
        rsvps = Rsvp.objects.of(member).open().filter(gathering__starts_at__gt=self.now).order_by("pk")
        if rsvp := rsvps.first():
            rsvp.bow_out()

    def miss(self, member: Member) -> None:
        if (
            rsvp := Rsvp.objects.of(member)
            .who_came()
            .select_related("gathering")
            .order_by("-gathering__ends_at")
            .first()
        ):
            rsvp.say_missed()

    def lay_a_table(self, host: Member) -> None:
        starts = self.now + timedelta(hours=self.chance.randint(20, 300))
        make_gathering(starts, town=host.town, host=host, seats=self.chance.randint(3, 8))

    def change_a_table(self, host: Member) -> None:
        gathering = Gathering.objects.hosted_by(host).published().upcoming().order_by("starts_at").first()
        if gathering is None:
            return
        if self.chance.random() < 0.4:
            gathering.cancel("The oven gave up.")
        else:
            gathering.day += timedelta(days=self.chance.choice([-1, 1, 2]))
            gathering.change(["day"])

    # What came of it

    def look_through(self, mails: Sequence[EmailMessage]) -> None:
        keys = {email.extra_headers["Message-ID"][1:11]: str(email.body) for email in mails}
        for message in Message.objects.filter(key__in=keys, kind__in=ORDER).select_related("member").order_by("pk"):
            self.look_at(message, keys[message.key])

    def look_at(self, message: Message, body: str) -> None:
        member, now = message.member, self.now
        assert member is not None
        local, before = now.astimezone(ZoneInfo(member.time_zone)), self.sent[member.pk]
        since = [at for at, _kind in before if at > self.visits[member.pk][-1]]
        weeks = {at.astimezone(ZoneInfo(member.time_zone)).isocalendar()[:2] for at, _kind in before}
        slot = (member.pk, message.kind, message.subject_id, message.version)
        together = Message.objects.filter(member=member, created_at=message.created_at, kind__in=ORDER)
        wrongs = {
            "two in a week": local.isocalendar()[:2] in weeks,
            "less than three days apart": any(now - at < timedelta(days=3) for at, _kind in before),
            "too near a seat": self.is_near_a_seat(member),
            "at night": not 9 <= local.hour < 21,
            "out of order": min(ORDER.index(each.kind) for each in together) < ORDER.index(message.kind),
            "a third without a visit": len(since) > 1,
            "not said to be the last": len(since) == 1 and LAST not in " ".join(body.split()),
            "the same twice": self.slots[slot] > 0,
            "twice for one wish": message.kind == SOMETHING_NEAR and self.told[message.subject_id] > 0,
            "not asked for": message.kind not in self.asked[member.pk],
            "in the pause": self.paused_until.get(member.pk, now) > now,
        }
        self.wrong += [f"{name}: {message.kind} to {member} at {local}" for name, is_so in wrongs.items() if is_so]
        before.append((now, message.kind))
        self.slots[slot] += 1
        self.told[message.subject_id] += message.kind == SOMETHING_NEAR
        self.kinds[message.kind] += 1

    def is_near_a_seat(self, member: Member) -> bool:
        two_days = timedelta(days=2)
        seats = Rsvp.objects.filter(member=member, state="seated", gathering__state="published")
        spans = seats.values_list("gathering__starts_at", "gathering__ends_at")
        return any(starts - two_days < self.now < ends + two_days for starts, ends in spans)


def lived(seed: int, members: int, weeks: int) -> Weeks:
    with time_machine.travel(BEGINS, tick=False) as clock:
        Consent.objects.all().delete()  # whoever lived before, beginning at the same time, is left in peace
        life = Weeks(clock, seed, members)
        life.live(weeks)
    return life
