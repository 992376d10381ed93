"""What machines read of what everybody may see: search engines, link previews, feed readers. Never an address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.gatherings.browse import Search
from apps.gatherings.emails import when
from apps.gatherings.models import Gathering, GatheringQuerySet
from apps.profiles.house_rules import rules_of

MOST = 5_000  # of a sitemap: the soonest; a search engine comes again
MOST_OF_A_FEED = 50


def is_for_everybody(request: HttpRequest, gathering: Gathering) -> bool:
    """Whether whoever is nobody in particular may read of it."""
    is_open = gathering.visibility == Gathering.Visibility.EVERYONE and gathering.hidden_at is None
    return is_open and not gathering.is_draft and not rules_of(request).is_closed


def event(gathering: Gathering) -> dict[str, Any]:
    """As an Event of schema.org: of a home and of a café alike only the area, and the point that everybody sees."""
    place: dict[str, Any] = {
        "@type": "Place",
        "name": gathering.area or gathering.town.name,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": gathering.town.name,
            "addressCountry": gathering.town.country,
        },
    }
    if gathering.has_own_point:
        point = {"latitude": gathering.latitude, "longitude": gathering.longitude}
        place["geo"] = {"@type": "GeoCoordinates", **point}
    status = "EventCancelled" if gathering.is_cancelled else "EventScheduled"
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": gathering.title,
        "description": gathering.words,
        "startDate": gathering.starts_local.isoformat(),
        "endDate": gathering.ends_local.isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": place,
        "organizer": {"@type": "Person", "name": gathering.host.name},
        "url": settings.BASE_URL + gathering.get_absolute_url(),
        "image": settings.BASE_URL + reverse("gatherings:table_picture", args=[gathering.key]),
    }


def for_strangers() -> GatheringQuerySet:
    return Gathering.objects.visible_to(AnonymousUser()).listed().published().upcoming()


def atom(search: Search) -> str:
    """The soonest of a search, as a stranger finds them."""
    found = search.gatherings(AnonymousUser()).with_last_edit().soonest_first()[:MOST_OF_A_FEED]
    feed = Atom1Feed(
        title=_("Gatherings near %(town)s") % {"town": search.town.name},
        link=settings.BASE_URL + search.url,
        description=None,
        author_name=settings.COMMUNITY_NAME,  # the format asks for one
        language=get_language(),
        feed_url=settings.BASE_URL + search.atom_url,
    )
    for gathering in found:
        feed.add_item(
            title=f"{gathering.title}, {when(gathering)}",
            link=settings.BASE_URL + gathering.get_absolute_url(),
            # The format says that it is HTML, so what a host has typed must not become any.
            description=escape(f"{when(gathering)}. {gathering.where}. {gathering.words}"),
            unique_id=settings.BASE_URL + gathering.get_absolute_url(),
            pubdate=gathering.published_at,
            updateddate=gathering.edited_at or gathering.published_at,
        )
    return feed.writeString("utf-8")


class GatheringMap(Sitemap):
    """Each page of a gathering to come."""

    changefreq = "daily"
    protocol = None

    def items(self) -> list[Gathering]:
        return list(for_strangers().soonest_first().only("key")[:MOST])


class TownMap(Sitemap):
    """Each town where something is on."""

    changefreq = "daily"
    protocol = None

    def items(self) -> list[str]:
        near = for_strangers().order_by("town__slug").values_list("town__slug", flat=True).distinct()
        return list(near[:MOST])

    def location(self, item: str) -> str:
        return reverse("gatherings:near", args=[item])
