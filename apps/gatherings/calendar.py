"""Calendar files (RFC 5545, RFC 5546). Times in UTC; the UID never changes and names no host."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from apps.gatherings.models import Gathering
from apps.profiles.models import Member

NAMES = uuid.UUID("5d0c3f0e-6d7c-4a9c-9f0b-0a6f2d1f7c55")  # ours alone, made once at random


def uid(gathering: Gathering) -> str:
    return str(uuid.uuid5(NAMES, gathering.key))


def invitation(gathering: Gathering, guest: Member, address: str) -> bytes:
    """A REQUEST for the guest's own calendar, with the address where they may see it and the area where not."""
    return calendar("REQUEST", gathering, guest, "CONFIRMED", place_of(gathering, address))


def cancellation(gathering: Gathering, guest: Member) -> bytes:
    return calendar("CANCEL", gathering, guest, "CANCELLED", gathering.where)


def place_of(gathering: Gathering, address: str) -> str:
    return f"{address}, {gathering.where}" if address else gathering.where


def calendar(method: str, gathering: Gathering, guest: Member, status: str, location: str) -> bytes:
    file = empty(method)
    event = entry(gathering, status, location)
    attendee = person(guest.email, guest.name)
    attendee.params["PARTSTAT"] = vText("ACCEPTED" if method == "REQUEST" else "DECLINED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    file.add_component(event)
    return file.to_ical()


def several(seats: Iterable[tuple[Gathering, str]]) -> bytes:
    """One file for several gatherings, each with its address or nothing. A REQUEST may be about one UID only."""
    file = empty("PUBLISH")
    for gathering, address in seats:
        file.add_component(entry(gathering, "CONFIRMED", place_of(gathering, address)))
    return file.to_ical()


def empty(method: str) -> Calendar:
    file = Calendar()
    file.add("prodid", "-//Pull Up a Chair//EN")
    file.add("version", "2.0")
    file.add("method", method)
    return file


def entry(gathering: Gathering, status: str, location: str) -> Event:
    entry = Event()
    entry.add("uid", uid(gathering))
    entry.add("sequence", gathering.sequence)
    entry.add("dtstamp", timezone.now())
    entry.add("dtstart", gathering.starts_at)
    entry.add("dtend", gathering.ends_at)
    entry.add("summary", gathering.title)
    entry.add("location", location)
    entry.add("url", settings.BASE_URL + gathering.get_absolute_url())
    entry.add("status", status)
    entry.add("organizer", person(settings.COMMUNITY_EMAIL, settings.COMMUNITY_NAME))
    return entry


def person(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address
