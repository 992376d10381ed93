"""What tests of the house rules share."""

import re
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import HouseRules, Member
from tests.factories import make_member
from tests.passkeys import add_passkey, sign_in_with_passkey

LOGIN, CODE, INTRODUCE = "/accounts/login/", "/accounts/login/code/confirm/", "/accounts/introduce/"
WAITING, BY_INVITATION = "/accounts/waiting/", "/accounts/by-invitation/"
ADA = {"name": "Ada", "email": "ada@example.org", "promise": "on"}


def settle(**said: Any) -> HouseRules:
    """The keeper has saved this."""
    rules = HouseRules.objects.now()
    rules.change(**said)
    return rules


def make_keeper(name: str = "Sam") -> Member:
    return make_member(name, is_staff=True, is_superuser=True)


def browser_of(keeper: Member) -> Client:
    """Signed in with the passkey that their pages ask for."""
    add_passkey(keeper)
    client = Client()
    sign_in_with_passkey(client, keeper)
    return client


def code_to(email: str) -> str:
    from django.core import mail

    send()
    [newest] = [each for each in mail.outbox if each.to == [email] and "Your code" in str(each.body)][-1:]
    found = re.search(r"Your code: (\S+)", str(newest.body))
    assert found
    return found[1]


def sign_in(client: Client, **typed: str) -> Any:
    """Through the front door, to wherever it leads; a newcomer introduces themselves as Ada where they are asked."""
    said = {**ADA, **typed}
    client.post(LOGIN, said)
    answer: Any = client.post(CODE, {"code": code_to(said["email"]), "next": said.get("next", "")})
    if answer["Location"].startswith(INTRODUCE):
        answer = client.post(answer["Location"], {**ADA, "next": said.get("next", "")})
    return answer


def seen(answer: HttpResponseBase) -> tuple[int, str, bytes]:
    """What tells one answer from another, but for its own token."""
    body = re.sub(rb'value="\w{64}"', b"", answer.content)  # type: ignore[attr-defined]
    return answer.status_code, answer.get("Location", ""), body


def kinds_to(recipient: Member | str) -> list[str]:
    slot = {"address": recipient} if isinstance(recipient, str) else {"member": recipient}
    return [row.kind for row in Message.objects.filter(**slot).order_by("pk")]
