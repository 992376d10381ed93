"""Matches never leak, over 5,000 random sets of ticks, blocks, leavings and deletions.

Four people have met at two tables. In each set some of them tick, take back, block, unblock, leave, come back, are
deleted, and weeks go by, in random order; mail goes in between. What each of them sees then (pages, mails, export) is
compared with what a little model of its own says they may: whoever's contact stands there that should not, or is
missing where it should be, is a leak. And one of them reads their pages once more as if nobody else had a tick left
that was not answered: they must be the same to the byte.

Of every set it is all mails, the part of the page that tells of ticks (with the form that reads them) and the files of
the export that are made from this app's rows; of each tenth set the whole pages, asked for and posted to through their
views, and all files. In every run it is 80 sets; FAULTS_SIZE=full makes it 5,000.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import mail
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from apps.afterwards import views
from apps.afterwards.evening import Evening, lately
from apps.afterwards.forms import TouchForm
from apps.afterwards.models import LASTS, Tick
from apps.afterwards.models.touch import BetweenQuerySet, TickQuerySet
from apps.afterwards.tasks import minute
from apps.gatherings import parting
from apps.gatherings.models import Gathering
from apps.outbox.tasks import send
from apps.privacy import erasing, leaving
from apps.privacy.exporting import as_json, contents
from apps.privacy.inventory import files_of
from apps.privacy.models import Departure
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.afterwards.evenings import MORNING, STARTS, make_evening, path_of

pytestmark = pytest.mark.django_db
SETS = 5000 if os.environ.get("FAULTS_SIZE") == "full" else 80
PART = 40  # so that several processes share them
CANARY = re.compile(r"canary-(\d)-\d+-")
TOKEN = re.compile(r'value="\w{64}"')
WEEKS = timedelta(days=16)
Pair = tuple[int, int]
Leaks = list[str]


@dataclass
class May:
    """What is true, in the plainest words: the reference that everything each of them sees is held against."""

    tables: list[tuple[int, set[int]]]  # who hosted, and who was there
    ticks: dict[Pair, tuple[str, datetime]] = field(default_factory=dict)
    matches: dict[Pair, tuple[str, datetime]] = field(default_factory=dict)  # with the other's contact
    blocks: set[Pair] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    waiting: set[Pair] = field(default_factory=set)  # mails of a match
    mailed: dict[int, set[str]] = field(default_factory=dict)

    def are_parted(self, one: int, other: int) -> bool:
        return bool({one, other} & self.gone or {(one, other), (other, one)} & self.blocks)

    def is_open(self, one: int, table: int) -> bool:
        host, there = self.tables[table]
        has_time = ENDS[table] > timezone.now() - LASTS
        return has_time and one in there and one not in self.gone and not {(one, host), (host, one)} & self.blocks

    def people(self, one: int, table: int) -> set[int]:
        return {other for other in self.tables[table][1] - {one} if not self.are_parted(one, other)}

    def found(self, one: int) -> dict[int, str]:
        """Whom they keep in touch with, and how they reach each."""
        since = timezone.now() - LASTS
        return {
            other: contact
            for (member, other), (contact, at) in self.matches.items()
            if member == one and at > since and not self.are_parted(one, other)
        }

    def tick(self, one: int, table: int, wished: set[int], contact: str) -> None:
        now = timezone.now()
        listed = self.people(one, table) - set(self.found(one))
        for other in listed - wished:
            self.ticks.pop((one, other), None)
        for other in listed & wished:
            self.ticks[one, other] = (contact, now)
            theirs = self.ticks.get((other, one))
            if theirs and theirs[1] > now - LASTS:
                self.matches[one, other], self.matches[other, one] = (theirs[0], now), (contact, now)
                self.waiting |= {(one, other), (other, one)}
                del self.ticks[one, other], self.ticks[other, one]

    def sweep(self) -> None:
        self.forget([pair for pair in {*self.ticks, *self.matches} if self.are_parted(*pair)])

    def leave(self, one: int) -> None:
        """All that is theirs or about them goes at once; what a block parts waits for the sweep."""
        self.forget([pair for pair in {*self.ticks, *self.matches} if one in pair])

    def forget(self, pairs: list[Pair]) -> None:
        for pair in pairs:
            self.ticks.pop(pair, None)
            self.matches.pop(pair, None)

    def send(self) -> None:
        for one, other in self.waiting:
            if other in self.found(one):
                self.mailed.setdefault(one, set()).add(self.found(one)[other])
        self.waiting.clear()


ENDS: list[datetime] = []


@dataclass
class Story:
    """One set: what they do, to the app and to the model alike, and what each then sees."""

    members: list[Member]
    tables: list[Gathering]
    may: May
    rng: Random
    clock: time_machine.Traveller
    is_whole: bool = True
    contacts: int = 0

    def live(self) -> None:
        acts = [self.tick] * 9 + [self.block] * 2 + [self.unblock, self.sweep, self.send, self.leave, self.delete]
        for act in self.rng.choices([*acts, self.come_back, self.wait], k=self.rng.randint(4, 12)):
            act()

    def pair(self) -> Pair:
        one, other = self.rng.sample(range(len(self.members)), 2)
        return one, other

    def tick(self) -> None:
        one, table = self.rng.randrange(len(self.members)), self.rng.randrange(len(self.tables))
        if one in self.may.gone:
            return  # nobody signs in any more
        if not self.may.is_open(one, table):
            with pytest.raises(Http404):
                self.ask(one, table, {})
            return
        known = self.may.people(one, table) - set(self.may.found(one))
        wished = {other for other in known if self.rng.random() < 0.6}
        self.contacts += 1
        contact = f"canary-{one}-{self.contacts}-"
        if self.is_whole:
            keys = [self.members[other].key for other in wished]
            assert self.ask(one, table, {"touch-people": keys, "touch-contact": contact}).status_code == 302
        else:
            listed, ticked = ({self.members[other].pk for other in those} for those in (known, wished))
            Tick.objects.keep(self.members[one], self.tables[table], listed, ticked, contact)
        self.may.tick(one, table, wished, contact)

    def ask(self, one: int, table: int, said: dict[str, Any] | None = None) -> Any:
        """The page, or the form on it, as the address gives it."""
        key, requests = self.tables[table].key, RequestFactory()
        path = path_of(self.tables[table], "in-touch/" if said is not None else "")
        request: Any = requests.get(path) if said is None else requests.post(path, said)
        request.user, request._messages = Member.objects.get(pk=self.members[one].pk), CookieStorage(request)
        return views.page(request, key) if said is None else views.keep_in_touch(request, key)

    def page(self, one: int, table: int) -> str:
        if self.is_whole:
            return TOKEN.sub("", self.ask(one, table).content.decode())
        member = Member.objects.get(pk=self.members[one].pk)
        evening = Evening(lately(member).get(pk=self.tables[table].pk), member)
        shown = {"evening": evening, "gathering": evening.gathering, "form": TouchForm(None, evening)}
        return render_to_string("afterwards/in_touch.html", shown)

    def along(self, one: int) -> str:
        member = Member.objects.get(pk=self.members[one].pk)
        if self.is_whole:
            return "".join(as_json(rows) for rows in contents(member).values())
        ours = [file for file in files_of() if file.model.startswith("afterwards.")]
        return "".join(as_json(list(file.rows_of(member).values(*file.paths))) for file in ours)

    def block(self) -> None:
        one, other = self.pair()
        if not {one, other} & self.may.gone:
            parting.block(self.members[one], self.members[other])
            self.may.blocks.add((one, other))

    def unblock(self) -> None:
        """At once, or after the sweep has come by."""
        if self.may.blocks and self.rng.random() < 0.7:
            self.sweep()
        for one, other in sorted(self.may.blocks)[:1]:
            Block.objects.filter(blocker=self.members[one], blocked=self.members[other]).delete()
            self.may.blocks.remove((one, other))

    def sweep(self) -> None:
        minute()
        self.may.sweep()

    def send(self) -> None:
        send()
        self.may.send()

    def leave(self) -> None:
        one, _other = self.pair()
        if one not in self.may.gone:
            leaving.leave(Member.objects.get(pk=self.members[one].pk))
            self.may.gone.add(one)
            self.may.leave(one)

    def come_back(self) -> None:
        for departure in Departure.objects.select_related("member").order_by("pk")[:1]:
            departure.come_back()
            self.may.gone -= {at for at, member in enumerate(self.members) if member.pk == departure.member_id}

    def delete(self) -> None:
        """Whoever has left, for good."""
        for departure in Departure.objects.select_related("member").order_by("pk")[:1]:
            erasing.finish(departure)
            one = next(at for at, member in enumerate(self.members) if member.pk == departure.member_id)
            self.may.leave(one)
            self.may.blocks = {pair for pair in self.may.blocks if one not in pair}
            for _host, there in self.may.tables:
                there.discard(one)

    def wait(self) -> None:
        self.send()  # a mail that waits so long is dropped
        self.clock.shift(WEEKS)

    def leaks(self) -> Leaks:
        """Where somebody sees another's contact that they may not, or does not see one that they may."""
        self.send()
        found: Leaks = []
        for one, member in enumerate(self.members):
            mails = [str(email.body) for email in mail.outbox if email.to == [member.email]]
            if others_in("".join(mails), one) != self.may.mailed.get(one, set()):
                found.append(f"a mail to {one}")
            if one not in self.may.gone:
                found += self.leaks_to(one)
        return found

    def leaks_to(self, one: int) -> Leaks:
        found: Leaks = []
        reached = self.may.found(one)
        if others_in(self.along(one), one) != set(reached.values()):
            found.append(f"the export of {one}")
        for table in range(len(self.tables)):
            if self.may.is_open(one, table):
                here = {contact for other, contact in reached.items() if other in self.may.people(one, table)}
                if others_in(self.page(one, table), one) != here:
                    found.append(f"the page of {one} at {table}")
        return found

    def differences(self) -> Leaks:
        """Between what one of them sees now, and would see if nobody else had ticked anybody."""
        one = self.rng.randrange(len(self.members))
        open_to = [table for table in range(len(self.tables)) if self.may.is_open(one, table)]
        pages = [self.page(one, table) for table in open_to]
        Tick.objects.exclude(member=self.members[one]).delete()
        again = [self.page(one, table) for table in open_to]
        return [] if pages == again else [f"to {one} it makes a difference"]


def others_in(text: str, reader: int) -> set[str]:
    return {each.group() for each in CANARY.finditer(text) if int(each[1]) != reader}


@pytest.fixture
def world() -> Iterator[tuple[list[Member], list[Gathering], time_machine.Traveller]]:
    with time_machine.travel(MORNING, tick=False) as clock:
        first, members = make_evening("Noor", "Efua", "Priya")
        mei, noor, _efua, priya = members
        second, _there = make_evening(mei, noor, host=priya, starts=STARTS - timedelta(days=2))
        ENDS[:] = [first.ends_at, second.ends_at]
        yield members, [first, second], clock


def leaks(world: tuple[list[Member], list[Gathering], time_machine.Traveller], sets: range) -> tuple[Leaks, int]:
    """What leaked in so many sets, and how many matches there were to leak."""
    members, tables, clock = world
    found: Leaks = []
    matches = 0
    for number in sets:
        clock.move_to(MORNING)
        mail.outbox.clear()
        may = May([(0, {0, 1, 2, 3}), (3, {0, 1, 3})])
        story = Story(members, tables, may, Random(f"set {number}"), clock, number % 10 == 0)
        with transaction.atomic():
            story.live()
            found += [f"set {number}: {leak}" for leak in [*story.leaks(), *story.differences()]]
            transaction.set_rollback(True)
        matches += sum(map(len, may.mailed.values()))
    return found, matches


@pytest.mark.parametrize("begin", range(0, SETS, PART))
def test_matches_never_leak(world: Any, begin: int) -> None:
    found, matches = leaks(world, range(begin, begin + PART))
    assert found == []
    assert matches > PART / 4


def test_control_were_blocks_and_leavings_not_asked_for_it_would_leak(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(BetweenQuerySet, "standing", lambda self: self)
    assert len(leaks(world, range(60))[0]) > 2


def test_control_were_a_tick_for_somebody_else_an_answer_it_would_leak(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(TickQuerySet, "answering", lambda self, tick: self.live().filter(member=tick.other_id))
    assert len(leaks(world, range(20))[0]) > 10


def test_control_were_ticks_of_others_shown_it_would_make_a_difference(world: Any, monkeypatch: Any) -> None:
    of = BetweenQuerySet.of

    def also_of_others(rows: Any, member: Member) -> Any:
        theirs = rows.live().standing().filter(other=member)
        return of(rows, member) | theirs if rows.model is Tick else of(rows, member)

    monkeypatch.setattr(BetweenQuerySet, "of", also_of_others)
    assert len(leaks(world, range(20))[0]) > 5
