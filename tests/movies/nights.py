"""Movie nights for the tests, each made by the verbs that make it in earnest."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.movies.models import Film, Showing
from tests.factories import make_gathering

TITLES = ["Totoro", "Paddington 2", "My Life as a Courgette"]


def make_night(**more: Any) -> Gathering:
    return make_gathering(kind="movie-night", **{"title": "A film and a sofa", **more})


def add_film(night: Gathering, title: str, minutes: int = 100, **more: Any) -> Film:
    return Film.objects.add(night, title=title, minutes=minutes, **more)


def make_vote(night: Gathering | None = None, days: float = 1, titles: list[str] = TITLES, **more: Any) -> list[Film]:
    """A vote on these films, open for so many days."""
    night = night or make_night(**more)
    films = [add_film(night, title) for title in titles]
    Showing.objects.open_vote(night, timezone.now() + timedelta(days=days))
    return films
