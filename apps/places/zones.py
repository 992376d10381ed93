"""The time zone of a place."""

from functools import cache
from zoneinfo import available_timezones

import tzfpy


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def names() -> tuple[str, ...]:
    """Those that somebody may live in, for a list to choose from: of places, not of abbreviations or offsets."""
    parts = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return tuple(sorted(zone for zone in _known() if zone.split("/")[0] in parts and "/" in zone))


def zone_at(latitude: float, longitude: float) -> str:
    """The IANA zone at a point (in degrees), always one that `zoneinfo` knows; at sea one of whole hours."""
    zone = str(tzfpy.get_tz(longitude, latitude))
    if zone in _known():
        return zone
    hours = round(longitude / 15)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"  # by POSIX, east of Greenwich is minus
