"""One home, one public point, however often its host says where it is.

A device finds a home anew each time, some metres off. At the edge of a square it would be in the one today and in the
next tomorrow, and whoever saw both would know that the home lies between them; at a corner, to a few metres.
"""

from apps.gatherings.models import Gathering
from apps.places.distance import metres_between
from apps.profiles.models import Member

NEXT_SQUARE = 1_500  # metres: at most so far apart are the middles of two squares that touch

Point = tuple[float, float]


def point_of(host: Member, address: str, point: Point) -> Point:
    """The point that this host has given for this address before, unless it is elsewhere by now. Points are snapped."""
    theirs = Gathering.objects.hosted_by(host).filter(address__iexact=address, has_own_point=True)
    known: list[Point] = list(theirs.values_list("latitude", "longitude").distinct())
    latitude, longitude = point
    apart = {each: metres_between(latitude, longitude, *each) for each in known}
    beside = [each for each in known if apart[each] <= NEXT_SQUARE]
    return min(beside, key=apart.__getitem__, default=point)
