"""What a mail links to: `/m/<token>/` shows on GET and acts on POST, since mail scanners follow every link.

A token names a purpose, the member it was written to, what it is about and the version that it was true for. Whoever
holds it may do that one thing, without signing in; it survives being opened twice, and each purpose checks whether
there is still something to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse

from apps.profiles.models import Member
from apps.profiles.requests import Request

SALT = "mail link"
TOKEN = "TOKEN"
LASTS = timedelta(days=400)  # a seat may be taken a year ahead


@dataclass(frozen=True)
class Link:
    purpose: str
    member_id: int  # 0 where the mail went to an address that has no account
    subject_id: int
    version: int = 0
    text: str = ""  # where a number cannot say what it is about: the name of a kind, an address

    @property
    def member(self) -> Member:
        """Raises Member.DoesNotExist, also for somebody who may not sign in any more."""
        return Member.objects.get(pk=self.member_id, is_active=True)


Answer = Callable[[Request, Link], HttpResponse]
PURPOSES: dict[str, Answer] = {}


def register(purpose: str, answer: Answer) -> None:
    """`answer` shows the page on GET and does the one thing on POST. Found in each app's `mail_links.py`."""
    if purpose in PURPOSES:
        raise ValueError(f"There is a mail link for {purpose} already.")
    PURPOSES[purpose] = answer


def is_one_click(request: Request) -> bool:
    """Whether this is the mail program's own button, which knows no cookies."""
    return request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click"


def answer_to(link: Link) -> Answer:
    """Raises signing.BadSignature for a purpose that there is no more."""
    if link.purpose not in PURPOSES:
        raise signing.BadSignature
    return PURPOSES[link.purpose]


def link_to(purpose: str, member: Member | None, subject_id: int = 0, version: int = 0, text: str = "") -> str:
    """The address to write into a mail, with scheme and host."""
    return settings.BASE_URL + path_to(purpose, member, subject_id, version, text)


def path_to(purpose: str, member: Member | None, subject_id: int = 0, version: int = 0, text: str = "") -> str:
    facts = [purpose, member.pk if member else 0, subject_id, version, *([text] if text else [])]
    return pattern().replace(TOKEN, signing.dumps(facts, salt=SALT))


@cache
def pattern() -> str:
    """A link whose token is yet to come: to find its address anew takes five times as long as to sign one."""
    return reverse("outbox:mail_link", args=[TOKEN])


def opened(token: str) -> Link:
    """What a token says. Raises signing.BadSignature for one that is not ours, or was cut short, or is too old."""
    return Link(*signing.loads(token, salt=SALT, max_age=LASTS))
