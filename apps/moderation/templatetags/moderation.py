"""What moderation adds to the pages of others: its forms are taken at its own addresses."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.gatherings.models import Gathering

register = template.Library()


@register.inclusion_tag("moderation/report_link.html", takes_context=True)
def report_link(context: RequestContext, gathering: Gathering, about: Any = None) -> dict[str, Any]:
    """A quiet way to report a gathering, or somebody there, from its page."""
    return {"gathering": gathering, "about": about, "link": context.get("link")}
