"""The table drawing: where each seat of a gathering stands.

Guests' seats are ordered from the host's side to the front. Whoever has a seat sits near the host; the free
seat that stands pulled out is the one in front, and it is the one that becomes yours.
"""

from apps.gatherings.drawing.parts import Drawing, Figure
from apps.gatherings.drawing.path import draw_path
from apps.gatherings.drawing.seating import Seating, seating_of, sentence
from apps.gatherings.drawing.sofa import draw_sofa
from apps.gatherings.drawing.tables import draw_long, draw_round

__all__ = ["Seating", "draw", "figure_of", "seating_of", "sentence"]

ROUND_UP_TO = 8
FIGURES = {"movie-night": Figure.SOFA, "walk": Figure.PATH}
DRAWN_BY = {
    Figure.ROUND: draw_round,
    Figure.LONG: draw_long,
    Figure.SOFA: draw_sofa,
    Figure.PATH: draw_path,
}


def draw(seating: Seating) -> Drawing:
    return DRAWN_BY[figure_of(seating)](seating)


def figure_of(seating: Seating) -> Figure:
    if seating.kind in FIGURES:
        return FIGURES[seating.kind]
    return Figure.ROUND if seating.seats <= ROUND_UP_TO else Figure.LONG
