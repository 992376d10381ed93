from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from apps.gatherings.browse import Search
from apps.outbox.kinds import KINDS
from apps.outbox.links import path_to
from apps.profiles.models import Member
from apps.reminders.models import SOMETHING_NEAR, NearWish

register = template.Library()


@register.simple_tag
def consent_words() -> str:
    """What is beside the button, and kept with the consent."""
    return str(KINDS[SOMETHING_NEAR].label)


@register.inclusion_tag("reminders/tell_me_button.html", takes_context=True)
def tell_me_button(context: Any, search: Search) -> dict[str, Any]:
    """ "Tell me when there is", keeping the town, how far and which kind; or that it has been said."""
    user = context["user"]
    kept = {"km": str(search.km) if search.km != Search.km else "", "kind": search.kind}
    query = urlencode({name: value for name, value in kept.items() if value})
    url = reverse("reminders:tell_me", args=[search.town.slug])
    is_asked = user.is_authenticated and (
        NearWish.objects.of(user).open().untold().filter(town=search.town, km=search.km, kind=search.kind).exists()
    )
    return {
        "csrf_token": context.get("csrf_token"),
        "user": user,
        "town": search.town,
        "url": f"{url}?{query}" if query else url,
        "is_asked": is_asked,
    }


@register.inclusion_tag("reminders/near_wishes.html")
def near_wishes(reader: Member) -> dict[str, Any]:
    """The towns that somebody waits to hear of, each with the address that ends it."""
    wishes = NearWish.objects.of(reader).open().untold().listed()
    return {"wishes": [(wish, path_to("near_wish", reader, wish.pk)) for wish in wishes]}
