from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from apps.gatherings.models import Gathering, Series, StandingRsvp
from apps.profiles.models import Member

MOST_SHOWN = 4
register = template.Library()


@dataclass(frozen=True)
class Shown:
    """What the page of one date says of its series. `has_more`: there are other dates to come, seen or not."""

    in_words: str
    dates: Sequence[Gathering]
    has_more: bool
    is_mine: bool


@register.simple_tag
def series_of(gathering: Gathering, reader: Member | AnonymousUser) -> Shown | None:
    """Two queries; none where there is no series."""
    if not gathering.series_id:
        return None
    own = StandingRsvp.objects.filter(member=reader.pk, series=OuterRef("pk"))
    series = Series.objects.annotate(is_mine=Exists(own)).get(pk=gathering.series_id)
    seen = Gathering.objects.visible_to(reader).filter(pk=OuterRef("pk"))
    coming = list(series.coming().exclude(pk=gathering.pk).annotate(is_seen=Exists(seen))[:MOST_SHOWN])
    dates = [each for each in coming if each.is_seen]
    return Shown(series.in_words, dates, has_more=bool(coming), is_mine=series.is_mine)
