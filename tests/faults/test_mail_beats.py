"""Two beats, beats that come seldom, none for six hours: each mail once, and none after its moment.

And a machine whose clock is an hour ahead: once it is set right, beat goes on.
"""

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from apps.gatherings.timing import day_before
from config import valkey
from tests.faults import mail_ledger, mail_scenes
from tests.faults.controls import breaks, control
from tests.faults.crew import TOWN, Crew, until
from tests.faults.mail_ledger import Outcome, Row

pytestmark = pytest.mark.faults

SOON = timedelta(hours=2)
# Minutes of the drill's day at which beats come by: a slow one, then none for six hours.
SELDOM, SELDOM_AT_SMALL_SIZE = (0, 40, 100, 460), (0, 460)
AN_HOUR = "3600"  # seconds
PATIENCE = 6  # seconds, some beats, in which nothing comes, until a control gives a mail up
KINDS = ("day_before", "soon")


@dataclass
class Day:
    """A drill's day: when somebody swept, and which mail was taken when, all by the drill's clock."""

    sweeps: list[datetime] = field(default_factory=list)
    taken_at: list[datetime] = field(default_factory=list)  # as `Outcome.taken` has them

    def is_expected(self, kind: str, starts_at: datetime) -> bool:
        """Whether somebody swept while this mail was of use."""
        begins, ends = moments(kind, starts_at)
        return any(begins <= sweep < ends for sweep in self.sweeps)


def moments(kind: str, starts_at: datetime) -> tuple[datetime, datetime]:
    """From when a mail is due, and from when it is useless."""
    if kind == "soon":
        return starts_at - SOON, starts_at
    return day_before(starts_at, TOWN), starts_at - SOON


def swept(crew: Crew, seldom: Sequence[int], guests: int = 1, without: str = "") -> tuple[Day, Outcome]:
    """Two beats that live for a moment at each of these minutes of the drill's day."""
    starts = crew.do(mail_scenes.starts_all_around, guests)
    crew.sink.empty()
    day, ten = Day(), float(crew.stack.env["TEST_CLOCK"])
    for minutes in seldom:
        ahead = timedelta(minutes=minutes)
        ahead_of_us = timedelta(seconds=ten) + ahead
        # Somebody finds what is due, and dies before it is sent: it waits for whoever comes next.
        crew.do(mail_scenes.put_what_is_due_in, ahead - timedelta(minutes=20))
        day.sweeps.append(datetime.now(UTC) + ahead_of_us)
        expected = guests * sum(day.is_expected(kind, each) for kind in KINDS for each in starts)
        two_beats(crew, expected, without, str(ahead_of_us.total_seconds()))
        taken = crew.sink.taken()[len(day.taken_at) :]
        day.taken_at += [datetime.fromtimestamp(mail.at, UTC) + ahead_of_us for mail in taken]
    return day, Outcome(crew.do(mail_ledger.rows), crew.sink.taken())


def two_beats(crew: Crew, expected: int, without: str, clock: str) -> None:
    """At the same moment, until so much mail has come, and some time more for what should not."""
    env = {"TEST_CLOCK": clock, "BEAT_EVERY": "1", "WITHOUT": without}
    with crew.sink.running("--slow", "0.005"), crew.running("worker", "beat", **env):
        crew.start("beat", "another beat", **env, **elsewhere(crew, crew.stack.folder))
        until(lambda: crew.sink.count() >= expected, 90)
        time.sleep(3)
        crew.stop("another beat")


def elsewhere(crew: Crew, folder: Path) -> dict[str, str]:
    """For a beat that knows nothing of what another has done, and no other day: drills turn the clock back, too."""
    return {"VAR": str(folder), "REDIS_URL": valkey.socket_url(crew.var)}


def in_words(row: Row) -> str:
    assert row.starts_at
    return f"{row.kind} for {row.starts_at:%d %H:%M}"


def late(day: Day, outcome: Outcome) -> list[str]:
    rows = {row.message_id: row for row in outcome.rows}
    mails = [(rows[mail.message_id], at) for mail, at in zip(outcome.taken, day.taken_at, strict=True)]
    return [
        f"{in_words(row)} came at {at:%d %H:%M}"
        for row, at in mails
        if row.starts_at and at >= moments(row.kind, row.starts_at)[1]
    ]


def missed(day: Day, outcome: Outcome) -> list[str]:
    sent = {(row.kind, row.to) for row in outcome.rows if outcome.times[row.message_id]}
    starts = {row.to: row.starts_at for row in outcome.rows if row.starts_at}
    due = {(kind, to) for kind in KINDS for to, at in starts.items() if day.is_expected(kind, at)}
    print(f"{len(sent)} mails of {len(due)} expected at {[f'{sweep:%H:%M}' for sweep in day.sweeps]} UTC")
    return [f"{kind} for {starts[to]:%d %H:%M} did not come" for kind, to in due - sent]


def test_two_beats_that_come_seldom_send_each_mail_once_and_none_after_its_moment(
    crew: Crew, is_full_size: bool
) -> None:
    day, outcome = swept(crew, SELDOM, guests=10) if is_full_size else swept(crew, SELDOM_AT_SMALL_SIZE)
    assert outcome.taken
    assert (outcome.twice(), outcome.strange(), late(day, outcome), missed(day, outcome)) == ([], [], [], [])


@control
def test_without_the_lease_two_beats_send_mails_twice(crew: Crew) -> None:
    assert breaks(lambda: swept(crew, [0], without="lease")[1].twice())


@control
def test_without_an_end_mails_come_after_their_moment(crew: Crew) -> None:
    assert breaks(lambda: late(*swept(crew, [460], without="end")))


def sent_by_beat(crew: Crew, seconds: float, many: int = 3) -> bool:
    """Whether what nobody was woken for is sent in so many seconds."""
    crew.sink.empty()
    crew.do(mail_scenes.seats_taken_by_the_dying, "robin{}@sink.example", many)
    try:
        until(lambda: crew.sink.count() >= many, seconds)
    except TimeoutError:
        return False
    return True


def set_right(crew: Crew, folder: Path, is_at_a_start: bool, without: str = "") -> bool:
    """Beat is an hour ahead until the clock is set right, while it runs or before its next start; does it go on?"""
    beat = {"BEAT_EVERY": "1", "WITHOUT": without, **elsewhere(crew, folder)}
    patience = PATIENCE if without else 20
    with crew.sink.running(), crew.running("worker"):
        until(lambda: crew.do(mail_scenes.has_worker))
        with crew.running("beat", CLOCK_WRONG_BY=AN_HOUR, **beat):
            assert sent_by_beat(crew, 20)
            if not is_at_a_start:
                crew.processes["beat"].send_signal(signal.SIGUSR2)
                return sent_by_beat(crew, patience)
        with crew.running("beat", **beat):
            return sent_by_beat(crew, patience)


@pytest.mark.parametrize("is_at_a_start", [False, True], ids=["while it runs", "before it starts"])
def test_beat_goes_on_when_a_clock_that_was_ahead_is_set_right(crew: Crew, tmp_path: Path, is_at_a_start: bool) -> None:
    assert set_right(crew, tmp_path, is_at_a_start)


@control
@pytest.mark.parametrize("is_at_a_start", [False, True], ids=["while it runs", "before it starts"])
def test_without_forgetting_the_future_beat_is_silent(crew: Crew, tmp_path: Path, is_at_a_start: bool) -> None:
    assert not set_right(crew, tmp_path, is_at_a_start, without="forgetting the future")
