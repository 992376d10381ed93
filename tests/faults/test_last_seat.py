"""The last seat is sold once, whoever presses for it: real server processes, real clients, both databases."""

from collections import Counter
from itertools import product

import pytest

from tests.faults import ledger, scenes
from tests.faults.clients import Answer, Crowd, Press, nth
from tests.faults.controls import breaks
from tests.faults.hand import Drill
from tests.faults.scenes import Person

pytestmark = pytest.mark.faults

IN_TIME = 1.0  # seconds, for 95 of 100 presses


def one_round(
    drill: Drill, crowd: Crowd, members: list[Person], each: int | None = None
) -> tuple[list[Answer], list[str]]:
    """All of them press for one seat, `each` at a time in a process; the answers, and everything that went wrong."""
    table = drill.do(scenes.small_table, members[0], seats=1)
    presses = [Press(who.pk, who.session, f"{table.path}rsvp/") for who in members[1:]]
    answers = crowd.press(drill.port, presses, each)
    wrong = [f"answered {answer.status}" for answer in answers if answer.status != 302]
    wrong += drill.do(ledger.wrongs, table.pk)
    wrong += wrong_places(answers, drill.do(ledger.places, table.pk))
    if (sent := drill.do(ledger.mails, table.pk)) != {"seat_confirmed": 1, "waitlist_joined": len(presses) - 1}:
        wrong.append(f"the mails are {sent}")
    return answers, wrong


def wrong_places(answers: list[Answer], places: dict[int, int]) -> list[str]:
    """One has the seat, all others a place each, and nobody stands behind one who pressed after they were answered."""
    wrong = (
        [] if sorted(places.values()) == list(range(len(answers))) else [f"the places are {sorted(places.values())}"]
    )
    for first, then in product(answers, answers):
        if first.ended < then.began and places.get(first.who, 0) > places.get(then.who, 0):
            wrong.append(f"{then.who} came after {first.who} and stands before them")
    return wrong


def test_one_of_two_hundred_is_seated_and_all_others_wait_in_their_order(
    drill: Drill, crowd: Crowd, is_full_size: bool
) -> None:
    """All two hundred at the same moment."""
    members = drill.do(scenes.people, 201)
    for _round in range(20 if is_full_size else 1):
        answers, wrong = one_round(drill, crowd, members)
        assert len(answers) == 200
        assert wrong == []
        print(f"200 at once: half within {nth(answers, 0.5):.2f} s, 95 of 100 within {nth(answers, 0.95):.2f} s")


def test_a_press_for_the_last_seat_is_answered_within_a_second(drill: Drill, crowd: Crowd, is_full_size: bool) -> None:
    """Two hundred in eight queues, each pressing once the one before is answered: so it is the time of a press, and not
    that of standing behind 199 others in front of however many processors there are."""
    members = drill.do(scenes.people, 201)
    answers: list[Answer] = []
    for _round in range(20 if is_full_size else 1):
        of_this, wrong = one_round(drill, crowd, members, each=1)
        answers += of_this
        assert wrong == []
    print(f"8 at a time: half within {nth(answers, 0.5):.2f} s, 95 of 100 within {nth(answers, 0.95):.2f} s")
    if is_full_size:
        assert nth(answers, 0.95) < IN_TIME


def test_without_the_lock_a_fifth_of_the_crowd_breaks_it(unlocked: Drill, crowd: Crowd) -> None:
    members = unlocked.do(scenes.people, 41)
    assert breaks(lambda: one_round(unlocked, crowd, members)[1])


def fifty_presses(drill: Drill, crowd: Crowd) -> list[str]:
    """One member presses fifty times at once for one of five seats; everything that went wrong."""
    host, member = drill.do(scenes.people, 2)
    table = drill.do(scenes.small_table, host, seats=5)
    answers = crowd.press(drill.port, [Press(member.pk, member.session, f"{table.path}rsvp/")] * 50)
    wrong = [f"answered {status}" for status in Counter(answer.status for answer in answers) if status != 302]
    wrong += drill.do(ledger.wrongs, table.pk)
    outcome = drill.do(ledger.paths, table.pk), drill.do(ledger.mails, table.pk)
    if outcome != ({member.pk: ["seated"]}, {"seat_confirmed": 1}):
        wrong.append(f"it came to {outcome}")
    return wrong


def test_who_presses_fifty_times_has_one_seat_and_one_mail(drill: Drill, crowd: Crowd, is_full_size: bool) -> None:
    for _round in range(20 if is_full_size else 1):
        assert fifty_presses(drill, crowd) == []


def test_without_the_lock_fifty_presses_break_it(unlocked: Drill, crowd: Crowd) -> None:
    assert breaks(lambda: fifty_presses(unlocked, crowd))
