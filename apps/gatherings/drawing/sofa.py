"""Movie night: rows before a lit screen, the host's candle beside the first."""

from collections.abc import Iterator
from math import ceil

from apps.gatherings.drawing.parts import PULLED_OUT, Drawing, Figure, Mark, Thing
from apps.gatherings.drawing.seating import Seating, State, with_initials

PLACE_WIDE = 27.0
ROW_DEEP = 37.0


def draw_sofa(seating: Seating) -> Drawing:
    total = seating.seats + 1
    rows = ceil(total / (5 if total <= 15 else 8))
    per_row = ceil(total / rows)
    scale = max(1.0, per_row * PLACE_WIDE / 150)
    first = 20 * scale + 36
    drawn = [(State.HOST, ""), *with_initials(seating)]
    marks = tuple(sofa_mark(number, drawn, per_row, first) for number in range(total))
    height = first + (rows - 1) * ROW_DEEP + 17 + PULLED_OUT
    side = max(per_row * PLACE_WIDE + 62, height + 44 * scale)
    arms = tuple(sofa_arms(total, per_row, rows, first, marks[-1].state is State.PULLED))
    return Drawing(
        figure=Figure.SOFA,
        shape="d-place",
        box=(-side / 2 - 2, (height - 44 * scale - side) / 2, side, side),
        marks=marks,
        under=(Thing("d-beam", 0, 0, scale=scale), Thing("d-screen", 0, 0, scale=scale), *arms),
        over=(Thing("d-candle", -per_row * PLACE_WIDE / 2 - 15, first - 2),),
    )


def sofa_mark(number: int, drawn: list[tuple[State, str]], per_row: int, first: float) -> Mark:
    state, text = drawn[number]
    row, place = divmod(number, per_row)
    in_row = min(per_row, len(drawn) - row * per_row)
    x, y = (place - (in_row - 1) / 2) * PLACE_WIDE, first + row * ROW_DEEP
    if state is State.PULLED:
        return Mark(state, x + 8, y + PULLED_OUT, -12, text)
    return Mark(state, x, y, 0, text)


def sofa_arms(total: int, per_row: int, rows: int, first: float, is_open: bool) -> Iterator[Thing]:
    for row in range(rows):
        half = min(per_row, total - row * per_row) * PLACE_WIDE / 2 + 3.5
        yield Thing("d-arm", -half, first + row * ROW_DEEP)
        if row < rows - 1 or not is_open:  # the way out of the row for the seat that stands apart
            yield Thing("d-arm", half, first + row * ROW_DEEP)
