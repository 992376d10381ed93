"""Calendar files (RFC 5545, RFC 5546). Times in UTC; the UID never changes and names no host.

A file is a list of properties whose values are of icalendar's own types: they escape, quote and fold. Its components
would write the same and take three times as long, most of it to guess the types that are known here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import vCalAddress, vDatetime, vDuration, vInt, vText, vUri
from icalendar.parser import Contentline

from apps.gatherings.models import Gathering, Rsvp
from apps.profiles.models import Member

NAMES = UUID("5d0c3f0e-6d7c-4a9c-9f0b-0a6f2d1f7c55")  # ours alone, made once at random
PRODUCT = "-//PUAC//EN"  # which says nothing to whoever looks over a discreet member's shoulder
FOLD = 74  # octets of a line, and one for the space before its next
LOOK_AGAIN = timedelta(hours=1)  # how often a calendar that subscribes to us should ask; most ask less often


@dataclass(frozen=True)
class Entry:
    """A gathering as one calendar shows it: the address where its owner may see it now, the area where not."""

    gathering: Gathering
    address: str = ""
    is_off: bool = False
    round: int = 0  # of the owner's RSVP, if they have one

    @property
    def sequence(self) -> int:
        """Raised by a change of the gathering and by a change of the owner's seat; neither ever sinks."""
        return self.gathering.sequence + self.round


def uid(gathering: Gathering) -> str:
    return str(uuid5(NAMES, gathering.key))


def invitation(rsvp: Rsvp, address: str) -> bytes:
    """A REQUEST for the guest's own calendar."""
    entry, guest = Entry(rsvp.gathering, address, round=rsvp.round), rsvp.member
    return file("REQUEST", [[*properties(entry, guest.is_discreet), attendee(guest, "ACCEPTED")]])


def cancellation(rsvp: Rsvp) -> bytes:
    entry, guest = Entry(rsvp.gathering, is_off=True, round=rsvp.round), rsvp.member
    return file("CANCEL", [[*properties(entry, guest.is_discreet), attendee(guest, "DECLINED")]])


def publication(entries: Iterable[Entry], is_discreet: bool = False, name: str = "") -> bytes:
    """Gatherings to be looked at, several at once (a REQUEST may be about one UID only) and without any guest.

    One that is subscribed to has a name.
    """
    return file("PUBLISH", [properties(entry, is_discreet) for entry in entries], subscribed(name) if name else [])


# How it is written


class Words(vText):
    """What somebody wrote. icalendar takes a backslash and an N for an end of line; all else it escapes rightly."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def line(name: str, value: Any) -> bytes:
    """Folded. Most hold nothing of several octets, and need not be walked through sign by sign."""
    whole = Contentline.from_parts(name, value.params, value)
    octets = whole.encode()
    if not octets.isascii():
        return whole.to_ical()
    return b"\r\n ".join(octets[at : at + FOLD] for at in range(0, len(octets), FOLD))


@lru_cache(maxsize=500)
def shared(name: str, kind: Callable[[Any], Any], value: Any) -> bytes:
    """One that others at the table have as well, or everybody. Not for what is told to one guest, as an address is."""
    return line(name, kind(value))


def file(method: str, entries: Iterable[list[bytes]], more: Iterable[bytes] = ()) -> bytes:
    head = [shared("VERSION", vText, "2.0"), shared("PRODID", vText, PRODUCT), shared("METHOD", vText, method), *more]
    events = [each for entry in entries for each in component("VEVENT", entry)]
    return b"\r\n".join([*component("VCALENDAR", [*head, *events]), b""])


def component(name: str, inside: list[bytes]) -> list[bytes]:
    return [shared("BEGIN", vText, name), *inside, shared("END", vText, name)]


def properties(entry: Entry, is_discreet: bool) -> list[bytes]:
    """For a discreet member it is an appointment somewhere, and not said to be one of ours."""
    gathering = entry.gathering
    shown = [entry.address, gathering.meeting_point] if entry.address else []
    place = ", ".join(part.rstrip(".") for part in [*shown, gathering.where] if part)
    found = [
        shared("UID", vText, uid(gathering)),
        line("SEQUENCE", vInt(entry.sequence)),
        line("DTSTAMP", utc(timezone.now())),  # of two with one SEQUENCE the newer holds: an address may be shown later
        shared("DTSTART", utc, gathering.starts_at),
        shared("DTEND", utc, gathering.ends_at),
        shared("SUMMARY", Words, str(_("An appointment")) if is_discreet else gathering.title),
        line("LOCATION", Words(place)),
        shared("STATUS", vText, "CANCELLED" if entry.is_off else "CONFIRMED"),
        organizer(settings.COMMUNITY_EMAIL, "" if is_discreet else settings.COMMUNITY_NAME),
    ]
    return found if is_discreet else [*found, shared("URL", vUri, settings.BASE_URL + gathering.get_absolute_url())]


def utc(moment: datetime) -> vDatetime:
    return vDatetime(moment.astimezone(UTC))


@cache
def organizer(email: str, name: str) -> bytes:
    return line("ORGANIZER", person(email, name))


def attendee(guest: Member, answer: str) -> bytes:
    """The guest themself, who has answered here already."""
    return line("ATTENDEE", person(guest.email, guest.name, PARTSTAT=answer, RSVP="FALSE"))


def person(email: str, name: str, **more: str) -> vCalAddress:
    return vCalAddress(f"mailto:{email}", params={"CN": name, **more} if name else more)


def subscribed(name: str) -> list[bytes]:
    often = vDuration(LOOK_AGAIN, params={"VALUE": "DURATION"})
    return [line("X-WR-CALNAME", Words(name)), line("REFRESH-INTERVAL", often)]
