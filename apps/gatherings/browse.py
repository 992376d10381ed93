"""What a visitor looks for, read from the address of the page: where, how far, when, what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing
from apps.gatherings.comfort import ALL, DECIDING, OTHERS, Fact
from apps.gatherings.models import Gathering, GatheringQuerySet
from apps.gatherings.models.queries import words_of
from apps.gatherings.paging import Mark, parse_day
from apps.places.cells import RADII
from apps.places.models import Town
from apps.profiles.models import Member

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

WHEN = {"today": _("Today"), "tomorrow": _("Tomorrow"), "week": _("This week"), "weekend": _("Weekend")}
HOW = {"open": _("Seat at once"), "ask": _("Host says yes first")}
# What a wheelchair to push and one with a motor go through, in cm.
DOORS = {"80": _("Door 80 cm or wider"), "90": _("Door 90 cm or wider")}
ODD = "odd"  # that an address leading here said something odd
ASKED = ("km", "when", "day", "kind", "how", "speaks", "door", "q", "after")
Narrow = Callable[[GatheringQuerySet], GatheringQuerySet]
Switch = tuple["StrPromise | str", Narrow]
EVENING: dict[str, Switch] = {"evening": (_("Evenings"), GatheringQuerySet.in_the_evening)}
SEATS: dict[str, Switch] = {
    "free": (_("Seats free"), GatheringQuerySet.with_seats_free),
    "small": (_("Small table"), GatheringQuerySet.small),
}
FIRST: dict[str, Switch] = {"first": (_("Seats for first-timers"), GatheringQuerySet.keeping_seats)}
PUBLIC: dict[str, Switch] = {
    "public": (_("In a public place"), lambda found: found.filter(setting=Gathering.Setting.PUBLIC))
}


def saying(fact: Fact, is_so: bool) -> Narrow:
    """Those whose hosts have said just this of it: what is not said passes no filter."""
    return lambda found: found.filter(**{fact.field: is_so})


def switches(facts: Iterable[Fact]) -> dict[str, Switch]:
    answers = [(fact, is_so, fact.answer(is_so)) for fact in facts for is_so in (True, False)]
    return {answer.switch: (answer.chip, saying(fact, is_so)) for fact, is_so, answer in answers if answer.switch}


COMFORT = switches(DECIDING[:1]) | FIRST | switches(DECIDING[1:])
MORE_COMFORT = PUBLIC | switches(OTHERS)
SWITCHES = EVENING | SEATS | COMFORT | MORE_COMFORT
ON_OR_OFF = (*SWITCHES, ODD)
ONLY_FOR = {answer.switch: fact.kinds for fact in ALL for answer in (fact.yes, fact.no) if answer.switch and fact.kinds}
LONGEST_WORDS = 80
LONGEST_LANGUAGE = 40


def is_for(kind: str, name: str) -> bool:
    """Whether this comfort can be looked for among gatherings of this kind, or of any."""
    return not kind or kind in ONLY_FOR.get(name, (kind,))


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Search:
    """One look around a town. Anything odd in the address is passed over and said to be, never refused."""

    town: Town
    km: int = 25
    when: str = ""
    kind: str = ""
    how: str = ""
    speaks: str = ""
    door: str = ""
    words: str = ""
    switches: tuple[str, ...] = ()
    after: Mark | None = None
    is_odd: bool = False  # whether something was asked that says nothing here

    @classmethod
    def of(cls, town: Town, query: QueryDict) -> Search:
        asked = {name: clean(query.get(name, "")) for name in ASKED}
        return cls(
            town=town,
            km=int(asked["km"]) if asked["km"] in map(str, RADII) else cls.km,
            when=next((when for when in (asked["day"], asked["when"]) if when in WHEN or parse_day(when)), ""),
            kind=asked["kind"] if asked["kind"] in Gathering.Kind.values else "",
            how=asked["how"] if asked["how"] in HOW else "",
            speaks=words_in(asked["speaks"])[:LONGEST_LANGUAGE],
            door=asked["door"] if asked["door"] in DOORS else "",
            words=words_in(asked["q"])[:LONGEST_WORDS],
            switches=tuple(name for name in SWITCHES if query.get(name) == "1"),
            after=Mark.read(asked["after"]),
        ).told_of(query, asked)

    def told_of(self, query: QueryDict, asked: dict[str, str]) -> Search:
        """This, with whether all was understood that the address asks."""
        understood = {
            **{name: each for name in ("when", "day") if (each := asked[name]) in WHEN or parse_day(each)},
            **{"km": str(self.km), "kind": self.kind, "how": self.how, "door": self.door},
            **({"q": asked["q"]} if self.words else {}),
            **({"speaks": asked["speaks"]} if self.speaks else {}),
            **({"after": asked["after"]} if self.after else {}),
        }
        is_odd = any(each and each != understood.get(name) for name, each in asked.items())
        is_odd = is_odd or query.get(ODD) == "1"
        return replace(self, is_odd=is_odd or any(query.get(name, "") not in ("", "0", "1") for name in ON_OR_OFF))

    @property
    def narrowing(self) -> dict[str, str]:
        """What has been chosen, by the names that the address of the page gives it."""
        chosen = {"when": self.when, "kind": self.kind, "how": self.how, "speaks": self.speaks, "door": self.door}
        chosen["q"] = self.words
        return {name: value for name, value in chosen.items() if value} | dict.fromkeys(self.switches, "1")

    @property
    def lasting(self) -> dict[str, str]:
        """Of that, what holds for any day."""
        return {name: value for name, value in self.narrowing.items() if name != "when"}

    @property
    def lasting_words(self) -> list[str]:
        """The same as the page says it."""
        words = [self.kind_words, HOW.get(self.how, ""), *(SWITCHES[name][0] for name in self.switches)]
        words += [DOORS.get(self.door, "")]
        if self.speaks:
            words.append(_("“%(language)s” is spoken") % {"language": self.speaks})
        if self.words:
            words.append(_("with the words “%(words)s”") % {"words": self.words})
        return [str(each) for each in words if each]

    @property
    def narrowing_by_chips(self) -> dict[str, str]:
        """What the form for words and a day keeps beside them."""
        typed = {"q", "speaks"} | ({"when"} if self.day else set())
        kept = self.narrowing | ({"km": str(self.km)} if self.km != Search.km else {})
        return {name: value for name, value in kept.items() if name not in typed}

    @property
    def kind_words(self) -> StrPromise | str:
        return Gathering.Kind(self.kind).label if self.kind else ""

    @property
    def day(self) -> date | None:
        """The one day that is looked for, if it is one of the calendar."""
        return parse_day(self.when)

    @property
    def is_past(self) -> bool:
        return self.day is not None and self.day < self.today()

    @property
    def has_typed(self) -> bool:
        """Whether anything stands in the form for a day, a language and words."""
        return bool(self.day or self.speaks or self.words)

    @property
    def url(self) -> str:
        return self.at("near", after=str(self.after or ""))

    @property
    def first_url(self) -> str:
        """Of its first page."""
        return self.at("near")

    @property
    def url_from_elsewhere(self) -> str:
        """For an answer that leads here: what it passed over is still said."""
        return self.at("near", **{ODD: "1" if self.is_odd else ""})

    @property
    def town_url(self) -> str:
        """By which machines are to know every look around this town, and all its pages."""
        return reverse("gatherings:near", args=[self.town.slug])

    @property
    def atom_url(self) -> str:
        return self.at("near_atom")

    @property
    def feed_url(self) -> str:
        return self.at("near_feed")

    def at(self, page: str, **more: str) -> str:
        """This look at another of its addresses."""
        return reverse(f"gatherings:{page}", args=[self.town.slug]) + self.query(**more)

    def query(self, **more: str) -> str:
        asked = {**self.narrowing, **more, "km": str(self.km) if self.km != Search.km else ""}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"?{query}" if query else ""

    # The chips: each is a link to the same look with one thing changed

    @property
    def first_chips(self) -> list[Chip]:
        """When, and what."""
        kinds = self.choices("kind", dict(Gathering.Kind.choices))
        return chosen_first([*self.choices("when", WHEN), *self.switch_chips(EVENING), *kinds])

    @property
    def second_chips(self) -> list[Chip]:
        """Comfort, and seats."""
        return chosen_first([*self.switch_chips(COMFORT), *self.switch_chips(SEATS), *self.choices("how", HOW)])

    @property
    def more_comfort_chips(self) -> list[Chip]:
        named = [name for name in MORE_COMFORT if is_for(self.kind, name) or name in self.switches]
        return [*self.choices("door", DOORS), *self.switch_chips(named)]

    @property
    def has_more_comfort(self) -> bool:
        return bool(self.door) or any(name in MORE_COMFORT for name in self.switches)

    def choices(self, field: str, labels: Mapping[str, object]) -> list[Chip]:
        """One of these, or none."""
        chosen = getattr(self, field)
        return [
            self.chip(label, chosen == key, **{field: "" if chosen == key else key}) for key, label in labels.items()
        ]

    def switch_chips(self, switches: Iterable[str]) -> list[Chip]:
        """Each on or off."""
        return [self.chip(SWITCHES[name][0], name in self.switches, switches=self.switched(name)) for name in switches]

    def switched(self, name: str) -> tuple[str, ...]:
        return tuple(each for each in SWITCHES if (each in self.switches) != (each == name))

    def chip(self, label: object, is_chosen: bool, **changed: Any) -> Chip:
        """Another kind lets go of the comforts that it does not know."""
        look = replace(self, **{"after": None, **changed})
        if "kind" in changed:
            look = replace(look, switches=tuple(name for name in look.switches if is_for(look.kind, name)))
        return Chip(str(label), look.url, is_chosen)

    # The answer

    def gatherings(self, member: Member | AnonymousUser) -> GatheringQuerySet:
        return self.narrowed(Gathering.objects.visible_to(member))

    def narrowed(self, seen: GatheringQuerySet) -> GatheringQuerySet:
        """Of what a reader may see, what this search is for."""
        found = seen.listed().published().upcoming().for_cards().near(*self.town.point, self.km)
        if self.when:
            begin, end = self.span()
            found = found.filter(starts_at__gte=begin, starts_at__lt=end)
        return self.fitting(found)

    def fitting(self, found: GatheringQuerySet) -> GatheringQuerySet:
        """Of these, what is looked for wherever and whenever it is."""
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.how:
            found = found.filter(asks_first=self.how == "ask")
        if self.words:
            found = found.saying(self.words)
        if self.speaks:
            found = found.speaking(self.speaks)
        if self.door:
            found = found.filter(door_width__gte=int(self.door))
        for name in self.switches:
            found = SWITCHES[name][1](found)
        return found

    def today(self) -> date:
        return timezone.now().astimezone(ZoneInfo(self.town.time_zone)).date()

    def span(self) -> tuple[datetime, datetime]:
        """The UTC bounds of the chosen days, which are local days of the town."""
        today = self.today()
        if self.day:
            return self.bounds(self.day, self.day)
        saturday = today + timedelta(days=5 - today.weekday())  # on a Sunday, yesterday
        first, last = {
            "today": (today, today),
            "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
            "week": (today, today + timedelta(days=6)),
            "weekend": (saturday, saturday + timedelta(days=1)),
        }[self.when]
        return self.bounds(first, last)

    def bounds(self, first: date, last: date) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.town.time_zone)
        return timing.moment(first, time(), zone), timing.moment(last + timedelta(days=1), time(), zone)


def chosen_first(chips: list[Chip]) -> list[Chip]:
    """On a phone a row of chips is longer than the screen, and what is chosen must not lie out of sight."""
    return sorted(chips, key=lambda chip: not chip.is_chosen)


def words_in(text: str) -> str:
    """What somebody typed to look for; nothing where there is no word in it."""
    return " ".join(text.split()) if words_of(text) else ""


def clean(text: str) -> str:
    """Without what no address of ours holds, and a database may not take."""
    return "".join(sign for sign in text if sign.isprintable())
