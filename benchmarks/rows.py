"""Many rows at once, made by the database or in bulk: what the verbs do besides is not what is measured."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import make_gathering, make_town

SEATS = 5


def empty_tables() -> None:
    """All tables, and one town: the whole gazetteer would take longer than what is measured."""
    call_command("migrate", verbosity=0)
    make_town()


@transaction.atomic
def seats_at(starts: datetime, count: int, taken_at: datetime) -> None:
    """So many seated guests, five to a table, each with an account of their own."""
    pattern = make_gathering(
        starts, title="Soup and good bread", way_in="Bus 24 to Greville Street, then the green door"
    )
    town, numbers = make_town(), iter(range(count))
    while chunk := list(islice(numbers, 5000)):
        guests = Member.objects.bulk_create(
            Member(
                email=f"guest{n}@example.net", name=f"Guest {n}", town=town, time_zone=town.time_zone, key=f"g{n:09}"
            )
            for n in chunk
        )
        tables = Gathering.objects.bulk_create(copies(pattern, len(guests) // SEATS + 1, chunk[0]))
        Rsvp.objects.bulk_create(
            Rsvp(gathering=tables[n // SEATS], member=guest, state=Rsvp.State.SEATED, round=1, changed_at=taken_at)
            for n, guest in enumerate(guests)
        )


def copies(pattern: Gathering, count: int, first: int) -> Iterator[Gathering]:
    fields = {field.attname: getattr(pattern, field.attname) for field in pattern._meta.concrete_fields}
    for number in range(count):
        own = {"id": None, "key": f"t{first + number:09}", "seats_taken": SEATS}
        yield Gathering(**{**fields, **own})


def mail_of_weeks(count: int) -> None:
    """An outbox that has been in use, and a database that knows how much stands in it: of an empty table it thinks that
    reading all of it is the shortest way, and goes on thinking so while a round fills it.
    """
    long_ago = timezone.now() - timedelta(days=21)
    guests = [*Member.objects.order_by("pk")]
    sent = {"kind": "seat_confirmed", "state": Message.State.SENT, "due_at": long_ago, "done_at": long_ago}
    rows = [Message(member=guests[n % len(guests)], subject_id=n, **sent) for n in range(count)]
    Message.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def clear() -> None:
    """Nothing but the towns."""
    Rsvp.objects.all().delete()
    Gathering.objects.all().delete()
    Member.objects.all().delete()


def tomorrow(now: datetime) -> datetime:
    """Whole minutes, in the afternoon: then the day before is no night either."""
    return now.replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=2)
