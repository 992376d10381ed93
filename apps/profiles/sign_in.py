"""Signing in and joining are one act: a code proves the address, and an account is made if there was none.

allauth keeps the state, the time limit and the number of tries; what differs here is that an unknown address is
sent the very same code as a known one, and that the account is made only once the code is proved.
"""

from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase

from apps.places.models import Town
from apps.profiles import codes, proving
from apps.profiles.house_rules import JOIN_LINK, rules_of
from apps.profiles.models import JoinInvitation, Member, ShutOut


class NotInvited(Exception):
    """Somebody new has proved their address where one joins by invitation, and nobody has invited them."""


class AccountClosed(Exception):
    """Somebody has proved an address that moderators have shut out, and whose account is gone."""


class SignInProcess(LoginCodeVerificationProcess):
    """One visitor between the form and the account; its state lies in their session."""

    @classmethod
    def begin(cls, request: HttpRequest, email: str, newcomer: dict[str, Any]) -> None:
        """Send a code to the address. `newcomer` is what the form said, for the case that they are new.

        Raises TooManyCodes.
        """
        member = Member.objects.with_email(email)
        login = Login(user=member, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=member, email=email), initiated_by_user=True, newcomer=newcomer)
        process = cls(stage=stage)
        process.send()
        process.persist()

    @classmethod
    def under_way(cls, request: HttpRequest) -> "SignInProcess | None":
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        return cls(stage=stage).abort_if_invalid() if stage else None

    @property
    def email(self) -> str:
        return self.state["email"]

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        self.state["code"] = codes.mail_code(self.request, email)

    def introduce(self, name: str, promise: int) -> None:
        """The name of somebody new who keeps the promise, in the version that they have read."""
        self.state["newcomer"] = {**self.state["newcomer"], "name": name, "promise": promise}
        self.persist()

    def prove(self) -> None:
        """The code was right: from here on only an introduction may be missing."""
        codes.use_up(self.email)
        self.state["is_proved"] = True
        self.persist()

    @property
    def is_proved(self) -> bool:
        return bool(self.state.get("is_proved"))

    @property
    def needs_introduction(self) -> bool:
        """Whether we know too little of somebody new. Raises what makes it of no use to ask."""
        if Member.objects.with_email(self.email):
            return False
        self.must_wait()
        return not (self.state["newcomer"]["name"] and self.state["newcomer"].get("promise"))

    def must_wait(self) -> bool:
        """Whether a keeper is still to say yes to this newcomer. Raises what keeps them from even asking."""
        if shut_out := ShutOut.objects.keeping_out(self.email).first():
            proving.remember_shut_out(self.request, shut_out)
            raise AccountClosed
        rules, link = rules_of(self.request), self.request.session.get(JOIN_LINK, "")
        if rules.lets_in(link) or JoinInvitation.objects.live().filter(email=self.email).exists():
            return False
        if rules.is_by_invitation:
            raise NotInvited
        return True

    def finish(self, redirect_url: str | None) -> HttpResponseBase:
        """Sign the member in, making their account first if the address is new. Raises NotInvited or AccountClosed."""
        self._user = Member.objects.with_email(self.email) or self.join()
        EmailAddress.objects.update_or_create(
            user=self._user, email=self.email, defaults={"verified": True, "primary": True}
        )
        return super().finish(redirect_url)

    def join(self) -> Member:
        newcomer = self.state["newcomer"]
        town = Town.objects.filter(slug=newcomer["town"]).first()
        more = {"language": newcomer["language"], "promise_version": newcomer["promise"]}
        try:
            with transaction.atomic():
                return Member.objects.join(self.email, newcomer["name"], town, is_waiting=self.must_wait(), **more)
        except IntegrityError:  # they joined in another tab a moment ago
            return Member.objects.get(email=self.email)
