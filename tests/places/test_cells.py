from math import asin, atan2, cos, degrees, radians, sin

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.places.cells import RADII, cells_of, cells_within
from apps.places.distance import EARTH

PENTAGONS = [h3.cell_to_latlng(cell) for size in (4, 5, 7) for cell in h3.get_pentagons(size)]
EDGES = [(90.0, 0.0), (-90.0, 0.0), (89.9, 45.0), (0.0, 180.0), (-17.0, 179.99), (65.0, -179.9)]

anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180)) | st.sampled_from(PENTAGONS + EDGES)


def moved(point: tuple[float, float], bearing: float, metres: float) -> tuple[float, float]:
    """The point so far away in that direction (degrees, clockwise from north)."""
    latitude, angle, turn = radians(point[0]), metres / EARTH, radians(bearing)
    there = asin(max(-1, min(1, sin(latitude) * cos(angle) + cos(latitude) * sin(angle) * cos(turn))))
    east = atan2(sin(turn) * sin(angle) * cos(latitude), cos(angle) - sin(latitude) * sin(there))
    return degrees(there), (degrees(east) + point[1] + 540) % 360 - 180


@settings(max_examples=200, deadline=None)
@given(anywhere, st.sampled_from(RADII), st.floats(0, 360), st.floats(0, 1))
def test_every_point_of_the_circle_lies_in_a_cell(
    centre: tuple[float, float], km: int, bearing: float, share: float
) -> None:
    column, cells = cells_within(*centre, km)
    for part in (share, 1.0):
        assert getattr(cells_of(*moved(centre, bearing, part * km * 1000)), column) in cells


@settings(max_examples=100, deadline=None)
@given(anywhere, st.sampled_from(RADII))
def test_lists_of_cells_are_short(centre: tuple[float, float], km: int) -> None:
    assert len(cells_within(*centre, km)[1]) <= 70


def test_cells_fit_a_column_of_whole_numbers() -> None:
    cells = cells_of(51.4545, -2.5879)
    assert cells._fields == ("cell_small", "cell_medium", "cell_large")
    assert all(0 < cell < 2**63 for cell in cells)
    assert len(set(cells)) == 3


def test_a_far_away_cell_is_not_searched() -> None:
    column, cells = cells_within(51.4545, -2.5879, 5)
    assert getattr(cells_of(51.5074, -0.1278), column) not in cells


def test_a_radius_that_nobody_offers_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        cells_within(51.4545, -2.5879, 7)
