"""The town a visitor looked around last, kept in a cookie of theirs and nowhere else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.places.models import Town

A_YEAR = 365 * 24 * 3600


def remembered_town(request: HttpRequest) -> Town | None:
    slug = request.COOKIES.get(settings.TOWN_COOKIE_NAME, "")[:120].replace("\0", "")
    return Town.objects.filter(slug=slug).first() if slug else None


def home_town() -> Town | None:
    """Where the community is at home."""
    return Town.objects.filter(slug=settings.HOME_TOWN).first() if settings.HOME_TOWN else None


def remember_town(response: HttpResponse, town: Town) -> None:
    response.set_cookie(
        settings.TOWN_COOKIE_NAME,
        town.slug,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
