"""The time zone of a place."""

from functools import cache
from zoneinfo import available_timezones

import tzfpy


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_at(latitude: float, longitude: float) -> str:
    """The IANA zone at a point (in degrees), always one that `zoneinfo` knows; at sea one of whole hours."""
    zone = str(tzfpy.get_tz(longitude, latitude))
    if zone in _known():
        return zone
    hours = round(longitude / 15)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"  # by POSIX, east of Greenwich is minus
