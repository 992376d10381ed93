from datetime import timedelta
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.outbox.models import Message
from apps.profiles import proving
from apps.profiles.codes import CHANGED_MAIL, CODE_MAIL


class AccountAdapter(DefaultAccountAdapter):
    """allauth asks us to send its mail, and is told which steps signing in has."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That is not the code in the newest mail. Please look once more."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Codes, and a word to an address that was left: other mail of allauth is about passwords; there are none."""
        now = timezone.now()
        if template_prefix == CHANGED_MAIL:
            Message.objects.put("address_changed", email, version=int(now.timestamp() * 1000))
            return
        if template_prefix != CODE_MAIL:
            raise ValueError(f"No kind of message stands for {template_prefix}.")
        Message.objects.put(
            "sign_in_code",
            email,
            version=int(now.timestamp() * 1000),
            secret=context["code"],
            expires_at=now + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
        )

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Whoever has shown that an account is theirs, and may not sign in: the page that follows knows whose it is."""
        proving.remember_inactive(request, user)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def get_login_stages(self) -> list[str]:
        """The code is enough. Passkeys are another way in, not a second lock: a lost phone locks nobody out."""
        return ["allauth.account.stages.LoginByCodeStage"]
