import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
A_FEW_MINUTES = 180  # seconds


class ClosedWithoutCache:
    """Middleware: how often somebody tries to sign in is counted in the cache. While that is away nobody can, and they
    are told so; no other page needs it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RedisError):
            return None
        logger.warning("The cache is away, so nobody can sign in: %s", error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = A_FEW_MINUTES
        add_never_cache_headers(response)
        return response
