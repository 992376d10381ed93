"""Pages that are the same for everybody, drawn once and kept for a moment in the memory of the process.

Nothing that depends on who looks is kept: each reader gets tokens of their own in the forms of a kept page, and whoever
has something to be told gets a page drawn for them. Whether a reader may see what a page says is asked before, anew.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe
from django.utils.text import compress_string
from django.utils.translation import get_language

from apps.outbox.models import Suppression
from apps.profiles.requests import Request

SECONDS = 30
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w{64}(?=")')
GAP = mark_safe("<!-- gap -->")  # where a page has room for what differs from reader to reader
Made = TypeVar("Made")


def once(key: Any, make: Callable[[], Made]) -> Made:
    """What was made for this key in this language less than SECONDS ago, else what is made of it now."""
    name = sha256(repr((get_language(), key)).encode()).hexdigest()
    found: Made | None = caches["pages"].get(name)
    if found is None:
        found = make()
        caches["pages"].set(name, found, SECONDS)
    return found


def answer(request: Request, key: Any, draw: Callable[[], HttpResponse], filling: str | None = None) -> HttpResponse:
    """The page of this address and key, as whoever came first had it drawn; with `filling` where it leaves a gap.

    An answer that is no page, such as a redirect, is not kept.
    """
    if is_told_something(request):
        return filled(draw(), filling)
    key = (key, request.get_full_path(), *kind_of(request.user))
    drawn: list[HttpResponse] = []
    try:
        parts = once(key, lambda: parts_of(draw(), drawn))
    except NoPage:
        return drawn[0]
    if filling is None and len(parts) == 1:
        return zipped(request, key, parts[0])
    return filled(HttpResponse(get_token(request).encode().join(parts) if len(parts) > 1 else parts[0]), filling)


class NoPage(Exception):
    """What was drawn is not to be kept."""


def parts_of(response: HttpResponse, drawn: list[HttpResponse]) -> list[bytes]:
    """The page, in parts where it holds a token."""
    drawn.append(response)
    if response.status_code != 200:
        raise NoPage
    return TOKEN.split(response.content)


def is_told_something(request: Request) -> bool:
    """Whether there is a sentence for this reader alone at the head of their page."""
    has_trouble = request.user.is_authenticated and Suppression.objects.of(request.user.email).exists()
    return has_trouble or bool(get_messages(request))


def kind_of(user: Any) -> tuple[bool, ...]:
    """What header and footer say differently to different readers."""
    return (user.is_authenticated, *(bool(getattr(user, name, False)) for name in ("is_moderator", "is_keeper")))


def filled(response: HttpResponse, filling: str | None) -> HttpResponse:
    if filling is not None:
        response.content = response.content.replace(GAP.encode(), filling.encode(), 1)
    return response


def zipped(request: Request, key: Any, page: bytes) -> HttpResponse:
    """Without a token there is no secret in it that its size could tell, so that it may be compressed once for all."""
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(page)
    else:
        response = HttpResponse(once((key, "zipped"), lambda: compress_string(page)))
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
