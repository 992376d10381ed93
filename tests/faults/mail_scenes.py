"""Who is to get mail in a drill, and why; runs in a hand's process."""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import connections, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from apps.gatherings.models import Gathering, Rsvp
from apps.gatherings.models.seated import MOST_SEATS_OF_A_LARGER
from apps.outbox.models import Consent, Message, Suppression
from apps.profiles.models import Member
from apps.reminders.due import put_what_is_due
from apps.reminders.tasks import minute
from tests.factories import make_gathering, make_member, make_town
from tests.faults import scenes

NUDGE = "drill_nudge"  # registered in `emails`, which only a drill's own processes read
LONG_AGO = timedelta(days=3)
CHUNKS = 10
SUDDENLY = 9


def clear() -> None:
    scenes.clear()
    Suppression.objects.all().delete()
    Member.objects.filter(email__endswith="@sink.example").delete()


def guests(addresses: Sequence[str]) -> list[Member]:
    town, now = make_town(), timezone.now() - LONG_AGO
    rows = [Member(email=address, name="Robin", town=town, promised_at=now, joined_at=now) for address in addresses]
    return Member.objects.bulk_create(rows)


def seat_all(members: Sequence[Member], starts: datetime) -> None:
    """Each with a seat since long ago, at as many tables as that takes."""
    host = make_member("Mei")
    Consent.objects.say(host, "host_briefing", is_given=False)  # only what guests get is counted
    for first in range(0, len(members), MOST_SEATS_OF_A_LARGER):
        table = members[first : first + MOST_SEATS_OF_A_LARGER]
        gathering = make_gathering(starts, host=host, is_larger=True, seats=MOST_SEATS_OF_A_LARGER)
        seat = {"gathering": gathering, "state": Rsvp.State.SEATED, "round": 1}
        since = timezone.now() - LONG_AGO
        Rsvp.objects.bulk_create(Rsvp(member=member, changed_at=since, **seat) for member in table)
        Gathering.objects.filter(pk=gathering.pk).update(seats_taken=len(table))


def half_past_nine() -> datetime:
    """Of tomorrow: its day-before mail was due half an hour before the drills' ten o'clock."""
    zone = ZoneInfo(make_town().time_zone)
    tomorrow = timezone.now().astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(9, 30), zone)


def due_tomorrow(addresses: Sequence[str]) -> None:
    """These have a seat tomorrow, and the sweep has yet to find that they are to be reminded."""
    clear()
    seat_all(guests(addresses), half_past_nine())


def reminders_among_nudges(reminders: int, nudges: int) -> None:
    """All due, and each tenth of both put together, so that every batch holds some of either."""
    clear()
    now = timezone.now()
    for chunk in range(CHUNKS):
        members = guests([f"robin{chunk}-{number}@sink.example" for number in range(reminders // CHUNKS)])
        seat_all(members, half_past_nine())
        put_at = now - timedelta(seconds=CHUNKS - chunk)
        put_what_is_due(put_at)
        put_nudges(chunk, nudges // CHUNKS, put_at)


def put_nudges(chunk: int, many: int, put_at: datetime) -> None:
    willing = guests([f"willing{chunk}-{number}@sink.example" for number in range(many)])
    Consent.objects.bulk_create(Consent(member=member, kind=NUDGE, is_given=True) for member in willing)
    rows = [Message.objects.row(NUDGE, member, due_at=put_at) for member in willing]
    for row in rows:
        row.rank = 1  # or they would all go last
    Message.objects.put_all(rows)


def ask_for_a_sweep(times: int = 1) -> None:
    """As beat does every minute; several at once keep several threads busy."""
    for _ in range(times):
        minute.delay()


def has_worker() -> bool:
    from config.celery import app

    with suppress(RedisError):  # the broker was away, and the next try connects anew
        return bool(app.control.ping(timeout=1))
    return False


def let_leases_run_out() -> None:
    """As time does, for those of workers that are dead and for waits after a failure."""
    Message.objects.waiting().update(leased_until=None)


def seats_taken_by_the_dying(address: str, many: int) -> list[int]:
    """So many processes commit a seat and its mail, and are gone before they can tell a worker; their exit codes."""
    clear()
    members = guests([address.format(number) for number in range(many)])
    tables = [make_gathering(seats=5).pk for _ in range(0, many, 5)]
    connections.close_all()  # a child gets one of its own
    return [take_a_seat_and_die(tables[number // 5], member.pk) for number, member in enumerate(members)]


def take_a_seat_and_die(gathering: int, member: int) -> int:
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        with transaction.atomic():
            transaction.on_commit(partial(os._exit, SUDDENLY))  # before the one that wakes a worker
            Gathering.objects.get(pk=gathering).seat(Member.objects.get(pk=member))
    finally:
        os._exit(1)


def starts_all_around(guests_each: int) -> list[datetime]:
    """Tables from now until after tomorrow's day-before mails, twenty minutes apart; when they start.

    Ten minutes off, so that no mail is due or useless at the very moment of a sweep.
    """
    clear()
    now = timezone.now().replace(second=0, microsecond=0)
    starts = [now + timedelta(minutes=minutes) for minutes in range(10, 33 * 60, 20)]
    members = guests([f"robin{number}@sink.example" for number in range(guests_each * len(starts))])
    for number, at in enumerate(starts):
        seat_all(members[number * guests_each :][:guests_each], at)
    return starts


def put_what_is_due_in(ahead: timedelta) -> None:
    put_what_is_due(timezone.now() + ahead)
