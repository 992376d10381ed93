from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.gatherings.faces import faces_for
from apps.profiles.developing import SIZES
from apps.profiles.requests import Request


@require_safe
@never_cache
def picture(request: Request, key: str, size: int) -> HttpResponse:
    """Whoever may not see it, a stranger too, finds what there is where there is none."""
    found = get_object_or_404(faces_for(request.user), member__key=key)
    try:
        content = found.file(size if size in SIZES else 0).read_bytes()
    except FileNotFoundError:  # no such size; or just made anew, or on a disk that was lost
        raise Http404 from None
    return HttpResponse(content, content_type="image/webp")
