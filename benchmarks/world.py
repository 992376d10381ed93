"""Many upcoming gatherings, spread over the world as its people are; laid once and kept by `benchmarks.shelf`.

python -m benchmarks.world towns       the tables, the gazetteer, one reader
python -m benchmarks.world <count>     so many gatherings and their hosts, and MORE gatherings in each measured town
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

DENSE, SPARSE = "shanghai-cn", "alice-springs-au"
MORE = 40  # in each measured town, whatever the size, so that a page there holds 20 cards
MORE_WITHIN_DAYS = 14
DAYS, DAYS_AHEAD = 60, 2  # over how many days they are spread, and how soon the first may be
FEWEST_HOSTS, EACH_HOSTS = 200, 20  # gatherings in those days: a host with thousands there is none
READER = "reader@example.net"
SPREAD = 0.03  # degrees that a table lies away from the middle of its town, typically: 3 km
TITLES = [
    "Soup and good bread",
    "Slow curry",
    "A film and a sofa",
    "Along the river",
    "Tea at the window",
    "Board games",
]
zone_of = lru_cache(maxsize=None)(ZoneInfo)  # by itself it remembers eight, and reads the others' files again
WORDS = (
    "I cook, we talk, nobody stays late. Come as you are; there is a chair by the window for whoever likes it quiet."
)


def main() -> None:
    import django

    django.setup()
    if sys.argv[1] == "towns":
        lay_towns()
    else:
        lay_gatherings(int(sys.argv[1]))
        tidy()


def tidy() -> None:
    """So that the planner knows what is there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def lay_towns() -> None:
    from django.core.management import call_command

    from apps.places.models import Town

    call_command("migrate", verbosity=0)
    call_command("load_towns", verbosity=0)
    lay_people(Town.objects.get(slug=DENSE))


def lay_people(town: Any) -> None:
    """Who reads, and a gathering of which all others are copies."""
    from tests.factories import make_gathering, make_member, make_seat

    reader = make_member("Robin", email=READER, town=town)
    make_gathering(title="The pattern", town=town, visibility="link", is_step_free=True, is_alcohol_free=False)
    for _seat in range(2):
        make_seat(make_gathering(town=town, visibility="link"), reader)


def lay_gatherings(count: int) -> None:
    from django.db import transaction

    from apps.places.models import Town

    towns = list(Town.objects.only("pk", "latitude", "longitude", "time_zone", "population").order_by("pk"))
    measured = {slug: Town.objects.get(slug=slug) for slug in (DENSE, SPARSE)}
    chance = Random(count)
    weights = list(accumulate(town.population for town in towns))
    chosen = chance.choices(towns, cum_weights=weights, k=count)
    hosts = lay_hosts(max(FEWEST_HOSTS, count // EACH_HOSTS), measured[DENSE])
    more = [town for town in measured.values() for _ in range(MORE)]
    with transaction.atomic():
        stage(rows(chance, hosts, chosen, DAYS))
        stage(rows(chance, hosts, more, MORE_WITHIN_DAYS, first=count))
        pour()


def lay_hosts(count: int, town: Any) -> list[int]:
    from apps.profiles.models import Member

    people = (Member(name=f"Host {number}", email=f"host{number}@example.net", town=town) for number in range(count))
    Member.objects.bulk_create(people, batch_size=1000)
    return list(Member.objects.filter(email__startswith="host").order_by("pk").values_list("pk", flat=True))


COLUMNS = {
    "key": "varchar(10)", "host_id": "bigint", "town_id": "integer", "kind": "varchar(12)", "title": "varchar(80)",
    "words": "text", "area": "varchar(60)", "has_own_point": "boolean", "latitude": "double precision",
    "longitude": "double precision", "cell_small": "bigint", "cell_medium": "bigint", "cell_large": "bigint",
    "day": "date", "starts": "time", "ends": "time", "time_zone": "varchar(64)",
    "starts_at": "timestamp with time zone", "ends_at": "timestamp with time zone",
    "day_before_at": "timestamp with time zone", "seats": "integer",
    "seats_wanted": "integer", "seats_taken": "integer", "visibility": "varchar(10)",
}  # fmt: skip


def rows(
    chance: Random, hosts: list[int], towns: Iterable[Any], days: int, first: int = 0
) -> Iterator[tuple[Any, ...]]:
    from apps.gatherings.models import Gathering
    from apps.places.cells import cells_of
    from apps.places.grid import snapped

    kinds, today = Gathering.Kind.values, date.today()
    for number, town in enumerate(towns, first):
        point = snapped(
            max(-90, min(90, chance.gauss(town.latitude, SPREAD))),
            (chance.gauss(town.longitude, SPREAD) + 180) % 360 - 180,
        )
        day, hour = today + timedelta(days=DAYS_AHEAD + chance.randrange(days)), chance.randrange(10, 21)
        starts_at = moment(town.time_zone, day, hour)
        seats = chance.randrange(2, 9)
        yield (
            f"w{number:09}", chance.choice(hosts), town.pk, chance.choice(kinds), chance.choice(TITLES), WORDS,
            "Old Town", True, *point, *cells_of(*point), day, time(hour), time(hour + 2), town.time_zone, starts_at,
            starts_at + timedelta(hours=2), starts_at - timedelta(days=1), seats, seats,
            chance.randrange(seats + 1) if chance.random() < 0.9 else seats, "everyone",
        )  # fmt: skip


@lru_cache(maxsize=500_000)
def moment(zone: str, day: date, hour: int) -> datetime:
    from apps.gatherings import timing

    return timing.moment(day, time(hour), zone_of(zone))


def stage(values: Iterator[tuple[Any, ...]]) -> None:
    """Into a table beside, as fast as the database takes them."""
    from django.db import connection

    described = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS staged ({described})")
        if connection.vendor == "postgresql":
            with cursor.copy("COPY staged FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(COLUMNS))
            connection.connection.executemany(f"INSERT INTO staged VALUES ({marks})", map(for_sqlite, values))


def for_sqlite(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Days and times as Django writes them there: moments in UTC, which they do not say."""
    return tuple(str(each).removesuffix("+00:00") if isinstance(each, (date, time)) else each for each in row)


def pour() -> None:
    """Each with what it does not name as the one pattern has it."""
    from django.db import connection

    from apps.gatherings.models import Gathering

    fields = [str(field.column) for field in Gathering._meta.concrete_fields if field.column != "id"]
    values = ", ".join(f"staged.{name}" if name in COLUMNS else f"pattern.{name}" for name in fields)
    with connection.cursor() as cursor, indexes_made_afterwards(cursor):
        cursor.execute(
            f"INSERT INTO gatherings_gathering ({', '.join(fields)}) SELECT {values} "
            "FROM staged, gatherings_gathering pattern WHERE pattern.title = 'The pattern'"
        )
        cursor.execute("DROP TABLE staged")


@contextmanager
def indexes_made_afterwards(cursor: Any) -> Iterator[None]:
    """To make an index of what is there takes a fraction of keeping it up to date row by row.

    What only a constraint needs stays, and so do the constraints.
    """
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'gatherings_gathering' "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
    else:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            "AND tbl_name = 'gatherings_gathering'"
        )
    indexes = cursor.fetchall()
    for name, _sql in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # of a table with checks to come it makes no index
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, sql in indexes:
        cursor.execute(sql)


if __name__ == "__main__":
    main()
