"""The line for a seat: first come, first served. Whoever calls here holds the lock on the gathering.

A freed seat goes to whose turn it is: to the first in the line, or, while only seats kept for first-timers are free, to
the first first-timer. A party that does not fit keeps its turn, and nobody overtakes it; only the host may decide
otherwise, by offering a seat to somebody else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from apps.gatherings import timing
from apps.gatherings.models.refusals import GatheringFull, OfferGone
from apps.outbox.models import Message
from apps.safety.models import KeepApart

if TYPE_CHECKING:
    from apps.gatherings.models import Gathering, Rsvp, RsvpChange
    from apps.profiles.models import Member

STRAIGHT_AWAY = timedelta(hours=48)  # before the start: from then on a freed seat is offered, not given
LONGEST_OFFER, SHORTEST_OFFER = timedelta(hours=12), timedelta(minutes=15)


# Whose turn it is


def whose_turn(gathering: Gathering, line: list[Rsvp]) -> Rsvp | None:
    """Who of `line` (each with `comes_first_time`) may have a seat now; None if there is none, or they do not fit."""
    line = [rsvp for rsvp in line if rsvp.party <= gathering.seats_wanted]  # others never could fit
    line = without_kept_out(gathering, line)
    open_to_all = gathering.seats_open_to(is_first_time=False)
    for_first_timers = gathering.seats_open_to(is_first_time=True)
    in_turn = line if open_to_all > 0 else [rsvp for rsvp in line if rsvp.comes_first_time]
    if not in_turn or not for_first_timers:
        return None
    room = for_first_timers if in_turn[0].comes_first_time else open_to_all
    return in_turn[0] if in_turn[0].party <= room else None


def without_kept_out(gathering: Gathering, line: list[Rsvp]) -> list[Rsvp]:
    out = kept_out(gathering, [rsvp.member_id for rsvp in line])
    return [rsvp for rsvp in line if rsvp.member_id not in out]


def kept_out(gathering: Gathering, members: list[int]) -> set[int]:
    """Whom of these members a moderator keeps apart from somebody there: who hosts, has a seat or is offered one.

    They find the table full. One query, unless anybody is kept apart at all.
    """
    apart = KeepApart.objects.others_of([member for member in members if member])  # a stranger has no key yet
    if not apart:
        return set()
    there = {gathering.host_id, *gathering.co_hosts.accepted().values_list("member", flat=True)}
    there |= set(gathering.rsvps.holding_seats().values_list("member", flat=True))
    return {member for member in members if apart.get(member, set()) & there}


def line_of(gathering: Gathering) -> list[Rsvp]:
    line = gathering.rsvps.in_line().filter(member__is_active=True)
    return list(line.with_first_time().select_related("member"))


def move_up(gathering: Gathering) -> None:
    """Give or offer every seat that is free to whose turn it is."""
    if gathering.has_begun or not gathering.is_published or gathering.is_full:
        return
    line = line_of(gathering)
    while rsvp := whose_turn(gathering, line):
        line.remove(rsvp)
        rsvp.gathering = gathering
        if rsvp.is_straight_away and not gathering.starts_within(STRAIGHT_AWAY):
            give_seat(rsvp, "seat_confirmed", due_at=by_day(gathering))
        else:
            offer_seat(rsvp)


def seat_or_wait(rsvp: Rsvp, kind: str = "seat_confirmed", due_at: datetime | None = None) -> None:
    """A seat, if nobody's turn comes before; else the end of the line."""
    if has_the_turn(rsvp):
        give_seat(rsvp, kind, due_at)
    else:
        wait(rsvp, due_at)


def has_the_turn(newcomer: Rsvp) -> bool:
    """Whether somebody who has only just come, and so stands last, may have a seat all the same."""
    if newcomer.gathering.is_full:
        return False
    newcomer.comes_first_time = newcomer.is_a_first_time()
    return whose_turn(newcomer.gathering, [*line_of(newcomer.gathering), newcomer]) is newcomer


# What a turn brings


def give_seat(rsvp: Rsvp, kind: str, due_at: datetime | None = None) -> None:
    rsvp.is_first_time = rsvp.is_a_first_time()
    rsvp.become(rsvp.State.SEATED)
    rsvp.gathering.count_seats()
    tell(rsvp, kind, due_at=due_at)
    tell_of_blocks(rsvp)


def offer_seat(rsvp: Rsvp) -> None:
    """Hold a seat until the offer ends; made at night, the clock of an offer starts in the morning."""
    begins = by_day(rsvp.gathering)
    rsvp.is_first_time = rsvp.is_a_first_time()
    rsvp.become(rsvp.State.OFFERED, offered_until=offer_ends(begins, rsvp.gathering.starts_at))
    rsvp.gathering.count_seats()
    tell(rsvp, "seat_offered", due_at=begins)


def take_offer(rsvp: Rsvp) -> None:
    """Raises OfferGone where nothing is held, or it has begun or is called off."""
    if not (rsvp.is_offered and rsvp.gathering.is_published and not rsvp.gathering.has_begun):
        raise OfferGone
    give_seat(rsvp, "seat_confirmed")


def offer_ends(begins: datetime, starts_at: datetime) -> datetime:
    """After the smaller of 12 hours and a third of the time left, at least 15 minutes; never after the start."""
    length = max(SHORTEST_OFFER, min(LONGEST_OFFER, (starts_at - begins) / 3))
    return min(begins + length, starts_at)


def wait(rsvp: Rsvp, due_at: datetime | None = None) -> None:
    last = rsvp.gathering.rsvps.aggregate(last=Max("turn", default=0))["last"]
    rsvp.become(rsvp.State.WAITLISTED, turn=last + 1)
    tell(rsvp, "waitlist_joined", due_at)


def ask(rsvp: Rsvp) -> None:
    rsvp.become(rsvp.State.ASKED)
    tell_hosts(rsvp, "request_received", rsvp.round)


def ask_anew(gathering: Gathering) -> None:
    """The host has begun to say yes to each guest, or ceased to: whoever waited asks, whoever asked has their turn."""
    if gathering.has_begun or not gathering.is_published:
        return
    begun_to_ask = gathering.asks_first
    asked = gathering.rsvps.filter(state="asked").select_related("member").order_by("changed_at", "pk")
    for rsvp in line_of(gathering) if begun_to_ask else asked:
        rsvp.gathering = gathering
        ask(rsvp) if begun_to_ask else seat_or_wait(rsvp, due_at=by_day(gathering))


# Giving back


def release(rsvp: Rsvp, state: Rsvp.State) -> None:
    """End their part in it, whichever it is, and let the line move."""
    rsvp.become(state)
    rsvp.gathering.count_seats()
    move_up(rsvp.gathering)


def send_home(gathering: Gathering) -> None:
    """Nobody asks, waits or is offered anything any more: it has begun, or it is called off."""
    for rsvp in gathering.rsvps.hoping().select_related("member"):
        rsvp.gathering = gathering
        rsvp.become(rsvp.State.LEFT)
    gathering.count_seats()


# Parties


def refuse_growth(rsvp: Rsvp, more: int) -> None:
    """Raise GatheringFull unless `more` people may join this party now. Whoever waits comes first."""
    if more <= 0 or not rsvp.holds_seats:
        return
    is_waited_for = rsvp.gathering.rsvps.in_line().exists()
    room = 0 if is_waited_for else rsvp.gathering.seats_open_to(rsvp.is_first_time)
    if more > room:
        raise GatheringFull


def grow(rsvp: Rsvp, companions: int) -> RsvpChange:
    """Set how many come along, more or fewer."""
    rsvp.party = 1 + companions
    rsvp.save(update_fields=["party", "note", "wants_space", "is_straight_away"])
    rsvp.keep_companions()
    change = rsvp.history.create(round=rsvp.round, state=rsvp.state, party=rsvp.party)
    rsvp.gathering.count_seats()
    move_up(rsvp.gathering)
    return change


# Mail


def by_day(gathering: Gathering) -> datetime:
    """Now, or in the morning: for what the reader has not just asked for."""
    return timing.not_at_night(timezone.now(), gathering.starts_at, gathering.zone)


def tell(rsvp: Rsvp, kind: str, due_at: datetime | None = None) -> None:
    slot = {"subject_id": rsvp.pk, "version": rsvp.round, "expires_at": rsvp.gathering.starts_at}
    Message.objects.put(kind, rsvp.member, due_at=due_at, **slot)


def tell_of_blocks(rsvp: Rsvp) -> None:
    """Word to whoever has blocked somebody with whom they have a seat now: to the seated, or to those there before."""
    seats = rsvp.gathering.rsvps.seated().exclude(pk=rsvp.pk).select_related("member")
    met = [(seat, rsvp.member) for seat in seats.filter(member__blocks_made__blocked=rsvp.member)]
    met += [(rsvp, seat.member) for seat in seats.filter(member__blocks_met__blocker=rsvp.member)]
    makers = dict.fromkeys(seat for seat, other in met if not is_told_by_the_series(seat, other))
    until = rsvp.gathering.ends_at
    Message.objects.put_all(
        [
            Message.objects.row(
                "blocked_at_table", seat.member, subject_id=seat.pk, version=seat.round, expires_at=until
            )
            for seat in makers
        ]
    )


def is_told_by_the_series(seat: Rsvp, other: Member) -> bool:
    """Whether they have read of another date of this series at which both still sit: of these two it is said once."""
    series, rsvps = seat.gathering.series_id, type(seat).objects
    if not series:
        return False
    theirs = rsvps.seated().filter(member=other, gathering__series=series).values("gathering")
    both = rsvps.seated().filter(member=seat.member, gathering__in=theirs).exclude(pk=seat.pk)
    told = Message.objects.filter(kind="blocked_at_table", member=seat.member)
    return told.filter(subject_id__in=both.values("pk")).exists()


def tell_hosts(rsvp: Rsvp, kind: str, version: int) -> None:
    slot = {"subject_id": rsvp.pk, "version": version, "expires_at": rsvp.gathering.starts_at}
    slot["due_at"] = by_day(rsvp.gathering)
    Message.objects.put_all([Message.objects.row(kind, host, **slot) for host in rsvp.gathering.hosts()])
