"""What the people of a demo town invite each other to: titles and sentences as hosts write them.

Nothing in them names a weekday, a season or a landmark, so that they suit every day and every town. They are
what members typed, not words of the interface, and so are not translated.
"""

from apps.community.demo.ideas.films import MOVIE_NIGHTS
from apps.community.demo.ideas.idea import Idea
from apps.community.demo.ideas.meals import DINNERS, SHARED_MEALS
from apps.community.demo.ideas.pastimes import GAMES, MAKING, OTHERS, QUIET, TEAS
from apps.community.demo.ideas.walks import WALKS
from apps.gatherings.models import Gathering

__all__ = ["IDEAS", "Idea"]

IDEAS: dict[Gathering.Kind, list[Idea]] = {
    Gathering.Kind.DINNER: DINNERS,
    Gathering.Kind.SHARED_MEAL: SHARED_MEALS,
    Gathering.Kind.MOVIE_NIGHT: MOVIE_NIGHTS,
    Gathering.Kind.WALK: WALKS,
    Gathering.Kind.TEA: TEAS,
    Gathering.Kind.GAMES: GAMES,
    Gathering.Kind.MAKING: MAKING,
    Gathering.Kind.QUIET: QUIET,
    Gathering.Kind.OTHER: OTHERS,
}
