"""Parties of one to four at one table, for as long as Hypothesis can think of something that might break it.

Runs in a hand's process on the drill's database, with the app's verbs; once step by step, once with several at a time
in threads. Time passes when the machine says so.
"""

import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import time_machine
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.gatherings.models import KEPT_UNTIL, CannotSit, Companion, Gathering, Rsvp
from apps.gatherings.sweep import sweep
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member
from tests.faults import ledger
from tests.faults.hand import troubles_of_the_sweep

MEMBERS, VETERANS = 10, 5  # half of them have come before
AT_ONCE = 6


@dataclass(frozen=True)
class Act:
    """Something that somebody does: which of those who may, with how many, and whether they tick "straight away"."""

    name: str
    who: int
    party: int
    is_straight_away: bool


def acts(names: list[str]) -> st.SearchStrategy[Act]:
    who = st.integers(0, MEMBERS - 1)
    return st.builds(Act, st.sampled_from(names), who, st.integers(1, 4), st.booleans())


MOST_SEATS = 6  # fewer than the members, so that there is always a line
# What happens, each as often as it is named.
BY_GUESTS = ["join"] * 5 + ["leave"] * 3 + ["accept", "accept", "bring", "bring"]
BY_OTHERS = ["lapse", "decline", "offer", "edit"]
# Whom an act is for; where there is nobody, anybody tries.
MAY = {
    "accept": [Rsvp.State.OFFERED],
    "lapse": [Rsvp.State.OFFERED],
    "bring": [Rsvp.State.SEATED, Rsvp.State.WAITLISTED, Rsvp.State.OFFERED],
    "leave": [Rsvp.State.SEATED, Rsvp.State.WAITLISTED, Rsvp.State.OFFERED],
    "decline": [Rsvp.State.SEATED, Rsvp.State.WAITLISTED, Rsvp.State.OFFERED],
}


class Cast:
    """The members, made once: some have been to a table before."""

    def __init__(self) -> None:
        joined_at = timezone.now() - timedelta(weeks=9)
        self.host = make_member(joined_at=joined_at)
        self.members = [make_member(joined_at=joined_at) for _ in range(MEMBERS)]
        before = make_gathering(timezone.now() + timedelta(days=1), host=self.host, seats=VETERANS)
        for veteran in self.members[:VETERANS]:
            before.seat(veteran)
        self.heard = troubles_of_the_sweep()
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            assert Rsvp.objects.who_came().filter(gathering=before).count() == VETERANS


class Table(RuleBasedStateMachine):
    """What is the same for both machines: the table, the acts, the clock."""

    cast: Cast
    steps: int
    pool: ThreadPoolExecutor

    def __init__(self) -> None:
        super().__init__()
        self.trouble: list[str] = []

    @initialize(
        seats=st.integers(1, MOST_SEATS),
        kept=st.integers(0, 3),
        hours=st.sampled_from([10, 52, 60, 120]),  # a start that comes, or the 48 hours before it, or neither
        first=st.lists(acts(["join"]), min_size=3, max_size=8),
    )
    def lay(self, seats: int, kept: int, hours: int, first: list[Act]) -> None:
        self.clock = time_machine.travel(timezone.now() + timedelta(days=3))
        self.traveller = self.clock.start()
        starts, kept = timezone.now() + timedelta(hours=hours), min(kept, seats // 2)
        terms: dict[str, Any] = {"seats": seats, "seats_kept": kept, "kept_left": kept, "most_companions": 3}
        self.pk = make_gathering(starts, host=self.cast.host, **terms).pk
        for act in first:
            self.do(act)

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            self.clock.stop()
            Gathering.objects.filter(pk=self.pk).delete()
            Message.objects.all().delete()

    @property
    def gathering(self) -> Gathering:
        return Gathering.objects.get(pk=self.pk)

    def parties(self) -> dict[int, int]:
        return dict(self.gathering.rsvps.holding_seats().values_list("pk", "party"))

    # Acts

    def do(self, act: Act) -> None:
        """A refusal is an answer like another; whatever else is raised is not."""
        try:
            getattr(self, act.name)(self.who_does(act), act)
        except CannotSit:
            pass
        except Exception as error:  # in a thread it would be lost; so it is told at the end
            self.trouble.append(f"{act}: {error!r}")

    def do_apart(self, act: Act) -> None:
        """The same in a thread of its own."""
        try:
            self.do(act)
        finally:
            connections.close_all()

    def who_does(self, act: Act) -> Member:
        rsvps = dict(self.gathering.rsvps.values_list("member", "state"))
        if act.name in MAY:
            able = [member for member in self.cast.members if rsvps.get(member.pk) in MAY[act.name]]
        else:
            able = [member for member in self.cast.members if rsvps.get(member.pk, ledger.LEFT) == ledger.LEFT]
        able = able or self.cast.members
        return able[act.who % len(able)]

    def rsvp(self, member: Member) -> Rsvp | None:
        return Rsvp.objects.filter(gathering=self.pk, member=member).first()

    def join(self, member: Member, act: Act) -> None:
        companions = [Companion() for _ in range(act.party - 1)]
        self.gathering.seat(member, companions=companions, is_straight_away=act.is_straight_away)

    def leave(self, member: Member, _act: Act) -> None:
        if rsvp := self.rsvp(member):
            rsvp.bow_out()

    def accept(self, member: Member, _act: Act) -> None:
        if rsvp := self.rsvp(member):
            rsvp.accept()

    def bring(self, member: Member, act: Act) -> None:
        rsvp = self.rsvp(member)
        if rsvp and rsvp.is_open:
            rsvp.bring([Companion() for _ in range(act.party - 1)])

    def decline(self, member: Member, act: Act) -> None:
        rsvp = self.rsvp(member)
        if rsvp and act.party == 4:  # seldom, for it is for good
            rsvp.decline()

    def offer(self, member: Member, _act: Act) -> None:
        self.gathering.offer(member)

    def lapse(self, member: Member, _act: Act) -> None:
        ended = timezone.now() - timedelta(seconds=1)
        Rsvp.objects.filter(gathering=self.pk, member=member, state=ledger.OFFERED).update(offered_until=ended)
        sweep(timezone.now())

    def time_passes(self, _member: Member, act: Act) -> None:
        """An hour to twelve, and the minute's sweep."""
        self.traveller.shift(timedelta(hours=act.party * 3 if act.is_straight_away else act.party))
        sweep(timezone.now())

    def edit(self, _member: Member, act: Act) -> None:
        gathering = self.gathering
        gathering.seats_wanted = 1 + act.who % MOST_SEATS
        gathering.seats_kept = min(act.party - 1, gathering.seats_wanted // 2)
        gathering.change(["seats_wanted", "seats_kept"])

    # What must hold after each step

    @invariant()
    def all_is_well(self) -> None:
        type(self).steps += 1
        if hasattr(self, "pk"):
            gathering, history = self.gathering, ledger.changes_of(self.gathering)
            wrong = [
                *self.trouble,
                *self.cast.heard,
                *ledger.wrong_counts(gathering),
                *ledger.wrong_rows(gathering, history),
            ]
            wrong += [*ledger.wrong_mail(gathering, history), *wrong_keeping(gathering), *idle_seats(gathering)]
            assert not wrong, wrong


def wrong_keeping(gathering: Gathering) -> list[str]:
    first = sum(gathering.rsvps.holding_seats().filter(is_first_time=True).values_list("party", flat=True))
    left = max(0, gathering.seats_kept - first)
    return [] if gathering.kept_left == left else [f"{gathering.kept_left} kept seats are left, not {left}"]


def kept_now(gathering: Gathering) -> int:
    return 0 if gathering.starts_at - timezone.now() <= KEPT_UNTIL else gathering.kept_left


def idle_seats(gathering: Gathering) -> list[str]:
    """Whoever's turn it is has no seat that they would fit into; or nobody may have one."""
    if gathering.has_begun:
        return ["somebody still hopes"] if gathering.rsvps.hoping().exists() else []
    line = list(gathering.rsvps.in_line().filter(party__lte=gathering.seats_wanted).with_first_time())
    wrong = ["two have the same place"] if len({rsvp.turn for rsvp in line}) != len(line) else []
    free = gathering.seats - gathering.seats_taken
    for_all = max(0, free - kept_now(gathering))
    first = next((rsvp for rsvp in line if for_all or rsvp.comes_first_time), None)
    if first and first.party <= (free if first.comes_first_time else for_all):
        wrong.append(f"{first} waits beside {free} free seats, {for_all} of them for everybody")
    return wrong


class StepByStep(Table):
    """One thing after the other. So it can also be seen that nobody sits on a seat kept for a first-timer."""

    @rule(act=acts([*BY_GUESTS, *BY_OTHERS, "time_passes"]))
    def one(self, act: Act) -> None:
        """Who came to a seat or to more of them, and not for the first time, left the kept ones free."""
        before = self.parties()
        self.do(act)
        gathering = self.gathering
        more = [pk for pk, party in self.parties().items() if party > before.get(pk, 0)]
        others = gathering.rsvps.filter(pk__in=more, is_first_time=False)
        free = gathering.seats - gathering.seats_taken
        if act.name != "offer" and free < kept_now(gathering) and others.exists():  # a host may do as they like
            self.trouble.append(f"{list(others)} sit where seats are kept: {free} free of {kept_now(gathering)}")


class AtOnce(Table):
    """Several things at the same time, in threads."""

    @rule(several=st.lists(acts([*BY_GUESTS, *BY_OTHERS]), min_size=2, max_size=AT_ONCE))
    def together(self, several: list[Act]) -> None:
        list(self.pool.map(self.do_apart, several))

    @rule(act=acts(["time_passes"]))
    def later(self, act: Act) -> None:
        self.do(act)


@dataclass(frozen=True)
class Run:
    steps: int
    failure: str


def run(is_at_once: bool, examples: int, steps: int) -> Run:
    """So many tables with so many steps at each; the same ones every time. Says what broke it, if anything did."""
    Gathering.objects.all().delete()
    machine: Any = AtOnce if is_at_once else StepByStep
    machine.cast, machine.steps = Cast(), 0
    # What happens in threads does not happen twice, so there is nothing to be made smaller.
    phases = [Phase.generate] if is_at_once else [Phase.generate, Phase.shrink]
    how = settings(
        max_examples=examples, stateful_step_count=steps, phases=phases, derandomize=True, database=None,
        deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    failure = ""
    with ThreadPoolExecutor(AT_ONCE) as machine.pool:
        try:
            run_state_machine_as_test(machine, settings=how)
        except Exception as error:  # a control is to fail, in whichever way: the caller judges
            failure = "".join(traceback.format_exception(error)[-12:])
    return Run(machine.steps, failure)
