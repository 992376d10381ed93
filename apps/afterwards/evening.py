"""One evening that is over, as somebody who was there finds it: who else was, and when they may meet again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from apps.afterwards.models import LASTS, Match, Reflection, Thanks, Tick
from apps.gatherings.faces import faces_for
from apps.gatherings.models import Gathering, GatheringQuerySet, Rsvp
from apps.gatherings.ways_in import look_full_if_kept_out, way_in
from apps.profiles.models import Member


def lately(member: Member) -> GatheringQuerySet:
    """What has ended not longer ago, and they came to or hosted. The gate of everything here."""
    now = timezone.now()
    over = Gathering.objects.visible_to(member).published().filter(ends_at__lte=now, ends_at__gt=now - LASTS)
    came = Rsvp.objects.of(member).who_came().values("gathering")
    return over.filter(Q(pk__in=came) | Q(pk__in=Gathering.objects.run_by(member).values("pk")))


def unasked(member: Member, evenings: Sequence[Gathering]) -> Gathering | None:
    """The first of these about which they have not said anything yet, not even to themself; one query, or none."""
    of_these = Reflection.objects.of(member).filter(gathering__in=[each.pk for each in evenings])
    answered = set(of_these.values_list("gathering", flat=True)) if evenings else set()
    return next((each for each in evenings if each.pk not in answered), None)


def who_was_there(gathering: Gathering, reader: Member) -> QuerySet[Member]:
    """Guests who came and hosts, but for the reader, and whom they do not read the name of. No companions."""
    came = Rsvp.objects.who_came().filter(gathering=gathering).values("member")
    helped = gathering.co_hosts.accepted().values("member")
    people = Member.objects.filter(Q(pk=gathering.host_id) | Q(pk__in=helped) | Q(pk__in=came), is_active=True)
    face = Exists(faces_for(reader).filter(member=OuterRef("pk")))
    return people.visible_to(reader).exclude(pk=reader.pk).annotate(has_face=face).order_by("name", "pk")


def next_date(gathering: Gathering, reader: Member) -> NextDate | None:
    """The next of its series, else of its host."""
    same = Q(series=gathering.series_id) if gathering.series_id else Q(pk=None)
    ahead = Gathering.objects.visible_to(reader).listed().published().upcoming().for_cards()
    found = ahead.filter(same | Q(host=gathering.host_id))
    first = found.order_by(Case(When(same, then=Value(0)), default=Value(1)), "starts_at", "pk").first()
    return as_it_looks(first, reader) if first else None


@dataclass(frozen=True)
class NextDate:
    """As its own page says it to this reader: somebody who is kept out finds it full there, and here."""

    gathering: Gathering
    rsvp: Rsvp | None
    may_take_a_seat: bool  # at one press, without waiting or asking


def as_it_looks(gathering: Gathering, reader: Member) -> NextDate:
    rsvp = gathering.rsvps.of(reader).first()
    if gathering.is_run_by(reader):
        return NextDate(gathering, rsvp, may_take_a_seat=False)
    look_full_if_kept_out(gathering, rsvp, reader)
    way = way_in(gathering, rsvp, reader)
    is_free = way is not None and way.has_room and not way.refusal
    return NextDate(gathering, rsvp, may_take_a_seat=is_free and not gathering.asks_first)


@dataclass(frozen=True)
class Evening:
    gathering: Gathering
    member: Member

    @cached_property
    def is_host(self) -> bool:
        return self.gathering.is_run_by(self.member)

    @cached_property
    def people(self) -> list[Member]:
        return list(who_was_there(self.gathering, self.member))

    @cached_property
    def reflection(self) -> Reflection | None:
        return Reflection.objects.of(self.member).filter(gathering=self.gathering).first()

    @cached_property
    def last_line(self) -> str:
        """What they wrote after another evening."""
        return Reflection.objects.of(self.member).exclude(gathering=self.gathering).last_line(self.member)

    @cached_property
    def to_thank(self) -> list[Member]:
        """Whom they have not thanked yet."""
        written = Thanks.objects.filter(gathering=self.gathering, writer=self.member)
        thanked = set(written.values_list("receiver", flat=True))
        return [person for person in self.people if person.pk not in thanked]

    @cached_property
    def matches(self) -> list[Match]:
        """With whom of this table they keep in touch."""
        here = [person.pk for person in self.people]
        return list(Match.objects.of(self.member).filter(other__in=here).select_related("other").order_by("pk"))

    @cached_property
    def to_tick(self) -> list[Member]:
        known = {match.other_id for match in self.matches}
        return [person for person in self.people if person.pk not in known]

    @cached_property
    def ticks(self) -> list[Tick]:
        """Their own. What others have ticked is asked for nowhere but where a tick is kept."""
        here = [person.pk for person in self.to_tick]
        return list(Tick.objects.of(self.member).filter(other__in=here).order_by("-at", "-pk"))
