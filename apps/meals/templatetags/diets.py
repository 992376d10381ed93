"""What somebody eats, on pages of other floors; the forms are taken at addresses of this one."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.gatherings.models import Gathering
from apps.meals.eaters import Eaters, for_guest, for_hosts
from apps.meals.laid import Laid, is_a_meal
from apps.meals.models import TableRequest, ToldDiet
from apps.profiles.models import Diet

register = template.Library()


@register.inclusion_tag("meals/diet_button.html")
def diet_button(gathering: Gathering) -> dict[str, Any]:
    """Beside the seat, for whoever has one or hopes for one."""
    return {"gathering": gathering, "is_a_meal": is_a_meal(gathering)}


@register.inclusion_tag("meals/diets_here.html", takes_context=True)
def diets_here(context: RequestContext, table: Laid) -> dict[str, Any]:
    """In what a page says of the food: what hosts know, what the table was told and is asked, what one has told."""
    gathering, user, rsvp = table.gathering, context["user"], context["rsvp"]
    shown: dict[str, Any] = {"gathering": gathering}
    if context["is_host"]:
        eaters = for_hosts([table], user)[gathering.pk]
        shown |= {"eaters": eaters, "told_to_the_table": eaters.known_to_the_table}
    elif rsvp is not None and rsvp.is_open:
        rsvp.gathering = gathering
        own, to_table = for_guest(rsvp, user)
        shown |= {"may_tell": True, "own": own, "told_to_the_table": to_table}
    if context["is_host"] or gathering.is_seat(rsvp):
        shown["asked"] = TableRequest.objects.words_of([gathering]).get(gathering.pk, "")
    return shown


@register.inclusion_tag("meals/diet_sheet.html", takes_context=True)
def diet_sheet(context: RequestContext, table: Laid | None) -> dict[str, Any]:
    """For the kitchen."""
    eaters: Eaters | None = for_hosts([table], context["user"])[table.gathering.pk] if table else None
    asked = TableRequest.objects.words_of([table.gathering]) if table else {}
    return {"eaters": eaters, "asked": "".join(asked.values())}


@register.simple_tag
def asked_of_the_table(gathering: Gathering) -> str:
    """In a mail to somebody with a seat; one query, and none where there is no meal."""
    return TableRequest.objects.words_of([gathering]).get(gathering.pk, "") if is_a_meal(gathering) else ""


@register.inclusion_tag("meals/diets_told.html", takes_context=True)
def diets_told(context: RequestContext, diet: Diet) -> dict[str, Any]:
    """Where else it stands, and the one button that takes all of it back."""
    told = ToldDiet.objects.standing().filter(rsvp__member=context["user"]).exclude(to=ToldDiet.To.NOBODY)
    places = Gathering.objects.filter(rsvps__told_diets__in=told).distinct().for_cards().soonest_first()
    return {"places": places, "has_any": bool(places) or not diet.is_empty}
