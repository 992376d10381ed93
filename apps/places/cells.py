"""h3 cells: the world as hexagons of three sizes, so that "near" is an equality that an index answers.

A place keeps the cell it lies in at each size. A search takes the size that covers its circle with few cells,
and measures the distance afterwards.
"""

from functools import lru_cache
from typing import NamedTuple

from h3.api import basic_int as h3

from apps.places.distance import metres_between

RESOLUTIONS = {"cell_small": 7, "cell_medium": 5, "cell_large": 4}  # edges of about 1.4, 10 and 26 km
# The size to ask for each radius, in km: some 4 to 40 cells.
COLUMNS = {
    2: "cell_small",
    5: "cell_small",
    10: "cell_medium",
    25: "cell_medium",
    50: "cell_large",
    100: "cell_large",
}
RADII = tuple(COLUMNS)  # km that one may search within
SLACK = 1.001  # for the rounding of floats


class Cells(NamedTuple):
    """The cells of one point, as whole numbers below 2^63, named like the columns that keep them."""

    cell_small: int
    cell_medium: int
    cell_large: int


def cells_of(latitude: float, longitude: float) -> Cells:
    return Cells(*(h3.latlng_to_cell(latitude, longitude, RESOLUTIONS[column]) for column in Cells._fields))


@lru_cache(maxsize=512)
def cells_within(latitude: float, longitude: float, km: int) -> tuple[str, tuple[int, ...]]:
    """The column to ask, and every cell there that has a point within `km` (one of RADII) of the point.

    A cell reaches into the circle only if its middle is no farther away than the radius and the reach of the
    cell. Such cells hang together, so looking at the neighbours of those found finds all, at the poles and at
    pentagons, too.
    """
    column = COLUMNS[km]
    found: set[int] = set()
    edge = {h3.latlng_to_cell(latitude, longitude, RESOLUTIONS[column])}
    while edge:
        found |= {cell for cell in edge if _touches(cell, latitude, longitude, km * 1000)}
        edge = {near for cell in edge & found for near in h3.grid_disk(cell, 1)} - found - edge
    return column, tuple(sorted(found))


def _touches(cell: int, latitude: float, longitude: float, metres: float) -> bool:
    middle = h3.cell_to_latlng(cell)
    reach = max(metres_between(*middle, *corner) for corner in h3.cell_to_boundary(cell))
    return metres_between(latitude, longitude, *middle) <= (metres + reach) * SLACK
