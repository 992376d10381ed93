import json
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from apps.gatherings.drawing import seating_of, sentence
from apps.gatherings.models import Gathering

register = template.Library()
# What could end the element, or begin another, as JSON writes any sign.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


@register.simple_tag
def picture_at(key: str) -> str:
    """Where the drawing of the gathering with this key is, as a picture."""
    return settings.BASE_URL + reverse("gatherings:table_picture", args=[key])


@register.simple_tag
def picture_of(gathering: Gathering) -> dict[str, str]:
    """The table drawing as anybody sees it: where the picture is, and what it shows, in words."""
    return {"url": picture_at(gathering.key), "words": sentence(seating_of(gathering))}


@register.filter
def linked_data(value: dict[str, Any]) -> SafeString:
    """A value as JSON-LD, which a browser does not run."""
    written = json.dumps(value, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{written}</script>')
