from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from apps.profiles.models import Member


class Request(HttpRequest):
    """A request as our middleware leaves it; for type checking only."""

    user: Member | AnonymousUser
    htmx: HtmxDetails


class MemberRequest(Request):
    """Behind `login_required`."""

    user: Member
