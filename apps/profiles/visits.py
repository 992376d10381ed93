from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.profiles.models import Member


def visits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the day on which a member was last here. Nudges that nobody answers stop by it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A page that does not ask who reads it stays one that any cache may keep.
        if request.session.accessed and isinstance(request.user, Member) and is_a_new_day(request.user):
            Member.objects.filter(pk=request.user.pk).were_here()
        return response

    return answer


def is_a_new_day(member: Member) -> bool:
    return member.last_seen_on != timezone.now().date()
