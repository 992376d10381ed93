"""Codes by mail: each proves that whoever types it reads that mailbox.

Of several asked for within ten minutes only the first few are mailed; whoever asks then is asked for the newest, which
lies in the inbox already. So nobody's inbox can be filled by others, and nobody be kept out of their own account.
"""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from apps.profiles.security_log import tell

CODE_MAIL, CHANGED_MAIL = "account/email/login_code", "account/email/email_changed"


class TooManyCodes(Exception):
    """Several have been mailed within ten minutes, and none of them is good any more."""


def mail_code(request: HttpRequest, email: str) -> str:
    """Mail a code to the address, and return it: a new one, or the newest where several went there already.

    Raises TooManyCodes.
    """
    place = place_of(email)
    if not ratelimit.consume(request, action="mail_code", key=email):
        tell("code_held_back")
        if newest := cache.get(place):
            return str(newest)
        raise TooManyCodes
    code = get_adapter().generate_login_code()
    get_adapter().send_mail(CODE_MAIL, email, {"code": code, "request": request})
    cache.set(place, code, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    return code


def use_up(email: str) -> None:
    """The code was right; it opens nothing again."""
    cache.delete(place_of(email))


def place_of(email: str) -> str:
    """Where the newest code lies. It names nobody."""
    return f"code:{salted_hmac('newest code', email).hexdigest()}"


def may_guess(request: HttpRequest, email: str) -> bool:
    """Whether another code may be tried from here; wrong ones are counted by `has_guessed_wrong`."""
    return bool(ratelimit.consume(request, action="guess_code", key=guess_key(request, email), dry_run=True))


def has_guessed_wrong(request: HttpRequest, email: str) -> None:
    tell("code_wrong")
    ratelimit.consume(request, action="guess_code", key=guess_key(request, email))


def guess_key(request: HttpRequest, email: str) -> str:
    """For each address and each place it is tried from: whoever guesses elsewhere keeps nobody out."""
    return f"{email} {get_adapter().get_client_ip(request)}"
