"""What pressing for a seat would come to, for the reader of a gathering's page. The press itself asks again."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from apps.gatherings import newcomers, waitlist
from apps.gatherings.models import Gathering, Rsvp, SeatsEnough
from apps.profiles.models import Member


@dataclass(frozen=True)
class WayIn:
    """`is_kept`: what is free is kept for first-timers. `is_for_you`: and the reader is one, or may be.

    `refusal`: why a press would be refused, to whoever has only just joined and has two seats already.
    """

    has_room: bool
    waiting: int
    is_kept: bool
    is_for_you: bool
    refusal: Any = ""


def way_in(gathering: Gathering, rsvp: Rsvp | None, reader: Member | AnonymousUser) -> WayIn | None:
    """None for whoever has an RSVP that stands, or was declined: there is nothing for them to press."""
    if rsvp and (rsvp.is_open or rsvp.is_declined):
        return None
    line = waitlist.line_of(gathering)
    newcomer = Rsvp(gathering=gathering)
    newcomer.comes_first_time = bool(gathering.seats_kept_now) and is_perhaps_a_first_time(gathering, reader)
    return WayIn(
        has_room=waitlist.whose_turn(gathering, [*line, newcomer]) is newcomer,
        waiting=len(line),
        is_kept=gathering.seats_kept_now > 0,
        is_for_you=newcomer.comes_first_time,
        refusal=SeatsEnough.sentence if reader.is_authenticated and newcomers.has_seats_enough(reader) else "",
    )


def look_full_if_kept_out(gathering: Gathering, rsvp: Rsvp | None, reader: Member | AnonymousUser) -> None:
    """Whoever a moderator keeps apart from somebody there finds no seat free; on this instance, which is not saved."""
    has_a_seat = rsvp is not None and rsvp.holds_seats
    if reader.pk and not has_a_seat and not gathering.is_full and waitlist.kept_out(gathering, [reader.pk]):
        gathering.seats_taken = gathering.seats


def is_perhaps_a_first_time(gathering: Gathering, reader: Member | AnonymousUser) -> bool:
    """Of a stranger nothing is known, so it may well be theirs."""
    return not reader.is_authenticated or Rsvp(gathering=gathering, member=reader).is_a_first_time()
