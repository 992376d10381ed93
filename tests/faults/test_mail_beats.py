"""Two beats, beats that come seldom, none for six hours: each mail once, and none after its moment."""

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
    elsewhere = {"VAR": str(crew.stack.folder / "elsewhere"), "REDIS_URL": valkey.socket_url(crew.var)}
    Path(elsewhere["VAR"]).mkdir(exist_ok=True)
    with crew.sink.running("--slow", "0.005"), crew.running("worker", "beat", **env):
        crew.start("beat", "another beat", **{**env, **elsewhere})
        until(lambda: crew.sink.count() >= expected, 90)
        time.sleep(3)
        crew.stop("another beat")


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
