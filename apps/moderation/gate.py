"""Who may open the pages of moderators: a moderator who has shown their passkey in this very session.

A code that was mailed is one factor, and a mailbox may be read by somebody else at home.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.profiles.passkeys import has_passkey, has_shown_passkey, show_passkey

View = Callable[..., HttpResponseBase]


def moderators_only(view: View) -> View:
    @login_required
    @never_cache
    @wraps(view)
    def with_a_passkey(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member: Any = request.user
        if not member.is_moderator:
            raise PermissionDenied
        if not has_passkey(member):
            messages.info(request, _("Reports are read with a passkey only. Please add one first."))
            return redirect("mfa_add_webauthn")
        if not has_shown_passkey(request):
            return show_passkey(request)
        return view(request, *args, **kwargs)

    return with_a_passkey
