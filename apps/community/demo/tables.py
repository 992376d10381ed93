"""Who hosts and who sits at the tables of a demo town."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from apps.community.demo.ideas import Idea
from apps.community.demo.ideas.details import DETAILS
from apps.community.demo.ideas.dishes import DISHES
from apps.community.demo.ideas.features import FEATURES
from apps.community.demo.keys import key_from
from apps.community.demo.places import Map
from apps.community.demo.schedule import MEI_ASKS_FIRST, MEI_OFFERS_ROBIN, Slot
from apps.gatherings import timing
from apps.gatherings.comfort import UNDER_MORE
from apps.gatherings.details import details_for
from apps.gatherings.models import MOST_SEATS, Gathering, Rsvp
from apps.meals.models import Dish
from apps.movies.evening import usual_deadline
from apps.movies.models import Film, Showing
from apps.places.models import Town
from apps.profiles.models import Member

NO_COST = "Nothing"
COSTS = ["", "", NO_COST, NO_COST, NO_COST, "A coin for the ingredients", "Pay what you like"]
COSTS_OUTSIDE = ["", NO_COST, NO_COST, "Only what you buy yourself"]
MINUTES_EARLY = [0, 0, 10, 15, 15, 30]
SEATS_KEPT = [0, 0, 0, 1]
MOST_COMPANIONS = [0, 0, 1, 2]
NOTE = "I may be quiet at first."
ADDRESS_FROM = [Gathering.AddressFrom.DAY_BEFORE] * 3 + [Gathering.AddressFrom.NOW]
VISIBILITIES = [Gathering.Visibility.EVERYONE] * 7 + [Gathering.Visibility.MEMBERS]
COMFORTS = [fact for fact in UNDER_MORE if fact.field != "is_costless"]
LIKELY = [True, True, None, None, False]
LANGUAGES = ["", "English", "English", "English and Polish", "English, and some Arabic", "Deutsch, English"]
DOORS = [None, None, 76, 80, 85, 90, 110]
REGRET = "I have caught a cold and would rather not share it. We will find another evening."


def comforts(slot: Slot) -> dict[str, Any]:
    """What a host says besides, of some things and not of others; drawn apart, so that the rest stays as it was."""
    rng = Random(f"{slot.idea.title} {slot.day}")
    said: dict[str, Any] = {fact.field: rng.choice(LIKELY) for fact in COMFORTS if fact.is_for(slot.kind)}
    if slot.kind == Gathering.Kind.QUIET:
        said["is_quiet"] = True
    said["languages"] = rng.choice(LANGUAGES)
    return {**said, "door_width": rng.choice(DOORS) if slot.kind != Gathering.Kind.WALK else None}


def details(slot: Slot) -> dict[str, str]:
    """What is to be known of one of its kind; drawn apart, too."""
    rng = Random(f"details of {slot.idea.title} {slot.day}")
    asked = [detail.field for detail in details_for(slot.kind)]
    return {name: rng.choice(DETAILS[name]) for name in asked if name != "meeting_point" or slot.idea.place}


def costs(words: str) -> dict[str, Any]:
    """A plain nothing is a fact that can be looked for; anything else is a sentence."""
    return {"is_costless": True} if words == NO_COST else {"cost": words}


def dishes(seats: list[Rsvp]) -> list[Dish]:
    """What the guests of a shared meal bring: most of them something, some only themselves."""
    rng = Random(" ".join(seat.member.key for seat in seats))
    bringing = [seat for seat in seats if rng.random() < 0.75][: len(DISHES)]
    places: Counter[str] = Counter()
    found = []
    for seat, idea in zip(bringing, DISHES, strict=False):
        places[idea.need] += 1
        said = {**idea._asdict(), "diets": list(idea.diets), "allergens": list(idea.allergens)}
        taken = {"round": seat.round, "place": places[idea.need], "at": seat.changed_at}
        found.append(Dish(gathering=seat.gathering, bringer=seat.member, **taken, **said))
    return found


def showing(gathering: Gathering) -> tuple[Showing, list[Film]]:
    """What is shown there: the one film that was named, or those that the guests choose from until two days before."""
    ideas = FEATURES.get(gathering.title, [])
    films = [Film(gathering=gathering, place=place, at=gathering.created_at, **idea.said) for place, idea in
             enumerate(ideas, start=1)]  # fmt: skip
    night = Showing(gathering=gathering, talk_minutes=30, break_minutes=10 if len(films) == 1 else 0)
    if len(films) > 1:
        night.vote_until = usual_deadline(gathering)
    elif films:
        night.chosen = films[0]
        night.begins_after = 15
        if night.ends_at:
            gathering.ends = timing.on_the_wall(night.ends_at, gathering.zone).time()
            gathering.settle()
    return night, films


class Tables:
    """Lays one table after another. Nobody is at two on one day as long as there are people enough."""

    def __init__(self, town: Town, members: list[Member], midnight: datetime, rng: Random) -> None:
        """`midnight` is when today began in the town."""
        self.town, self.midnight, self.rng = town, midnight, rng
        self.robin, self.mei, *self.others = members
        self.hosts = rng.sample(self.others, max(1, len(self.others) // 2))
        self.map = Map(town, rng)
        self.homes = {self.mei.pk: self.map.meis_home()} | {host.pk: self.map.home() for host in self.hosts}
        self.busy: dict[int, set[int]] = defaultdict(set)
        self.days_for_everyone: set[int] = set()
        self.gatherings: list[Gathering] = []
        self.rsvps: list[Rsvp] = []
        self.dishes: list[Dish] = []
        self.showings: list[Showing] = []
        self.films: list[Film] = []

    def lay(self, slot: Slot) -> None:
        host = self.mei if slot.is_meis else self.host_on(slot.day)
        self.busy[slot.day].add(host.pk)
        guests = self.guests(slot, host)
        self.busy[slot.day].update(guest.pk for guest in guests)
        gathering = self.gathering(slot, host)
        gathering.seats_taken = len(guests)
        # Where too few people were free that day to leave just so many seats, there are fewer seats.
        gathering.seats_wanted = max(1, min(slot.idea.seats, len(guests) + slot.left))
        gathering.seats_kept = min(self.rng.choice(SEATS_KEPT), gathering.seats_wanted // 2)
        gathering.most_companions = min(self.rng.choice(MOST_COMPANIONS), gathering.seats_wanted - 1)
        gathering.asks_first = slot.is_meis and slot.idea.title == MEI_ASKS_FIRST
        gathering.settle()
        self.gatherings.append(gathering)
        seats = [self.rsvp(gathering, guest, slot.day) for guest in guests]
        self.rsvps += seats
        if slot.kind == Gathering.Kind.SHARED_MEAL and slot.state == Gathering.State.PUBLISHED:
            self.dishes += dishes(seats)
        if slot.kind == Gathering.Kind.MOVIE_NIGHT and slot.day > 0 and slot.state == Gathering.State.PUBLISHED:
            night, films = showing(gathering)
            self.showings += [night] if films else []
            self.films += films
        if slot.day > 0 and slot.state == Gathering.State.PUBLISHED:
            self.rsvps += self.hopes(gathering, slot, {host, self.robin, *guests})

    def hopes(self, gathering: Gathering, slot: Slot, besides: set[Member]) -> list[Rsvp]:
        """Whoever waits at a full table, asks where Mei says yes to each guest, or has Mei's offer."""
        free = [member for member in self.others if member not in besides]
        some = self.rng.sample(free, min(self.rng.randint(1, 3), len(free)))
        if slot.is_meis and slot.idea.title == MEI_OFFERS_ROBIN:
            gathering.seats_taken += 1
            until = self.midnight + timedelta(days=1, hours=12)
            return [self.rsvp(gathering, self.robin, slot.day, state=Rsvp.State.OFFERED, offered_until=until)]
        if gathering.asks_first:
            return [self.rsvp(gathering, each, slot.day, state=Rsvp.State.ASKED, note=NOTE) for each in some[:2]]
        if gathering.is_full:
            line = enumerate(some, start=1)
            return [self.rsvp(gathering, each, slot.day, state=Rsvp.State.WAITLISTED, turn=turn) for turn, each in line]
        return []

    def save(self) -> None:
        Gathering.objects.bulk_create(self.gatherings)
        Rsvp.objects.bulk_create(self.rsvps)
        Dish.objects.bulk_create(self.dishes)
        Film.objects.bulk_create(self.films)
        Showing.objects.bulk_create(self.showings)

    def host_on(self, day: int) -> Member:
        return self.rng.choice(self.free(self.hosts, day) or self.hosts)

    def free(self, members: list[Member], day: int) -> list[Member]:
        return [member for member in members if member.pk not in self.busy[day]]

    def guests(self, slot: Slot, host: Member) -> list[Member]:
        first = [self.robin] if slot.has_robin else []
        free = [member for member in self.free([self.mei, *self.others], slot.day) if member != host]
        return first + self.rng.sample(free, min(slot.guests - len(first), len(free)))

    def gathering(self, slot: Slot, host: Member) -> Gathering:
        idea = slot.idea
        return Gathering(
            key=key_from(self.rng),
            host=host,
            kind=slot.kind,
            setting=idea.setting,
            title=idea.title,
            words=idea.words,
            is_larger=idea.seats > MOST_SEATS,
            is_alcohol_free=self.is_alcohol_free(slot),
            **costs(self.rng.choice(COSTS_OUTSIDE if idea.setting == Gathering.Setting.PUBLIC else COSTS)),
            address_from=self.rng.choice(ADDRESS_FROM),
            visibility=self.visibility(slot),
            **comforts(slot),
            **details(slot),
            **self.where(idea, host),
            **self.when(slot.day, idea),
            **self.state(slot),
        )

    def is_alcohol_free(self, slot: Slot) -> bool | None:
        said = self.rng.choice([True, True, True, None, False])
        if slot.is_meis or (said is False and slot.idea.setting != Gathering.Setting.HOME):
            return True
        return said

    def visibility(self, slot: Slot) -> Gathering.Visibility:
        """A few are for members only, but no day is for them alone."""
        drawn = self.rng.choice(VISIBILITIES)
        if drawn == Gathering.Visibility.MEMBERS and slot.day in self.days_for_everyone:
            return drawn
        if slot.state == Gathering.State.PUBLISHED:
            self.days_for_everyone.add(slot.day)
        return Gathering.Visibility.EVERYONE

    def where(self, idea: Idea, host: Member) -> dict[str, Any]:
        place = self.map.place_for(idea, self.homes[host.pk])
        latitude, longitude = place.point or self.town.point
        return {
            "town": self.town,
            "area": place.area,
            "has_own_point": place.point is not None,
            "latitude": latitude,
            "longitude": longitude,
            "address": place.address,
            "way_in": place.way_in,
            "is_step_free": place.is_step_free if idea.is_step_free is None else idea.is_step_free,
            "is_animal_free": False if idea.has_animals else place.is_animal_free,
        }

    def when(self, day: int, idea: Idea) -> dict[str, Any]:
        starts = datetime.combine(self.date(day), time.fromisoformat(idea.starts))
        early = self.rng.choice(MINUTES_EARLY)
        return {
            "time_zone": self.town.time_zone,
            "day": starts.date(),
            "starts": starts.time(),
            "ends": (starts + timedelta(minutes=idea.minutes)).time(),
            "arrive_from": (starts - timedelta(minutes=early)).time() if early else None,
        }

    def date(self, day: int) -> date:
        return self.midnight.date() + timedelta(days=day)

    def state(self, slot: Slot) -> dict[str, Any]:
        """Published some days before today, or before its own day if that is past."""
        made_at = self.eve(slot.day) - timedelta(days=self.rng.randint(3, 14), minutes=self.rng.randint(120, 900))
        facts: dict[str, Any] = {"state": slot.state, "created_at": made_at}
        if slot.state != Gathering.State.DRAFT:
            facts["published_at"] = made_at
        if slot.state == Gathering.State.CANCELLED:
            called_off_at = self.midnight - timedelta(hours=self.rng.randint(4, 30))
            facts |= {"cancelled_at": called_off_at, "cancel_words": REGRET, "sequence": 1}
        return facts

    def eve(self, day: int) -> datetime:
        """The last midnight by which everything had been said and done about a gathering."""
        return self.midnight + timedelta(days=min(day, 0))

    def rsvp(self, gathering: Gathering, guest: Member, day: int, **more: Any) -> Rsvp:
        """A seat, or what `more` says, taken at some moment since the gathering was published."""
        changed_at = gathering.created_at + (self.eve(day) - gathering.created_at) * self.rng.uniform(0.05, 0.9)
        facts = {"state": Rsvp.State.SEATED, "round": 1, "changed_at": changed_at, **more}
        return Rsvp(gathering=gathering, member=guest, **facts)
