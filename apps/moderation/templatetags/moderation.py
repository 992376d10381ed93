"""What moderation adds to the pages of others: its forms are taken at its own addresses."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.gatherings.models import Gathering, Rsvp
from apps.moderation.models import Suspension, TrustedLink
from apps.profiles.models import Member

register = template.Library()


@register.inclusion_tag("moderation/report_link.html", takes_context=True)
def report_link(context: RequestContext, gathering: Gathering, about: Any = None) -> dict[str, Any]:
    """A quiet way to report a gathering, or somebody there, from its page."""
    return {"gathering": gathering, "about": about, "link": context.get("link")}


@register.inclusion_tag("moderation/trusted_section.html", takes_context=True)
def trusted_link(context: RequestContext, gathering: Gathering, rsvp: Rsvp) -> dict[str, Any]:
    """For somebody with a seat: a link for whom they trust. One query."""
    has_link = TrustedLink.objects.standing().filter(rsvp=rsvp).exists()
    return {"gathering": gathering, "has_link": has_link, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def suspension_of(member: Member | None) -> Suspension | None:
    """For a page that somebody reads who has just proved that they are this member. One query, or none."""
    return Suspension.objects.filter(member=member).first() if member else None
