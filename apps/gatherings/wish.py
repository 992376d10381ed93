"""The wish to sit: it lies in the session while a stranger signs in, and is granted in the POST that lets them in."""

import time
from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import CannotSit, Gathering
from apps.profiles.models import Member

WISH = "wish"
SEATED = _("You have a seat. We have sent you a mail with everything in it.")
LASTS = 3600  # seconds: whoever signs in tomorrow for another reason is not to find themselves at a table


def remember(request: HttpRequest, gathering: Gathering) -> None:
    request.session[WISH] = {"key": gathering.key, "at": time.time()}


def fresh_key(wish: dict[str, Any] | None) -> str:
    return wish["key"] if wish and time.time() - wish["at"] < LASTS else ""


def wished_for(request: HttpRequest) -> Gathering | None:
    """The gathering this visitor would like to come to, if they may still know of it."""
    key = fresh_key(request.session.get(WISH))
    return Gathering.objects.visible_to(request.user).for_cards().filter(key=key).first() if key else None


def grant(sender: Any, request: HttpRequest, user: Member, **_kwargs: Any) -> None:
    key = fresh_key(request.session.pop(WISH, None))
    gathering = Gathering.objects.visible_to(user).filter(key=key).first() if key else None
    if not gathering:
        return
    try:
        gathering.seat(user)
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, SEATED)


def listen() -> None:
    user_logged_in.connect(grant, dispatch_uid="grant the wish to sit")
