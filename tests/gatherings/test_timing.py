from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from apps.gatherings import timing
from tests.factories import make_gathering, make_town

LONDON, AUCKLAND, KATHMANDU = (ZoneInfo(name) for name in ("Europe/London", "Pacific/Auckland", "Asia/Kathmandu"))


def test_a_skipped_hour_is_known_in_both_hemispheres() -> None:
    assert timing.is_skipped(date(2027, 3, 28), time(1, 30), LONDON)
    assert timing.is_skipped(date(2027, 9, 26), time(2, 30), AUCKLAND)
    assert not timing.is_skipped(date(2027, 3, 28), time(2), LONDON)
    assert not timing.is_skipped(date(2026, 10, 25), time(1, 30), LONDON)


def test_of_a_repeated_hour_the_first_is_taken() -> None:
    assert timing.moment(date(2026, 10, 25), time(1, 30), LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "zone", "due"),
    [
        (datetime(2026, 11, 26, 19), LONDON, datetime(2026, 11, 25, 19)),
        (datetime(2026, 11, 26, 22), LONDON, datetime(2026, 11, 25, 21)),
        (datetime(2026, 11, 26, 7), LONDON, datetime(2026, 11, 25, 9)),
        (datetime(2026, 11, 26, 1), LONDON, datetime(2026, 11, 24, 21)),
        (datetime(2026, 11, 26, 9), KATHMANDU, datetime(2026, 11, 25, 9)),
        (datetime(2027, 3, 29, 1, 30), LONDON, datetime(2027, 3, 27, 21)),
        (datetime(2026, 9, 27, 12), AUCKLAND, datetime(2026, 9, 26, 12)),  # over the change of clocks
    ],
)
def test_the_day_before_is_the_same_hour_or_the_nearer_edge_of_the_night(
    starts: datetime, zone: ZoneInfo, due: datetime
) -> None:
    assert timing.day_before(starts.replace(tzinfo=zone), zone) == due.replace(tzinfo=zone)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.sampled_from([LONDON, AUCKLAND, KATHMANDU]))
def test_the_day_before_is_never_in_the_night_nor_far_from_a_day_before(starts: datetime, zone: ZoneInfo) -> None:
    moment = starts.replace(tzinfo=UTC)
    due = timing.day_before(moment, zone)
    assert time(9) <= due.astimezone(zone).time() <= time(21)
    assert timedelta(hours=24 - 7) <= moment - due <= timedelta(hours=24 + 7)


@pytest.mark.django_db
def test_an_evening_may_end_after_midnight() -> None:
    gathering = make_gathering(datetime(2026, 12, 4, 22, tzinfo=LONDON), hours=3)
    assert gathering.ends_local == datetime(2026, 12, 5, 1, tzinfo=LONDON)


@pytest.mark.django_db
def test_pages_show_the_time_of_the_town(client: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 24, tzinfo=UTC), tick=False):
        gathering = make_gathering(datetime(2026, 11, 26, 6, tzinfo=UTC), hours=2, town=make_town("auckland-nz"))
        for url in (gathering.get_absolute_url(), "/near/auckland-nz/"):
            page = " ".join(client.get(url).content.decode().split())
            assert "19:00 to 21:00" in page
            assert "06:00" not in page
