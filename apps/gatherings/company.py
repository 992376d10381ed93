"""Who has sat at a table with whom, and who is at this one, as its hosts see it."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from apps.gatherings import timing, waitlist
from apps.gatherings.models import Gathering, Rsvp
from apps.gatherings.party import brings
from apps.profiles.models import Member
from apps.safety.models import Block


def have_sat_with(member: Member) -> QuerySet[Member]:
    """Everyone who came to a gathering that this member hosted, co-hosted or came to, and its hosts."""
    came_to = Rsvp.objects.of(member).who_came().values("gathering")
    hosted = Gathering.objects.run_by(member).values("pk")
    shared = Rsvp.objects.who_came().filter(Q(gathering__in=hosted) | Q(gathering__in=came_to))
    hosts = Gathering.objects.filter(pk__in=came_to).values("host")
    known = Q(pk__in=shared.values("member")) | Q(pk__in=hosts)
    return Member.objects.filter(known, is_active=True).exclude(pk=member.pk)


def read_of(gathering: Gathering, reader: Member) -> QuerySet[Member]:
    """Whose names this reader reads on the pages of a gathering that they may see, besides their own."""
    rsvps = Rsvp.objects.filter(gathering=gathering)
    if gathering.is_run_by(reader):
        known = rsvps.open()
    elif gathering.is_seat(rsvps.of(reader).first()):
        known = rsvps.seated()
    else:
        known = rsvps.none()
    hosts = Q(pk=gathering.host_id) | Q(pk__in=gathering.co_hosts.accepted().values("member"))
    people = Member.objects.filter(hosts | Q(pk__in=known.values("member")), is_active=True)
    return people.visible_to(reader).exclude(pk=reader.pk)


def may_be_offered(gathering: Gathering, host: Member) -> QuerySet[Member]:
    """Of those whoever could say yes to a seat here; not whom a block or a moderator keeps from this table."""
    hosts = [each.pk for each in gathering.hosts()]
    people = have_sat_with(host).exclude(rsvps__in=gathering.rsvps.open()).exclude(pk__in=hosts)
    people = people.exclude(blocks_made__blocked__in=hosts).exclude(blocks_met__blocker__in=hosts)
    return people.exclude(pk__in=waitlist.kept_out(gathering, list(people.values_list("pk", flat=True))))


def company() -> Prefetch:
    """What the `Company` of a gathering is made of, for one gathering or for many at once."""
    rsvps = Rsvp.objects.open().with_first_time().select_related("member").prefetch_related("companions")
    return Prefetch("rsvps", rsvps.order_by("turn", "changed_at", "pk"), to_attr="found_company")


@dataclass(frozen=True)
class Party:
    """An RSVP as the hosts see it; `fits` where a free seat could be held for it now."""

    rsvp: Rsvp
    brings: str
    pending: int
    fits: bool


class Company:
    """Everyone who comes or hopes to, in two queries however many they are.

    Whoever has blocked the reader, or is blocked by them, is counted and not named where it is past or called off. At
    a table that is to come they have parted.
    """

    def __init__(self, gathering: Gathering, reader: Member | None = None) -> None:
        self.gathering = gathering
        if not hasattr(gathering, "found_company"):  # else it was found for many at once
            prefetch_related_objects([gathering], company())
        self.rsvps = gathering.found_company
        is_to_come = gathering.is_published and not gathering.is_over
        self.unnamed = Block.objects.keys_of_others(reader) if reader and not is_to_come else set()

    def those(self, state: Rsvp.State) -> list[Party]:
        return [self.party(rsvp) for rsvp in self.rsvps if rsvp.state == state and rsvp.member_id not in self.unnamed]

    def party(self, rsvp: Rsvp) -> Party:
        companions = list(rsvp.companions.all())
        pending = sum(not companion.is_agreed for companion in companions)
        return Party(rsvp, brings(companions), pending, rsvp.party <= self.gathering.seats_left)

    @cached_property
    def seated(self) -> list[Party]:
        return self.those(Rsvp.State.SEATED)

    @cached_property
    def offered(self) -> list[Party]:
        return self.those(Rsvp.State.OFFERED)

    @cached_property
    def asked(self) -> list[Party]:
        return self.those(Rsvp.State.ASKED)

    @cached_property
    def waiting(self) -> list[Party]:
        return self.those(Rsvp.State.WAITLISTED)

    @property
    def people(self) -> int:
        return sum(rsvp.party for rsvp in self.rsvps if rsvp.is_seated)

    @property
    def said_yes(self) -> int:
        return sum(party.rsvp.said_yes_at is not None for party in self.seated)

    @property
    def first_timers(self) -> int:
        return sum(party.rsvp.comes_first_time for party in self.seated)

    @property
    def blocked(self) -> Rsvp | None:
        """Whose turn it is, while seats are free but too few for them; None if the line is not held up so."""
        line = [party.rsvp for party in self.waiting if party.rsvp.party <= self.gathering.seats_wanted]
        if not line or not self.gathering.seats_open_to(is_first_time=False):
            return None
        line = waitlist.without_kept_out(self.gathering, line)  # for whom no line is held up
        return line[0] if line and waitlist.whose_turn(self.gathering, line) is None else None

    @property
    def is_too_small(self) -> bool:
        """From the day before, when the hosts are asked what they would like to do."""
        gathering, least = self.gathering, self.gathering.least_guests
        is_time = timing.day_before(gathering.starts_at, gathering.zone) <= timezone.now()
        return is_time and least is not None and self.people < least and not gathering.goes_ahead
