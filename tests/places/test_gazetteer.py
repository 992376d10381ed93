import lzma
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError
from django.db import IntegrityError

from apps.places import gazetteer
from apps.places.countries import COUNTRIES
from apps.places.models import Town, TownName
from tests.places import towns

pytestmark = pytest.mark.django_db


def rewritten(folder: Path, old: str, new: str) -> Path:
    file = folder / "towns.csv"
    file.write_text(towns.FILE.read_text("utf-8").replace(old, new), "utf-8")
    return file


def test_loading_twice_changes_nothing_and_says_so() -> None:
    count = len(towns.FILE.read_text("utf-8").splitlines())
    assert towns.load_towns() == f"Towns: {count} added, 0 changed, 0 as they were.\n"
    before = list(TownName.objects.values_list("pk", "name", "rank"))
    assert towns.load_towns() == f"Nothing to do: all {count} towns are loaded.\n"
    assert list(TownName.objects.values_list("pk", "name", "rank")) == before


def test_the_largest_of_a_name_in_its_country_has_the_plain_address() -> None:
    towns.load_towns()
    some = Town.objects.filter(name__in=["Newport", "St. John's", "Łódź", "São Paulo"])
    assert set(some.values_list("slug", flat=True)) == {
        "newport-gb",
        "newport-gb-2641599",
        "newport-gb-2641595",
        "newport-gb-2641597",
        "newport-us",
        "newport-us-4302529",
        "st-johns-ca",
        "lodz-pl",
        "sao-paulo-br",
    }


def test_a_changed_town_keeps_its_address_and_gets_its_new_names(tmp_path: Path) -> None:
    towns.load_towns()
    said = towns.load_towns(file=rewritten(tmp_path, "Bristol,England", "Brycgstow,England"))
    assert said.startswith("Towns: 0 added, 1 changed")
    renamed = Town.objects.get(pk=towns.BRISTOL)
    assert (renamed.name, renamed.slug) == ("Brycgstow", "bristol-gb")
    assert Town.objects.best_match("brycg") == renamed
    assert not TownName.objects.filter(name="bristol", town=renamed).exists()


def test_a_town_that_left_the_file_stays(tmp_path: Path) -> None:
    towns.load_towns()
    shorter = tmp_path / "towns.csv"
    shorter.write_text("".join(towns.FILE.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    towns.load_towns(file=shorter)
    assert Town.objects.filter(pk=towns.BRISTOL).exists()


def test_a_broken_file_loads_nothing(tmp_path: Path) -> None:
    twice = tmp_path / "towns.csv"
    twice.write_text(towns.FILE.read_text("utf-8") * 2, "utf-8")
    with pytest.raises(IntegrityError):
        towns.load_towns(file=twice)
    assert not Town.objects.exists()


def test_one_country_may_be_loaded_alone() -> None:
    towns.load_towns(only="gb")
    assert set(Town.objects.values_list("country", flat=True)) == {"GB"}


def test_a_missing_file_or_country_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        towns.load_towns(file=tmp_path / "none.csv")
    with pytest.raises(CommandError, match="no town in “QQ”"):
        towns.load_towns(only="QQ")


def test_the_shipped_file_is_small_whole_and_known_to_python() -> None:
    assert gazetteer.SHIPPED.stat().st_size < 4_000_000
    with lzma.open(gazetteer.SHIPPED) as packed:
        assert sum(1 for _ in packed) > 140_000
    rows = list(gazetteer.read(country="GB")) + list(gazetteer.read(country="NP"))
    assert {"Bristol", "Kathmandu"} <= {row.name for row in rows}
    assert {row.country for row in rows} <= COUNTRIES.keys()
    assert all(ZoneInfo(zone) for zone in {row.time_zone for row in rows})
    assert all(abs(row.latitude) <= 90 and abs(row.longitude) <= 180 for row in rows)
    assert all(row.population >= 1000 for row in rows)
