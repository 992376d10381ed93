"""The public point of a home: the middle of a square of about 1 km in a fixed grid.

The grid never moves, so many points of one house, or of one street, all become the same one: nothing can be
averaged out to the house. Rows are equally high; nearer a pole they have fewer, equally wide squares.
"""

from math import cos, floor, isfinite, radians

ROWS = 20_000  # from pole to pole, 0.009 degrees each: 1.0 km
KM_ROUND_THE_EQUATOR = 40_030.0
DECIMALS = 5  # about a metre, far inside the square, so that a snapped point stays in it


def snapped(latitude: float, longitude: float) -> tuple[float, float]:
    """The middle of the square that the point (in degrees) lies in.

    Raises ValueError for what is not a point on Earth: beyond ±90 or ±180, NaN, infinite.
    """
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("Not a point on Earth.")
    height = 180 / ROWS
    row = min(floor((latitude + 90) / height), ROWS - 1)  # the north pole belongs to the last row
    middle = (row + 0.5) * height - 90
    columns = max(1, round(KM_ROUND_THE_EQUATOR * cos(radians(middle))))
    width = 360 / columns
    column = floor((longitude + 180) / width) % columns  # 180 east is 180 west
    return round(middle, DECIMALS), round((column + 0.5) * width - 180, DECIMALS)
