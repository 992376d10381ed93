from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


@require_safe
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "community/help.html")


@require_safe
def promise(request: HttpRequest) -> HttpResponse:
    return render(request, "community/promise.html")


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database and the cache answer too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.get("ready")
    except (DatabaseError, RedisError, OSError):
        return HttpResponse("The database or the cache does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
