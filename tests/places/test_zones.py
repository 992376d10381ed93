from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.places.zones import zone_at


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (51.4545, -2.5879, "Europe/London"),
        (27.7017, 85.3206, "Asia/Kathmandu"),
        (47.5649, -52.7093, "America/St_Johns"),
        (-36.8485, 174.7633, "Pacific/Auckland"),
    ],
)
def test_a_place_has_its_zone(latitude: float, longitude: float, zone: str) -> None:
    assert zone_at(latitude, longitude) == zone


@settings(max_examples=200, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_python_knows_the_zone_of_every_point(latitude: float, longitude: float) -> None:
    assert ZoneInfo(zone_at(latitude, longitude)).key
