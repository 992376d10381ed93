"""A walk: dots along a winding way, the host ahead with the light."""

from itertools import pairwise
from math import ceil, hypot

from apps.gatherings.drawing.parts import Drawing, Figure, Mark, Thing
from apps.gatherings.drawing.seating import Seating, State, with_initials

PATH_BOX = (-100.0, -92.0, 200.0, 200.0)
STEPS = 400


def bend(t: float, start: float, one: float, two: float, end: float) -> float:
    """A cubic Bézier curve in one direction."""
    return start * (1 - t) ** 3 + one * 3 * t * (1 - t) ** 2 + two * 3 * t * t * (1 - t) + end * t**3


# The winding way from near the reader to the hills: the curve that the shape `d-land` draws.
WAY = [(bend(step / STEPS, -74, 66, -62, 46), bend(step / STEPS, 72, 78, 2, -40)) for step in range(STEPS + 1)]
LENGTHS = [hypot(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(WAY)]


def draw_path(seating: Seating) -> Drawing:
    total = seating.seats + 1
    abreast = 1 if total <= 13 else 2 if total <= 22 else 3
    drawn = [(State.HOST, ""), *with_initials(seating)]
    files = ceil(total / abreast)
    apart = min(0.15, 0.82 / max(files - 1, 1))
    ahead = min(0.95, 0.56 + apart * (files - 1) / 2)
    marks = tuple(
        path_mark(state, text, ahead - apart * (number // abreast), number % abreast - (abreast - 1) / 2)
        for number, (state, text) in enumerate(drawn)
    )
    host = marks[0]
    return Drawing(
        figure=Figure.PATH,
        shape="d-walker" if total <= 10 else "d-dot",
        box=PATH_BOX,
        marks=marks,
        under=(Thing("d-land", 0, 0),),
        over=(Thing("d-candle", host.x - 13, host.y - 4),),
    )


def path_mark(state: State, text: str, along: float, side: float) -> Mark:
    """`side` is how many places off the middle, for those who walk abreast."""
    x, y, across_x, across_y = on_the_way(along)
    shift = 8.5 * side
    if state is State.PULLED:
        shift = 21
    return Mark(state, x + across_x * shift, y + across_y * shift, 0, text)


def on_the_way(along: float) -> tuple[float, float, float, float]:
    """The point at a share of the way's length, and the direction across the way there."""
    left = along * sum(LENGTHS)
    for ((ax, ay), (bx, by)), length in zip(pairwise(WAY), LENGTHS, strict=True):
        if left <= length:
            return bx, by, -(by - ay) / length, (bx - ax) / length
        left -= length
    return *WAY[-1], 0, 1
