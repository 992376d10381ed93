"""Tables seen from above, round or long, with the host at the head; for quiet company, armchairs around a rug."""

from collections.abc import Iterator
from math import ceil, cos, pi, radians, sin

from apps.gatherings.drawing.parts import PULLED_OUT, SEAT_HALF, TUCKED, Drawing, Figure, Mark, Thing, Top
from apps.gatherings.drawing.seating import Seating, State, with_initials

LONG_TABLE_UP_TO = 14
MOST_DISHES = 6  # as many as can be told apart
BOWLS = "d-bowls"
CENTRE_PIECES = {
    "tea": "d-teapot",
    "games": "d-board",
    "making": "d-yarn",
    "shared-meal": BOWLS,
    "other": "d-flowers",
}


def draw_round(seating: Seating) -> Drawing:
    quiet = is_quiet(seating)
    total = seating.seats + 1
    pitch = 40 if quiet else 34
    radius = max(34.0 if quiet else 42.0, pitch * total / (2 * pi) - 5)
    distance = radius + SEAT_HALF - TUCKED + (7 if quiet else 0)
    marks = tuple(ring_of_seats(seating, total, distance))
    half = distance + SEAT_HALF + (13 if quiet else 11)
    side = 2 * half + PULLED_OUT
    things = lamps(total, distance, marks) if quiet else laid_table(seating, marks, radius)
    return Drawing(
        figure=Figure.ROUND,
        shape="d-armchair" if quiet else "d-chair",
        box=(-side / 2, -half, side, side),
        marks=marks,
        tops=(Top(-radius, -radius, 2 * radius, 2 * radius, radius),),
        over=tuple(things),
    )


def ring_of_seats(seating: Seating, total: int, distance: float) -> Iterator[Mark]:
    yield polar(State.HOST, 0, distance)
    nearest_first = sorted(range(1, total), key=lambda place: (min(place, total - place), -place))
    yield from (
        polar(state, 360 * place / total, distance, text)
        for place, (state, text) in zip(nearest_first, with_initials(seating), strict=True)
    )


def polar(state: State, angle: float, distance: float, text: str = "") -> Mark:
    """A seat at `angle` degrees clockwise from the top, facing the middle; a pulled-out one half turned away."""
    out, askew = (PULLED_OUT, -16) if state is State.PULLED else (0, 0)
    x, y = around(angle - (3 if out else 0), distance + out)
    return Mark(state, x, y, angle + askew, text)


def around(angle: float, distance: float) -> tuple[float, float]:
    return distance * sin(radians(angle)), -distance * cos(radians(angle))


def laid_table(seating: Seating, marks: tuple[Mark, ...], radius: float) -> Iterator[Thing]:
    """The host's candle, a plate for everyone who comes and one for whoever the free seat waits for."""
    yield Thing("d-candle", *around(min(25, 180 / (seating.seats + 1)), radius - 18))
    dishes = min(seating.plates, MOST_DISHES)
    piece = CENTRE_PIECES.get(seating.kind)
    if piece and not (dishes and piece == BOWLS):  # which stand for what nobody brings yet
        yield Thing(piece, 0, 2)
    for place in range(dishes):
        yield Thing(f"d-dish-{place % 3}", *around(360 * place / max(dishes, 3) + 60, radius * 0.36), scale=0.9)
    for mark in marks:
        if mark.state not in (State.FREE, State.KEPT):
            angle = mark.turn + (16 if mark.state is State.PULLED else 0)
            yield Thing("d-plate", *around(angle, radius - 12), turn=angle)


def lamps(total: int, distance: float, marks: tuple[Mark, ...]) -> Iterator[Thing]:
    """Quiet company: a light between every other pair of armchairs; the host's is the candle."""
    yield Thing("d-book", 0, 0)
    yield Thing("d-candle", *around(180 / total, distance + 3))
    for place in range(2, total, 2):
        yield Thing("d-lamp", *around(360 * (place + 0.5) / total, distance + 5))


def is_quiet(seating: Seating) -> bool:
    return seating.kind == "quiet"


# Long: one table up to fourteen guests, then more of them, the host at the head of the first.

COLUMN = 26
TABLE_DEEP = 34
TABLE_APART = 92


def draw_long(seating: Seating) -> Drawing:
    quiet = is_quiet(seating)
    tables = ceil(seating.seats / LONG_TABLE_UP_TO)
    columns = ceil(seating.seats / tables / 2)
    length = columns * COLUMN + 8.0
    places = list(long_places(seating.seats, columns, length))
    seats = (long_mark(place, *drawn) for place, drawn in zip(places, with_initials(seating), strict=True))
    marks = (Mark(State.HOST, -length / 2 - 7, 0, -90), *seats)
    height = (tables - 1) * TABLE_APART
    side = max(length + 52, height + 104 + PULLED_OUT)
    return Drawing(
        figure=Figure.LONG,
        shape="d-armchair" if quiet else "d-chair",
        box=(-side / 2 - 6, height / 2 - side / 2 + 6, side, side),
        marks=marks,
        tops=tuple(
            Top(-length / 2, table * TABLE_APART - TABLE_DEEP / 2, length, TABLE_DEEP, 9) for table in range(tables)
        ),
        over=(
            *long_plates(marks, length, with_plates=tables == 1 and not quiet),
            *long_dishes(min(seating.plates, MOST_DISHES), columns, length),
        ),
    )


def long_places(seats: int, columns: int, length: float) -> Iterator[tuple[float, float, float]]:
    """x, y and turn of each guest's seat: table by table, from the head down, upper side first."""
    offset = TABLE_DEEP / 2 + SEAT_HALF - TUCKED
    for number in range(seats):
        table, place = divmod(number, columns * 2)
        column, lower = divmod(place, 2)
        is_last = number == seats - 1
        y = table * TABLE_APART + (offset if lower or is_last else -offset)
        yield -length / 2 + 4 + COLUMN * (column + 0.5), y, 180 if lower or is_last else 0


def long_mark(place: tuple[float, float, float], state: State, text: str) -> Mark:
    x, y, turn = place
    if state is State.PULLED:
        return Mark(state, x + 5, y + PULLED_OUT, turn - 14, text)
    return Mark(state, x, y, turn, text)


def long_plates(marks: tuple[Mark, ...], length: float, with_plates: bool) -> Iterator[Thing]:
    yield Thing("d-candle", -length / 2 + 9, 0)
    for mark in marks[1:] if with_plates else ():
        if mark.state not in (State.FREE, State.KEPT):
            table = round(mark.y / TABLE_APART)
            lower = mark.y > table * TABLE_APART
            x = mark.x - 5 if mark.state is State.PULLED else mark.x
            yield Thing("d-plate", x, table * TABLE_APART + (8 if lower else -8), scale=0.8)


def long_dishes(dishes: int, columns: int, length: float) -> Iterator[Thing]:
    """Down the middle of the first table, each between two pairs of plates."""
    for place in range(min(dishes, columns - 1)):
        yield Thing(f"d-dish-{place % 3}", -length / 2 + 4 + COLUMN * (place + 1), 0, scale=0.7)
