"""What a keeper needs to see when somebody tries to get in: a line each, on the logger `security`.

A line names members by their key and nobody by name or address; whoever has no account is nobody. It does not say where
from: a community's log is not a list of who was at home when. (The proxy's own log may be, for as long as its keeper
chooses.)
"""

import logging
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as passkeys
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

logger = logging.getLogger("security")


def tell(event: str, member: Any = None, **facts: object) -> None:
    words = " ".join(f"{name}={value}" for name, value in facts.items())
    logger.info("%s member=%s %s", event, getattr(member, "key", "none"), words)


def signed_in(request: HttpRequest, user: Any, **_more: Any) -> None:
    records = get_authentication_records(request, user)
    tell("signed_in", user, by=(records[-1].get("type") or records[-1].get("method")) if records else "code")


def signed_out(user: Any, **_more: Any) -> None:
    tell("signed_out", user)


def passkey_added(user: Any, **_more: Any) -> None:
    tell("passkey_added", user)


def passkey_removed(user: Any, **_more: Any) -> None:
    tell("passkey_removed", user)


def passkey_refused(user: Any = None, **_more: Any) -> None:
    tell("passkey_refused", user)


def listen() -> None:
    """To what Django and allauth tell of. Our own code calls `tell`."""
    for signal, heard in {
        user_logged_in: signed_in,
        user_logged_out: signed_out,
        passkeys.authenticator_added: passkey_added,
        passkeys.authenticator_removed: passkey_removed,
        passkeys.authentication_failed: passkey_refused,
    }.items():
        signal.connect(heard)
