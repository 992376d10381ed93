"""What calendars hold that subscribe to us: one's own evenings, and what is on around a town."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from apps.gatherings.browse import Search
from apps.gatherings.calendar import Entry
from apps.gatherings.models import Gathering, Rsvp
from apps.profiles.models import Member

LOOKS_BACK = timedelta(days=30)
MOST = 200  # around a town, the soonest


def own(member: Member) -> list[Entry]:
    """What they come to and what they host; marked as off for a while once it is called off or they have left.

    What a calendar has kept elsewhere learns so that it is off. What they were declined from, or may not see any more,
    is simply gone: to be called off here would say that it is still there.
    """
    since = timezone.now() - LOOKS_BACK
    shown = Gathering.objects.visible_to(member).on_calendars(since)
    rsvps = Rsvp.objects.of(member).on_calendars(since).filter(gathering__in=shown).select_related("gathering__town")
    entries = {
        rsvp.gathering: Entry(
            rsvp.gathering, rsvp.gathering.address_for(rsvp), not rsvp.gathering.is_seat(rsvp), rsvp.round
        )
        for rsvp in rsvps
    }
    for gathering in shown.run_by(member).select_related("town"):
        as_a_guest = entries[gathering].round if gathering in entries else 0  # before they came to co-host it
        address = gathering.address_for(None, is_host=True)
        entries[gathering] = Entry(gathering, address, gathering.is_cancelled, as_a_guest)
    return list(entries.values())


def around(search: Search) -> list[Entry]:
    """What a stranger finds there, and where as on its card: a feed holds no address, of a public place neither."""
    found = search.gatherings(AnonymousUser()).soonest_first()[:MOST]
    return [Entry(gathering, "") for gathering in found]
