"""Reading the shipped gazetteer and bringing the database up to it."""

import csv
import lzma
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model
from django.utils.text import slugify

from apps.places.folding import folded
from apps.places.models import Town, TownName

SHIPPED = Path(__file__).parent / "data" / "towns.csv.xz"
BATCH = 2000


class Row(NamedTuple):
    """A line of the file, named like the fields of Town."""

    id: int
    name: str
    admin: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    population: int
    other_names: str


class Loaded(NamedTuple):
    added: int
    changed: int
    unchanged: int


def read(file: Path = SHIPPED, country: str = "") -> Iterator[Row]:
    """The towns of the file, country by country, the largest first; with `country` (ISO code) only those."""
    opened = lzma.open if file.suffix == ".xz" else open
    with opened(file, "rt", encoding="utf-8", newline="") as lines:
        for number, name, admin, code, latitude, longitude, zone, population, others in csv.reader(lines):
            if country in ("", code):
                point = float(latitude), float(longitude)
                yield Row(int(number), name, admin, code, *point, zone, int(population), others)


@transaction.atomic
def load(rows: Iterable[Row]) -> Loaded:
    """Adds and changes towns, all or none. A town that is gone from the file stays: people may live by it."""
    rows = iter(rows)
    done = [Loaded(0, 0, 0)]
    while batch := list(islice(rows, BATCH)):
        done.append(_load_batch(batch))
    return Loaded(*map(sum, zip(*done, strict=True)))


def _load_batch(rows: list[Row]) -> Loaded:
    present = Town.objects.filter(pk__in=[row.id for row in rows])
    known = {values[0]: Row(*values) for values in present.values_list(*Row._fields)}
    unknown = [row for row in rows if row.id not in known]
    new = [Town(**row._asdict(), slug=slug) for row, slug in _with_slugs(unknown)]
    changed = [Town(**row._asdict()) for row in rows if row.id in known and row != known[row.id]]
    columns = (*Row._fields, "slug")
    _insert(Town, columns, ([getattr(town, column) for column in columns] for town in new))
    Town.objects.bulk_update(changed, Row._fields[1:])  # the slug stays: addresses do not change
    TownName.objects.filter(town__in=changed).delete()
    names = ((town.pk, name, rank) for town in (*new, *changed) for name, rank in town.names().items())
    _insert(TownName, ("town_id", "name", "rank"), names)
    return Loaded(len(new), len(changed), len(rows) - len(new) - len(changed))


def _with_slugs(rows: Iterable[Row]) -> list[tuple[Row, str]]:
    """The largest of a name in its country has the plain slug, others add their GeoNames number."""
    wanted = [(row, f"{slugify(folded(row.name)) or 'town'}-{row.country.lower()}") for row in rows]
    taken = set(Town.objects.filter(slug__in=[slug for _, slug in wanted]).values_list("slug", flat=True))
    given = []
    for row, slug in wanted:
        given.append((row, f"{slug}-{row.id}" if slug in taken else slug))
        taken.add(slug)
    return given


def _insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """What bulk_create does, in a third of the time: the first `make run` waits for half a million rows."""
    quoted = connection.ops.quote_name
    into = f"{quoted(model._meta.db_table)} ({', '.join(map(quoted, columns))})"
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(columns))})", list(rows))
