from django import template
from django.template.context import RequestContext

from apps.gatherings import wish
from apps.gatherings.models import Gathering

register = template.Library()


@register.simple_tag(takes_context=True)
def kept_wish(context: RequestContext) -> Gathering | None:
    """The gathering that a newcomer pressed for whose joining waits for a keeper."""
    return wish.kept_of(context["request"].user)


@register.simple_tag(takes_context=True)
def wished_for(context: RequestContext) -> Gathering | None:
    """The gathering that this visitor pressed for before signing in."""
    return wish.wished_for(context["request"])
