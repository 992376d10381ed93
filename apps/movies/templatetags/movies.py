"""What movie nights add to pages of lower floors: their forms are taken at their own addresses."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.gatherings.models import Gathering
from apps.movies.evening import captions_in_words, content_in_words, evening, facts_of
from apps.movies.forms import BallotForm
from apps.movies.models import Vote

register = template.Library()
register.filter("facts_of", facts_of)
register.filter("captions_in_words", captions_in_words)
register.filter("content_in_words", content_in_words)


@register.inclusion_tag("movies/film_part.html", takes_context=True)
def film_part(context: RequestContext, gathering: Gathering) -> dict[str, Any]:
    """On the page of a gathering: the film, or what the seated choose from. Nothing where no film is shown."""
    night = evening(gathering)
    if night is None or not gathering.is_published or (gathering.is_over and not night.film):
        return {}
    user, is_host = context["user"], context["is_host"]
    votes = night.showing.takes_votes and not is_host and gathering.is_seat(context["rsvp"])
    ticked = set(Vote.objects.of(user, gathering).values_list("film", flat=True)) if votes else set()
    return {
        "gathering": gathering,
        "night": night,
        "user": user,
        "is_host": is_host,
        "is_open": not gathering.is_over,
        "ballot": BallotForm(None, night.films, ticked) if votes else None,
        "has_voted": bool(ticked),
        "link": context.get("link", ""),
    }
