from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from apps.profiles.models import Member


class Request(HttpRequest):
    """A request as our middleware leaves it; for type checking only."""

    user: Member | AnonymousUser
    htmx: HtmxDetails


class MemberRequest(Request):
    """Behind `login_required`."""

    user: Member


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: whatever was sent, even nothing at all; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None
