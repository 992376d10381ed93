"""What movie nights add to pages of lower floors: their forms are taken at their own addresses."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.gatherings.models import Gathering
from apps.gatherings.models.comforts import Said
from apps.movies.evening import Evening, captions_in_words, captions_of, content_in_words, evening, facts_of
from apps.movies.forms import BallotForm
from apps.movies.models import Vote

register = template.Library()
register.filter("facts_of", facts_of)
register.filter("captions_in_words", captions_in_words)
register.filter("content_in_words", content_in_words)


def night_on(gathering: Gathering) -> Evening | None:
    """For a page, whose parts all ask about the same gathering: asked once."""
    if "night" not in gathering.__dict__:
        gathering.__dict__["night"] = evening(gathering)
    night: Evening | None = gathering.__dict__["night"]
    return night


@register.inclusion_tag("movies/film_part.html", takes_context=True)
def film_part(context: RequestContext, gathering: Gathering) -> dict[str, Any]:
    """On the page of a gathering: the film, or what the seated choose from. Nothing where no film is shown."""
    night = night_on(gathering)
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


@register.inclusion_tag("movies/film_sheet.html")
def film_sheet(gathering: Gathering) -> dict[str, Any]:
    """For the host, to print."""
    return {"night": evening(gathering)}


@register.simple_tag
def film_captions(gathering: Gathering) -> str:
    """What the films say of captions where the host has not said it themself; nothing where no film is shown."""
    night = night_on(gathering) if gathering.has_captions is None else None
    return captions_of(night) if night else ""


@register.filter
def without_captions(unsaid: list[Said], captions: str) -> list[Said]:
    """What is not said, but for captions where the films say it."""
    return [each for each in unsaid if not (captions and each.fact.field == "has_captions")]


@register.simple_tag
def vote_open_until(gathering: Gathering) -> str:
    """In the mail to whoever has just sat down; nothing where there is nothing to vote on."""
    night = evening(gathering)
    return night.until if night and night.showing.takes_votes else ""
