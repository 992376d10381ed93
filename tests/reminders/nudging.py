"""What tests of nudges share: a Monday, the hours after it, and what is sent in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.core import mail

from apps.gatherings.models import Rsvp
from apps.outbox.models import Consent, Message
from apps.profiles.models import Member
from apps.reminders.nudges import DUE
from apps.reminders.tasks import minute
from tests.factories import make_gathering, make_seat

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SIX = MONDAY + 6 * HOUR  # on Monday, in Bristol
THURSDAY = MONDAY + 3 * DAY + 6 * HOUR
State = Message.State


def ask(member: Member, *kinds: str) -> Member:
    for kind in kinds or DUE:
        Consent.objects.say(member, kind, True)
    return member


def sweep(clock: time_machine.Traveller, *moments: datetime) -> list[str]:
    """The subjects of the nudges that sweeps at these moments send."""
    subjects = []
    for moment in moments:
        clock.move_to(moment)
        mail.outbox.clear()
        minute()
        keys = Message.objects.filter(kind__in=DUE).values_list("key", flat=True)
        mail.outbox[:] = [each for each in mail.outbox if each.extra_headers["Message-ID"][1:11] in keys]
        subjects += [str(each.subject) for each in mail.outbox]
    return subjects


def visit(member: Member) -> None:
    Member.objects.filter(pk=member.pk).were_here()


def came(member: Member, ago: timedelta, **more: Any) -> Rsvp:
    """A seat at an evening that was over so long ago, as of now."""
    now = datetime.now(UTC)
    with time_machine.travel(now - ago - 5 * DAY, tick=False):
        return make_seat(make_gathering(now - ago - 3 * HOUR, hours=3, **more), member)


def rows(kind: str) -> list[tuple[str, int | None]]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("state", "budget_week"))
