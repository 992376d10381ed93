"""The table drawing: where each seat of a gathering stands, in units of an SVG.

Guests' seats are ordered from the host's side to the front. Whoever has a seat sits near the host; the free
seat that stands pulled out is the one in front, and it is the one that becomes yours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from math import ceil, cos, hypot, pi, radians, sin
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

if TYPE_CHECKING:
    from apps.gatherings.models import Gathering, Rsvp
    from apps.profiles.models import Member

ROUND_UP_TO = 8
LONG_TABLE_UP_TO = 14


class Figure(StrEnum):
    ROUND = "round"
    LONG = "long"
    SOFA = "sofa"
    PATH = "path"


FIGURES = {"movie-night": Figure.SOFA, "walk": Figure.PATH}


class State(StrEnum):
    HOST = "host"
    TAKEN = "taken"
    KEPT = "kept"
    FREE = "free"
    PULLED = "pulled"
    MINE = "mine"


@dataclass(frozen=True)
class Seating:
    """What a drawing shows. `taken` includes one's own seat when it is `mine`; `kept` are free seats."""

    kind: str
    seats: int
    taken: int
    kept: int = 0
    mine: bool = False
    initials: tuple[str, ...] = ()
    plates: int = 0
    is_large_figure: bool = False


@dataclass(frozen=True)
class Mark:
    """A seat, facing down the page when `turn` (degrees, clockwise) is 0."""

    state: State
    x: float
    y: float
    turn: float = 0
    text: str = ""

    @property
    def transform(self) -> str:
        return transform(self.x, self.y, self.turn)

    @property
    def spot(self) -> str:
        return transform(self.x, self.y)


@dataclass(frozen=True)
class Thing:
    """Anything that is not a seat: a candle, a plate, the screen."""

    shape: str
    x: float
    y: float
    turn: float = 0
    scale: float = 1

    @property
    def transform(self) -> str:
        return transform(self.x, self.y, self.turn, self.scale)


@dataclass(frozen=True)
class Top:
    """A table top or a rug, by its upper corner and its size."""

    x: float
    y: float
    width: float
    height: float
    corner: float

    @property
    def inset(self) -> float:
        """The radius of the ring in the wood of a round top, 0 for others."""
        return self.corner - 5 if self.corner * 2 == self.width else 0


@dataclass(frozen=True)
class Drawing:
    figure: Figure
    shape: str
    box: tuple[float, float, float, float]
    marks: tuple[Mark, ...]
    tops: tuple[Top, ...] = ()
    under: tuple[Thing, ...] = ()
    over: tuple[Thing, ...] = ()

    @property
    def groups(self) -> list[tuple[State, list[Mark]]]:
        """Neighbours in the same state, so that the state is written once."""
        return [(state, list(marks)) for state, marks in groupby(self.marks, lambda mark: mark.state)]

    @property
    def ring(self) -> float:
        """The radius of the ring around one's own seat."""
        return 13 if self.figure is Figure.PATH else 18

    @property
    def view_box(self) -> str:
        return " ".join(f"{number:.4g}" for number in self.box)


def transform(x: float, y: float, turn: float = 0, scale: float = 1) -> str:
    """As short as SVG allows: a page may hold a thousand of them."""
    parts = [f"translate({x:.4g} {y:.4g})"]
    if turn % 360:
        parts.append(f"rotate({turn % 360:.4g})")
    if scale != 1:
        parts.append(f"scale({scale:.3g})")
    return "".join(parts)


def seating_of(gathering: "Gathering", rsvp: "Rsvp | None" = None, guests: Iterable["Member"] = ()) -> Seating:
    """The seating as one member sees it; `guests` only for those who may know their names."""
    others = [guest for guest in guests if not rsvp or guest.pk != rsvp.member_id]
    return Seating(
        kind=gathering.kind,
        seats=gathering.seats,
        taken=gathering.seats_taken,
        mine=bool(rsvp and rsvp.is_seated),
        initials=tuple(guest.initials for guest in others),
    )


def draw(seating: Seating) -> Drawing:
    return DRAWN_BY[figure_of(seating)](seating)


def figure_of(seating: Seating) -> Figure:
    if seating.kind in FIGURES:
        return FIGURES[seating.kind]
    return Figure.ROUND if seating.seats <= ROUND_UP_TO else Figure.LONG


def is_quiet(seating: Seating) -> bool:
    return seating.kind == "quiet"


def seat_states(seating: Seating) -> list[State]:
    """The state of each guest's seat, from the host's side to the front."""
    taken = min(seating.taken, seating.seats)
    mine = seating.mine and taken > 0
    free = seating.seats - taken
    kept = min(seating.kept, free)
    states = [State.TAKEN] * (taken - mine) + [State.KEPT] * kept + [State.FREE] * (free - kept)
    if mine:
        states.append(State.MINE)
    elif states and states[-1] is State.FREE:
        states[-1] = State.PULLED
    return states


def sentence(seating: Seating) -> str:
    """The drawing in words: "Five seats, three taken, two free"."""
    taken = min(seating.taken, seating.seats)
    free = seating.seats - taken
    parts = [counted(ngettext("%s seat", "%s seats", seating.seats), seating.seats)]
    if not free:
        parts.append(gettext("all taken"))
    elif not taken:
        parts.append(gettext("all free"))
    else:
        parts.append(counted(ngettext("%s taken", "%s taken", taken), taken))
        parts.append(counted(ngettext("%s free", "%s free", free), free))
    if seating.mine:
        parts.append(gettext("one of them yours") if taken > 1 else gettext("and that one is yours"))
    if seating.kept:
        parts.append(
            counted(ngettext("%s kept for a first-timer", "%s kept for first-timers", seating.kept), seating.kept)
        )
    return capfirst(gettext(", ").join(parts))


def counted(phrase: str, number: int) -> str:
    return phrase % in_words(number)


def in_words(number: int) -> str:
    """Small numbers as words, as one would say them; others in figures."""
    words = gettext("no one two three four five six seven eight nine ten eleven twelve").split()
    return words[number] if 0 <= number < len(words) else str(number)


# Round: the host at the top, the front seat at the bottom.

TUCKED = 4.5
SEAT_HALF = 10.5
PULLED_OUT = 19
CENTRE_PIECES = {
    "tea": "d-teapot",
    "games": "d-board",
    "making": "d-yarn",
    "shared-meal": "d-bowls",
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


def with_initials(seating: Seating) -> Iterator[tuple[State, str]]:
    initials = iter(seating.initials)
    for state in seat_states(seating):
        text = next(initials, "") if state is State.TAKEN else ""
        yield state, gettext("you") if state is State.MINE else text


def laid_table(seating: Seating, marks: tuple[Mark, ...], radius: float) -> Iterator[Thing]:
    """The host's candle, a plate for everyone who comes and one for whoever the free seat waits for."""
    yield Thing("d-candle", *around(min(25, 180 / (seating.seats + 1)), radius - 18))
    if piece := CENTRE_PIECES.get(seating.kind):
        yield Thing(piece, 0, 2)
    for place in range(min(seating.plates, 6)):
        yield Thing(f"d-dish-{place % 3}", *around(360 * place / max(seating.plates, 3) + 60, radius * 0.34))
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
        over=tuple(long_plates(marks, length, with_plates=tables == 1 and not quiet)),
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


# Sofa: rows before a lit screen, the host's candle beside the first.

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
        return Mark(state, x + 8, y + PULLED_OUT, -12 + 180, text)
    return Mark(state, x, y, 180, text)


def sofa_arms(total: int, per_row: int, rows: int, first: float, is_open: bool) -> Iterator[Thing]:
    for row in range(rows):
        half = min(per_row, total - row * per_row) * PLACE_WIDE / 2 + 3.5
        yield Thing("d-arm", -half, first + row * ROW_DEEP)
        if row < rows - 1 or not is_open:  # the way out of the row for the seat that stands apart
            yield Thing("d-arm", half, first + row * ROW_DEEP)


# Path: dots along a winding way, the host ahead with the light.

PATH_BOX = (-100.0, -92.0, 200.0, 200.0)
STEPS = 400


def draw_path(seating: Seating) -> Drawing:
    total = seating.seats + 1
    abreast = 1 if total <= 13 else 2
    drawn = [(State.HOST, ""), *with_initials(seating)]
    files = ceil(total / abreast)
    apart = min(0.15, 0.78 / max(files - 1, 1))
    ahead = min(0.95, 0.56 + apart * (files - 1) / 2)
    marks = tuple(
        path_mark(state, text, ahead - apart * (number // abreast), number % abreast * 2 - abreast + 1)
        for number, (state, text) in enumerate(drawn)
    )
    host = marks[0]
    return Drawing(
        figure=Figure.PATH,
        shape="d-walker" if total <= 13 else "d-dot",
        box=PATH_BOX,
        marks=marks,
        under=(Thing("d-land", 0, 0),),
        over=(Thing("d-candle", host.x - 13, host.y - 4),),
    )


def path_mark(state: State, text: str, along: float, side: int) -> Mark:
    """`side` is -1, 0 or 1: left, in the middle, or right of two abreast."""
    x, y, across_x, across_y = on_the_way(along)
    shift = 6 * side
    if state is State.PULLED:
        shift = 21
    return Mark(state, x + across_x * shift, y + across_y * shift, 0, text)


def way(t: float) -> tuple[float, float]:
    """The winding way, from near the reader (t = 0) to the hills (t = 1): the curve that `d-land` draws."""
    return cubic(t, (-70, 74), (86, 74), (-84, -4), (46, -38))


def cubic(t: float, *points: tuple[float, float]) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return sum(w * p[0] for w, p in zip(weights, points, strict=True)), sum(
        w * p[1] for w, p in zip(weights, points, strict=True)
    )


def on_the_way(along: float) -> tuple[float, float, float, float]:
    """The point at a share of the way's length, and the direction across the way there."""
    points = [way(step / STEPS) for step in range(STEPS + 1)]
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:], strict=False)]
    left = along * sum(lengths)
    for (ax, ay), (bx, by), length in zip(points, points[1:], lengths, strict=False):
        if left <= length:
            return bx, by, -(by - ay) / length, (bx - ax) / length
        left -= length
    return *points[-1], 0, 1


DRAWN_BY = {
    Figure.ROUND: draw_round,
    Figure.LONG: draw_long,
    Figure.SOFA: draw_sofa,
    Figure.PATH: draw_path,
}
