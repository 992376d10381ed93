"""What happens when in a demo town: which idea on which day, and how full its table is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from apps.community.demo.ideas import IDEAS, Idea
from apps.gatherings.models import Gathering

DAYS_AHEAD = 28  # four weeks, today being their first day
DAYS_BACK = 7
FULL_DAYS = range(15)  # today and the next two weeks: none without a gathering
MEI_HOSTS = {
    "Dumplings, folded badly together": 2,
    "Totoro under blankets": 5,
    "A slow walk round the park": 11,
}
MEI_ASKS_FIRST = "Totoro under blankets"
MEI_OFFERS_ROBIN = "A slow walk round the park"
MEI_DRAFTS = {"A table with no questions": 18}
CALLED_OFF = [6, 13]
EVERY_SEAT = 99
# Again and again, so that full tables and last seats are never far.
SEATS_LEFT = [2, 0, 1, 3, 0, 2, 1, EVERY_SEAT]


@dataclass(frozen=True)
class Slot:
    """`day` counts from today, so that -3 is past; `left` seats stay free, as far as there are so many."""

    day: int
    kind: Gathering.Kind
    idea: Idea
    left: int
    state: Gathering.State = Gathering.State.PUBLISHED
    is_meis: bool = False
    has_robin: bool = False

    @property
    def guests(self) -> int:
        return 0 if self.state == Gathering.State.DRAFT else max(self.idea.seats - self.left, int(self.has_robin))


def slots(count: int, rng: Random) -> list[Slot]:
    """Those of Mei first. At least ten in all: what a small number leaves out is days of the second week."""
    meis = [Slot(day, *idea_called(title), left=2, is_meis=True) for title, day in MEI_HOSTS.items()]
    drafts = [
        Slot(day, *idea_called(title), EVERY_SEAT, Gathering.State.DRAFT, is_meis=True)
        for title, day in MEI_DRAFTS.items()
    ]
    ideas = other_ideas(rng)
    called_off = [
        Slot(day, *next(ideas), left=2, state=Gathering.State.CANCELLED) for day in CALLED_OFF[: 1 if count < 40 else 2]
    ]
    open_days = days(count - len(meis + drafts + called_off), rng)
    others = [Slot(day, *next(ideas), SEATS_LEFT[n % len(SEATS_LEFT)]) for n, day in enumerate(open_days)]
    return with_robin(meis, 0) + drafts + called_off + with_robin(others, *robins(others))


def days(count: int, rng: Random) -> list[int]:
    """The past ones, then each of the days that must have one, then whichever."""
    past = [-1 - rng.randrange(DAYS_BACK) for _ in range(max(2, count // 9))]
    musts = [day for day in FULL_DAYS if day not in MEI_HOSTS.values()]
    others = [rng.randrange(DAYS_AHEAD) for _ in range(count)]
    return [*past, *musts, *others][:count]


def robins(others: list[Slot]) -> tuple[int, int]:
    """Where in the list Robin has been lately, and where Robin goes after the first visit to Mei."""
    past = next(n for n, slot in enumerate(others) if slot.day < 0)
    later = max((slot.day, -n) for n, slot in enumerate(others) if 2 < slot.day < 10)
    return past, -later[1]


def with_robin(some: list[Slot], *places: int) -> list[Slot]:
    return [replace(slot, has_robin=n in places) for n, slot in enumerate(some)]


def idea_called(title: str) -> tuple[Gathering.Kind, Idea]:
    return next((kind, idea) for kind, ideas in IDEAS.items() for idea in ideas if idea.title == title)


def other_ideas(rng: Random) -> Iterator[tuple[Gathering.Kind, Idea]]:
    """All that are not Mei's, in an order of their own each time round."""
    meis = MEI_HOSTS | MEI_DRAFTS
    common = [(kind, idea) for kind, ideas in IDEAS.items() for idea in ideas if idea.title not in meis]
    while True:
        yield from rng.sample(common, len(common))
