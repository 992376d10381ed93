"""The door: what somebody may open who is not, or not yet, a member. Closed unless a view says that it is open."""

from collections.abc import Callable
from typing import Any, TypeGuard

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.cache import add_never_cache_headers

from apps.profiles.house_rules import rules_of
from apps.profiles.models import Member

View = Callable[..., HttpResponseBase]


def open_to_all(view: View) -> View:
    """A view that tells strangers nothing of gatherings and members, or asks for a secret itself."""
    view.is_open_to_all = True  # type: ignore[attr-defined]
    return view


def open_them_all(patterns: list[Any]) -> list[Any]:
    """Likewise for the addresses of a library."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            open_them_all(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            open_to_all(pattern.callback)
    return patterns


def is_member(user: Any) -> TypeGuard[Member]:
    """Whether they are signed in, and their joining does not wait for a keeper."""
    return bool(user.is_authenticated and not user.is_waiting)


def is_outside(request: HttpRequest) -> bool:
    """Whether this is a stranger at a community that only members may look at."""
    return not request.user.is_authenticated and rules_of(request).is_closed


class Door:
    """Middleware. It answers before the view, and so before any gathering is looked for: whatever a stranger asks for,
    what is there and what never was are one answer, and take as long.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        rules = getattr(request, "house_rules", None)
        if rules and rules.is_closed:
            response["X-Robots-Tag"] = "noindex"
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if getattr(view, "is_open_to_all", False) or is_member(request.user):
            return None
        if request.user.is_authenticated:
            return never_kept(redirect("profiles:waiting"))
        if rules_of(request).is_closed:
            return never_kept(to_sign_in(request))
        return None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """And back again, unless it was a press, which no link can repeat."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return redirect(reverse("account_login"))


def never_kept(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
