"""Workers are killed in the middle of a batch, and processes before they can wake one: nothing is lost."""

import random
import time
from contextlib import suppress

import pytest

from tests.faults import mail_ledger, mail_scenes
from tests.faults.controls import breaks, control
from tests.faults.crew import SLOTS, Crew, until
from tests.faults.mail_ledger import Outcome

pytestmark = pytest.mark.faults

SLOW = "0.01"  # seconds, twice a mail: before it is taken and before it is said to be; most kills fall in there
DRAINED_WITHIN = 300  # seconds
PATIENCE = 6  # seconds, some beats, in which nothing comes, until a control gives a mail up


def killed(crew: Crew, reminders: int, nudges: int, kills: int, is_real_time: bool = False) -> Outcome:
    """So many kills of the whole worker while it sends. In real time the last leases run out by themselves."""
    crew.do(mail_scenes.reminders_among_nudges, reminders, nudges)
    crew.sink.empty()
    chance = random.Random(kills)
    with crew.sink.running("--slow", SLOW), crew.running("beat"):
        for kill in range(kills):
            crew.start("worker")
            crew.do(mail_scenes.ask_for_a_sweep, SLOTS)
            until_taken(crew, crew.sink.count() + chance.randint(5, (reminders + nudges) // (kills + 1)))
            time.sleep(chance.uniform(0, 0.1))  # or it would always be right after a mail was taken
            crew.kill("worker")
            if not is_real_time or kill < kills - 1:
                crew.do(mail_scenes.let_leases_run_out)
        with crew.running("worker"):
            if not is_real_time:
                crew.do(mail_scenes.ask_for_a_sweep, SLOTS)
            seconds = until(lambda: not crew.do(mail_ledger.waiting), DRAINED_WITHIN)
    print(f"drained {seconds:.0f} s after the last kill")
    return Outcome(crew.do(mail_ledger.rows), crew.sink.taken())


def until_taken(crew: Crew, many: int, seconds: float = 60) -> None:
    until(lambda: crew.sink.count() >= many, seconds)


def killed_while_it_waits(crew: Crew, at: str, reminders: int, nudges: int, without: str) -> Outcome:
    """One kill, at the worst moment: when the mail server does not answer to a reader, or to a mail it has."""
    crew.do(mail_scenes.reminders_among_nudges, reminders, nudges)
    crew.sink.empty()
    with crew.sink.running("--stuck-at", at, "--stuck-after", "5"), crew.running("worker", WITHOUT=without):
        crew.do(mail_scenes.ask_for_a_sweep)
        until_taken(crew, 5)
        time.sleep(0.3)
        crew.kill("worker")
    crew.do(mail_scenes.let_leases_run_out)
    with crew.sink.running(), crew.running("worker", WITHOUT=without):
        crew.do(mail_scenes.ask_for_a_sweep)
        until(lambda: not crew.do(mail_ledger.waiting))
    return Outcome(crew.do(mail_ledger.rows), crew.sink.taken())


def wrong(outcome: Outcome, kills: int) -> list[str]:
    nudges = [row for row in outcome.rows if row.is_nudge]
    unsent = sum(not outcome.times[row.message_id] for row in nudges)
    print(f"{len(outcome.rows)} to send, {outcome.repeats()} twice, {unsent} of {len(nudges)} nudges given up")
    wrong = [f"{len(outcome.lost())} are lost"] if outcome.lost() else []
    if outcome.strange():
        wrong.append(f"{outcome.strange()[:3]} should not be")
    if outcome.repeats() > kills * SLOTS:
        wrong.append(f"{outcome.repeats()} came twice after {kills} kills of {SLOTS} slots")
    if twice := [row for row in outcome.twice() if row.is_nudge]:
        wrong.append(f"{len(twice)} nudges came twice")
    return wrong


def test_a_worker_killed_time_and_again_loses_nothing_and_repeats_no_nudge(crew: Crew, is_full_size: bool) -> None:
    reminders, nudges, kills = (2000, 500, 20) if is_full_size else (200, 50, 3)
    outcome = killed(crew, reminders, nudges, kills, is_real_time=is_full_size)
    assert len(outcome.rows) == reminders + nudges
    assert wrong(outcome, kills) == []


@control
def test_nudges_marked_last_come_twice_after_a_kill(crew: Crew) -> None:
    assert breaks(lambda: wrong(killed_while_it_waits(crew, "mail", 0, 20, "marking nudges first"), kills=1))


@control
def test_reminders_marked_first_are_lost_in_a_kill(crew: Crew) -> None:
    assert breaks(lambda: wrong(killed_while_it_waits(crew, "reader", 20, 0, "marking reminders last"), kills=1))


def seats_of_the_dying(crew: Crew, many: int, without: str = "") -> Outcome:
    """Committed, but nobody was told; the sweep has to find them."""
    crew.sink.empty()
    codes = crew.do(mail_scenes.seats_taken_by_the_dying, "robin{}@sink.example", many)
    assert codes == [mail_scenes.SUDDENLY] * many
    with crew.sink.running(), crew.running("worker", "beat", WITHOUT=without, BEAT_EVERY="1"):
        until(lambda: crew.do(mail_scenes.has_worker))
        with suppress(TimeoutError):
            until_taken(crew, many, PATIENCE if without else 60)
    return Outcome(crew.do(mail_ledger.rows), crew.sink.taken())


def test_what_was_committed_by_a_process_that_died_right_after_is_sent(crew: Crew, is_full_size: bool) -> None:
    many = 50 if is_full_size else 5
    outcome = seats_of_the_dying(crew, many)
    assert len(outcome.rows) == many
    assert (outcome.lost(), outcome.twice(), outcome.strange()) == ([], [], [])


@control
def test_without_the_sweep_what_the_dying_committed_is_lost(crew: Crew) -> None:
    assert breaks(lambda: seats_of_the_dying(crew, 5, without="sweep").lost())
