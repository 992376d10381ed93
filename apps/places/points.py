"""Reading a point from what somebody pastes: two numbers, or a map link. Nothing is fetched."""

import re
from urllib.parse import unquote

from apps.places.folding import LONGEST

LONGEST_LINK = 2000  # characters read of what was pasted

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,20})?(?![\d.])"
_PAIR = rf"({_NUMBER})\s*,\s*({_NUMBER})"
# In the order in which they are trusted: a marker before the middle of the map.
_IN_LINKS = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"[?&#]mlat=({_NUMBER})&mlon=({_NUMBER})",
        rf"!3d({_NUMBER})!4d({_NUMBER})",
        rf"[?&](?:q|ll|query|destination|daddr|center|cp|sll)=(?:loc:)?{_PAIR}",
        rf"[?&]lat=({_NUMBER})&(?:lon|lng)=({_NUMBER})",
        rf"^geo:{_PAIR}",
        rf"@{_PAIR}",
        rf"#map=[\d.]+/({_NUMBER})/({_NUMBER})",
        rf"/{_PAIR}(?:[/?,]|$)",
    )
]


def _angle(one: str) -> str:
    """A pattern for 51.4545, 51,4545° or 51° 27' 16.2"; `one` ends the names of its groups."""
    sixtieths = r"\d{1,2}(?:\.\d{1,20})?"
    return (
        rf"(?P<degrees{one}>[+-]?\d{{1,3}}(?:[.,]\d{{1,20}})?)(?:\s*°)?"
        rf"(?:\s*(?P<minutes{one}>{sixtieths})\s*')?(?:\s*(?P<seconds{one}>{sixtieths})\s*\")?"
    )


def _side(one: str) -> str:
    return rf"(?P<side{one}>[NSEW])"


_BETWEEN = r"(?P<between>\s*[,;/]\s*|\s+)"
_TYPED = [
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"{_angle('1')}{_BETWEEN}{_angle('2')}",
        rf"{_angle('1')}\s*{_side('1')}{_BETWEEN}?{_angle('2')}\s*{_side('2')}",
        rf"{_side('1')}\s*{_angle('1')}{_BETWEEN}?{_side('2')}\s*{_angle('2')}",
    )
]
_PARTS = ("degrees", "minutes", "seconds", "side")
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "º": "°", "′": "'", "’": "'", "″": '"', "”": '"'})


def parse_point(text: str) -> tuple[float, float]:
    """Latitude and longitude in degrees. Raises ValueError, which never repeats what was pasted."""
    text = text.strip()
    found = _from_link(text) if ":" in text or "=" in text else _from_typing(text)
    if not found or abs(found[0]) > 90 or abs(found[1]) > 180:
        raise ValueError("Not a point on Earth.")
    return found


def _from_link(text: str) -> tuple[float, float] | None:
    link = unquote(text[:LONGEST_LINK])
    pairs = (pattern.search(link) for pattern in _IN_LINKS)
    return next(((float(pair[1]), float(pair[2])) for pair in pairs if pair), None)


def _from_typing(text: str) -> tuple[float, float] | None:
    plain = text[:LONGEST].translate(_SIGNS).strip("() ")
    found = next(filter(None, (form.fullmatch(plain) for form in _TYPED)), None)
    if not found or _is_unclear(found["degrees1"], found["between"] or " ", found["degrees2"]):
        return None
    parts = found.groupdict()
    sides = ((parts.get("side1") or "") + (parts.get("side2") or "")).upper()
    first, second = (_degrees(*(parts.get(part + one) for part in _PARTS)) for one in "12")
    if first is None or second is None:
        return None
    if re.fullmatch("([NS][EW])?", sides):
        return first, second
    return (second, first) if re.fullmatch("[EW][NS]", sides) else None


def _is_unclear(first: str, between: str, second: str) -> bool:
    """ "51,45,2,58" and "51,45" have several readings; "51,45; 2,58" and "51.45,2.58" have one."""
    numbers = first + second
    return "," in between and ("," in numbers or (between == "," and "." not in numbers))


def _degrees(number: str | None, minutes: str | None, seconds: str | None, side: str | None) -> float | None:
    number = (number or "").replace(",", ".")
    parts = float(minutes or 0), float(seconds or 0)
    if max(parts) >= 60 or (side and number.startswith("-")):  # "-2.58 W" says it twice
        return None
    value = abs(float(number)) + parts[0] / 60 + parts[1] / 3600
    return -value if number.startswith("-") or (side or "").upper() in ("S", "W") else value
