from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.places.distance import metres_between
from apps.places.grid import snapped

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


@given(latitudes, longitudes)
def test_a_snapped_point_stays_where_it_is(latitude: float, longitude: float) -> None:
    once = snapped(latitude, longitude)
    assert snapped(*once) == once


@given(latitudes, longitudes)
def test_a_snapped_point_is_never_farther_than_half_a_diagonal(latitude: float, longitude: float) -> None:
    # Squares are 1.0 km each way, but near a pole, where no whole number of them fits a row.
    limit = 760 if abs(latitude) < 89.9 else 1400
    assert metres_between(latitude, longitude, *snapped(latitude, longitude)) <= limit


@given(st.floats(51.4501, 51.4589), st.floats(-2.59, -2.5899))
def test_points_of_one_street_become_few(latitude: float, longitude: float) -> None:
    assert snapped(latitude, longitude) in {snapped(51.4501 + step * 0.0088, -2.59) for step in (0, 1)}


def test_the_grid_never_moves() -> None:
    assert snapped(51.4545, -2.5879) == (51.4575, -2.59081)
    assert snapped(51.4546, -2.5878) == snapped(51.4545, -2.5879)


def test_the_date_line_is_one_line_and_a_pole_one_place() -> None:
    assert snapped(10, 180) == snapped(10, -180)
    assert snapped(90, 0)[0] == 89.9955
    assert snapped(-90, 0)[0] == -89.9955


@pytest.mark.parametrize("point", [(91, 0), (-90.0001, 0), (0, 180.5), (0, -181), (nan, 0), (0, nan), (inf, 0)])
def test_what_is_no_point_on_earth_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="Not a point"):
        snapped(*point)
