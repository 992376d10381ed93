"""What the morning after adds to the pages and mails of other floors."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import RequestContext

from apps.afterwards.evening import lately, unasked
from apps.afterwards.models import Reflection, Shares
from apps.gatherings.models import Gathering
from apps.profiles.models import Member

register = template.Library()


@register.inclusion_tag("afterwards/on_your_table.html", takes_context=True)
def morning_after(context: RequestContext, evenings: Sequence[Gathering]) -> dict[str, Any]:
    """On your table: the first of these evenings, at which the reader was, that they have said nothing about yet; and,
    where they have a seat ahead (`next_up`), what they wrote for themself last. Nothing where there is neither. Two
    queries at most.
    """
    last = Reflection.objects.last_of(context["user"]) if context.get("next_up") else None
    gathering = unasked(context["user"], evenings)
    return {"gathering": gathering, "last": last, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def last_time(member: Member) -> str:
    """What this member wrote for themself last, to be read back to them alone; empty if nothing. One query."""
    return Reflection.objects.last_line(member)


@register.simple_tag
def has_afterwards(gathering: Gathering, member: Member) -> bool:
    """Whether the page of the morning after is open to this member. One query, and none before the end."""
    return gathering.is_over and lately(member).filter(pk=gathering.pk).exists()


@register.inclusion_tag("afterwards/shares.html")
def community_shares() -> dict[str, Any]:
    """On the keeper's page: all that is ever told of the private answers. One query."""
    return {"shares": Shares.objects.latest_first()[:6]}
