"""What a drawing is made of, in units of its SVG."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from apps.gatherings.drawing.seating import State

TUCKED = 4.5
SEAT_HALF = 10.5
PULLED_OUT = 19


class Figure(StrEnum):
    ROUND = "round"
    LONG = "long"
    SOFA = "sofa"
    PATH = "path"


@dataclass(frozen=True)
class Mark:
    """A seat by its middle; `turn` in degrees, clockwise, from how its shape is drawn."""

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
    def ring_at(self) -> int:
        """How far the ring's middle lies in front of the seat's: it goes around the back of the seat as well."""
        return {"d-place": 2, "d-walker": 0, "d-dot": 0}.get(self.shape, -5)

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
