"""What came of a drill, read from the database and held against its own history; runs in a hand's process.

Every change of an RSVP leaves a row of history, written under the lock; in the order of these rows it must all make
sense: nobody overtook, no change was lost, nobody got a seat after the end, and each change was told once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from django.db.models import Sum

from apps.gatherings.models import Gathering, Rsvp, RsvpChange
from apps.outbox.models import Message

SEATED, OFFERED, WAITLISTED = Rsvp.State.SEATED, Rsvp.State.OFFERED, Rsvp.State.WAITLISTED
LEFT, DECLINED = Rsvp.State.LEFT, Rsvp.State.DECLINED
TOLD_AS = {SEATED: "seat_confirmed", OFFERED: "seat_offered", WAITLISTED: "waitlist_joined"}


def wrongs(pk: int, gave_back: Collection[int] = ()) -> list[str]:
    """Everything that is wrong at this gathering; `gave_back` are members who pressed the button to leave."""
    gathering = Gathering.objects.get(pk=pk)
    history = changes_of(gathering)
    parts: Iterable[Iterator[str]] = (
        wrong_counts(gathering),
        wrong_rows(gathering, history),
        wrong_turns(history),
        idle_seats(gathering),
        wrong_mail(gathering, history),
        wrong_lapses(gathering, history, gave_back),
        wrong_after_the_end(gathering, history),
    )
    return [wrong for part in parts for wrong in part]


def changes_of(gathering: Gathering) -> list[RsvpChange]:
    """Its history in the order in which it happened, without changes of a party alone."""
    changes = RsvpChange.objects.filter(rsvp__gathering=gathering).select_related("rsvp").order_by("pk")
    return list({(change.rsvp_id, change.round): change for change in reversed(changes)}.values())[::-1]


def wrong_counts(gathering: Gathering) -> Iterator[str]:
    held = gathering.rsvps.holding_seats().aggregate(sum=Sum("party", default=0))["sum"]
    if gathering.seats_taken != held:
        yield f"{gathering.seats_taken} seats are counted, {held} are held"
    if held > gathering.seats:
        yield f"{held} seats are held of {gathering.seats}"
    if gathering.seats != max(gathering.seats_wanted, gathering.seats_taken):
        yield f"{gathering.seats} seats, where {gathering.seats_wanted} are wanted and {gathering.seats_taken} taken"


def wrong_rows(gathering: Gathering, history: list[RsvpChange]) -> Iterator[str]:
    """One row a member, each as its history left it, no change of it lost."""
    rows = list(gathering.rsvps.all())
    if len({row.member_id for row in rows}) != len(rows):
        yield "a member has two rows"
    rounds: dict[int, list[RsvpChange]] = {row.pk: [] for row in rows}
    for change in history:
        rounds[change.rsvp_id].append(change)
    for row in rows:
        past = rounds[row.pk]
        if [change.round for change in past] != list(range(1, row.round + 1)):
            yield f"{row.pk} has been through rounds {[change.round for change in past]}, and says {row.round}"
        elif past[-1].state != row.state:
            yield f"{row.pk} is {row.state}, its history says {past[-1].state}"


def wrong_turns(history: list[RsvpChange]) -> Iterator[str]:
    """Who overtook whom, where no seat is kept and no host intervenes."""
    line: list[int] = []
    was: dict[int, str] = {}
    for change in history:
        has_a_seat_now = change.state in (SEATED, OFFERED) and was.get(change.rsvp_id) != OFFERED
        if has_a_seat_now and line and line[0] != change.rsvp_id:
            yield f"{change.rsvp_id} came to a seat before {line[0]}"
        if change.rsvp_id in line:
            line.remove(change.rsvp_id)
        if change.state == WAITLISTED:
            line.append(change.rsvp_id)
        was[change.rsvp_id] = change.state


def idle_seats(gathering: Gathering) -> Iterator[str]:
    """A seat is free only if whoever is next does not fit; where no seat is kept."""
    line = [row for row in gathering.rsvps.in_line() if row.party <= gathering.seats_wanted]  # others never could fit
    if len({row.turn for row in line}) != len(line):
        yield "two have the same place in the line"
    if gathering.is_published and line and line[0].party <= gathering.seats - gathering.seats_taken:
        yield f"{line[0].pk} waits beside {gathering.seats - gathering.seats_taken} free seats"


def wrong_mail(gathering: Gathering, history: list[RsvpChange]) -> Iterator[str]:
    """Each seat, offer and place in the line is told once, and nothing that was not."""
    due = Counter((TOLD_AS[Rsvp.State(c.state)], c.rsvp_id, c.round) for c in history if c.state in TOLD_AS)
    yield from differences("mail", due, told(gathering, TOLD_AS.values()))


def told(gathering: Gathering, kinds: Collection[str]) -> Counter[tuple[str, int, int]]:
    mail = Message.objects.filter(kind__in=kinds, subject_id__in=gathering.rsvps.values("pk"))
    return Counter(mail.values_list("kind", "subject_id", "version"))


def differences(what: str, due: Counter[tuple[str, int, int]], there: Counter[tuple[str, int, int]]) -> Iterator[str]:
    yield from (f"{what} missing: {slot}" for slot in due - there)
    yield from (f"{what} too much: {slot}" for slot in there - due)


def wrong_lapses(gathering: Gathering, history: list[RsvpChange], gave_back: Collection[int]) -> Iterator[str]:
    """An offer that ended by itself is told once; who gave one back has said so, and is not."""
    was: dict[int, str] = {}
    ended: dict[tuple[str, int, int], bool] = {}
    for change in history:
        is_in_time = not gathering.cancelled_at or change.at < gathering.cancelled_at
        if change.state == LEFT and was.get(change.rsvp_id) == OFFERED and is_in_time:
            ended["offer_lapsed", change.rsvp_id, change.round] = change.rsvp.member_id in gave_back
        was[change.rsvp_id] = change.state
    there = told(gathering, ["offer_lapsed"])
    due = Counter(slot for slot, may_have_left in ended.items() if not may_have_left or slot in there)
    yield from differences("lapse", due, there)


def wrong_after_the_end(gathering: Gathering, history: list[RsvpChange]) -> Iterator[str]:
    """Once it is called off nobody comes to anything, and whoever had or hoped for a seat is told once."""
    if not gathering.is_cancelled or not gathering.cancelled_at:
        return
    last: dict[int, RsvpChange] = {}
    for change in history:
        if change.at < gathering.cancelled_at:
            last[change.rsvp_id] = change
        elif change.state not in (LEFT, DECLINED):
            yield f"{change.rsvp_id} became {change.state} after it was called off"
    if hoping := list(gathering.rsvps.hoping()):
        yield f"{hoping} still hope"
    open_then = [change.rsvp for change in last.values() if change.state not in (LEFT, DECLINED)]
    due = Counter(("gathering_cancelled", rsvp.member_id, gathering.sequence) for rsvp in open_then)
    mail = Message.objects.filter(kind="gathering_cancelled", subject_id=gathering.pk)
    yield from differences("end", due, Counter(mail.values_list("kind", "member_id", "version")))


# What one drill asks besides


def places(pk: int) -> dict[int, int]:
    """The place in the line of each member who waits, counted from 1; 0 for who has a seat."""
    rsvps = Rsvp.objects.filter(gathering=pk, state__in=[SEATED, WAITLISTED])
    return {rsvp.member_id: rsvp.turn or 0 for rsvp in rsvps}


def paths(pk: int) -> dict[int, list[str]]:
    """What each member has been, in turn."""
    found: dict[int, list[str]] = {}
    for change in changes_of(Gathering.objects.get(pk=pk)):
        found.setdefault(change.rsvp.member_id, []).append(change.state)
    return found


def mails(pk: int) -> dict[str, int]:
    """How many rows of each kind the outbox holds about its RSVPs."""
    rows = Message.objects.filter(subject_id__in=Rsvp.objects.filter(gathering=pk).values("pk"))
    return dict(Counter(rows.values_list("kind", flat=True)))
