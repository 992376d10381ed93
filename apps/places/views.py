from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.places.models import Town


@require_safe
@cache_control(public=True, max_age=3600)
def towns(request: HttpRequest) -> HttpResponse:
    """Options for a combobox. The same for everybody, so that it may be kept by any cache on the way."""
    found = Town.objects.matching(request.GET.get("q", ""))
    return render(request, "places/town_options.html", {"towns": found})
