"""Members as they come to these pages: signed in by a code, a moment ago."""

import re

from django.core import mail
from django.test import Client

from apps.outbox.tasks import send
from apps.profiles.models import Member

LOGIN, CODE = "/accounts/login/", "/accounts/login/code/confirm/"
EXPORT, LEAVE, BACK = "/settings/export/", "/settings/leave/", "/accounts/inactive/"


def sign_in(email: str) -> tuple[Client, str]:
    """The visitor, and where the code has led them."""
    visitor = Client()
    visitor.post(LOGIN, {"email": email})
    send()
    codes = [re.search(r"Your code: (\S+)", str(letter.body)) for letter in mail.outbox if letter.to == [email]]
    [*_earlier, newest] = [code[1] for code in codes if code]
    return visitor, visitor.post(CODE, {"code": newest})["Location"]


def visit(member: Member) -> Client:
    visitor, led_to = sign_in(member.email)
    assert led_to == "/table/"
    return visitor


def leave(member: Member) -> Client:
    visitor = visit(member)
    answer = visitor.post(LEAVE)
    assert (answer.status_code, answer["Location"]) == (302, "/left/")
    return visitor
