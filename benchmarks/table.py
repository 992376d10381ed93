"""What *your table* asks the database, and how long that takes, for a member who has come to five hundred evenings.

python -m benchmarks.table

The median of many requests by the test client, for somebody with no past and with a long one. Beside it the whole of a
request, most of which is putting the questions into words and drawing; `benchmarks.pages` says what pages cost.
"""

import os
import time
from datetime import timedelta
from statistics import median
from typing import Any

PAST, TRIES = 500, 200
GOAL = 20  # milliseconds, for all that one request asks


def main() -> None:
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import override_settings

    from benchmarks import rows

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={"default": plain, "staticfiles": plain}):
        rows.empty_tables()
        for past in (0, PAST):
            client = Client(headers={"host": "localhost"})
            client.force_login(lay(past))
            measure(past, client)


def lay(past: int) -> Any:
    """A member with so many past seats, one of them yesterday's, two ahead, an offer, and a table of their own."""
    from django.db import connection
    from django.utils import timezone

    from apps.gatherings.models import Gathering, Plan, Rsvp
    from apps.meals.models import Dish
    from benchmarks.rows import copies
    from tests.factories import make_gathering, make_member, make_seat

    now, member = timezone.now(), make_member("Robin", joined_at=timezone.now() - timedelta(days=1000))
    pattern = make_gathering(now - timedelta(days=1))
    gone = list(copies(pattern, past, past * 1000))
    for number, each in enumerate(gone):
        each.starts_at -= timedelta(days=number)
        each.ends_at -= timedelta(days=number)
    Gathering.objects.bulk_create(gone)
    Rsvp.objects.bulk_create(Rsvp(gathering=each, member=member, state="seated", round=1) for each in gone)
    seat = make_seat(make_gathering(now + timedelta(days=1), kind="shared-meal", seats=6), member)
    Plan.objects.create(rsvp=seat, sets_off="18:15")
    Dish.objects.bring(seat.gathering, make_seat(seat.gathering).member, "bread", "Two loaves")
    make_seat(make_gathering(now + timedelta(days=6)), member)
    make_gathering(now + timedelta(days=8)).offer(member)
    make_gathering(now + timedelta(days=9), host=member)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return member


def measure(past: int, client: Any) -> None:
    from django.db import connection

    asked: list[float] = []

    def timed(execute: Any, *words: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*words)
        finally:
            asked.append((time.perf_counter() - began) * 1000)

    pages, queries = [], []
    for _time in range(3):
        client.get("/table/")  # the first draws what is kept, and writes down that it showed an address
    for _time in range(TRIES):
        asked.clear()
        began = time.perf_counter()
        with connection.execute_wrapper(timed):
            assert client.get("/table/").status_code == 200
        pages.append((time.perf_counter() - began) * 1000)
        queries.append(sum(asked))
    print(
        f"{os.environ['DATABASE_NAME']}, your table with {past} past seats: {len(asked)} queries take "
        f"{median(queries):.1f} ms, goal {GOAL}; the fastest time {min(queries):.1f}; the whole of a request "
        f"{median(pages):.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
