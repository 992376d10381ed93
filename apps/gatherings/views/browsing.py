from dataclasses import replace

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.gatherings import cards, kept
from apps.gatherings.browse import ODD, Search
from apps.gatherings.nearest import nearest
from apps.places.cells import RADII
from apps.places.forms import TownField
from apps.places.memory import home_town, remember_town, remembered_km, remembered_town
from apps.places.models import Town
from apps.places.points import parse_point
from apps.profiles.requests import Request

LONGEST_POINT = 40  # characters of a latitude and a longitude
NOWHERE = Town()  # of a search that does not know its town yet


class WhereForm(forms.Form):
    town = TownField(label=_("Where are you?"))
    km = forms.TypedChoiceField(
        label=_("How far"), choices=[(km, _("%d km") % km) for km in RADII], coerce=int, required=False
    )


def town_to_show(request: Request) -> Town | None:
    """Where this visitor looked last, else where they live, else the community's home town."""
    own = request.user.town if request.user.is_authenticated else None
    return remembered_town(request) or own or home_town()


@require_safe
def browse(request: Request) -> HttpResponse:
    if "town" in request.GET:
        return look_for_town(request)
    if "near" in request.GET:
        return look_near(request)
    town = town_to_show(request)
    if not town:
        return ask_where(request, WhereForm(initial={"km": Search.km}))
    search = Search.of(town, request.GET)
    km = remembered_km(request, town) if "km" not in request.GET else None
    return render_search(request, replace(search, km=km) if km else search)


def ask_where(request: Request, form: WhereForm, status: int = 200) -> HttpResponse:
    """The front door where no town is known: what else is looked for is kept."""
    context = {"form": form, "town": None, "search": Search.of(NOWHERE, request.GET)}
    return render(request, "gatherings/browse.html", context, status=status)


def look_for_town(request: Request) -> HttpResponse:
    search = Search.of(NOWHERE, request.GET)
    form = WhereForm({"town": request.GET["town"], "km": search.km})
    if form.errors:
        return ask_where(request, form, status=422)
    search = replace(search, town=form.cleaned_data["town"])
    response = redirect(search.url_from_elsewhere)
    remember_town(response, search.town, search.km)
    return response


def look_near(request: Request) -> HttpResponse:
    """At the town nearest to where somebody says they are, which is remembered nowhere."""
    try:
        town = Town.objects.nearest(*parse_point(request.GET["near"][:LONGEST_POINT]))
    except ValueError:
        town = None
    if town:
        response = redirect(Search.of(town, request.GET).url_from_elsewhere)
    else:
        query = Search.of(NOWHERE, request.GET).query(**{ODD: "1"})
        response = redirect(reverse("gatherings:browse") + query)
    add_never_cache_headers(response)
    return response


@require_safe
def near(request: Request, slug: str) -> HttpResponse:
    town = kept.once(("town", slug), lambda: get_object_or_404(Town, slug=slug))
    return render_search(request, Search.of(town, request.GET))


def render_search(request: Request, search: Search) -> HttpResponse:
    reader = request.user
    if request.htmx and request.htmx.target == "more":
        found = cards.found_by(search, reader)
        response = render(request, "gatherings/browse.html#results", cards.below(search, found))
    elif not reader.is_authenticated:
        response = kept.answer(request, search.url, lambda: draw(request, search, cards.found_by(search, reader)))
    elif (found := cards.found_by(search, reader)).days:
        response = kept.answer(request, search.url, lambda: draw(request, search, found, kept.GAP), found.html)
    else:
        response = draw(request, search, found)
    patch_vary_headers(response, ["Cookie", "HX-Request", "HX-Target"])
    if reader.is_authenticated:  # what is for members only must not outlive their signing out
        add_never_cache_headers(response)
    return response


def draw(request: Request, search: Search, found: cards.Found, results: str = "") -> HttpResponse:
    """The whole page; `results` where others than what was found are to stand in it.

    A page behind the last, which a link of yesterday may ask for, is the first: that nothing is on would be untrue.
    """
    if search.after and not found.days:
        return redirect(search.first_url)
    context = {
        "search": search,
        "canonical_url": settings.BASE_URL + search.town_url,
        "town": search.town,
        "km": search.km,
        "form": WhereForm(initial={"town": search.town, "km": search.km}),
        "days": found.days,
        "more_url": found.more_url,
        "results": results or found.html,
        "nearest": None if found.days else nearest(search, request.user),
    }
    return render(request, "gatherings/browse.html", context)
