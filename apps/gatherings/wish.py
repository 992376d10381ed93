"""The wish to sit: it lies in the session while a stranger signs in, and is granted in the POST that lets them in."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.gatherings.models import CannotSit, Gathering
from apps.profiles.models import Member

WISH = "wish"


def remember(request: HttpRequest, gathering: Gathering) -> None:
    request.session[WISH] = gathering.key


def wished_for(request: HttpRequest) -> Gathering | None:
    """The gathering this visitor would like to come to, if they may still know of it."""
    key = request.session.get(WISH)
    return Gathering.objects.visible_to(request.user).for_cards().filter(key=key).first() if key else None


def grant(sender: Any, request: HttpRequest, user: Member, **_kwargs: Any) -> None:
    key = request.session.pop(WISH, None)
    gathering = Gathering.objects.visible_to(user).filter(key=key).first() if key else None
    if not gathering:
        return
    try:
        gathering.seat(user)
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("You have a seat. We have sent you a mail with everything in it."))


def listen() -> None:
    user_logged_in.connect(grant, dispatch_uid="grant the wish to sit")
