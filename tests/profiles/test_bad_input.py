"""Signing in, the introduction and the settings, tried with what nobody should send and with what anybody may."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_member
from tests.odd import (
    FAMILY,
    FINE,
    INVISIBLE,
    MEGABYTE,
    NUL,
    PLAIN_AND_HTMX,
    SCRIPT,
    TIDIED,
    Page,
    all_rows,
    assert_refused,
)
from tests.profiles.test_sign_in import CODE, INTRODUCE, JOINING, LOGIN, ask_for_code

pytestmark = pytest.mark.django_db
SETTINGS, PAGE = "/settings/", "/settings/profile/"
HIDDEN, TOO_LONG, NULL, MISSING = "cannot show", "at most 60 characters", "Null characters", "This field is required"
ACCENTS = "a" + "\u0301\u0327" * 250_000  # composed first, this would take minutes
BAD_NAMES = {
    NUL: HIDDEN,
    "A\x07da": HIDDEN,
    "A\x9bda": HIDDEN,
    "A" * 61: TOO_LONG,
    MEGABYTE: TOO_LONG,
    ACCENTS: TOO_LONG,
}


def shorten(value: object) -> str:
    return ascii(value)[:24]


@pytest.mark.parametrize("name", FINE, ids=shorten)
def test_a_name_of_any_kind_joins_as_it_was_typed_and_is_shown_so(client: Client, name: str) -> None:
    client.post(CODE, {"code": ask_for_code(client, name=name)})
    assert Member.objects.get().name == name
    for url in ("/table/", PAGE):
        assert Page.of(client.get(url)).shows(name)


@pytest.mark.parametrize(("typed", "kept"), TIDIED.items(), ids=shorten)
def test_what_hides_or_breaks_the_line_is_taken_out_of_a_name(client: Client, typed: str, kept: str) -> None:
    client.post(CODE, {"code": ask_for_code(client, name=typed)})
    assert Member.objects.get().name == kept


@pytest.mark.parametrize(("name", "sentence"), BAD_NAMES.items(), ids=shorten)
@pytest.mark.parametrize("headers", PLAIN_AND_HTMX, ids=["plain", "htmx"])
def test_a_name_that_cannot_be_is_refused_wherever_it_is_asked(
    client: Client, name: str, sentence: str, headers: dict[str, str]
) -> None:
    assert_refused(client.post(LOGIN, {**JOINING, "name": name}, headers=headers), "name", sentence)
    assert not Message.objects.exists()
    client.post(CODE, {"code": ask_for_code(client, name="", promise="")})
    refused = client.post(INTRODUCE, {"name": name, "promise": "on"}, headers=headers)
    assert "checked" in assert_refused(refused, "name", sentence).attributes["promise"]
    assert not Member.objects.exists()
    robin = make_member("Robin")
    client.force_login(robin)
    typed = {"name": name, "pronouns": "they", "languages": ""}
    page = assert_refused(client.post(PAGE, typed, headers=headers), "name", sentence)
    assert page.values["pronouns"] == "they"
    robin.refresh_from_db()
    assert (robin.name, robin.pronouns) == ("Robin", "")


@pytest.mark.parametrize("name", INVISIBLE, ids=shorten)
def test_a_name_that_nobody_can_see_is_none(signed_in: Client, member: Member, name: str) -> None:
    answer = signed_in.post(PAGE, {"name": name, "pronouns": ""})
    assert_refused(answer, "name", MISSING)
    member.refresh_from_db()
    assert member.name == "Robin"
    newcomer = Client()
    assert newcomer.post(CODE, {"code": ask_for_code(newcomer, name=name)})["Location"] == INTRODUCE


BAD_EMAILS = [
    "",
    "ada",
    "ada@",
    "@example.org",
    "ada@example",
    "ada@@example.org",
    "ada@example.org, eve@example.org",
    "ada@example.org\r\nBcc: eve@example.org",
    "ada@example.org\x00",
    "ada\u202e@example.org",
    f"{SCRIPT}@example.org",
    "ıda@example.org",  # no mail server takes it without SMTPUTF8
    '"\x0b"@example.org',
    '"\x01"@example.org',
    f"ada@{'İ' * 60}.org",  # has no name in the DNS
    f"{'a' * 60}@{'ö' * 20}.{'ö' * 50}.{'ö' * 50}.{'ö' * 50}.org",  # too long once it has
    "%s",
    "{{7*7}}",
    "a" * 250 + "@example.org",
    MEGABYTE,
]


@pytest.mark.parametrize("email", BAD_EMAILS, ids=shorten)
def test_an_address_that_no_mail_can_reach_is_refused_and_kept(client: Client, email: str) -> None:
    for headers in PLAIN_AND_HTMX:
        page = assert_refused(client.post(LOGIN, {**JOINING, "email": email}, headers=headers), "email", "")
        assert page.values["name"] == "Ada"
        assert "checked" in page.attributes["promise"]
        if email.isprintable():
            assert page.values["email"] == email
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("  ADA@Example.ORG ", "ada@example.org"),
        ("a@exämple.org", "a@xn--exmple-cua.org"),
        ("a@ex\u00adample.org", "a@example.org"),
        ('"a,b"@example.org', '"a,b"@example.org'),
        ("o'brien+%s{{7*7}}@example.org", "o'brien+%s{{7*7}}@example.org"),
    ],
)
def test_an_odd_address_that_mail_can_reach_gets_its_code(
    client: Client, typed: str, address: str, mailoutbox: list
) -> None:
    page = Page.of(client.post(LOGIN, {**JOINING, "email": typed}, follow=True))
    assert page.shows(address)
    send()
    assert mailoutbox[-1].to == [address]
    assert Message.objects.get().state == Message.State.SENT


@pytest.mark.parametrize(
    "code", ["", "   ", "WRONG", "0" * 7, NUL, "\u202e", FAMILY, "١٢٣", SCRIPT, MEGABYTE], ids=shorten
)
@pytest.mark.parametrize("headers", PLAIN_AND_HTMX, ids=["plain", "htmx"])
def test_a_code_that_is_none_lets_nobody_in(client: Client, code: str, headers: dict[str, str]) -> None:
    right = ask_for_code(client)
    assert_refused(client.post(CODE, {"code": code}, headers=headers), "code", "")
    assert not Member.objects.exists()
    assert client.post(CODE, {"code": ["WRONG", right]})["Location"] == "/table/"  # the last of several counts


@pytest.mark.parametrize("url", [LOGIN, CODE, INTRODUCE, PAGE])
@pytest.mark.parametrize("headers", PLAIN_AND_HTMX, ids=["plain", "htmx"])
def test_nothing_at_all_is_refused_too(client: Client, url: str, headers: dict[str, str]) -> None:
    code = ask_for_code(client, name="", promise="")
    if url == INTRODUCE:
        client.post(CODE, {"code": code})
    if url == PAGE:
        client.force_login(make_member())
    field = {LOGIN: "email", CODE: "code", INTRODUCE: "promise", PAGE: "name"}[url]
    assert_refused(client.post(url, headers=headers), field, "")


@pytest.mark.parametrize("promise", ["", "false", "False"])
def test_a_promise_that_was_not_given_is_asked_for(client: Client, promise: str) -> None:
    client.post(CODE, {"code": ask_for_code(client, promise=promise)})
    refused = client.post(INTRODUCE, {"name": "Ada", "promise": promise})
    assert assert_refused(refused, "promise", "Please tick this if it is true for you.").values["name"] == "Ada"
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("town", "Atlantis", "We do not know a town called “Atlantis”."),
        ("town", SCRIPT, "We do not know a town called"),
        ("town", "Bristol\x00", NULL),
        ("town", MEGABYTE, "longer than any town’s name"),
        ("time_zone", "Mars/Olympus", "not one of the available choices"),
        ("time_zone", "Europe/London\x00", "not one of the available choices"),
    ],
    ids=shorten,
)
def test_a_setting_that_cannot_be_is_refused_and_nothing_else_is_saved(
    signed_in: Client, member: Member, field: str, typed: str, sentence: str
) -> None:
    before = Member.objects.values().get(pk=member.pk)
    form = {"town": "Bath", "time_zone": "Asia/Tokyo", "language": "en", "is_discreet": "on", field: typed}
    for headers in PLAIN_AND_HTMX:
        page = assert_refused(signed_in.post(SETTINGS, form, headers=headers), field, sentence)
        assert "is_discreet" in page.values
        assert field == "time_zone" or "\x00" in typed or page.values[field] == typed
    assert Member.objects.values().get(pk=member.pk) == before


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [("pronouns", "they\x00", HIDDEN), ("pronouns", "x" * 61, TOO_LONG), ("languages", "x" * 121, "at most 120")],
    ids=shorten,
)
def test_what_cannot_stand_on_a_page_is_refused_and_nothing_else_is_saved(
    signed_in: Client, member: Member, field: str, typed: str, sentence: str
) -> None:
    before = Member.objects.values().get(pk=member.pk)
    form = {"name": "Somebody", "pronouns": "xe", "languages": "Welsh", field: typed}
    for headers in PLAIN_AND_HTMX:
        page = assert_refused(signed_in.post(PAGE, form, headers=headers), field, sentence)
        assert page.values["name"] == "Somebody"
        assert "\x00" in typed or page.values[field] == typed
    assert Member.objects.values().get(pk=member.pk) == before


def test_a_language_that_is_none_is_said_above_the_form(signed_in: Client, member: Member) -> None:
    answer = signed_in.post(SETTINGS, {"town": "Bristol", "language": "tlh"})
    assert answer.status_code == 422
    assert "tlh is not one of the available choices" in Page.of(answer).text
    member.refresh_from_db()
    assert member.language == "en"


def test_fields_that_no_form_has_change_nothing(signed_in: Client, member: Member) -> None:
    forged = {
        "id": "1", "key": "aaaaaaaaaa", "email": "eve@example.org", "password": "x", "is_staff": "on",
        "is_superuser": "on", "is_active": "", "promised_at": "2001-01-01", "welcomed_at": "2001-01-01",
    }  # fmt: skip
    before = Member.objects.values().get(pk=member.pk)
    page = signed_in.post(PAGE, {"name": ["Eve", "Robin"], "pronouns": "", "time_zone": "Asia/Tokyo", **forged})
    answer = signed_in.post(SETTINGS, {"town": "Bristol", "language": "en", "name": "Eve", **forged})
    assert (page.status_code, answer.status_code) == (302, 302)
    assert Member.objects.values().get(pk=member.pk) == before
    newcomer = Client()
    code = ask_for_code(newcomer, **{**forged, "email": "new@example.org"})
    newcomer.post(CODE, {"code": code, **forged})
    ada = Member.objects.get(email="new@example.org")
    assert (ada.name, ada.is_staff, ada.is_superuser, ada.is_active) == ("Ada", False, False, True)
    assert ada.key != "aaaaaaaaaa"
    assert not ada.has_usable_password()


COOKIES = [
    "x",
    "x" * 4000,
    "' OR 1=1--",
    SCRIPT,
    "../../etc/passwd",
    "{{7*7}}",
    '"a\\303\\050aaaaaaa"',  # not UTF-8
    '"\\000aaaaaaaaa"',  # NUL, which Postgres takes in no text
    '"\\012aaaaaaaaa"',
]


@pytest.mark.both_databases
@pytest.mark.parametrize("value", COOKIES, ids=shorten)
@pytest.mark.parametrize("name", ["session", "csrf", "town", "messages"])
def test_a_cookie_of_nonsense_is_nobodys(client: Client, name: str, value: str) -> None:
    before = all_rows()
    for url, status in {"/": 200, "/table/": 302, LOGIN: 200, CODE: 302}.items():
        assert client.get(url, headers={"Cookie": f"{name}={value}"}).status_code == status
    assert all_rows() == before


PASSKEYS = [
    "",
    "{",
    "null",
    "[]",
    '"x"',
    "1e999",
    '{"id": 1}',
    '{"id": "x", "rawId": 1, "response": [], "type": "public-key"}',
    '{"id": "eA", "rawId": "eA", "response": {}, "type": "public-key"}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30", "userHandle": "\\u0000"}}',
]


@pytest.mark.parametrize("credential", PASSKEYS, ids=shorten)
def test_a_passkey_that_is_none_lets_nobody_in(client: Client, credential: str) -> None:
    url = reverse("mfa_login_webauthn")
    client.get(url, headers={"X-Requested-With": "XMLHttpRequest"})
    answer = client.post(url, {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert "_auth_user_id" not in client.session
