"""What we write is read alike by two parsers that know nothing of one another, whatever people type and clocks do."""

from collections import Counter
from datetime import UTC, date, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, vText

from apps.gatherings import calendar, timing
from apps.gatherings.models import Gathering, Rsvp
from apps.places.models import Town
from apps.profiles.models import Member
from tests.odd import FAMILY

HOW_MANY = 500
# Each with days on which its clocks skip and repeat an hour (Lord Howe: half an hour); Kathmandu's never do.
CLOCK_CHANGES = {
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/St_Johns": [date(2026, 3, 8), date(2026, 11, 1)],
    "Pacific/Auckland": [date(2026, 9, 27), date(2026, 4, 5)],
    "Australia/Lord_Howe": [date(2026, 10, 4), date(2026, 4, 5)],
    "Asia/Kathmandu": [date(2026, 4, 14), date(2026, 11, 5)],
}
HALF_HOURS = ("America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
ODD_WORDS = [
    '"', ";", ",", "\\", "\n", "\r\n", "\\n", "\\N", "\\,", "\\\\", ":", "^", "^n", "=", "%", "'", " ", "  ", FAMILY,
    "🍲", "אסתר", "القمر", "ネコ", "BEGIN:VEVENT", "END:VCALENDAR\r\n", "\nDTSTART:19700101T000000Z", "Soup", "ñ" * 40,
    "x" * 75,
]  # fmt: skip
# Any sign that our forms let through (`profiles.fields.tidy`): no controls, no separators of lines, no overrides.
SIGNS = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"])


def words(least: int = 0) -> st.SearchStrategy[str]:
    pieces = st.lists(st.sampled_from(ODD_WORDS) | st.text(SIGNS, max_size=30), min_size=least, max_size=8)
    return pieces.map("".join)


@st.composite
def gatherings(draw: Any) -> Gathering:
    """One as the database would give it back; nothing here needs to be in it."""
    zone = draw(st.sampled_from(sorted(CLOCK_CHANGES)))
    changing = st.sampled_from(CLOCK_CHANGES[zone]).flatmap(
        lambda day: st.sampled_from([day - timedelta(days=1), day, day])
    )
    five_minutes = st.integers(0, 287).map(lambda n: time(n // 12, n % 12 * 5))
    gathering = Gathering(
        title=draw(words(least=1)),
        area=draw(words()),
        town=Town(name=draw(st.sampled_from(["Bristol", "St. John's", 'Ak\'ordat; "A"', "عمّان", "东京"]))),
        time_zone=zone,
        day=draw(changing | st.dates(date(2026, 1, 1), date(2099, 12, 31))),
        starts=draw(five_minutes),
        ends=draw(five_minutes),
        sequence=draw(st.integers(0, 2**31 - 1)),
    )
    gathering.settle_time()
    return gathering


class Read(NamedTuple):
    """An entry of a calendar, as far as the parsers must agree on it."""

    uid: str
    sequence: int
    summary: str
    location: str
    starts: Any
    ends: Any


def meant(gathering: Gathering, address: str) -> Read:
    def on_lines(text: str) -> str:
        return text.replace("\r\n", "\n")

    place = f"{address}, {gathering.where}" if address else gathering.where
    when = gathering.starts_at.astimezone(UTC), gathering.ends_at.astimezone(UTC)
    return Read(calendar.uid(gathering), gathering.sequence, on_lines(gathering.title), on_lines(place), *when)


def by_icalendar(file: bytes) -> Read:
    [entry] = Calendar.from_ical(file).walk("VEVENT")
    texts = str(entry["UID"]), int(entry["SEQUENCE"]), str(entry["SUMMARY"]), str(entry["LOCATION"])
    return Read(*texts, entry.decoded("DTSTART"), entry.decoded("DTEND"))


def by_vobject(file: bytes) -> Read:
    entry = vobject.readOne(file.decode()).vevent
    texts = entry.uid.value, int(entry.sequence.value), entry.summary.value, entry.location.value
    return Read(*texts, entry.dtstart.value, entry.dtend.value)


def assert_well_formed(file: bytes) -> None:
    """Lines of at most 75 octets, each ended by CRLF and whole signs; nothing of a line break that somebody typed."""
    lines = file.split(b"\r\n")
    assert lines.pop() == b""
    for line in lines:
        assert len(line) <= 75
        assert b"\r" not in line
        assert b"\n" not in line
        line.decode()
    assert [lines.count(b"BEGIN:" + name) for name in (b"VCALENDAR", b"VEVENT")] == [1, 1]
    assert b"TZID" not in file
    assert b"RRULE" not in file


def features(gathering: Gathering, address: str) -> set[str]:
    """What a generated gathering is a case of, so that none of it can quietly go untried."""
    zone = ZoneInfo(gathering.time_zone)
    text = gathering.title + address
    nights = [gathering.day, gathering.day + timedelta(days=1)]
    offsets = [timing.moment(day, time(), zone).astimezone(zone).utcoffset() for day in nights]
    found = {name for name, sign in SPECIAL.items() if sign in text}
    if offsets[0] != offsets[1]:
        found.add("clocks skip" if offsets[0] < offsets[1] else "clocks repeat")  # type: ignore[operator]  # aware
    if gathering.ends <= gathering.starts:
        found.add("after midnight")
    return found | ({"half an hour"} if gathering.time_zone in HALF_HOURS else set())


SPECIAL = {
    "quote": '"', "semicolon": ";", "comma": ",", "backslash": "\\", "backslash and N": "\\N", "new line": "\n",
    "emoji": FAMILY, "to the left": "א",
}  # fmt: skip
EVERY_FEATURE = {*SPECIAL, "clocks skip", "clocks repeat", "after midnight", "half an hour"}


def test_500_gatherings_read_alike_in_two_parsers() -> None:
    tried: Counter[str] = Counter()

    @settings(max_examples=HOW_MANY, deadline=None, database=None, derandomize=True)
    @given(gatherings(), words(), words(least=1))
    def reads_alike(gathering: Gathering, address: str, name: str) -> None:
        guest = Member(email="robin@example.org", name=name)
        request = calendar.invitation(Rsvp(gathering=gathering, member=guest), address)
        for file in (request, calendar.publication([calendar.Entry(gathering, address)])):
            assert_well_formed(file)
            assert by_icalendar(file) == by_vobject(file) == meant(gathering, address)
        [entry], other = Calendar.from_ical(request).walk("VEVENT"), vobject.readOne(request.decode()).vevent
        assert entry["ATTENDEE"] == other.attendee.value == "mailto:robin@example.org"  # whatever they are called
        tried.update(["gatherings", *features(gathering, address)])

    reads_alike()
    assert tried["gatherings"] >= HOW_MANY
    assert {name for name in EVERY_FEATURE if tried[name] >= 10} == EVERY_FEATURE


def test_a_text_written_as_the_library_alone_would_does_not_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the comparison notices a title that is changed on its way."""
    gathering = Gathering(
        title=r"C:\New", town=Town(name="Bath"), time_zone="UTC", day=date(2026, 5, 1), starts=time(18), ends=time(20)
    )
    gathering.settle_time()

    def read() -> Read:
        return by_vobject(calendar.publication([calendar.Entry(gathering)]))

    assert read() == meant(gathering, "")
    monkeypatch.setattr(calendar, "Words", vText)
    assert read() != meant(gathering, "")


def test_a_long_title_is_folded_between_signs() -> None:
    gathering = Gathering(
        title="🍲" * 80, town=Town(name="Bath"), time_zone="UTC", day=date(2026, 5, 1), starts=time(18), ends=time(20)
    )
    gathering.settle_time()
    file = calendar.publication([calendar.Entry(gathering)])
    assert_well_formed(file)
    assert file.count(b"\r\n ") >= 4
    assert by_vobject(file).summary == "🍲" * 80
