"""Browsing, hosting and taking seats, tried with what nobody should send and with what anybody may."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.places.models import Town
from apps.profiles.models import Member
from apps.reminders.tasks import minute
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.gatherings.test_hosting import typed
from tests.odd import FINE, INVISIBLE, MEGABYTE, NUL, PLAIN_AND_HTMX, SCRIPT, TIDIED, Page, all_rows, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bristol")]

HIDDEN, MISSING, NO_CHOICE = "cannot show", "This field is required", "Select a valid choice"
NOT_WHOLE, NO_DATE, NO_TIME = "Enter a whole number", "Enter a valid date", "Enter a valid time"
UNREADABLE = "could not read a place"
BAD_FIELDS = [
    *[("title", title, "It needs a name") for title in INVISIBLE],
    ("title", NUL, HIDDEN),
    ("title", "x" * 81, "at most 80 characters"),
    ("title", MEGABYTE, "at most 80 characters"),
    *[("day", day, NO_DATE) for day in ("tomorrow", "2026-02-30", "0000-00-00", "10000-01-01", NUL, SCRIPT, MEGABYTE)],
    ("day", "", MISSING),
    ("day", "9999-12-31", "more than a year away"),
    ("day", "0001-01-01", "That day is over"),
    *[("starts", time, NO_TIME) for time in ("25:00", "24:00", "noon", "-1:00", "%s", NUL, MEGABYTE)],
    ("ends", "", MISSING),
    ("ends", "19:30", "It needs an end after its beginning"),
    ("ends", "19:29", "The end comes before the start"),
    ("ends", "08:00", "It may last up to twelve hours"),
    ("area", "x" * 61, "at most 60 characters"),
    ("area", NUL, HIDDEN),
    ("address", "\u200b\u202e", "will need this to find you"),
    ("address", MEGABYTE, "at most 300 characters"),
    *[("seats", seats, NOT_WHOLE) for seats in ("1.5", "10⁹", "NaN", "1e1", "0x10", "five", "9" * 5000, "--1", NUL)],
    ("seats", "", MISSING),
    *[("seats", seats, "greater than or equal to 1") for seats in ("-1", "0", "-0")],
    *[("seats", seats, "less than or equal to 40") for seats in ("41", "1000000000")],
    ("seats", "13", "Up to 12 seats"),
    ("words", NUL, HIDDEN),
    ("words", "x" * 601, "at most 600 characters"),
    ("words", MEGABYTE, "at most 600 characters"),
    ("town", "", "Please tell us a town"),
    ("town", "Atlantis", "We do not know a town called “Atlantis”"),
    ("town", "\u202e", "We do not know a town called"),
    ("town", MEGABYTE, "longer than any town’s name"),
    *[("point", point, UNREADABLE) for point in ("91, 0", "0, 181", "NaN, NaN", "inf, 0", "here", SCRIPT, MEGABYTE)],
    ("point", "48.85, 2.35", "far from the town"),
    *[("setting", setting, NO_CHOICE) for setting in ("castle", SCRIPT, NUL, MEGABYTE)],
    ("setting", "", MISSING),
    ("visibility", "nobody", NO_CHOICE),
    ("address_from", "always", NO_CHOICE),
    ("way_in", "x" * 301, "at most 300 characters"),
    ("arrive_from", "25:00", NO_TIME),
    ("cost", "x" * 121, "at most 120 characters"),
    ("cost", NUL, HIDDEN),
]


def shorten(value: object) -> str:
    return ascii(value)[:24]


def shown(text: str) -> str | None:
    """What the field of a refused form holds: what was typed, where a browser can show it."""
    return text if text.isprintable() and text.strip() == text else None


@pytest.mark.parametrize(("field", "value", "sentence"), BAD_FIELDS, ids=shorten)
def test_what_cannot_be_hosted_is_said_beside_its_field(
    signed_in: Client, field: str, value: str, sentence: str
) -> None:
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        answer = signed_in.post("/host/dinner/", typed(**{field: value}), headers=headers)
        is_choice = field in ("setting", "visibility", "address_from")
        page = assert_refused(answer, field, sentence, None if is_choice else shown(value))
        for other in {"title", "address", "words", "starts"} - {field}:
            assert page.values[other] == typed()[other]
    assert all_rows() == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [one for one in BAD_FIELDS if one[0] in ("title", "ends", "seats", "point")],
    ids=shorten,
)
def test_what_cannot_be_hosted_cannot_be_edited_in_either(
    signed_in: Client, member: Member, field: str, value: str, sentence: str
) -> None:
    gathering = make_gathering(host=member)
    before = all_rows()
    url = f"/gatherings/{gathering.key}/edit/"
    assert_refused(signed_in.post(url, typed(**{field: value})), field, sentence, shown(value))
    assert all_rows() == before


@pytest.mark.parametrize("url", ["/host/walk/", "/gatherings/{key}/edit/"])
def test_an_empty_form_is_told_everything_it_lacks(signed_in: Client, member: Member, url: str) -> None:
    gathering = make_gathering(host=member)
    answer = signed_in.post(url.format(key=gathering.key))
    for field in ("day", "starts", "ends", "seats", "setting", "visibility", "address_from"):
        assert_refused(answer, field, MISSING)
    for field, sentence in {"title": "a name", "address": "to find you", "town": "Please tell us a town"}.items():
        assert_refused(answer, field, sentence)


@pytest.fixture
def noon() -> Iterator[None]:
    """In the evening the host's news would come together with their briefing, which has told it."""
    with time_machine.travel(timezone.now().replace(hour=12, minute=0)):
        yield


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("text", FINE, ids=shorten)
def test_odd_words_are_kept_to_the_letter_and_shown_so_on_every_page_and_in_every_mail(
    client: Client, text: str, mailoutbox: list
) -> None:
    host, guest = make_member(text, pronouns=text), make_member(text, pronouns=text)
    client.force_login(host)
    written = dict.fromkeys(("title", "area", "address", "words", "way_in", "cost"), text)
    client.post("/host/dinner/", typed(**written, address_from="now"))
    gathering = Gathering.objects.get()
    assert {name: getattr(gathering, name) for name in written} == written
    page = gathering.get_absolute_url()
    assert Page.of(client.get(f"{page}preview/")).shows(text)
    client.post(f"{page}publish/", {})
    make_seat(gathering, guest)
    assert Page.of(client.get("/host/dinner/card/", typed(title=text))).shows(text)
    for url in (page, "/near/bristol-gb/", "/table/", f"{page}edit/", f"{page}cancel/"):
        assert Page.of(client.get(url)).shows(text)
    client.force_login(guest)
    for url in (page, "/table/", f"{page}leave/"):
        assert Page.of(client.get(url)).shows(text)
    for url in (page, "/", "/near/bristol-gb/"):
        assert Page.of(Client().get(url)).shows(text)
    mails_show(text, gathering, mailoutbox)
    for visitor in (client, Client()):
        assert Page.of(visitor.get(page)).shows(text)


def mails_show(text: str, gathering: Gathering, mailoutbox: list) -> None:
    """Every mail about the gathering, up to its cancellation, shows the text in both parts and none is lost."""
    Rsvp.objects.update(changed_at=timezone.now() - timedelta(days=3))
    for hours in (120, 23, 1.5):  # at 23 it is not yet night
        with time_machine.travel(gathering.starts_at - timedelta(hours=hours)):
            minute()
            send()
    make_gathering(title=text)  # offered to those who are told
    gathering.cancel(text)
    send()
    assert {message.kind for message in Message.objects.all()} >= {
        "seat_confirmed",
        "day_before",
        "gathering_cancelled",
    }
    assert {message.state for message in Message.objects.all()} == {Message.State.SENT}
    for mail in mailoutbox:
        assert text in " ".join(mail.body.split())
        assert Page(html_of(mail)).shows(text)
        assert "\n" not in mail.subject
        assert mail.message()["Bcc"] is None


@pytest.mark.parametrize(("text", "kept"), TIDIED.items(), ids=shorten)
def test_what_hides_or_breaks_the_line_is_taken_out(signed_in: Client, text: str, kept: str) -> None:
    signed_in.post("/host/dinner/", typed(title=text, area=text, address=text, cost=text, way_in=text))
    gathering = Gathering.objects.get()
    assert {getattr(gathering, name) for name in ("title", "area", "address", "cost", "way_in")} == {kept}


def test_digits_of_every_script_are_numbers(signed_in: Client) -> None:
    assert signed_in.post("/host/dinner/", typed(seats="١٠")).status_code == 302
    assert Gathering.objects.get().seats == 10


@pytest.mark.parametrize(
    ("field", "times"),
    [
        ("starts", {"day": "2027-03-28", "starts": "01:30", "ends": "04:00"}),
        ("ends", {"day": "2027-03-28", "starts": "00:30", "ends": "01:59"}),
        ("ends", {"day": "2027-03-27", "starts": "22:00", "ends": "01:00"}),
    ],
)
def test_an_hour_that_the_clocks_skip_is_refused(
    client: Client, member: Member, field: str, times: dict[str, str]
) -> None:
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC)):
        client.force_login(member)
        night = typed(**times)
        refused = client.post("/host/dinner/", night)
        assert_refused(refused, field, "The clocks go forward over this time", night[field])
    assert not Gathering.objects.exists()


def test_of_an_hour_that_the_clocks_repeat_the_first_is_meant(client: Client, member: Member) -> None:
    with time_machine.travel(datetime(2026, 10, 1, 12, tzinfo=UTC)):
        client.force_login(member)
        client.post("/host/dinner/", typed(day="2026-10-25", starts="00:45", ends="01:30"))
        client.post("/host/dinner/", typed(day="2026-10-25", starts="01:30", ends="02:15"))
    first, second = Gathering.objects.order_by("pk")
    assert first.ends_at == second.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.ends_at == datetime(2026, 10, 25, 2, 15, tzinfo=UTC)


FORGED: dict[str, Any] = {
    "id": 1, "key": "aaaaaaaaaa", "state": "published", "kind": "walk", "seats_taken": 0, "seats_wanted": 40,
    "moves": 9, "sequence": 9, "latitude": 0, "longitude": 0, "has_own_point": "on", "cell_small": 1,
    "time_zone": "Asia/Tokyo", "starts_at": "2030-01-01", "published_at": "2001-01-01", "created_at": "2001-01-01",
    "cancel_words": "forged", "is_step_free": "yes", "is_staff": "on", "member": 1, "round": 9,
}  # fmt: skip


def rows_of_gatherings() -> list[dict[str, Any]]:
    return list(map(dict, Gathering.objects.values()))


def test_fields_that_no_form_has_change_nothing(signed_in: Client, member: Member, bristol: Town) -> None:
    forged = {**FORGED, "host": make_member().pk}
    signed_in.post("/host/dinner/", typed(**forged, title=["First", "Last"]))
    signed_in.post("/host/dinner/", typed(title="Last"))
    different = {"id", "key", "created_at"}
    one, other = ({name: row[name] for name in row.keys() - different} for row in rows_of_gatherings())
    assert one == other
    assert (one["host_id"], one["kind"], one["state"], one["title"]) == (member.pk, "dinner", "draft", "Last")
    assert not Gathering.objects.filter(key="aaaaaaaaaa").exists()


FACTS = {"is_step_free", "is_alcohol_free", "is_animal_free"}


def test_no_post_to_a_gathering_changes_more_than_its_act(signed_in: Client, member: Member) -> None:
    mine, theirs = make_gathering(host=member), make_gathering()
    make_seat(mine), make_seat(theirs)
    forged = {**FORGED, "host": make_member().pk, "gathering": mine.pk, "key": mine.key}
    acts: list[tuple[str, dict[str, Any], set[str]]] = [
        (
            f"{mine.get_absolute_url()}edit/",
            typed(**forged),
            {"seats", "seats_wanted", "sequence", "moves", "moved_at"} | FACTS,
        ),
        (f"{theirs.get_absolute_url()}rsvp/", forged, {"seats_taken"}),
        (f"{theirs.get_absolute_url()}leave/", forged, {"seats_taken"}),
        (f"{mine.get_absolute_url()}cancel/", forged, {"state", "cancelled_at", "sequence"}),
    ]
    for url, data, meant in acts:
        before = {row["id"]: row for row in rows_of_gatherings()}
        assert signed_in.post(url, data).status_code == 302
        for row in rows_of_gatherings():
            changed = {name for name in row if row[name] != before[row["id"]][name]}
            is_own = row["key"] in url
            assert (
                changed <= meant | set(typed()) | {"starts_at", "ends_at", "day_before_at"} if is_own else not changed
            )
            assert not changed & {"host_id", "key", "kind", "latitude", "time_zone", "published_at", "cancel_words"}
    assert list(Rsvp.objects.filter(member=member).values_list("state", "round")) == [("left", 2)]


def test_an_edit_of_the_seats_outlasts_the_next_guest_who_leaves(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(host=member, seats=5)
    rsvp = make_seat(gathering)
    signed_in.post(f"{gathering.get_absolute_url()}edit/", typed(seats="8"))
    rsvp.bow_out()
    gathering.refresh_from_db()
    assert (gathering.seats, gathering.seats_wanted) == (8, 8)
    assert Page.of(signed_in.get(f"{gathering.get_absolute_url()}edit/")).values["seats"] == "8"


@pytest.mark.parametrize("fact", ["maybe", "on", "1", NUL, SCRIPT, "None", MEGABYTE], ids=shorten)
def test_a_fact_that_is_no_answer_publishes_nothing(signed_in: Client, member: Member, fact: str) -> None:
    draft = make_gathering(host=member, is_draft=True)
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        data = {"is_step_free": "yes", "is_alcohol_free": fact}
        answer = signed_in.post(f"{draft.get_absolute_url()}publish/", data, headers=headers)
        assert answer.status_code == 422
        page = Page.of(answer)
        assert NO_CHOICE in page.words["id_is_alcohol_free_error"]
        assert page.values["is_step_free"] == "yes"
        assert page.is_harmless
    assert all_rows() == before


@pytest.mark.parametrize("words", [NUL, "x" * 601, MEGABYTE, "a" + "\u0301\u0327" * 250_000], ids=shorten)
def test_words_that_cannot_be_call_nothing_off(signed_in: Client, member: Member, words: str) -> None:
    gathering = make_gathering(host=member)
    make_seat(gathering)
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        answer = signed_in.post(f"{gathering.get_absolute_url()}cancel/", {"words": words}, headers=headers)
        assert_refused(answer, "words", "", shown(words))
    assert all_rows() == before


ODD_QUERIES = [
    {"town": "Bristol", "km": "1000000000"},
    {"town": "Bristol", "km": "NaN", "when": SCRIPT, "kind": NUL, "after": MEGABYTE},
    {"km": "-1", "when": "yesterday", "kind": "' OR 1=1--", "step_free": "yes"},
    {"after": "99999999999-99999999999999999"},
    {"after": "١٢-٣"},
    {"after": "-1-1"},
    {"after": "1-1\n"},
    {"after": SCRIPT, "hx-get": "/x", "town[]": "Bath", "__proto__": "x"},
    {"when": ["today", "week"], "kind": ["dinner", MEGABYTE]},
]


@pytest.mark.parametrize("query", ODD_QUERIES, ids=shorten)
def test_whatever_is_odd_in_the_address_of_a_search_is_passed_over(client: Client, query: dict[str, str]) -> None:
    for url in ("/", "/near/bristol-gb/"):
        for headers in [*PLAIN_AND_HTMX, {"HX-Request": "true", "HX-Target": "more"}]:
            page = client.get(url, query, headers=headers, follow=True)
            assert page.status_code == 200
            assert Page.of(page).is_harmless
            assert not page.redirect_chain or len(page.redirect_chain[0][0]) < 200


@pytest.mark.parametrize(
    ("town", "sentence"),
    [
        ("", "Please tell us a town"),
        ("\u200b", "We do not know a town"),
        (NUL, "Null characters"),
        (SCRIPT, "We do not know a town"),
        ("%s {{7*7}}", "We do not know a town called “%s {{7*7}}”"),
        ("x'; DROP TABLE places_town;--", "We do not know a town"),
        (MEGABYTE, "longer than any town’s name"),
    ],
    ids=shorten,
)
def test_a_town_that_is_none_is_said_beside_the_box(client: Client, town: str, sentence: str) -> None:
    for headers in PLAIN_AND_HTMX:
        page = assert_refused(
            client.get("/", {"town": town, "km": "1e9"}, headers=headers), "town", sentence, shown(town)
        )
        assert "aria-invalid" not in page.attributes["km"]


@pytest.mark.parametrize(("field", "value", "_sentence"), BAD_FIELDS, ids=shorten)
def test_the_card_beside_the_form_is_drawn_from_whatever_is_typed_so_far(
    signed_in: Client, field: str, value: str, _sentence: str
) -> None:
    before = all_rows()
    for data in (typed(**{field: value}), {field: value}):
        part = signed_in.get("/host/dinner/card/", data, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert Page.of(part).is_harmless
    assert all_rows() == before


def test_the_card_needs_no_town_at_all(signed_in: Client, member: Member, settings: Any) -> None:
    settings.HOME_TOWN, member.town = "", None
    member.save(update_fields=["town"])
    for town in ("", "Bristol", "Atlantis"):
        assert signed_in.get("/host/dinner/card/", typed(town=town)).status_code == 200


ODD_KEYS = [
    "a",
    "AAAAAAAAAA",
    "a" * 5000,
    "-",
    "_",
    "' OR 1=1--",
    "..",
    "%00",
    "\x00",
    "\u202e",
    "ａｂｃ",
    SCRIPT,
    "1;2",
    "*",
]


@pytest.mark.both_databases
@pytest.mark.parametrize("key", ODD_KEYS, ids=shorten)
def test_an_odd_key_or_slug_is_not_found(signed_in: Client, gathering: Gathering, key: str) -> None:
    every: list[Callable[..., Any]] = [signed_in.get, signed_in.post, Client().get, Client().post]
    for path in ("/gatherings/{}/", "/gatherings/{}/rsvp/", "/near/{}/"):
        for send_to in every:
            answer = send_to(path.format(quote(key, safe="")))
            assert answer.status_code in (404, 405)
            assert Page.of(answer).is_harmless
    for path in ("/gatherings/{}/leave/", "/gatherings/{}/edit/", "/host/{}/", "/host/{}/card/"):
        assert signed_in.get(path.format(quote(key, safe=""))).status_code == 404
    assert signed_in.get(gathering.get_absolute_url().upper()).status_code == 404


def test_the_day_of_a_form_is_within_a_year(client: Client, member: Member) -> None:
    last = date.fromisoformat("2027-11-22")
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        client.force_login(member)
        refused = client.post("/host/dinner/", typed(day=(last + timedelta(days=1)).isoformat()))
        assert_refused(refused, "day", "more than a year away")
        assert client.post("/host/dinner/", typed(day=last.isoformat())).status_code == 302
