"""Where a mailed code is not enough: it is one factor, and a mailbox may be read by somebody else at home.

Whoever keeps the community shows a passkey in the very visit in which they use what is theirs. Their first passkey can
only be trusted as far as their mailbox; every further one is added, and every old one removed, by one that is there.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from apps.profiles.models import Member
from apps.profiles.requests import Request
from apps.profiles.views import next_url

View = Callable[..., HttpResponseBase]


def has_passkey(member: Member) -> bool:
    return Authenticator.objects.filter(user=member, type=Authenticator.Type.WEBAUTHN).exists()


def has_shown_passkey(request: HttpRequest) -> bool:
    """In this visit."""
    records = get_authentication_records(request, request.user)
    return any(record.get("type") == Authenticator.Type.WEBAUTHN for record in records)


def passkey_shown(view: View) -> View:
    """For whoever must have a passkey: only once it is shown. To everybody else the view answers as it does."""

    @wraps(view)
    def with_passkey(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not must_show_passkey(request):
            return view(request, *args, **kwargs)
        if has_passkey(request.user):  # type: ignore[arg-type]  # a member, or there would be nothing to show
            return show_passkey(request)
        context = {"next": request.path if request.method in ("GET", "HEAD") else ""}
        page = render(request, "profiles/needs_passkey.html", context, status=403)
        add_never_cache_headers(page)
        return page

    return with_passkey


def by_a_passkey_that_is_there(view: View) -> View:
    """For the pages of passkeys: the first one is added freely, what comes after it is changed by it."""

    @wraps(view)
    def with_the_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if must_show_passkey(request) and has_passkey(request.user):  # type: ignore[arg-type]
            return show_passkey(request)
        return view(request, *args, **kwargs)

    return with_the_first


def leads_back(view: View) -> View:
    """Once a passkey is added that a page had asked for: back to that page."""

    @wraps(view)
    def leading_back(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        is_added = request.method == "POST" and answer.headers.get("Location") == reverse("mfa_index")
        return redirect(next_url(request) or "mfa_list_webauthn") if is_added else answer

    return leading_back


def must_show_passkey(request: HttpRequest) -> bool:
    return isinstance(request.user, Member) and request.user.needs_passkey and not has_shown_passkey(request)


def show_passkey(request: HttpRequest) -> HttpResponseBase:
    return redirect(f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': request.path})}")
