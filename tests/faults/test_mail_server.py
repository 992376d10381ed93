"""A mail server that is too busy, hangs, resets or refuses: who is well gets their mail, and once."""

from collections import Counter

import pytest

from tests.faults import mail_ledger, mail_scenes
from tests.faults.controls import breaks, control
from tests.faults.crew import SLOTS, Crew, until
from tests.faults.mail_ledger import Outcome
from tests.faults.sink import trouble_of

pytestmark = pytest.mark.faults


def guests(many: int) -> list[str]:
    """Addresses: with nine of thirty something is wrong for a moment, with two for good."""
    troubles = ["+hang", *["+421", "+450", "+reset", "+late-reset", "+gone"] * 2, *[""] * 19]
    return [f"robin{number}{troubles[number % 30]}@sink.example" for number in range(many)]


def troubled(crew: Crew, many: int, is_real_time: bool = False, without: str = "") -> Outcome:
    """All are due at once; in real time beat finds those whose mail failed once they have waited."""
    crew.do(mail_scenes.due_tomorrow, guests(many))
    crew.sink.empty()
    every = {} if is_real_time else {"BEAT_EVERY": "2"}
    with crew.sink.running(), crew.running("worker", "beat", WITHOUT=without, **every):
        until(lambda: crew.do(mail_ledger.put) == many, 90)
        crew.do(mail_scenes.ask_for_a_sweep, SLOTS)
        seconds = until(lambda: not crew.do(mail_ledger.untried), 600)
        if not is_real_time:
            crew.do(mail_scenes.let_leases_run_out)
        seconds += until(lambda: not crew.do(mail_ledger.waiting), 600)
    print(f"{many} after {seconds:.0f} s")
    return Outcome(crew.do(mail_ledger.rows), crew.sink.taken())


def wrong(outcome: Outcome, suppressed: set[str]) -> list[str]:
    gone = {row.to for row in outcome.rows if trouble_of(row.to) == "gone"}
    lost = [row.to for row in outcome.lost() if row.to not in gone]
    wrong = [f"{Counter(map(trouble_of, lost))} are lost"] if lost else []
    if outcome.strange():
        wrong.append(f"{outcome.strange()[:3]} should not be")
    repeats = {row.to: outcome.times[row.message_id] for row in outcome.twice()}
    if any(trouble_of(to) != "late-reset" or times > 2 for to, times in repeats.items()):
        wrong.append(f"these came again: {repeats}")
    if {row.to for row in outcome.rows if row.state == "dead"} != gone or suppressed != gone:
        wrong.append(f"{gone} are gone, {suppressed} suppressed, and the rest should not be dead")
    print(f"{len(outcome.rows)} to send, {len(gone)} gone, {len(repeats)} twice")
    return wrong


def test_whatever_passes_at_the_mail_server_delays_a_mail_and_loses_none(crew: Crew, is_full_size: bool) -> None:
    many = 2000 if is_full_size else 100
    outcome = troubled(crew, many, is_real_time=is_full_size)
    assert len(outcome.rows) == many
    assert wrong(outcome, crew.do(mail_ledger.suppressed)) == []


@control
def test_without_a_second_try_mails_are_lost(crew: Crew) -> None:
    assert breaks(lambda: wrong(troubled(crew, 20, without="second try"), crew.do(mail_ledger.suppressed)))


def mistaken(crew: Crew, many: int, without: str = "") -> Outcome:
    """A password that is wrong, then a sender that the server does not know, then all is well.

    Each time with another worker, as of whoever has changed the settings.
    """
    crew.do(mail_scenes.due_tomorrow, [f"robin{number}@sink.example" for number in range(many)])
    crew.sink.empty()
    all_meet(crew, many, "SMTPAuthenticationError", without, "--password", "another")
    all_meet(crew, many, "SMTPSenderRefused", without, "--refuses-sender", "yes")
    assert crew.sink.taken() == []
    all_meet(crew, many, "", without)
    return Outcome(crew.do(mail_ledger.rows), crew.sink.taken())


def all_meet(crew: Crew, many: int, error: str, without: str, *manner: str) -> None:
    """Whatever still waits is tried until it has met this error; without one until nothing waits."""
    with crew.sink.running(*manner), crew.running("worker", WITHOUT=without):
        crew.do(mail_scenes.let_leases_run_out)
        crew.do(mail_scenes.ask_for_a_sweep, SLOTS)
        until(lambda: crew.do(mail_ledger.put) == many and set(crew.do(mail_ledger.errors)) <= {error} - {""})


def test_mistakes_in_the_settings_of_mail_lose_nothing(crew: Crew, is_full_size: bool) -> None:
    outcome = mistaken(crew, 200 if is_full_size else 20)
    assert (outcome.lost(), outcome.twice(), outcome.strange()) == ([], [], [])
    assert crew.do(mail_ledger.suppressed) == set()


@control
@pytest.mark.parametrize("guard", ["second try", "telling whose fault it is"])
def test_mistakes_that_are_held_against_the_reader_lose_mail(crew: Crew, guard: str) -> None:
    assert breaks(lambda: mistaken(crew, 20, without=guard).lost())
