"""Who sits where, in words and in order: what a drawing shows, before it is drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

if TYPE_CHECKING:
    from apps.gatherings.models import Gathering, Rsvp
    from apps.profiles.models import Member


class State(StrEnum):
    HOST = "host"
    TAKEN = "taken"
    KEPT = "kept"
    FREE = "free"
    PULLED = "pulled"
    MINE = "mine"


@dataclass(frozen=True)
class Seating:
    """What a drawing shows. `taken` includes the seats that are `mine`; `kept` are free seats.

    Where it `is_closed` to whoever looks, no chair stands pulled out.
    """

    kind: str
    seats: int
    taken: int
    kept: int = 0
    mine: int = 0
    is_closed: bool = False
    initials: tuple[str, ...] = ()
    plates: int = 0  # dishes that are brought


def seating_of(
    gathering: "Gathering", rsvp: "Rsvp | None" = None, guests: Iterable["Member"] = (), is_first_time: bool = False
) -> Seating:
    """The seating as one member sees it; `guests` only for those who may know their names.

    For whoever comes for the first time the last free seat is theirs to take, kept or not.
    """
    others = [guest for guest in guests if not rsvp or guest.pk != rsvp.member_id]
    mine = rsvp.party if rsvp and rsvp.is_seated else 0
    is_theirs = mine or (is_first_time and gathering.seats_left == 1)
    is_over = gathering.is_cancelled or (gathering.is_published and gathering.has_begun)
    return Seating(
        kind=gathering.kind,
        seats=gathering.seats,
        taken=gathering.seats_taken,
        kept=int(gathering.welcomes_first_timers and not is_theirs),  # one open door, however many there are
        mine=mine,
        is_closed=is_over or bool(rsvp and rsvp.is_declined),
        initials=tuple(guest.initials for guest in others),
    )


def seat_states(seating: Seating) -> list[State]:
    """The state of each guest's seat, from the host's side to the front."""
    taken = min(seating.taken, seating.seats)
    mine = min(seating.mine, taken)
    free = seating.seats - taken
    kept = min(seating.kept, free)
    states = [State.TAKEN] * (taken - mine) + [State.KEPT] * kept + [State.FREE] * (free - kept)
    states += [State.MINE] * mine
    if not mine and not seating.is_closed and states and states[-1] is State.FREE:
        states[-1] = State.PULLED
    return states


def with_initials(seating: Seating) -> Iterator[tuple[State, str]]:
    """Each seat with what is written on it: initials of others, and "you" on one's own, once."""
    initials, own = iter(seating.initials), iter([gettext("you")])
    for state in seat_states(seating):
        text = next(initials, "") if state is State.TAKEN else ""
        yield state, next(own, "") if state is State.MINE else text


def sentence(seating: Seating) -> str:
    """The drawing in words: "Five seats, three taken, two free"."""
    taken = min(seating.taken, seating.seats)
    free = seating.seats - taken
    parts = [counted(ngettext("%s seat", "%s seats", seating.seats), seating.seats)]
    if not free:
        parts.append(gettext("all taken"))
    elif not taken:
        parts.append(gettext("all free"))
    else:
        parts.append(counted(ngettext("%s taken", "%s taken", taken), taken))
        parts.append(counted(ngettext("%s free", "%s free", free), free))
    if seating.mine > 1:
        parts.append(counted(gettext("%s of them yours"), seating.mine))
    elif seating.mine:
        parts.append(gettext("one of them yours") if taken > 1 else gettext("and that one is yours"))
    if seating.kept:
        parts.append(gettext("first-timers welcome"))
    if seating.plates:
        parts.append(
            counted(ngettext("%s dish on the table", "%s dishes on the table", seating.plates), seating.plates)
        )
    return capfirst(gettext(", ").join(parts))


def counted(phrase: str, number: int) -> str:
    return phrase % in_words(number)


def in_words(number: int) -> str:
    """Small numbers as words, as one would say them; others in figures."""
    words = gettext("no one two three four five six seven eight nine ten eleven twelve").split()
    return words[number] if 0 <= number < len(words) else str(number)
