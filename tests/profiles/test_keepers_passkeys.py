"""Whoever keeps the community shows a passkey; a code by mail alone opens nothing of theirs."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from apps.profiles.models import Member
from tests.factories import make_member
from tests.passkeys import add_passkey, sign_in_with_passkey
from tests.profiles.test_proving import AGAIN, signed_in_by_code
from tests.profiles.test_sign_in import code_from_mail

pytestmark = pytest.mark.django_db
ADD, SHOW = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/reauthenticate/"
OF_THE_ADMIN = ["/admin/", "/admin/profiles/member/", "/admin/outbox/message/"]


@pytest.fixture
def sam(db: None) -> Member:
    return make_member("Sam", email="ada@example.org", is_staff=True, is_superuser=True)


def proved_by_code() -> Client:
    """Signed in, and shown again: all that a mailbox can do."""
    visitor = signed_in_by_code()
    visitor.post(AGAIN, {"action": "send"})
    visitor.post(AGAIN, {"code": code_from_mail()})
    return visitor


@pytest.mark.parametrize("page", OF_THE_ADMIN)
def test_a_keeper_without_a_passkey_is_shown_how_to_add_one(sam: Member, page: str) -> None:
    visitor = signed_in_by_code()
    for answer in (visitor.get(page), visitor.post(page, {"action": "delete_selected"})):
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (403, True)
        assert f'href="{ADD}' in answer.content.decode()
    assert visitor.get(ADD).status_code == 200


def test_the_way_to_the_first_passkey_remembers_the_page_that_was_wanted(sam: Member) -> None:
    visitor = signed_in_by_code()
    led_to = f"{ADD}?next=%2Fadmin%2Foutbox%2Fmessage%2F"
    assert f'href="{led_to}"' in visitor.get("/admin/outbox/message/").content.decode()
    assert f'href="{ADD}"' in visitor.post("/admin/outbox/message/").content.decode()  # no link repeats a press
    assert 'name="next" value="/admin/outbox/message/"' in visitor.get(led_to).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):  # proved again on the way, it is remembered still
        again = visitor.get(led_to)["Location"]
        visitor.post(again, {"action": "send"})
        asked = re.search(r'name="next" value="([^"]+)"', visitor.get(again).content.decode())
        assert asked
        assert visitor.post(AGAIN, {"code": code_from_mail(), "next": unescape(asked[1])})["Location"] == led_to


@pytest.mark.parametrize("page", OF_THE_ADMIN)
def test_a_keeper_who_came_by_a_code_shows_their_passkey_first(sam: Member, page: str) -> None:
    add_passkey(sam)
    visitor = signed_in_by_code()
    for answer in (visitor.get(page), visitor.post(page)):
        assert answer["Location"] == f"{SHOW}?next={page.replace('/', '%2F')}"
    assert visitor.get(f"{SHOW}?next={page}").status_code == 200
    sign_in_with_passkey(visitor, sam)
    assert visitor.get(page).status_code == 200


def test_whoever_only_reads_a_keepers_mail_adds_and_removes_no_passkey(sam: Member) -> None:
    passkey = add_passkey(sam)
    visitor = proved_by_code()
    for page in (ADD, f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/"):
        for answer in (visitor.get(page), visitor.post(page)):
            assert answer["Location"].startswith(SHOW)
    assert Authenticator.objects.get() == passkey


def test_a_member_who_lost_their_device_still_adds_another_by_a_code(sam: Member) -> None:
    Member.objects.filter(pk=sam.pk).update(is_staff=False, is_superuser=False)
    add_passkey(sam)
    assert proved_by_code().get(ADD).status_code == 200


def test_the_passkey_of_somebody_else_opens_nothing(sam: Member) -> None:
    add_passkey(sam)
    visitor = Client()
    sign_in_with_passkey(visitor, sam)
    visitor.force_login(make_member(is_staff=True, is_superuser=True))
    assert visitor.get("/admin/").status_code == 403


def test_no_keeper_writes_the_address_or_the_passkey_of_another(sam: Member, client: Client) -> None:
    add_passkey(sam)
    sign_in_with_passkey(client, sam)
    theirs = add_passkey(make_member("Noor"))
    for gone in ("account/emailaddress/", "account/emailaddress/add/", "auth/group/"):
        assert client.get(f"/admin/{gone}").status_code == 404
    assert client.get("/admin/mfa/authenticator/add/").status_code == 403
    page = f"/admin/mfa/authenticator/{theirs.pk}/"
    assert "credential" not in client.get(f"{page}change/").content.decode()  # what the device has told
    assert client.post(f"{page}change/", {"user": sam.pk}).status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.filter(pk=theirs.pk).exists()
