from dataclasses import replace
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.gatherings.drawing import Seating, draw, figure_of, seating_of, sentence
from apps.gatherings.drawing.parts import Figure

KIND_TITLES = {
    "dinner": _("A dinner at your table"),
    "shared-meal": _("A shared meal"),
    "movie-night": _("A movie night"),
    "walk": _("A walk"),
    "tea": _("Tea or coffee"),
    "games": _("An evening of games"),
    "making": _("Making something together"),
    "quiet": _("Quiet company"),
    "other": _("Something of your own"),
}
KIND_WORDS = {
    "dinner": _("You cook, they come. Soup is plenty."),
    "shared-meal": _("Everyone brings a little, or only themselves."),
    "movie-night": _("A film, a sofa, and a word about it after."),
    "walk": _("Side by side is the easiest way to talk."),
    "tea": _("An hour, a pot, a few chairs."),
    "games": _("The rules do the small talk."),
    "making": _("Mending, drawing, baking, with busy hands."),
    "quiet": _("Reading or working in the same room. Nobody has to talk."),
    "other": _("Anything that brings a few people to one place."),
}

register = template.Library()
register.simple_tag(seating_of, name="seating_of")


@register.simple_tag
def table_drawing(seating: Seating, size: str = "card", is_decoration: bool = False, plates: Any = 0) -> SafeString:
    """The drawing of one gathering; `size` is "card" or "page".

    What is brought to it a higher floor knows: its templates give the number of `plates`. A sofa shows none, so that it
    speaks of none either.
    """
    if plates and figure_of(seating) in (Figure.ROUND, Figure.LONG):
        seating = replace(seating, plates=plates)
    if seating.initials:  # names of people are not kept in a cache
        return rendered(seating, size, is_decoration)
    return rendered_once(seating, size, is_decoration, get_language())


@lru_cache(maxsize=1024)
def rendered_once(seating: Seating, size: str, is_decoration: bool, language: str | None) -> SafeString:
    """Few seatings differ: a page of cards draws most of its tables from here."""
    return rendered(seating, size, is_decoration)


def rendered(seating: Seating, size: str, is_decoration: bool) -> SafeString:
    context = {
        "drawing": draw(seating),
        "name": "" if is_decoration else sentence(seating),
        "size": size,
        "is_large": size == "page",
    }
    lines = render_to_string("components/table.svg", context).splitlines()
    return mark_safe("".join(line.strip() for line in lines))  # rendered by a template, so escaped


@register.simple_tag
def hero_drawing() -> SafeString:
    """A table as it could be tonight, with a chair out for whoever looks."""
    return table_drawing(Seating(kind="shared-meal", seats=6, taken=4, kept=1), "page", is_decoration=True)


@register.simple_tag
def kind_drawing(kind: str) -> SafeString:
    """What a gathering of this kind looks like, with its host and two guests."""
    return table_drawing(Seating(kind=kind, seats=5, taken=2), "card", is_decoration=True)


@register.simple_tag
def kind_words(kind: str) -> str:
    return str(KIND_WORDS[kind])


@register.simple_tag
def kind_title(kind: str) -> str:
    return str(KIND_TITLES[kind])


@register.simple_tag
def empty_drawing() -> SafeString:
    """A small table with a chair out, for pages where nothing else is."""
    return table_drawing(Seating(kind="tea", seats=3, taken=0), "card", is_decoration=True)
