from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, time
from functools import lru_cache, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.conf.locale import LANG_INFO
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection, models
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Sum, TextField, Value, When
from django.utils import timezone

from apps.places.cells import cells_within
from apps.places.distance import metres_from
from apps.places.folding import folded
from apps.profiles.door import is_member
from apps.profiles.models import HouseRules, Member
from apps.safety.locks import hold_blocks_still
from apps.safety.models import Block

SMALL = 5  # seats
EVENING = time(17)
SAID = ("title", "words", "area", "languages", "which_games", "what_is_made")
SPOKEN = ("languages",)
JOINING = "/.@:_~?&=#%+-"  # what Postgres reads addresses, paths and signed numbers by: "vegan/vegetarian" is two words
KEY = "the key"  # that a question which is put into words once leaves open
MOST_WORDS = 8  # of a search; what is typed after them narrows nothing further

if TYPE_CHECKING:
    from apps.gatherings.models.gathering import Gathering


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """The questions that are asked of gatherings. `visible_to` comes first in every one a reader sees."""

    def visible_to(self, member: Member | AnonymousUser, link: str = "") -> GatheringQuerySet:
        """What this reader may know of; `link` is the secret of an invitation link they came by.

        A draft is for its host and co-hosts alone. One that is only for those who have the link, or that a moderator
        has hidden, is also for those who have an RSVP. Where there is a block between the reader and a host or co-host
        it is as if it were not there. Where only members may look, strangers know of nothing, not even by a link; and
        whose joining waits for a keeper is a stranger still.
        """
        seen = [self.model.Visibility.EVERYONE]
        may_read = Q(visibility=self.model.Visibility.LINK, link=link) if link else Q()
        shown = Q(state__in=[self.model.State.PUBLISHED, self.model.State.CANCELLED])
        if not is_member(member):
            public = shown & (Q(visibility__in=seen) | may_read) & Q(hidden_at=None)
            return self.filter(public, ~Exists(HouseRules.objects.closed()))
        seen.append(self.model.Visibility.MEMBERS)
        may_read |= Q(visibility=self.model.Visibility.LINK) & has_an_rsvp(member)
        public = shown & (Q(visibility__in=seen) | may_read)
        may_know = public & (Q(hidden_at=None) | has_an_rsvp(member))
        return self.filter((may_know & ~is_blocked_for(member)) | is_run_by(member))

    def for_members(self) -> GatheringQuerySet:
        """What every member may see, unless a block parts them from its hosts: that is for the caller to mind."""
        shown = [self.model.State.PUBLISHED, self.model.State.CANCELLED]
        return self.exclude(visibility=self.model.Visibility.LINK).filter(state__in=shown, hidden_at=None)

    def state_of(self, key: str) -> tuple[Any, ...] | None:
        """Whatever seats and line of this gathering stand at now, with all else of its row; None where there is none.

        Two that are equal are one state: that is all that they are good for, as they are what the database gives.
        """
        sql, params = question_of_state(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [key if each == KEY else each for each in params])
            return cursor.fetchone()

    def with_last_edit(self) -> GatheringQuerySet:
        """With `edited_at`, the moment in which a host last changed it; None if nobody has."""
        from apps.gatherings.models.change import Change  # that module imports this one

        last = Change.objects.filter(gathering=OuterRef("pk")).order_by("-at").values("at")[:1]
        return self.annotate(edited_at=Subquery(last))

    def unblocked_for(self, member: Member) -> GatheringQuerySet:
        """Those at which there is no block between the member and a host or co-host, whatever else they may see."""
        return self.filter(~is_blocked_for(member))

    def run_by(self, member: Member) -> GatheringQuerySet:
        """Those that the member hosts or, having said yes to it, co-hosts."""
        return self.filter(is_run_by(member))

    def hosted_by(self, member: Member) -> GatheringQuerySet:
        """Those of which the member is the host; for what a co-host may not do."""
        return self.filter(host=member)

    def published(self) -> GatheringQuerySet:
        return self.filter(state=self.model.State.PUBLISHED)

    def listed(self) -> GatheringQuerySet:
        """What lists and searches may hold: never what is hidden, or only for those who have its link."""
        return self.exclude(visibility=self.model.Visibility.LINK).filter(hidden_at=None)

    def upcoming(self, now: datetime | None = None) -> GatheringQuerySet:
        return self.filter(starts_at__gt=now or timezone.now())

    def not_over(self, now: datetime | None = None) -> GatheringQuerySet:
        return self.filter(ends_at__gt=now or timezone.now())

    def with_seats_free(self) -> GatheringQuerySet:
        return self.filter(seats_taken__lt=F("seats"))

    def marked_full(self) -> GatheringQuerySet:
        """Each with `is_full_up`, 1 or 0, to be put in order by."""
        is_full = Case(When(seats_taken__gte=F("seats"), then=1), default=0, output_field=IntegerField())
        return self.annotate(is_full_up=is_full)

    def small(self) -> GatheringQuerySet:
        return self.filter(seats__lte=SMALL)

    def keeping_seats(self) -> GatheringQuerySet:
        """Those with a seat free of which some are still kept for first-timers; see `welcomes_first_timers`."""
        from apps.gatherings.models.seated import KEPT_UNTIL  # that module imports this one

        return self.with_seats_free().filter(seats_kept__gt=0, starts_at__gt=timezone.now() + KEPT_UNTIL)

    def in_the_evening(self) -> GatheringQuerySet:
        """By the clock on the wall there."""
        return self.filter(starts__gte=EVENING)

    def saying(self, text: str) -> GatheringQuerySet:
        """Those whose title, words, area and languages hold words that begin with each of these, whatever their case.

        By the full text search of Postgres in its `simple` manner, which knows no language and leaves no word out;
        elsewhere by the same question put as patterns.
        """
        return self.holding([text], SAID)

    def speaking(self, language: str) -> GatheringQuerySet:
        """Those whose hosts have said that it is spoken there, by its own name or the English one."""
        return self.holding(names_of(language), SPOKEN)

    def holding(self, texts: Iterable[str], fields: tuple[str, ...]) -> GatheringQuerySet:
        """Those that hold, in these fields together, all words of one of the texts."""
        asked = [words for text in texts if (words := words_of(text)[:MOST_WORDS])]
        if not asked:
            return self
        if connection.vendor == "postgresql":
            wanted = " | ".join(" & ".join(f"{word}:*" for word in words) for words in asked)
            held = "_".join(("held", *fields))
            found = self.alias(**{held: SearchVector(*map(taken_apart, fields), config="simple")})
            return found.filter(**{held: SearchQuery(wanted, config="simple", search_type="raw")})
        return self.filter(reduce(or_, (reduce(and_, (begun(word, fields) for word in words)) for words in asked)))

    def still_open(self, now: datetime | None = None) -> GatheringQuerySet:
        """What a host may still do something about: not over, or a draft, whose day may have passed."""
        return self.filter(Q(ends_at__gt=now or timezone.now()) | Q(state=self.model.State.DRAFT))

    def soonest_first(self) -> GatheringQuerySet:
        return self.order_by("starts_at", "pk")

    def near(self, latitude: float, longitude: float, km: int) -> GatheringQuerySet:
        """Those whose public point lies within `km` (one of RADII) of this one, with their distance in `metres`."""
        cell, within = cells_within(latitude, longitude, km)
        metres = metres_from(latitude, longitude)
        return self.filter(**{f"{cell}__in": within}).annotate(metres=metres).filter(metres__lte=km * 1000)

    def for_cards(self) -> GatheringQuerySet:
        return self.select_related("town", "host")

    def on_calendars(self, since: datetime) -> GatheringQuerySet:
        """What a calendar that subscribes holds: what takes place or has since then, and what was called off since."""
        state = self.model.State
        is_told = Q(state=state.PUBLISHED) | Q(state=state.CANCELLED, cancelled_at__gt=since)
        return self.filter(is_told, ends_at__gt=since)

    def locked(self, pk: int) -> Gathering:
        """The gathering with its row locked until the transaction ends; every change of seats comes through here."""
        hold_blocks_still()
        return self.select_for_update(of=("self",)).get(pk=pk)


def words_of(text: str) -> list[str]:
    """Of letters, digits and the marks that belong to them, as the vowels of Hindi do; all else lies between words."""
    return "".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in text).split()


def taken_apart(field: str) -> Func:
    """With spaces in place of what joins words for Postgres and for nobody else."""
    return Func(field, Value(JOINING), Value(" " * len(JOINING)), function="translate", output_field=TextField())


def begun(word: str, fields: tuple[str, ...]) -> Q:
    """Whether a word in one of the fields begins so."""
    begins = rf"(?<![^\W_]){re.escape(word)}"
    return reduce(or_, (Q(**{f"{field}__iregex": begins}) for field in fields))


def names_of(language: str) -> list[str]:
    """What was typed, and where it is the name of a language, its English one and its own: hosts write either."""
    typed = folded(language)
    names = [(info["name"], info["name_local"]) for info in LANG_INFO.values() if "name" in info]
    also = {name for pair in names for name in pair if typed in map(folded, pair)}
    return [language, *sorted(also)]


@lru_cache
def question_of_state(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Put into words of the database once for all: that takes ten times as long as the answer."""
    from apps.gatherings.models.gathering import Gathering  # that module imports this one
    from apps.gatherings.models.rsvp import Rsvp  # likewise

    rsvps = Rsvp.objects.filter(gathering=OuterRef("pk")).order_by().values("gathering")
    line = {
        name: Subquery(rsvps.annotate(**{name: told}).values(name))
        for name, told in {"rounds": Sum("round"), "parties": Sum("party"), "turns": Sum("turn")}.items()
    }
    fields = [field.attname for field in Gathering._meta.concrete_fields]
    asked = Gathering.objects.filter(key=KEY).annotate(**line).values_list(*fields, *line, "host__name", "town__name")
    return asked.query.sql_with_params()


def is_run_by(member: Member) -> Q:
    from apps.gatherings.models.co_host import CoHost  # that module imports this one

    return Q(host=member) | Q(Exists(CoHost.objects.filter(gathering=OuterRef("pk"), member=member)))


def is_blocked_for(member: Member) -> Q:
    from apps.gatherings.models.co_host import CoHost  # likewise

    apart = Block.objects.others_of(member)
    return Q(host__in=apart) | Q(Exists(CoHost.objects.filter(gathering=OuterRef("pk"), member__in=apart)))


def has_an_rsvp(member: Member) -> Q:
    from apps.gatherings.models.rsvp import Rsvp  # likewise

    return Q(Exists(Rsvp.objects.filter(gathering=OuterRef("pk"), member=member)))
