import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.places.models import Town, TownName
from tests.places import towns

pytestmark = pytest.mark.usefixtures("gazetteer")


def labels(text: str) -> list[str]:
    return [town.label for town in Town.objects.matching(text)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Munich", "Munich, Bayern, Germany"),
        ("münchen", "Munich, Bayern, Germany"),
        ("MUNCHEN", "Munich, Bayern, Germany"),
        ("muenchen", "Munich, Bayern, Germany"),
        ("köln", "Köln, Nordrhein-Westfalen, Germany"),
        ("koeln", "Köln, Nordrhein-Westfalen, Germany"),
        ("Cologne", "Köln, Nordrhein-Westfalen, Germany"),
        ("giessen", "Gießen, Hessen, Germany"),
        ("ålborg", "Aalborg, Nordjylland, Denmark"),
        ("lodz", "Łódź, Łódzkie, Poland"),
        ("ISTANBUL", "Istanbul, İstanbul, Türkiye"),
        ("sao paulo", "São Paulo, Brazil"),
        ("st johns", "St. John's, Newfoundland and Labrador, Canada"),
        ("Saint John's", "St. John's, Newfoundland and Labrador, Canada"),
        ("Москва", "Moscow, Moskva, Russia"),
        ("東京", "Tokyo, Japan"),
        ("lisboa", "Lisbon, Lisboa, Portugal"),
        ("auckl", "Auckland, New Zealand"),
        ("katm", "Kathmandu, Bagmati, Nepal"),
        ("  bris ", "Bristol, England, United Kingdom"),
    ],
)
def test_a_town_is_found_as_people_type_it(text: str, label: str) -> None:
    assert labels(text)[0] == label


def test_a_name_typed_in_full_comes_first_then_starts_then_words_inside() -> None:
    found = labels("york")
    assert found[:2] == ["York, England, United Kingdom", "York, Pennsylvania, United States"]
    assert found[2:] == ["Yorkton, Saskatchewan, Canada", "New York City, New York, United States"]


def test_among_equals_the_larger_town_comes_first() -> None:
    assert labels("bath")[:2] == ["Bath, England, United Kingdom", "Bath, Maine, United States"]


def test_a_city_goes_by_its_foreign_name_only_as_far_as_its_size_carries_it() -> None:
    assert labels("munch") == ["Munich, Bayern, Germany", "Münchberg, Bayern, Germany"]
    assert labels("roma")[:2] == ["Rome, Lazio, Italy", "Roma, Texas, United States"]


@pytest.mark.parametrize("text", ["Newport", "newp"])
def test_namesakes_are_told_apart(text: str) -> None:
    assert labels(text)[:3] == [
        "Newport, Wales, United Kingdom",
        "Newport, Isle of Wight, England, United Kingdom",
        "Newport, Rhode Island, United States",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Newport, Wales", towns.NEWPORT_IN_WALES),
        ("newport,england", towns.NEWPORT_ON_WIGHT),
        ("Newport, Isle of W", towns.NEWPORT_ON_WIGHT),
        ("Newport, Essex, GB", towns.NEWPORT_IN_ESSEX),
        ("newport gb", towns.NEWPORT_IN_WALES),
        ("Bristol UK", towns.BRISTOL),
        ("Newport, USA", 5223593),
        ("Newport, KY", 4302529),
        ("Paris, Texas", 4717560),
        ("Paris TX", 4717560),
        ("Munich, Bavaria, Germany", towns.MUNICH),
    ],
)
def test_a_country_or_region_decides_between_namesakes(text: str, number: int) -> None:
    best = Town.objects.best_match(text)
    assert best is not None
    assert best.pk == number


def test_a_label_leads_back_to_its_own_town() -> None:
    for town in Town.objects.all():
        assert Town.objects.best_match(town.label) == town


def test_no_town_is_listed_twice_and_the_limit_holds() -> None:
    found = Town.objects.matching("m", limit=3)
    assert len(found) == 3
    assert len({town.pk for town in found}) == 3


ODD = [
    "",
    " ",
    ",",
    ",,,",
    "\x00",
    "%",
    "_",
    "''",
    "{{7*7}}",
    "<script>",
    "🎉👩‍👩‍👧",
    "\u202e",
    "١٠",
    "\ud800",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_input_finds_nothing_and_breaks_nothing(text: str) -> None:
    assert Town.objects.matching(text) == []
    assert Town.objects.best_match(text) is None


def test_a_megabyte_is_read_no_further_than_a_name_goes() -> None:
    assert Town.objects.matching("Bristol" * 150_000) == []
    assert labels("Bristol" + " " * 1_000_000)[0] == "Bristol, England, United Kingdom"


def test_hidden_characters_do_not_hide_a_town() -> None:
    assert labels("\u202eBris\u200btol\x00")[0] == "Bristol, England, United Kingdom"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    assert len(Town.objects.matching(text)) <= 8


def test_a_pasted_point_finds_the_nearest_town() -> None:
    assert str(Town.objects.nearest(51.45, -2.59)) == "Bristol"
    assert str(Town.objects.nearest(51.52, 0.1)) == "London"
    assert str(Town.objects.nearest(-17.0, -179.9)) == "Nadi"  # across the date line
    assert str(Town.objects.nearest(90.0, 0.0)) == "Longyearbyen"


INDEX_READ = {"sqlite": "USING COVERING INDEX town_name (name", "postgresql": "town_name"}


def test_type_ahead_reads_a_range_of_an_index() -> None:
    if connection.vendor == "postgresql":  # which would rather scan a table as small as this one
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    for names in (TownName.objects.spelt("bris"), TownName.objects.beginning("bris")):
        assert INDEX_READ[connection.vendor] in names.values_list("town_id", flat=True).explain()
