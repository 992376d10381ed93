"""With the cache away nobody is signed in, which is said kindly; every other page answers."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings
from redis.exceptions import RedisError

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.closed import ClosedWithoutCache
from apps.profiles.models import Member
from config import valkey

pytestmark = pytest.mark.django_db
LOGIN, CODE = "/accounts/login/", "/accounts/login/code/confirm/"
JOINING = {"name": "Ada", "email": "ada@example.org", "promise": "on"}


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """A folder in which a Valkey could run; nobody listens there."""
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": backend, "LOCATION": valkey.socket_url(tmp_path)}}
    return tmp_path


def is_closed(client: Client, path: str, typed: dict[str, str]) -> bool:
    answer = client.post(path, typed)
    return answer.status_code == 503 and "We cannot sign anybody in just now" in answer.content.decode()


def code_from_mail(mailoutbox: list[EmailMessage]) -> str:
    send()
    found = re.search(r"Your code: (\S+)", str(mailoutbox[-1].body))
    assert found
    return found[1]


def test_nobody_is_sent_a_code_and_all_are_told_so(client: Client) -> None:
    assert is_closed(client, LOGIN, JOINING)
    answer = client.post(LOGIN, JOINING)
    assert "Nothing is lost; please try again in a few minutes." in answer.content.decode()
    assert (answer["Retry-After"], "no-store" in answer["Cache-Control"]) == ("180", True)
    assert not Message.objects.exists()


def test_no_passkey_lets_anybody_in(client: Client) -> None:
    assert is_closed(client, "/accounts/2fa/webauthn/login/", {"credential": "{}"})


def test_what_was_wished_for_is_there_once_the_cache_is_back(
    client: Client, gathering: Gathering, var: Path, mailoutbox: list[EmailMessage]
) -> None:
    """A stranger takes a seat, cannot sign in, tries again a few minutes later, and sits."""
    wish = client.post(f"/gatherings/{gathering.key}/rsvp/")
    assert (wish.status_code, client.get(wish["Location"]).status_code) == (302, 200)
    assert is_closed(client, wish["Location"], JOINING)
    with valkey.running(var):
        client.post(wish["Location"], JOINING)
        client.post(CODE, {"code": code_from_mail(mailoutbox)})
    assert gathering.rsvps.seated().get().member.email == "ada@example.org"


def test_a_code_that_is_under_way_waits_and_signs_in_afterwards(
    client: Client, var: Path, mailoutbox: list[EmailMessage]
) -> None:
    """Nobody may guess meanwhile, and a try that was not counted uses up none."""
    with valkey.running(var):
        client.post(LOGIN, JOINING)
    code = code_from_mail(mailoutbox)
    for typed in ({"action": "resend"}, *[{"code": "WRONG"}] * 5, {"code": code}):
        assert is_closed(client, CODE, typed)
    assert client.get(CODE).status_code == 200
    with valkey.running(var):
        assert client.post(CODE, {"code": code})["Location"] == "/table/"


def test_whoever_is_to_show_that_it_is_still_them_is_told_to_wait(signed_in: Client) -> None:
    page = signed_in.post("/accounts/again/", {"action": "send"})
    assert page.status_code == 503
    assert "We cannot check that it is you just now" in page.content.decode()
    assert not Message.objects.exists()


def test_whoever_is_signed_in_notices_nothing(signed_in: Client, member: Member, gathering: Gathering) -> None:
    page = gathering.get_absolute_url()
    for path in ("/", "/near/bristol-gb/", page, "/table/", "/settings/", "/host/", "/help/"):
        assert signed_in.get(path).status_code == 200, path
    assert signed_in.post(f"{page}rsvp/").status_code == 302
    assert gathering.rsvps.seated().get().member == member
    assert signed_in.post("/accounts/logout/").status_code == 302


def test_a_stranger_may_look_around(client: Client, gathering: Gathering) -> None:
    for path in ("/", "/near/bristol-gb/", gathering.get_absolute_url(), LOGIN, "/promise/"):
        assert client.get(path).status_code == 200, path


def test_without_it_there_would_be_no_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ClosedWithoutCache, "process_exception", lambda closed, request, error: None)
    with pytest.raises(RedisError):
        cache.get("ready")
    with pytest.raises(RedisError):
        client.post(LOGIN, JOINING)
