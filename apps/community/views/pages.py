from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from apps.profiles.door import open_to_all
from apps.profiles.house_rules import rules_of

HIDDEN_FROM_ROBOTS = ["/accounts/", "/admin/", "/calendar/", "/join/", "/m/", "/*?link="]


@open_to_all
@require_safe
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "community/help.html")


@open_to_all
@require_safe
def promise(request: HttpRequest) -> HttpResponse:
    return render(request, "community/promise.html")


@open_to_all
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines need not read; where strangers see nothing, all of it."""
    is_closed = rules_of(request).is_closed
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in (["/"] if is_closed else HIDDEN_FROM_ROBOTS))]
    if not is_closed:
        lines.append(f"Sitemap: {settings.BASE_URL}{reverse('gatherings:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@open_to_all
@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_all
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
