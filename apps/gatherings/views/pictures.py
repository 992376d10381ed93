"""The table drawing as a picture, for whatever shows a preview of a link."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.gatherings.drawing import seating_of
from apps.gatherings.drawing.picture import picture
from apps.gatherings.machines import is_for_everybody
from apps.gatherings.models import Gathering
from apps.profiles.door import open_to_all
from apps.profiles.requests import Request


@open_to_all
@require_safe
@cache_control(public=True, max_age=300)
def table(request: Request, key: str) -> HttpResponse:
    """As a stranger sees it, whoever asks. Of what strangers may not see there is none, not even for its host."""
    gathering = get_object_or_404(Gathering.objects.visible_to(AnonymousUser()), key=key)
    if not is_for_everybody(request, gathering):
        raise Http404
    return HttpResponse(picture(seating_of(gathering)), content_type="image/png")
