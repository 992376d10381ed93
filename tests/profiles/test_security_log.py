"""What the log says of those who come in, and what it never says."""

import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from apps.profiles.models import Member
from config.logs import Formatter, Telling, without_secrets
from tests.factories import make_member
from tests.passkeys import add_passkey
from tests.profiles.test_proving import AGAIN, EVERYWHERE, signed_in_by_code
from tests.profiles.test_sign_in import CODE, LOGIN, code_from_mail

pytestmark = pytest.mark.django_db
LINE = Formatter("{asctime} {levelname} {name}: {message}", style="{")


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada", email="ada@example.org")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().strip() for record in caplog.records if record.name == "security"]


def test_who_comes_in_and_goes_is_written_down_by_their_key(ada: Member, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    visitor = signed_in_by_code()
    visitor.post("/accounts/logout/")
    signed_in_by_code().post(EVERYWHERE)
    key = f"member={ada.key}"
    said = [f"signed_in {key} by=code", f"signed_out {key}", f"signed_in {key} by=code", f"signed_out_everywhere {key}"]
    assert [line for line in told(caplog) if line in said] == said


def test_wrong_codes_and_too_many_of_them_are_written_down(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    visitor = Client()
    for _code in range(7):
        visitor.post(LOGIN, {"email": "eve@example.org"})
    visitor.post(CODE, {"code": "WRONG"})
    assert {"code_wrong member=none", "code_held_back member=none"} <= set(told(caplog))


def test_a_passkey_that_comes_and_goes_is_written_down(ada: Member, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    passkey = add_passkey(ada)
    visitor = signed_in_by_code()
    visitor.post(AGAIN, {"action": "send"})
    visitor.post(AGAIN, {"code": code_from_mail()})
    visitor.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/")
    assert {f"passkey_removed member={ada.key}", f"proved member={ada.key} by=code"} <= set(told(caplog))


def test_no_line_names_anybody_by_name_address_or_code(ada: Member, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = signed_in_by_code()
    visitor.post(AGAIN, {"action": "send"})
    visitor.get("/gatherings/zzzzzzzzzz/", headers={"HX-Request": "true"})
    visitor.post("/accounts/logout/")
    lines = [LINE.format(record) for record in caplog.records]
    assert lines
    assert not [line for line in lines if "Ada" in line or "ada@" in line or visitor.cookies["csrf"].value in line]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Forbidden: /m/abc:def-ghi_jkl/", "Forbidden: /m/…/"),
        ("Internal Server Error: /calendar/abcdefgh.ics", "Internal Server Error: /calendar/…"),
        ("/gatherings/abcdefghjk/?link=s3cr3tlink&x=1", "/gatherings/abcdefghjk/?link=…&x=1"),
        ("nobody at ada.l+x@mail.example.org here", "nobody at …@… here"),
        ("plain words", "plain words"),
    ],
)
def test_no_line_holds_the_key_to_anything(said: str, kept: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, said, (), None)
    assert LINE.format(record).endswith(f"ERROR django.request: {kept}")


# What stands in our addresses and is no key to anything: who knows it may still do nothing.
NO_KEYS = {
    "key", "slug", "act", "guest", "size", "person", "kind", "pk", "need", "object_id", "app_label", "url",
    "content_type_id",
}  # fmt: skip
KEYS = {"token"}
EXPORT = "settings/export/<slug:key>/"  # a key that opens something, to its member alone


def paths(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        whole = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from paths(each, whole)
        else:
            yield whole


def test_whatever_key_stands_in_an_address_is_kept_out_of_the_log() -> None:
    """A name in an address that is new must be put on one of the two sides."""
    secret = [path for path in paths(get_resolver()) if KEYS & names_in(path) or path == EXPORT]
    assert len(secret) >= 5
    for path in secret:
        filled = "/" + re.sub(r"<[^>]+>", "s3cr3t:of_a-kind", path)
        assert "s3cr3t" not in without_secrets(f"Forbidden: {filled}"), path
    assert set().union(*map(names_in, paths(get_resolver()))) - KEYS <= NO_KEYS


def names_in(path: str) -> set[str]:
    return {name.rpartition(":")[2] for name in re.findall(r"<([^>]+)>", path)}


def test_control_a_key_at_another_address_is_not_kept_out() -> None:
    assert "s3cr3t" in without_secrets("Forbidden: /elsewhere/s3cr3t:of_a-kind/")


def test_nobody_begins_a_line_of_their_own() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "a\r\n2026-01-01 b\u2028c\x1b[2K", (), None)
    assert len(LINE.format(record).splitlines()) == 1


def test_a_line_says_when_in_utc() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "a", (), None)
    record.created, record.msecs = 0.0, 0.0
    assert LINE.format(record) == "1970-01-01T00:00:00.000Z INFO x: a"


@pytest.mark.parametrize(("status", "is_kept"), [(403, True), (500, True), (404, False), (422, False), (405, False)])
def test_what_is_refused_or_breaks_is_kept_and_what_is_not_there_is_not(status: int, is_kept: bool) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "a", (), None)
    record.status_code = status
    assert Telling().filter(record) is is_kept
