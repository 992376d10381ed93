"""A gathering 23 hours away in a town where it is day now, whose guest sat down two days ago."""

import json
from dataclasses import dataclass
from datetime import datetime

from tests.e2e.stack import Stack

EMAIL = "sat-down-long-ago@example.net"
ADDRESS = "3 Harbour Row, the blue door"
TITLE = "Soup by the window"

# It is day from 10 to 19: then the mail was due an hour ago, and that was no night either.
PUT = f"""
import json
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

now = timezone.now()
towns = Town.objects.order_by("-population")[:500]
town = next(town for town in towns if 10 <= now.astimezone(ZoneInfo(town.time_zone)).hour < 19)
host = Member.objects.join("host-of-tomorrow@example.net", "Ines", town)
guest = Member.objects.join("{EMAIL}", "Noor", town)
begins = (now + timedelta(hours=23)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
gathering = Gathering.objects.create(
    host=host, kind="dinner", title="{TITLE}", address="{ADDRESS}", town=town, time_zone=town.time_zone,
    day=begins.date(), starts=begins.time(), ends=(begins + timedelta(hours=2)).time(),
)
gathering.publish()
rsvp = gathering.seat(guest)
rsvp.changed_at = now - timedelta(days=2)
rsvp.save(update_fields=["changed_at"])
print(json.dumps([timezone.now().isoformat(), begins.isoformat()]))
"""


@dataclass(frozen=True)
class Reminder:
    put_at: datetime
    begins: datetime


def put_a_reminder_in_sight(stack: Stack) -> Reminder:
    put_at, begins = json.loads(stack.shell(PUT))
    return Reminder(datetime.fromisoformat(put_at), datetime.fromisoformat(begins))
