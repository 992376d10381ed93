"""What meals add to the page of a gathering: their forms are taken at their own addresses."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.gatherings.models import Gathering
from apps.meals.laid import Laid, OpenGroup, laid_each

register = template.Library()


@register.simple_tag(takes_context=True)
def laid_table(context: RequestContext, gathering: Gathering) -> Laid | None:
    """Nothing where no meal is shared or served; asked once a page, for the drawing and for the list."""
    return laid_each([gathering], context["user"]).get(gathering.pk)


@register.inclusion_tag("meals/dish_list.html", takes_context=True)
def dish_list(context: RequestContext, table: Laid | None) -> dict[str, Any]:
    """Who brings what, for those who sit there; what is brought and still needed, for everybody else."""
    gathering = context["gathering"]
    is_at_the_table = context["is_host"] or gathering.is_seat(context["rsvp"])
    is_open = gathering.is_published and not gathering.is_over
    is_shown = is_open or (gathering.is_published and is_at_the_table and table and table.dishes)
    return {
        "gathering": gathering,
        "table": table if is_shown else None,
        "groups": groups_of(table, context["user"], context["is_host"]) if table and is_shown else [],
        "user": context["user"],
        "rsvp": context["rsvp"],
        "is_host": context["is_host"],
        "is_at_the_table": is_at_the_table,
        "is_open": is_open,
    }


def groups_of(table: Laid, reader: Any, is_host: bool) -> list[tuple[OpenGroup, Any]]:
    """What is still needed, each group with why this reader would bring no more of it, if so."""
    return [(group, table.no_more(group, reader, is_host)) for group in table.open_groups]


@register.inclusion_tag("meals/dish_sheet.html", takes_context=True)
def dish_sheet(context: RequestContext, gathering: Gathering) -> dict[str, Any]:
    """For the kitchen: each dish with what is in it, and what is not said; then who eats what."""
    return {"table": laid_table(context, gathering), "user": context["user"]}
