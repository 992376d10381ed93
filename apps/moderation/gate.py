"""Who may open the pages of moderators: a moderator who has shown their passkey in this very session.

A code that was mailed is one factor, and a mailbox may be read by somebody else at home.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponseBase]


def moderators_only(view: View) -> View:
    @login_required
    @never_cache
    @wraps(view)
    def with_a_passkey(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member: Any = request.user
        if not member.is_moderator:
            raise PermissionDenied
        if not Authenticator.objects.filter(user=member, type=Authenticator.Type.WEBAUTHN).exists():
            messages.info(request, _("Reports are read with a passkey only. Please add one first."))
            return redirect("mfa_add_webauthn")
        if not has_shown_a_passkey(request):
            return redirect(f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return with_a_passkey


def has_shown_a_passkey(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("type") == Authenticator.Type.WEBAUTHN for record in records)
