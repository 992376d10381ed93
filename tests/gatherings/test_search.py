"""Every search of a town, whatever its address says: it answers, and finds what a slow look at every table finds."""

import os
import random
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.gatherings.models import KEPT_UNTIL, Gathering
from apps.places.cells import RADII
from apps.places.distance import metres_between
from apps.places.models import Town, TownName
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
IS_FULL = os.environ.get("FAULTS_SIZE") == "full"
CASES = 2_000 if IS_FULL else 150
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
ROBIN = "robin@example.org"

# By the name that an address gives them: the field, and what its host has to have said.
COMFORTS = {
    "step_free": ("is_step_free", True),
    "alcohol_free": ("is_alcohol_free", True),
    "animal_free": ("is_animal_free", True),
    "quiet": ("is_quiet", True),
    "captions": ("has_captions", True),
    "scent_free": ("is_scent_free", True),
    "smoke_free": ("is_smoke_free", True),
    "soft_light": ("is_softly_lit", True),
    "bright": ("is_softly_lit", False),
    "children": ("is_child_friendly", True),
    "leave_early": ("is_fine_to_leave", True),
    "listen": ("is_fine_to_listen", True),
    "no_cost": ("is_costless", True),
    "vegan": ("has_vegan", True),
    "vegetarian": ("has_vegetarian", True),
    "halal": ("has_halal", True),
    "kosher": ("has_kosher", True),
    "no_gluten": ("has_no_gluten", True),
}

# Where cells and longitudes are odd: across the antimeridian, at a pole, and an ordinary pair of neighbours.
TOWNS = {
    "clifton-gb": (51.4545, -2.5879, "Europe/London"),
    "twerton-gb": (51.3794, -2.3656, "Europe/London"),
    "taveuni-fj": (-16.95, -179.98, "Pacific/Fiji"),
    "savusavu-fj": (-16.95, 179.85, "Pacific/Fiji"),
    "northpole": (89.9, 15.0, "Arctic/Longyearbyen"),
    "southpole": (-89.95, -120.0, "Pacific/Auckland"),
}


def lay(chance: random.Random) -> None:
    """A world of tables near these towns, of every sort, by a host whom Robin has blocked as well."""
    names = iter(range(9_000_001, 9_000_100))
    towns = [
        Town.objects.create(
            pk=next(names), slug=slug, name=slug, country="GB", latitude=at[0], longitude=at[1], time_zone=at[2],
            population=1,
        )
        for slug, at in TOWNS.items()
    ]  # fmt: skip
    robin = make_member("Robin", email=ROBIN, town=towns[0])
    hosts = [make_member(f"Host {number}", town=towns[0]) for number in range(3)]
    Block.objects.create(blocker=robin, blocked=hosts[2])
    for number in range(200):
        town = chance.choice(towns)
        north, east = (chance.uniform(-0.8, 0.8) for _ in range(2))
        more: dict[str, Any] = {}
        if chance.random() < 0.7:
            more["has_own_point"] = True
            more |= {
                "latitude": max(-90.0, min(90.0, town.latitude + north)),
                "longitude": around(town.longitude + east),
            }
        more |= {field: chance.choice([True, False, None]) for field, _is_so in COMFORTS.values()}
        seats = chance.randint(1, 9)
        gathering = make_gathering(
            NOON + timedelta(hours=chance.randint(-30, 24 * 20)),
            town=town,
            host=chance.choice(hosts),
            kind=chance.choice(Gathering.Kind.values),
            visibility=chance.choice(["everyone", "everyone", "everyone", "members", "link"]),
            title=chance.choice(["Soup & bread", "Käsefondue", "Walk by the river", "100 % tea", "O'Brien's table"]),
            area=chance.choice(["Southville", "Easton", ""]),
            seats=seats,
            seats_kept=chance.choice([0, 0, 1]) if seats > 1 else 0,
            asks_first=chance.random() < 0.3,
            setting=chance.choice(Gathering.Setting.values),
            languages=chance.choice(["", "Deutsch, English", "English and some Polish", "język polski"]),
            which_games=chance.choice(["", "", "Dominoes"]),
            what_is_made=chance.choice(["", "", "Soup bowls"]),
            door_width=chance.choice([None, 70, 80, 85, 90, 120]),
            is_draft=chance.random() < 0.1,
            **more,
        )
        if gathering.is_published and not gathering.asks_first and gathering.starts_at > NOON and number % 3 == 0:
            make_seat(gathering)
        if number % 17 == 0:
            gathering.cancel("")


def around(longitude: float) -> float:
    return (longitude + 180) % 360 - 180


def known_to(reader: Member | None, gathering: Gathering) -> bool:
    blocked = reader is not None and gathering.host in Member.objects.filter(blocks_met__blocker=reader)
    if not gathering.is_published or gathering.visibility == "link" or blocked or gathering.starts_at <= NOON:
        return False
    return gathering.visibility == "everyone" or reader is not None


def fits(gathering: Gathering, town: Town, asked: dict[str, str]) -> bool:
    """The same question put to one table in plain Python."""
    km = int(asked["km"]) if asked.get("km", "") in map(str, RADII) else 25
    if metres_between(*town.point, gathering.latitude, gathering.longitude) > km * 1000 + 0.5:
        return False
    wanted = [COMFORTS[name] for name in COMFORTS if asked.get(name) == "1"]
    return (
        is_then(gathering, town, asked)
        and (asked.get("kind") not in Gathering.Kind.values or gathering.kind == asked["kind"])
        and (asked.get("how") not in ("open", "ask") or gathering.asks_first == (asked["how"] == "ask"))
        and (asked.get("free") != "1" or gathering.seats_taken < gathering.seats)
        and (asked.get("first") != "1" or keeps_one(gathering))
        and (asked.get("small") != "1" or gathering.seats <= 5)
        and (asked.get("evening") != "1" or gathering.starts.hour >= 17)
        and (asked.get("public") != "1" or gathering.setting == "public")
        and all(getattr(gathering, field) is is_so for field, is_so in wanted)
        and says(gathering, asked.get("q", ""))
        and is_spoken(gathering, asked.get("speaks", ""))
        and is_wide(gathering, asked.get("door", ""))
    )


def is_then(gathering: Gathering, town: Town, asked: dict[str, str]) -> bool:
    day = gathering.starts_at.astimezone(ZoneInfo(town.time_zone)).date()
    today = NOON.astimezone(ZoneInfo(town.time_zone)).date()
    saturday = today + timedelta(days=5 - today.weekday())
    days = {
        "today": [today],
        "tomorrow": [today + timedelta(days=1)],
        "week": [today + timedelta(days=number) for number in range(7)],
        "weekend": [saturday, saturday + timedelta(days=1)],
        "2026-11-28": [date(2026, 11, 28)],
        "20261202": [date(2026, 12, 2)],
        "9999-12-31": None,
    }
    when = next((days[asked[name]] for name in ("day", "when") if days.get(asked.get(name, ""))), None)
    return when is None or day in when


def keeps_one(gathering: Gathering) -> bool:
    """A seat for somebody who comes for the first time, which is kept until a day before."""
    is_early = gathering.starts_at > NOON + KEPT_UNTIL
    return gathering.seats_kept > 0 and gathering.seats_taken < gathering.seats and is_early


def says(gathering: Gathering, typed: str) -> bool:
    text = f"{gathering.title} {gathering.words} {gathering.area} {gathering.languages} "
    text += f"{gathering.which_games} {gathering.what_is_made}"
    return all(any(word.startswith(begun) for word in words_in(text)) for begun in words_in(typed))


def is_spoken(gathering: Gathering, typed: str) -> bool:
    """By what was typed, or by the other name of that language."""
    names = [typed, {"german": "deutsch", "polski": "polish", "polish": "polski"}.get(typed.lower(), typed)]
    spoken = words_in(gathering.languages)
    return any(all(any(word.startswith(begun) for word in spoken) for begun in words_in(name)) for name in names)


def is_wide(gathering: Gathering, asked: str) -> bool:
    return asked not in ("80", "90") or (gathering.door_width is not None and gathering.door_width >= int(asked))


def words_in(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()


SWITCHES = ["free", "first", "small", "evening", "public", *COMFORTS]
CHOICES: dict[str, list[str]] = {
    "km": [*map(str, RADII), "100", "100", "0", "-1", "1000000000", "ten", "2.5", "١٠", "100 "],
    "when": ["today", "tomorrow", "week", "weekend", "2026-11-28", "never", "0000-00-00"],
    "day": ["2026-11-28", "20261202", "2026-02-30", "9999-12-31", "week", ""],
    "kind": [*Gathering.Kind.values, "opera"],
    "how": ["open", "ask", "both"],
    "door": ["80", "90", "0", "70", "-80", "80.0"],
    "speaks": ["english", "German", "DEUTSCH", "pol", "polski", "Polish", "język", "klingon", "%", "", "o", "🙂"],
    "q": [
        "soup", "käse", "KÄSE", "walk river", "south", "SOUP", "cook", "deutsch soup", "nothing like it", "100 %", "%",
        "_", "o'brien", "O'B", "'", '"soup"', "soup & bread", "bowls", "domino",
        "soup | walk", "soup:*", "!soup", "(soup", "so%p", "s_up",
        "s.up", "\\", "スープ", "суп",
    ],
}  # fmt: skip
SAID = st.dictionaries(st.sampled_from([*CHOICES, *SWITCHES]), st.integers(0, 999), max_size=4).map(
    lambda drawn: {name: choice(name, number) for name, number in drawn.items()}
)


def choice(name: str, number: int) -> str:
    values = CHOICES.get(name, ["1", "1", "0", "yes"])
    return values[number % len(values)]


def keys_found(client: Client, url: str, asked: dict[str, str]) -> list[str]:
    """On all pages of a search."""
    found: list[str] = []
    page = client.get(url, asked)
    while True:
        assert page.status_code == 200
        found += [each.key for day in page.context["days"] for each in day.cards]
        if not page.context["more_url"]:
            return found
        page = client.get(page.context["more_url"])


def test_a_search_finds_all_that_a_slow_look_finds_and_nothing_else() -> None:
    with time_machine.travel(NOON, tick=False):
        lay(random.Random(6))
        member = Member.objects.get(email=ROBIN)
        signed_in = Client()
        signed_in.force_login(member)
        readers = {None: Client(), member: signed_in}
        known = {reader: [each for each in Gathering.objects.all() if known_to(reader, each)] for reader in readers}
        towns = {town.slug: town for town in Town.objects.filter(slug__in=TOWNS)}
        seen: list[int] = []

        @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(slug=st.sampled_from(list(TOWNS)), asked=SAID, reader=st.sampled_from(list(readers)))
        @example(slug="clifton-gb", asked={"km": "100"}, reader=None)  # of several pages, however few looks there are
        @example(slug="clifton-gb", asked={"km": "100"}, reader=member)
        @example(slug="clifton-gb", asked={"km": "50"}, reader=member)
        def look(slug: str, asked: dict[str, str], reader: Member | None) -> None:
            found = keys_found(readers[reader], f"/near/{slug}/", asked)
            expected = {each.key for each in known[reader] if fits(each, towns[slug], asked)}
            assert len(found) == len(set(found))
            assert set(found) == expected
            seen.append(len(found))

        look()
        assert max(seen) > 20, "or no look ever needed a second page"
        assert sum(map(bool, seen)) > len(seen) / 4, "or most had nothing to find"


ANYTHING = st.dictionaries(
    st.sampled_from(
        "town near km when day kind how q speaks door odd after free small evening first public".split()
        + list(COMFORTS)
    )
    | st.text(max_size=8),
    st.text(max_size=40)
    | st.sampled_from(["9" * 400, "\0", "%", "'; DROP", "2026-02-30", "9999-12-31", "\u202e", "٣"]),
    max_size=6,
)


def test_whatever_an_address_says_there_is_an_answer_and_no_error(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        lay(random.Random(7))

        @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(path=st.sampled_from(["/", "/near/clifton-gb/", "/near/taveuni-fj/feed.atom"]), asked=ANYTHING)
        def look(path: str, asked: dict[str, str]) -> None:
            assert client.get(path, asked).status_code in (200, 302, 400, 422)

        look()


@pytest.mark.parametrize(
    "name", ["Köln", "København", "Москва", "東京", "القاهرة", "Αθήνα", "תל אביב", "กรุงเทพ", "O'Brien"]
)
def test_a_town_is_found_by_its_name_in_any_script(client: Client, name: str) -> None:
    town = Town.objects.create(
        pk=9_000_001, slug="there", name=name, country="GB", latitude=51, longitude=-2, time_zone="Europe/London",
        population=1000,
    )  # fmt: skip
    TownName.objects.bulk_create(TownName(town=town, name=each, rank=rank) for each, rank in town.names().items())
    assert client.get("/", {"town": name})["Location"] == "/near/there/"
    assert name in unescape(client.get("/near/there/").content.decode())
