"""Two who tick each other at the same moment: on Postgres with its row locks, on a file of SQLite with IMMEDIATE."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from time import sleep
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone

from apps.afterwards.models import Match, Thanks, Tick
from apps.afterwards.models.touch import TickQuerySet
from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member, MemberManager
from tests.factories import make_gathering, make_member, make_seat

ROUNDS = 12
on_postgres = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def all_at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What became of each: "", or that the database stood in the way."""
    together = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            together.wait(10)
            act()
        except (IntegrityError, OperationalError) as refusal:
            return type(refusal).__name__
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(one, acts))


def evening(guests: int) -> tuple[Gathering, list[Member]]:
    gathering = make_gathering(seats=guests)
    members = [make_member() for _ in range(guests)]
    for member in members:
        make_seat(gathering, member)
    ended = timezone.now() - timedelta(hours=9)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)
    return gathering, members


def ticks(gathering: Gathering, member: Member, everybody: list[Member], wished: list[Member]) -> Callable[[], object]:
    listed = [other.pk for other in everybody if other != member]
    return partial(Tick.objects.keep, member, gathering, listed, [other.pk for other in wished], f"to {member.pk}")


def found_between(members: list[Member]) -> list[int]:
    """How many ticks are left among them, rows of matches, and mails of those."""
    mails = Message.objects.filter(kind="match", member__in=members).count()
    rows = (Tick.objects.filter(member__in=members).count(), Match.objects.filter(member__in=members).count())
    return [*rows, mails]


def two_tick_each_other() -> list[int]:
    gathering, [one, other] = evening(2)
    all_at_once([ticks(gathering, one, [one, other], [other]), ticks(gathering, other, [one, other], [one])])
    return found_between([one, other])


def everybody_ticks_everybody() -> list[int]:
    gathering, members = evening(4)
    everyone = [[other for other in members if other != member] for member in members]
    all_at_once([ticks(gathering, each, members, others) for each, others in zip(members, everyone, strict=True)])
    return found_between(members)


def a_tick_taken_back_beside_its_answer() -> bool:
    """Whether it came to a match that both were told of, or to none and the tick is gone."""
    gathering, [one, other] = evening(2)
    ticks(gathering, one, [one, other], [other])()
    all_at_once([ticks(gathering, one, [one, other], []), ticks(gathering, other, [one, other], [one])])
    return found_between([one, other]) in ([0, 2, 2], [1, 0, 0])


def thanks_sent_twice() -> list[int]:
    gathering, [one, other] = evening(2)
    all_at_once([partial(Thanks.objects.send, gathering, one, other, words) for words in ("Thank you", "Thanks")])
    mails = Message.objects.filter(kind="thanks", member=other).count()
    return [Thanks.objects.filter(writer=one).count(), mails]


def slowly(patch: Callable[[object, str, object], None]) -> None:
    """Let whoever ticks pause once they have looked for an answer, so that others come between if they can."""
    answering = TickQuerySet.answering

    def late(*args: object) -> object:
        found = answering(*args).first()  # type: ignore[arg-type]  # whatever it was given
        sleep(0.05)
        return SimpleNamespace(first=lambda: found)

    patch(TickQuerySet, "answering", late)


class TestOnPostgres:
    pytestmark = on_postgres

    @pytest.fixture(autouse=True)
    def slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slowly(monkeypatch.setattr)

    def test_two_who_tick_each_other_at_once_are_one_match_and_one_mail_each(self) -> None:
        assert [two_tick_each_other() for _ in range(ROUNDS)] == [[0, 2, 2]] * ROUNDS

    def test_four_who_tick_each_other_at_once_do_not_wait_for_one_another_for_ever(self) -> None:
        assert [everybody_ticks_everybody() for _ in range(ROUNDS)] == [[0, 12, 12]] * ROUNDS

    def test_a_tick_taken_back_beside_its_answer_is_gone_or_answered(self) -> None:
        assert all(a_tick_taken_back_beside_its_answer() for _ in range(ROUNDS))

    def test_thanks_sent_twice_at_once_are_sent_once(self) -> None:
        assert [thanks_sent_twice() for _ in range(ROUNDS)] == [[1, 1]] * ROUNDS

    def test_control_without_the_lock_two_would_not_find_each_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(MemberManager, "hold_all", lambda self, keys: None)
        assert any(two_tick_each_other() != [0, 2, 2] for _ in range(ROUNDS))


SCRIPT = """
import django; django.setup()
import json
from django.core.management import call_command
from django.db import connections
from tests.afterwards import test_at_once as here
call_command("migrate", verbosity=0)
here.slowly(setattr)
found = []
for mode in ("IMMEDIATE", "DEFERRED"):
    connections.settings["default"]["OPTIONS"]["transaction_mode"] = mode
    rounds = range(here.ROUNDS)
    found.append([
        sorted({tuple(here.two_tick_each_other()) for _ in rounds}),
        sorted({tuple(here.everybody_ticks_everybody()) for _ in rounds}),
        all([here.a_tick_taken_back_beside_its_answer() for _ in rounds]),
        sorted({tuple(here.thanks_sent_twice()) for _ in rounds}),
    ])
print(json.dumps(found))
"""


def test_on_sqlite_all_of_it_holds_and_control_deferred_it_does_not(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name and name != "DEBUG"}
    env |= {"VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(run, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    immediate, deferred = json.loads(done.stdout.splitlines()[-1])
    whole = [[[0, 2, 2]], [[0, 12, 12]], True, [[1, 1]]]
    assert immediate == whole
    assert deferred != whole
