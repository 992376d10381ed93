"""A demo town: people, homes and four weeks of gatherings, so that nobody looks around in an empty room.

Everything but the dates follows from the seed. Rows are made directly: what the verbs of a gathering refuse
(a seat in the past) or do besides (mail to a guest) has no place here.
"""

from datetime import datetime, time
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from apps.community.demo.people import DOMAIN, SIGN_IN, people
from apps.community.demo.schedule import slots
from apps.community.demo.tables import Tables
from apps.places.models import Town
from apps.profiles.models import HouseRules, Member


class AddressTaken(Exception):
    """Somebody else has one of the addresses that a demo town is signed in to with."""


@transaction.atomic
def build(town: Town, member_count: int, gathering_count: int, seed: int) -> bool:
    """Make a demo town, whole or not at all. False, and nothing done, where there is one already.

    Raises AddressTaken.
    """
    if Member.objects.filter(email__endswith=f"@{DOMAIN}").exists():
        return False
    if taken := Member.objects.filter(email__in=[about["email"] for about in SIGN_IN]).first():
        raise AddressTaken(taken.email)
    midnight = midnight_in(ZoneInfo(town.time_zone))
    members = people(town, member_count, midnight, Random(f"{seed} people"))
    tables = Tables(town, members, midnight, Random(f"{seed} tables"))
    for slot in slots(gathering_count, Random(f"{seed} days")):
        tables.lay(slot)
    tables.save()
    settle(town)
    return True


def settle(town: Town) -> None:
    """Who answers when something is wrong; what a keeper has settled already stays."""
    if not HouseRules.objects.exists():
        line = "Samaritans, 116 123" if town.country == "GB" else "the one for your country at findahelpline.com"
        HouseRules.objects.now().change(answered_by="Sam and Ida", answered_within="24 hours", crisis_line=line)


def midnight_in(zone: ZoneInfo) -> datetime:
    """When today began there."""
    return datetime.combine(timezone.now().astimezone(zone), time(), zone)
