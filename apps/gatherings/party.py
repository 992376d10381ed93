"""A guest and whom they bring, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext, ngettext

from apps.gatherings.drawing.seating import in_words
from apps.gatherings.models import Companion, Rsvp


def brings(companions: Iterable[Companion]) -> str:
    """ "with a child and two more"; nothing for whoever comes alone. Names are for the host."""
    agreed = [companion for companion in companions if companion.is_agreed]
    children = sum(companion.is_child for companion in agreed)
    adults = len(agreed) - children
    parts = []
    if children:
        parts.append(ngettext("a child", "%(count)s children", children) % {"count": in_words(children)})
    if adults:
        parts.append(ngettext("one more", "%(count)s more", adults) % {"count": in_words(adults)})
    return gettext("with %s") % gettext(" and ").join(parts) if parts else ""


def at_the_table(rsvps: Iterable[Rsvp]) -> list[tuple[Rsvp, str]]:
    """Each seated guest with what their table may know of their companions, which are to be prefetched."""
    return [(rsvp, brings(rsvp.companions.all())) for rsvp in rsvps]


def children_words(rsvps: Iterable[Rsvp]) -> str:
    """What the table is told, so that nobody is surprised: "A child is coming." """
    children = sum(c.is_child and c.is_agreed for rsvp in rsvps for c in rsvp.companions.all())
    if not children:
        return ""
    words = ngettext("A child is coming.", "%(count)s children are coming.", children)
    return words % {"count": in_words(children).capitalize()}
