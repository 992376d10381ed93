"""Several hands at one vote: on Postgres with its row lock, on a file of SQLite with its IMMEDIATE."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import random
from threading import Barrier
from time import sleep

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone

from apps.gatherings.models import Gathering, GatheringQuerySet
from apps.movies.models import CannotShow, CannotVote, Film, Showing, Vote
from apps.movies.models.vote import VoteQuerySet
from apps.movies.sweep import sweep
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import make_member, make_seat
from tests.movies.nights import TITLES, add_film, make_night, make_vote

HANDS, ROUNDS = 4, 12
on_postgres = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def all_at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What became of each: "", a refusal, or that the database stood in the way."""
    together = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            together.wait(10)
            act()
        except (CannotShow, CannotVote, IntegrityError, OperationalError) as refusal:
            return type(refusal).__name__
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(one, acts))


def open_vote() -> tuple[Gathering, list[Film], list[Member], datetime]:
    """One that is open still; and a moment at which a sweep would find it closed."""
    night = make_night(seats=HANDS)
    films = make_vote(night, days=2)
    guests = [make_member() for _ in range(HANDS)]
    for guest in guests:
        make_seat(night, guest)
    return night, films, guests, timezone.now() + timedelta(days=2, minutes=1)


def sweeps_at_once() -> str:
    """Which film several beats choose, of which the last has every tick; and how many were told of it."""
    night, films, guests, later = open_vote()
    for guest in guests:
        Vote.objects.cast(night, guest, [films[2].pk])
    all_at_once([partial(sweep, later) for _ in range(HANDS)])
    told = Message.objects.filter(kind="vote_closed", subject_id=night.pk).count()
    return f"{Showing.objects.of(night)}: {told}"


def films_at_once() -> int:
    """How many films stand on a list of six to which several hosts add one each."""
    night = make_night()
    for number in range(6):
        add_film(night, f"Film {number}")
    all_at_once([partial(add_film, night, f"Another {number}") for number in range(HANDS)])
    return Film.objects.of(night).count()


def votes_beside_the_close() -> bool:
    """Whether every vote that was taken was counted: those kept after the end are ones that nobody has counted."""
    night, films, guests, later = open_vote()
    casts = [partial(Vote.objects.cast, night, guest, [films[1].pk]) for guest in guests]
    found = all_at_once([*casts, partial(sweep, later)])
    taken = found[:-1].count("")
    chosen = str(Showing.objects.of(night))
    left = Vote.objects.filter(film__gathering=night).exists()
    return not left and chosen in ((TITLES[1],) if taken == HANDS else TITLES[:2])


def leaving_beside_the_close() -> bool:
    """Whether what was chosen is what one order of the two acts gives, and none of it is left."""
    night, films, guests, later = open_vote()
    Vote.objects.cast(night, guests[0], [films[1].pk])
    seat = night.rsvps.get(member=guests[0])
    all_at_once([seat.bow_out, partial(sweep, later)])
    told = Message.objects.filter(kind="vote_closed", subject_id=night.pk, member=guests[0]).exists()
    chosen = str(Showing.objects.of(night))
    # Counted with their seat, and told with it; or neither.
    return chosen == (TITLES[1] if told else TITLES[0]) and not Vote.objects.filter(film__gathering=night).exists()


def slowly(patch: Callable[[object, str, object], None]) -> None:
    """Let a close take its time, before it counts and before it tells, so that others come between if they can."""

    def slow(act: Callable[..., object], seconds: float) -> Callable[..., object]:
        def wait_and_act(*args: object) -> object:
            sleep(random() * seconds)
            return act(*args)

        return wait_and_act

    patch(VoteQuerySet, "counted", slow(VoteQuerySet.counted, 0.2))
    patch(Showing, "settle_end", slow(Showing.settle_end, 0.05))


class TestOnPostgres:
    pytestmark = on_postgres

    @pytest.fixture(autouse=True)
    def slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slowly(monkeypatch.setattr)

    def test_however_many_beats_close_it_it_is_closed_once(self) -> None:
        assert {sweeps_at_once() for _ in range(ROUNDS)} == {f"{TITLES[2]}: {HANDS + 1}"}

    def test_of_hosts_who_add_the_seventh_film_at_once_one_does(self) -> None:
        assert {films_at_once() for _ in range(ROUNDS)} == {7}

    def test_a_vote_beside_the_close_is_counted_or_refused(self) -> None:
        assert all(votes_beside_the_close() for _ in range(ROUNDS))

    def test_a_seat_given_back_beside_the_close_is_counted_and_told_or_neither(self) -> None:
        assert all(leaving_beside_the_close() for _ in range(ROUNDS))

    def test_control_without_the_lock_none_of_it_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(GatheringQuerySet, "locked", lambda self, pk: self.get(pk=pk))
        assert any(sweeps_at_once() != f"{TITLES[2]}: {HANDS + 1}" for _ in range(ROUNDS * 3))
        assert not all(votes_beside_the_close() for _ in range(ROUNDS * 3))
        assert not all(leaving_beside_the_close() for _ in range(ROUNDS * 5))

    def test_control_without_the_lock_the_database_still_keeps_seven(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(GatheringQuerySet, "locked", lambda self, pk: self.get(pk=pk))
        assert {films_at_once() for _ in range(ROUNDS)} == {7}


SCRIPT = """
import django; django.setup()
import json
from django.core.management import call_command
from django.db import connections
from tests.movies import test_votes_at_once as here
call_command("migrate", verbosity=0)
here.slowly(setattr)
found = []
for mode in ("IMMEDIATE", "DEFERRED"):
    connections.settings["default"]["OPTIONS"]["transaction_mode"] = mode
    rounds = range(here.ROUNDS)
    found.append({
        "sweeps": sorted({here.sweeps_at_once() for _ in rounds}),
        "films": sorted({here.films_at_once() for _ in rounds}),
        "votes": all([here.votes_beside_the_close() for _ in rounds]),
        "leaving": all([here.leaving_beside_the_close() for _ in rounds]),
    })
print(json.dumps(found))
"""


def test_on_sqlite_all_of_it_holds_and_control_deferred_it_does_not(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name and name != "DEBUG"}
    env |= {"VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(run, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    immediate, deferred = json.loads(done.stdout.splitlines()[-1])
    whole = {"sweeps": [f"{TITLES[2]}: {HANDS + 1}"], "films": [7], "votes": True, "leaving": True}
    assert immediate == whole
    assert deferred != whole
