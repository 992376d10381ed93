"""When things happen: local wall time, nights, and the moments before a gathering."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

NIGHT_BEGINS, NIGHT_ENDS = time(21), time(9)
TEN, REST = time(10), timedelta(hours=6)


class WallTime(datetime):
    """A moment as a clock on the wall shows it there. Templates show it as it is, not in the server's own zone."""

    convert_to_local_time = False


def on_the_wall(moment: datetime, zone: ZoneInfo) -> WallTime:
    local = moment.astimezone(zone)
    return WallTime.combine(local.date(), local.timetz())


def days_until(moment: datetime, zone: ZoneInfo) -> int:
    """How many midnights lie between now and then in that zone: 0 is today, 1 is tomorrow."""
    return (moment.astimezone(zone).date() - timezone.now().astimezone(zone).date()).days


def clock_between(earlier: time, later: time) -> timedelta:
    """How long a clock takes from one time of day to the next such other one: 45 minutes from 23:45 to 00:30."""
    day = date.min
    return (datetime.combine(day, later) - datetime.combine(day, earlier)) % timedelta(days=1)


def is_skipped(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the clocks of this zone jump over this wall time."""
    wall = datetime.combine(day, at, zone)
    return wall.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a wall time; of an hour that the clocks repeat, the first.

    A skipped hour moves forward by the gap, as PEP 495 reads it.
    """
    return datetime.combine(day, at, zone).astimezone(ZoneInfo("UTC"))


def gap(day: date, at: time, zone: ZoneInfo) -> timedelta:
    """By how much the clocks of this zone jump over this wall time; nothing where they do not."""
    return moment(day, at, zone).astimezone(zone).replace(tzinfo=None) - datetime.combine(day, at)


def is_night(local: datetime) -> bool:
    return local.time() >= NIGHT_BEGINS or local.time() < NIGHT_ENDS


def outside_the_night(local: datetime) -> datetime:
    """The moment itself, or the nearer edge of the night it falls into (messages.md, rule 6)."""
    if not is_night(local):
        return local
    evening = local.date() if local.time() >= NIGHT_BEGINS else local.date() - timedelta(days=1)
    begins = datetime.combine(evening, NIGHT_BEGINS, local.tzinfo)
    ends = datetime.combine(evening + timedelta(days=1), NIGHT_ENDS, local.tzinfo)
    return begins if local - begins <= ends - local else ends


def day_before(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When the day-before mail is due (UTC), which is also when the seated may see the address by default.

    The same wall time one day earlier, or the nearer edge of the night.
    """
    return outside_the_night(starts_at.astimezone(zone) - timedelta(days=1)).astimezone(ZoneInfo("UTC"))


def first_ten(ends_at: datetime, zone: ZoneInfo) -> datetime:
    """When the mail of the morning after is due (UTC): at the first 10:00 there, at least six hours after the end."""
    rested = (ends_at + REST).astimezone(zone)
    ten = moment(rested.date(), TEN, zone)
    return ten if ten >= ends_at + REST else moment(rested.date() + timedelta(days=1), TEN, zone)


def not_at_night(now: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When a mail that is due now may go (UTC): at once by day, else at 09:00 unless the start is within 12 hours."""
    local = now.astimezone(zone)
    return now if not is_night(local) or starts_at - now <= timedelta(hours=12) else morning_after(local)


def morning_after(local: datetime) -> datetime:
    """When the night that this moment falls into ends (UTC)."""
    morning = local.date() + timedelta(days=1 if local.time() >= NIGHT_BEGINS else 0)
    return datetime.combine(morning, NIGHT_ENDS, local.tzinfo).astimezone(ZoneInfo("UTC"))
