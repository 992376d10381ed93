"""Who may open the pages of moderators: a moderator who has shown their passkey in this very session.

A code that was mailed is one factor, and a mailbox may be read by somebody else at home.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from apps.profiles.passkeys import passkey_shown

View = Callable[..., HttpResponseBase]


def moderators_only(view: View) -> View:
    @login_required
    @never_cache
    @wraps(view)
    def with_a_passkey(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member: Any = request.user
        if not member.is_moderator:
            raise PermissionDenied
        return passkey_shown(view)(request, *args, **kwargs)

    return with_a_passkey
