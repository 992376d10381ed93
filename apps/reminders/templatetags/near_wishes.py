from typing import Any
from urllib.parse import urlsplit

from django import template
from django.urls import Resolver404, resolve, reverse

from apps.gatherings.browse import Search
from apps.outbox.kinds import KINDS
from apps.outbox.links import path_to
from apps.places.models import Town
from apps.profiles.models import Member
from apps.reminders.models import SOMETHING_NEAR, NearWish, also_of

register = template.Library()


@register.simple_tag
def consent_words() -> str:
    """What is beside the button, and kept with the consent."""
    return str(KINDS[SOMETHING_NEAR].label)


@register.inclusion_tag("reminders/tell_me_button.html", takes_context=True)
def tell_me_button(context: Any, search: Search) -> dict[str, Any]:
    """ "Tell me when there is", keeping all that is looked for on any day; or that it has been said."""
    user = context["user"]
    same = {"town": search.town, "km": search.km, "kind": search.kind, "also": also_of(search)}
    is_asked = user.is_authenticated and NearWish.objects.of(user).open().untold().filter(**same).exists()
    return {
        "csrf_token": context.get("csrf_token"),
        "user": user,
        "search": search,
        "town": search.town,
        "url": reverse("reminders:tell_me", args=[search.town.slug]) + search.query(),
        "is_asked": is_asked,
    }


@register.inclusion_tag("reminders/near_wishes.html")
def near_wishes(reader: Member) -> dict[str, Any]:
    """The towns that somebody waits to hear of, each with the address that ends it."""
    wishes = NearWish.objects.of(reader).open().untold().listed()
    return {"wishes": [(wish, path_to("near_wish", reader, wish.pk)) for wish in wishes]}


@register.simple_tag
def town_to_hear_of(address: str) -> Town | None:
    """The town of "Tell me when there is", if that is where somebody goes on to once they have signed in."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None
    return Town.objects.filter(slug=match.kwargs["slug"]).first() if match.view_name == "reminders:tell_me" else None
