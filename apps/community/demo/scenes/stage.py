"""What the scenes are made of: Mei's kitchen in Southville, who comes to it, and the finished mail.

Everything is made by the verbs that make it in earnest, so that a mail in a preview says only what can be true.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation

from apps.gatherings.models import Gathering
from apps.outbox.envelope import envelope
from apps.outbox.kinds import KINDS
from apps.outbox.models import Message
from apps.outbox.reach import Reach
from apps.places.models import Town
from apps.profiles.models import Member

Scene = Callable[[], Message]
DOMAIN = "scene.example"  # reserved, so that no member has an address there
BRISTOL = {
    "id": 2654675, "name": "Bristol", "admin": "England", "country": "GB", "latitude": 51.45523,
    "longitude": -2.59665, "time_zone": "Europe/London", "population": 617280,
}  # fmt: skip
PRONOUNS = {"Mei": "they/them", "Noor": "she/her", "Temperance": "ze/hir"}
ADDRESS = "14 Saucepan Row"
EVENING = time(19)


class SceneIsNotTrue(Exception):
    """What a scene has laid would never be sent."""


def preview(scene: Scene, is_discreet: bool = False) -> EmailMultiAlternatives:
    """The mail that a scene brings about. Nothing of the scene is left. Raises SceneIsNotTrue."""
    with transaction.atomic():
        email = finished(scene(), is_discreet)
        transaction.set_rollback(True)
    return email


def finished(message: Message, is_discreet: bool = False) -> EmailMultiAlternatives:
    """As the outbox would send it now, by day; a nudge as in its own hour. Raises SceneIsNotTrue."""
    if is_discreet and message.member:
        Member.objects.filter(pk=message.member_id).update(is_discreet=True)
    message = Message.objects.select_related("member").get(pk=message.pk)
    kind = KINDS[message.kind]
    if refusal := Reach([message]).refusal(message):
        raise SceneIsNotTrue(f"{kind.name}: {refusal}")
    if message.has_expired or not (kind.is_opt_in or kind.is_still_true(message)):
        raise SceneIsNotTrue(f"{kind.name}: it is no longer true.")
    with translation.override(message.member.language if message.member else settings.LANGUAGE_CODE):
        mail = kind.compose(message)
        if mail is None:
            raise SceneIsNotTrue(f"{kind.name}: there is nothing to say.")
        return envelope(message, kind, mail)


# Who and where


def bristol() -> Town:
    return Town.objects.get_or_create(slug="bristol-gb", defaults=BRISTOL)[0]


def somebody(name: str) -> Member:
    """The member of this name in the scene, who joined some weeks before they are first spoken of."""
    email = f"{name.lower()}@{DOMAIN}"
    member = Member.objects.with_email(email)
    said = {"pronouns": PRONOUNS.get(name, ""), "joined_at": timezone.now() - timedelta(weeks=5)}
    return member or Member.objects.join(email, name, bristol(), **said)


def mei() -> Member:
    return somebody("Mei")


def noor() -> Member:
    return somebody("Noor")


def dinner(days: int = 5, **more: Any) -> Gathering:
    """Mei's soup, so many days from now, at seven in the evening unless `starts` is a moment."""
    starts = more.pop("starts", None) or evening(days)
    values = {
        "host": mei(),
        "kind": Gathering.Kind.DINNER,
        "title": "Soup and good bread",
        "words": "I cook, we talk, nobody stays late. Come as you are; coming with empty hands is fine.",
        "town": bristol(),
        "area": "Southville",
        "address": f"{ADDRESS}: the green door",
        "way_in": "Bus 76 to the bridge, then two steps up with a rail.",
        "contact": "0117 496 0000",
        "cost": "Nothing",
        "is_alcohol_free": True,
        "time_zone": bristol().time_zone,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": (starts + timedelta(hours=2, minutes=30)).time(),
        "arrive_from": (starts - timedelta(minutes=15)).time(),
        "seats_wanted": 5,
        **more,
    }
    gathering = Gathering.objects.create(**values)
    gathering.publish()
    return gathering


def evening(days: int) -> datetime:
    zone = ZoneInfo(bristol().time_zone)
    return datetime.combine(timezone.now().astimezone(zone) + timedelta(days=days), EVENING, zone)


def in_an_hour_or_two() -> datetime:
    """A quarter on the clock less than two hours from now."""
    soon = timezone.now().astimezone(ZoneInfo(bristol().time_zone)) + timedelta(hours=2)
    return soon.replace(minute=soon.minute // 15 * 15, second=0, microsecond=0)


# What has come of it


def mail_to(member: Member, kind: str) -> Message:
    """What an act has just put into the outbox for this member."""
    found: Message = Message.objects.get(kind=kind, member=member)
    return found


def due(kind: str, member: Member, subject_id: int, **slot: Any) -> Message:
    """What a sweep puts there once its moment has come."""
    Message.objects.put(kind, member, subject_id=subject_id, **slot)
    return mail_to(member, kind)
