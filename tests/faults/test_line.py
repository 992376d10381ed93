"""Seats come free and the line moves, while others join it: in order, each once, and no seat idle."""

import random

import pytest

from tests.faults import ledger, scenes
from tests.faults.clients import Crowd, Press
from tests.faults.controls import breaks
from tests.faults.hand import Drill
from tests.faults.scenes import Guest, Person

pytestmark = pytest.mark.faults

SEATED = [1] * 20 + [2] * 10  # their parties: forty seats


def line_moves(drill: Drill, crowd: Crowd, people: list[Person], chance: random.Random) -> list[str]:
    """Thirty seated leave and thirty join while the others wait; everything that went wrong."""
    host, leaving, joining, waiting = people[0], people[1:31], people[31:61], people[61:]
    seated = [Guest(who, party) for who, party in zip(leaving, SEATED, strict=True)]
    line = [Guest(who, chance.randint(1, 4), chance.random() < 0.5) for who in waiting]
    table = drill.do(scenes.full_table, host, seated, line)
    presses = [Press(who.pk, who.session, f"{table.path}leave/") for who in leaving]
    presses += [Press(who.pk, who.session, f"{table.path}rsvp/") for who in joining]
    chance.shuffle(presses)
    answers = crowd.press(drill.port, presses)
    wrong = [f"answered {answer.status}" for answer in answers if answer.status != 302]
    wrong += drill.do(ledger.wrongs, table.pk, gave_back=[who.pk for who in leaving])
    paths = drill.do(ledger.paths, table.pk)
    wrong += [f"{who.pk} left by {paths.get(who.pk)}" for who in leaving if paths.get(who.pk) != ["seated", "left"]]
    wrong += [f"{who.pk} joined by {paths.get(who.pk)}" for who in joining if paths.get(who.pk) != ["waitlisted"]]
    return wrong + wrong_promotions(line, paths)


def wrong_promotions(line: list[Guest], paths: dict[int, list[str]]) -> list[str]:
    """The first so many have moved up, each once: into a seat who ticked "straight away", to an offer who did not."""
    wrong = [] if len(paths.get(line[0].who.pk, [])) > 1 else ["nobody moved up"]
    for guest in line:
        moved = ["waitlisted", "seated" if guest.is_straight_away else "offered"]
        if paths.get(guest.who.pk) not in (moved, moved[:1]):
            wrong.append(f"{guest} went through {paths.get(guest.who.pk)}")
    return wrong


def test_a_line_of_a_hundred_moves_in_order_while_thirty_leave_and_thirty_join(
    drill: Drill, crowd: Crowd, is_full_size: bool
) -> None:
    people = drill.do(scenes.people, 161)
    for seed in range(20 if is_full_size else 1):
        assert line_moves(drill, crowd, people, random.Random(seed)) == [], f"in the order of {seed}"


def test_without_the_lock_the_line_breaks(unlocked: Drill, crowd: Crowd) -> None:
    people = unlocked.do(scenes.people, 81)
    assert breaks(lambda: line_moves(unlocked, crowd, people, random.Random(0)))
