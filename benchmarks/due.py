"""Finding what is due among a million seats: the minute's sweep, when everything has been put that was due before it.

python -m benchmarks.due

200,000 tables with five guests each, over ninety days, ten of them gone; whoever was due has their rows. Then
some members ask for every nudge.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from typing import Any

TABLES, SEATS, MEMBERS = 200_000, 5, 100_000
DAYS, DAYS_GONE = 90, 10
OPTED_IN = 6_000
SWEEPS = 15
GOAL = 50  # milliseconds, for any question that the sweep asks


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from apps.reminders.due import put_what_is_due
    from apps.reminders.nudges import put_nudges
    from benchmarks import rows

    rows.empty_tables()
    lay(now := timezone.now())
    put_what_is_due(now)  # what the rows below have left out
    measure("reminders", put_what_is_due, now)
    opt_in(OPTED_IN)
    by_day = now.replace(hour=15)  # by night nobody is nudged
    put_nudges(by_day)
    measure("nudges", put_nudges, by_day)


def measure(what: str, sweep: Callable[[Any], None], now: Any) -> None:
    sweeps: list[float] = []
    asked: dict[str, list[float]] = defaultdict(list)
    for _sweep in range(SWEEPS):
        with each_question_timed(asked):
            began = time.perf_counter()
            sweep(now)
            sweeps.append((time.perf_counter() - began) * 1000)
    slowest = max(median(times) for times in asked.values())
    print(
        f"{os.environ['DATABASE_NAME']}, {TABLES * SEATS:,} seats, {what}: a sweep that finds nothing new takes "
        f"{median(sweeps):.0f} ms in {len(asked)} questions, the slowest of which {slowest:.0f} ms, goal {GOAL}",
        flush=True,
    )


def opt_in(count: int) -> None:
    """So many members ask for every nudge."""
    from django.db import connection

    from apps.outbox.models import Consent
    from apps.profiles.models import Member
    from apps.reminders.nudges import DUE

    members = Member.objects.filter(key__startswith="m").order_by("pk").values_list("pk", flat=True)[:count]
    Consent.objects.bulk_create(Consent(member_id=pk, kind=kind, is_given=True) for pk in members for kind in DUE)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE outbox_consent")


@contextmanager
def each_question_timed(asked: dict[str, list[float]]) -> Iterator[None]:
    """Milliseconds by the words of each query."""
    from django.db import connection

    def timed(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *more)
        finally:
            asked[sql].append((time.perf_counter() - began) * 1000)

    with connection.execute_wrapper(timed):
        yield


def lay(now: Any) -> None:
    """By the database itself: copies of one table, one guest, one seat."""
    from django.db import connection

    from apps.gatherings.models import Gathering, Rsvp
    from apps.outbox.models import Message
    from apps.profiles.models import Member
    from tests.factories import make_gathering, make_member, make_seat

    table = make_gathering(now - timedelta(days=DAYS_GONE), seats=SEATS, least_guests=2)
    guest = make_member()
    seat = make_seat(make_gathering(seats=SEATS), guest, taken_at=now - timedelta(days=DAYS_GONE + 5))
    told = Message.objects.row("day_before", guest, subject_id=0, state=Message.State.SENT)
    told.save()
    step = f"(interval '{DAYS} days' * (n::float / {TABLES}))"
    fill(Member, guest.pk, MEMBERS, {"key": "'m' || n", "email": "'m' || n || '@example.net'"})
    moved = {name: f"{name} + {step}" for name in ("starts_at", "ends_at", "day_before_at")}
    moved |= {"day": f"(starts_at + {step})::date", "key": "'t' || n", "seats_taken": str(SEATS)}
    fill(Gathering, table.pk, TABLES, moved)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM gatherings_gathering WHERE key LIKE 't%'")
        first_table = cursor.fetchone()[0]
        cursor.execute("SELECT min(id) FROM profiles_member WHERE key LIKE 'm%'")
        first_member = cursor.fetchone()[0]
    sits = {
        "gathering_id": f"{first_table} + (n - 1) / {SEATS}",
        "member_id": f"{first_member} + (n::bigint * 7919) % {MEMBERS - 1}",
    }
    fill(Rsvp, seat.pk, TABLES * SEATS, sits)
    tell_whoever_was_due(told, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gatherings_rsvpchange SET is_told = true")
        cursor.execute("VACUUM ANALYZE")


def fill(model: Any, pattern: int, count: int, differing: dict[str, str]) -> None:
    """So many copies of the row of this id, numbered n, each differing from it in these columns."""
    from django.db import connection

    names = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    values = [differing.get(name, f'"{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(values)} "
            f"FROM {model._meta.db_table} pattern, generate_series(1, {count}) n WHERE pattern.id = {pattern}"
        )


def tell_whoever_was_due(told: Any, now: Any) -> None:
    """What sweeps before this one have put: to each guest the day before and soon, to each host the briefing."""
    from django.db import connection

    own = {"key": "'k' || to_hex(row_number() OVER ())", "created_at": "g.day_before_at", "due_at": "g.day_before_at"}
    names = [field.column for field in told._meta.concrete_fields if field.column != "id"]
    kinds = {
        "day_before": ("r.id", "r.member_id", "g.day_before_at <= %s"),
        "soon": ("r.id", "r.member_id", "g.starts_at <= %s + interval '2 hours'"),
        "host_briefing": ("g.id", "g.host_id", "mod(r.id, 5) = 0 AND g.day_before_at <= %s"),
    }
    for number, (kind, (subject, member, was_due)) in enumerate(kinds.items()):
        differing = own | {"kind": f"'{kind}'", "subject_id": subject, "member_id": member, "version": "g.moves"}
        differing["key"] = f"'{number}' || to_hex(row_number() OVER ())"
        values = ", ".join(differing.get(name, f'pattern."{name}"') for name in names)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO outbox_message ({', '.join(names)}) SELECT {values} FROM gatherings_rsvp r "
                f"JOIN gatherings_gathering g ON g.id = r.gathering_id, outbox_message pattern "
                f"WHERE pattern.id = {told.pk} AND {was_due} ON CONFLICT DO NOTHING",
                [now],
            )


if __name__ == "__main__":
    main()
