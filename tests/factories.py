"""Real rows for the tests, each with sensible values and whatever a test wants to differ."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils import timezone

from apps.gatherings.models import Gathering, Rsvp
from apps.places.models import Town
from apps.profiles.models import Member

numbers = count(1)

TOWNS = {
    "bristol-gb": (2654675, "Bristol", "England", "GB", 51.45523, -2.59665, "Europe/London", 617280),
    "bath-gb": (2656173, "Bath", "England", "GB", 51.3751, -2.36172, "Europe/London", 94782),
    "auckland-nz": (2193733, "Auckland", "Auckland", "NZ", -36.84853, 174.76349, "Pacific/Auckland", 1346091),
    "kathmandu-np": (1283240, "Kathmandu", "Bagmati", "NP", 27.70169, 85.3206, "Asia/Kathmandu", 1442271),
}


def make_town(slug: str = "bristol-gb") -> Town:
    """A real town of the gazetteer, with its name to be found by."""
    from apps.places.models import TownName

    pk, name, admin, country, latitude, longitude, zone, population = TOWNS[slug]
    town, is_new = Town.objects.get_or_create(
        pk=pk,
        defaults={
            "slug": slug, "name": name, "admin": admin, "country": country, "latitude": latitude,
            "longitude": longitude, "time_zone": zone, "population": population,
        },
    )  # fmt: skip
    if is_new:
        TownName.objects.bulk_create(TownName(town=town, name=name, rank=rank) for name, rank in town.names().items())
    return town


def make_member(name: str = "", **more: Any) -> Member:
    """Somebody who joined a month ago, on whom no limit for newcomers falls."""
    number = next(numbers)
    more.setdefault("joined_at", timezone.now() - timedelta(days=30))
    email = more.pop("email", f"member{number}@example.org")
    return Member.objects.join(email, name or f"Member {number}", more.pop("town", None) or make_town(), **more)


def make_newcomer(name: str = "", **more: Any) -> Member:
    """Somebody who has joined just now."""
    return make_member(name, joined_at=timezone.now(), **more)


def make_gathering(
    starts: datetime | None = None, hours: float = 2.5, is_draft: bool = False, **more: Any
) -> Gathering:
    """A published dinner in Bristol in five days, unless told otherwise. `starts` is any aware moment."""
    town = more.pop("town", None) or make_town()
    zone = ZoneInfo(more.get("time_zone", town.time_zone))
    begin = (starts or timezone.now() + timedelta(days=5)).astimezone(zone).replace(second=0, microsecond=0)
    end = begin + timedelta(hours=hours)
    seats = more.pop("seats", 5)
    values = {
        "kind": Gathering.Kind.DINNER,
        "title": f"Soup {next(numbers)}",
        "words": "I cook, we talk, nobody stays late.",
        "area": "Southville",
        "address": "14 Greville Street, the green door",
        "town": town,
        "time_zone": town.time_zone,
        "day": begin.date(),
        "starts": begin.time(),
        "ends": end.time(),
        "seats_wanted": seats,
        **more,
    }
    if "host" not in values:
        values["host"] = make_member("Mei")
    gathering = Gathering.objects.create(**values)
    if not is_draft:
        gathering.publish()
    return gathering


def make_seat(gathering: Gathering, member: Member | None = None, taken_at: datetime | None = None) -> Rsvp:
    """A seat taken through the verb; `taken_at` dates it back."""
    rsvp = gathering.seat(member or make_member())
    if taken_at:
        rsvp.changed_at = taken_at
        rsvp.save(update_fields=["changed_at"])
    return rsvp


def mails_to(member: Member) -> list[EmailMessage]:
    """What has been sent to them, the oldest first."""
    return [email for email in mail.outbox if email.to == [member.email]]


def html_of(email: EmailMessage) -> str:
    """The HTML part of a mail in the outbox of the tests."""
    assert isinstance(email, EmailMultiAlternatives)
    [(html, mimetype)] = email.alternatives
    assert mimetype == "text/html"
    return str(html)
