"""The broker forgets everything, then is away: pages answer, nothing is lost, and mail flows soon after it is back."""

import time
from collections.abc import Sequence

import pytest

from tests.faults import mail_ledger, mail_scenes, scenes
from tests.faults.clients import CSRF, Browser, Press
from tests.faults.controls import breaks, control
from tests.faults.crew import SLOTS, Crew, until
from tests.faults.mail_ledger import Outcome
from tests.faults.scenes import Person, Table

pytestmark = pytest.mark.faults

BACK_WITHIN = 60  # seconds
LOOKED_WITHIN = 15  # seconds, with no beat at all: some five until the worker tries to connect, and its sending
SEATS = 20  # that are taken while the broker is away
PATIENCE = 6  # seconds, some beats, in which nothing comes, until a control gives a mail up


def sign_in_meanwhile(crew: Crew) -> list[str]:
    """Nobody can, and they are told so; what did not answer as it should."""
    browser, typed = Browser(crew.port), {"csrfmiddlewaretoken": CSRF, "email": "stranger@sink.example"}
    status, page = browser.ask("POST", "/accounts/login/", "", typed)
    browser.close()
    return [] if (status, "Nothing is lost" in page) == (503, True) else [f"signing in answered {status}: {page}"]


def seats_meanwhile(crew: Crew, table: Table, members: Sequence[Person], seconds: float) -> list[str]:
    """They look around and take their seats one after the other, for that long; what did not answer as it should."""
    wrong, slowest = sign_in_meanwhile(crew), 0.0
    for member in members:
        began, browser = time.monotonic(), Browser(crew.port)
        status, _page = browser.ask("GET", "/near/bristol-gb/", member.session)
        answer = browser.press(Press(member.pk, member.session, f"{table.path}rsvp/"))
        if (status, answer.status) != (200, 302):
            wrong.append(f"browse answered {status}, a seat {answer.status}")
        browser.close()
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(max(0, began + seconds / len(members) - time.monotonic()))
    print(f"without the broker a page and a seat took {slowest:.1f} s at most")
    return wrong


def broker_lost(crew: Crew, many: int, seconds: float, every: str = "", without: str = "") -> tuple[Outcome, list[str]]:
    """While reminders are sent it forgets what it knew, and a moment later is away for so long."""
    host, *members = crew.do(scenes.people, 1 + SEATS)
    crew.do(mail_scenes.due_tomorrow, [f"robin{number}@sink.example" for number in range(many)])
    table = crew.do(scenes.table, host, is_larger=True, seats=SEATS)
    crew.sink.empty()
    beat = {"BEAT_EVERY": every} if every else {}
    with crew.sink.running("--slow", "0.02"), crew.running("worker", "beat", WITHOUT=without, **beat):
        crew.do(mail_scenes.ask_for_a_sweep, SLOTS)
        until(lambda: crew.sink.count() > many // 4)
        crew.broker.flushall()
        until(lambda: crew.sink.count() > many // 2)
        with crew.without("broker"):
            wrong = seats_meanwhile(crew, table, members, seconds)
        wrong += mail_again(crew, many + len(members), BACK_WITHIN if not without else PATIENCE)
        wrong += [f"{name} has ended" for name in ("worker", "beat", "web") if not crew.is_running(name)]
    return Outcome(crew.do(mail_ledger.rows), crew.sink.taken()), wrong


def mail_again(crew: Crew, many: int, seconds: float) -> list[str]:
    """What nobody was woken for is sent within so many seconds."""
    try:
        took = until(lambda: crew.sink.count() >= many, seconds)
    except TimeoutError:
        missing = [row for row in crew.do(mail_ledger.rows) if row.state != "sent"]
        return [f"{many - crew.sink.count()} of {many} are not sent {seconds} s after the broker came back: {missing}"]
    print(f"all is sent {took:.0f} s after the broker came back")
    return []


def test_a_broker_that_forgets_and_is_away_stops_no_page_and_loses_no_mail(crew: Crew, is_full_size: bool) -> None:
    many, seconds, every = (2000, 120, "") if is_full_size else (100, 10, "1")
    outcome, wrong = broker_lost(crew, many, seconds, every)
    assert wrong == []
    assert len(outcome.rows) == many + SEATS
    assert (outcome.lost(), outcome.twice(), outcome.strange()) == ([], [], [])


@control
def test_without_the_sweep_what_the_broker_missed_is_lost(crew: Crew) -> None:
    assert breaks(lambda: broker_lost(crew, 20, 1, "1", without="sweep")[0].lost())


def away_without_beats(crew: Crew, seconds: float, without: str = "") -> list[str]:
    """Seats are taken while the broker is away; what of their mail is not sent once it is back."""
    host, *members = crew.do(scenes.people, 1 + SEATS)
    crew.do(mail_scenes.clear)
    table = crew.do(scenes.table, host, is_larger=True, seats=SEATS)
    crew.sink.empty()
    with crew.sink.running(), crew.running("worker", WITHOUT=without):
        until(lambda: crew.do(mail_scenes.has_worker))
        with crew.without("broker"):
            wrong = seats_meanwhile(crew, table, members, seconds)
        return wrong + mail_again(crew, len(members), PATIENCE if without else LOOKED_WITHIN)


def test_a_worker_that_finds_the_broker_again_looks_for_what_is_due(crew: Crew, is_full_size: bool) -> None:
    assert away_without_beats(crew, 120 if is_full_size else 5) == []


@control
def test_without_looking_first_mail_waits_for_a_beat(crew: Crew) -> None:
    assert breaks(lambda: away_without_beats(crew, 1, without="looking first"))
