"""Several hands reach for one thing: on Postgres with its row lock, on a file of SQLite with its IMMEDIATE."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection

from apps.gatherings.models import Gathering, GatheringQuerySet
from apps.meals.models import CannotBring, Dish
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

HANDS, ROUNDS = 6, 10
on_postgres = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def all_at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What became of each: "", a refusal, or that the database stood in the way."""
    together = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            together.wait(10)
            act()
        except (CannotBring, IntegrityError, OperationalError) as refusal:
            return type(refusal).__name__
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(one, acts))


def laid_table() -> tuple[Gathering, list[Member]]:
    gathering = make_gathering(kind="shared-meal", seats=HANDS)
    guests = [make_member() for _ in range(HANDS)]
    for guest in guests:
        make_seat(gathering, guest)
    return gathering, guests


def one_dessert_and_all_hands() -> list[str]:
    gathering, guests = laid_table()
    found = all_at_once([partial(Dish.objects.take, gathering, guest, "dessert") for guest in guests])
    assert Dish.objects.filter(gathering=gathering).count() == found.count("")
    return sorted(found)


def ideas_of_one_guest() -> int:
    gathering, guests = laid_table()
    bring = partial(Dish.objects.bring, gathering, guests[0], "dessert")
    all_at_once([partial(bring, f"Cake {number}") for number in range(HANDS)])
    return Dish.objects.filter(gathering=gathering).count()


class TestOnPostgres:
    pytestmark = on_postgres

    def test_one_has_the_single_dessert_and_the_others_are_told(self) -> None:
        for _ in range(ROUNDS):
            assert one_dessert_and_all_hands() == ["", *["NeedTaken"] * (HANDS - 1)]

    def test_whoever_has_six_ideas_at_once_brings_three_things(self) -> None:
        for _ in range(ROUNDS):
            assert ideas_of_one_guest() == 3

    def test_a_seat_given_back_while_its_dish_is_taken_leaves_one_dish_on_the_table(self) -> None:
        for _ in range(ROUNDS):
            gathering, guests = laid_table()
            Dish.objects.take(gathering, guests[0], "dessert")
            leaving = gathering.rsvps.get(member=guests[0])
            all_at_once(
                [leaving.bow_out, *(partial(Dish.objects.take, gathering, each, "dessert") for each in guests[1:])]
            )
            there = Dish.objects.on_the_table().filter(gathering=gathering)
            assert there.count() <= 1
            assert not there.filter(bringer=guests[0]).exists()

    def test_control_without_the_lock_the_database_stands_in_the_way_or_there_are_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(GatheringQuerySet, "locked", lambda self, pk: self.get(pk=pk))
        assert any("IntegrityError" in one_dessert_and_all_hands() for _ in range(ROUNDS))
        assert max(ideas_of_one_guest() for _ in range(ROUNDS)) > 3


SCRIPT = """
import django; django.setup()
import json
from django.core.management import call_command
from django.db import connections
from tests.meals.test_dishes_at_once import ROUNDS, ideas_of_one_guest, one_dessert_and_all_hands
call_command("migrate", verbosity=0)
found = []
for mode in ("IMMEDIATE", "DEFERRED"):
    connections.settings["default"]["OPTIONS"]["transaction_mode"] = mode
    found.append([one_dessert_and_all_hands() for _ in range(ROUNDS)] + [[str(ideas_of_one_guest())]])
print(json.dumps(found))
"""


def test_on_sqlite_one_has_it_and_the_others_are_told_and_control_deferred_they_are_not(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name and name != "DEBUG"}
    env |= {"VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(run, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    immediate, deferred = json.loads(done.stdout)
    assert immediate == [["", *["NeedTaken"] * (HANDS - 1)]] * ROUNDS + [["3"]]
    assert any("OperationalError" in each for each in deferred)
