"""The town a visitor looked around last, and how far, kept in a cookie of theirs and nowhere else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.places.cells import RADII
from apps.places.models import Town

A_YEAR = 365 * 24 * 3600
LONGEST = 124  # characters of a slug and a distance


def remembered_town(request: HttpRequest) -> Town | None:
    slug = kept(request)[0].replace("\0", "")
    return Town.objects.filter(slug=slug).first() if slug else None


def remembered_km(request: HttpRequest, town: Town) -> int | None:
    """How far they looked around this town, if it was this one."""
    slug, far = kept(request)
    return next((km for km in RADII if slug == town.slug and far == str(km)), None)


def kept(request: HttpRequest) -> tuple[str, str]:
    """As it is written: bristol-gb.10"""
    slug, _dot, km = request.COOKIES.get(settings.TOWN_COOKIE_NAME, "")[:LONGEST].partition(".")
    return slug, km


def home_town() -> Town | None:
    """Where the community is at home."""
    return Town.objects.filter(slug=settings.HOME_TOWN).first() if settings.HOME_TOWN else None


def remember_town(response: HttpResponse, town: Town, km: int) -> None:
    response.set_cookie(
        settings.TOWN_COOKIE_NAME,
        f"{town.slug}.{km}",
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
