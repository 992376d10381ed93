"""Show once more that it is you: before what would let somebody else keep the account, or take it all away.

Whoever has signed in a moment ago has shown it. A code goes to the account's own address, or to the one that it shall
have; what is under way lies in the session of whoever asked.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from apps.profiles import codes
from apps.profiles.models import Member, ShutOut
from apps.profiles.security_log import tell

LATELY = 15 * 60  # seconds
MOST_TRIES = 5
INACTIVE = "proved, but inactive"
View = Callable[..., HttpResponseBase]


class AddressTaken(Exception):
    """Another account has this address."""


class Proof:
    """A code on its way, for one purpose."""

    def __init__(self, request: HttpRequest, purpose: str) -> None:
        self.request, self.key = request, f"proof of {purpose}"
        self.state: dict[str, Any] = request.session.get(self.key, {})

    def begin(self, email: str) -> None:
        """Raises TooManyCodes."""
        self.state = {"email": email, "code": codes.mail_code(self.request, email), "at": time.time(), "tries": 0}
        self.keep()

    @property
    def is_under_way(self) -> bool:
        is_fresh = time.time() - self.state.get("at", 0) <= settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        return is_fresh and self.state["tries"] < MOST_TRIES and codes.may_guess(self.request, self.email)

    @property
    def email(self) -> str:
        return str(self.state.get("email", ""))

    @property
    def code(self) -> str:
        return str(self.state.get("code", ""))

    def was_wrong(self) -> None:
        codes.has_guessed_wrong(self.request, self.email)
        self.state["tries"] += 1
        self.keep()

    def end(self) -> None:
        codes.use_up(self.email)
        self.request.session.pop(self.key, None)

    def keep(self) -> None:
        self.request.session[self.key] = self.state


def was_proved_lately(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < LATELY for record in records)


def proved(request: HttpRequest, member: Member) -> None:
    tell("proved", member, by="code")
    record_authentication(request, member, method="code", reauthenticated=True)


def proved_lately(view: View) -> View:
    """For whoever has signed in, or shown that it is still them, within a quarter of an hour."""

    @login_required
    @wraps(view)
    def with_proof(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if was_proved_lately(request):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('profiles:prove')}?{urlencode({'next': request.get_full_path()})}")

    return with_proof


def remember_inactive(request: HttpRequest, member: Member) -> None:
    """They have proved an account that may not sign in."""
    request.session[INACTIVE] = {"member": member.pk, "at": time.time()}


def remember_shut_out(request: HttpRequest, shut_out: ShutOut) -> None:
    """They have proved an address that may not join, and whose account is gone."""
    request.session[INACTIVE] = {"shut_out": shut_out.pk, "at": time.time()}


def proved_inactive(request: HttpRequest) -> Member | None:
    """Who has done so within the last quarter of an hour."""
    found: Member | None = Member.objects.filter(pk=what_was_proved(request, "member"), is_active=False).first()
    return found


def proved_shut_out(request: HttpRequest) -> ShutOut | None:
    return ShutOut.objects.filter(pk=what_was_proved(request, "shut_out")).first()


def what_was_proved(request: HttpRequest, name: str) -> int:
    """The primary key of it, or one that nothing has."""
    proof = request.session.get(INACTIVE, {})
    return int(proof.get(name, 0)) if time.time() - proof.get("at", 0) < LATELY else 0


def change_address(request: HttpRequest, member: Member, email: str) -> None:
    """Move the account to an address that was proved, tell the old one, and sign out everywhere else.

    Raises AddressTaken.
    """
    old = member.email
    try:
        with transaction.atomic():
            member.email = email
            member.save(update_fields=["email"])
            EmailAddress.objects.filter(user=member).delete()
            EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
            get_adapter().send_mail(codes.CHANGED_MAIL, old, {"request": request})
            member.sign_out_everywhere()
    except IntegrityError:
        member.email = old
        raise AddressTaken from None
    tell("address_changed", member)
    update_session_auth_hash(request, member)
