"""Showing once more that it is you, another address, and the end of every visit."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_member
from tests.profiles.test_sign_in import CODE, LOGIN, code_from_mail

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AGAIN, ADDRESS, CONFIRM = "/accounts/again/", "/settings/address/", "/settings/address/confirm/"
PASSKEY, EVERYWHERE = "/accounts/2fa/webauthn/add/", "/settings/sign-out-everywhere/"


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada", email="ada@example.org")


def signed_in_by_code() -> Client:
    client = Client()
    client.post(LOGIN, {"email": "ada@example.org"})
    assert client.post(CODE, {"code": code_from_mail()}).status_code == 302
    return client


@pytest.mark.parametrize("page", [ADDRESS, PASSKEY])
def test_what_would_take_an_account_away_asks_first_whether_it_is_still_you(ada: Member, page: str) -> None:
    visitor = signed_in_by_code()
    assert visitor.get(page).status_code == 200  # they have just shown it
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        for answer in (visitor.get(page), visitor.post(page, {"email": "eve@example.org"})):
            assert answer["Location"] == f"{AGAIN}?next={page.replace('/', '%2F')}"
        assert "eve@" not in "".join(Message.objects.values_list("address", flat=True))
        visitor.post(AGAIN, {"action": "send", "next": page})
        assert visitor.post(AGAIN, {"code": "WRONG", "next": page}).status_code == 422
        assert visitor.get(page).status_code == 302
        assert visitor.post(AGAIN, {"code": code_from_mail(), "next": page})["Location"] == page
        assert visitor.get(page).status_code == 200


def test_the_code_that_shows_it_goes_to_the_address_of_the_account_alone(ada: Member) -> None:
    visitor = signed_in_by_code()
    visitor.post(AGAIN, {"action": "send", "email": "eve@example.org"})
    send()
    assert [letter.to for letter in mail.outbox[1:]] == [["ada@example.org"]]


def test_five_wrong_codes_end_it(ada: Member) -> None:
    visitor = signed_in_by_code()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        visitor.post(AGAIN, {"action": "send"})
        code = code_from_mail()
        for _try in range(5):
            visitor.post(AGAIN, {"code": "WRONG"})
        visitor.post(AGAIN, {"code": code})
        assert visitor.get(ADDRESS).status_code == 302


def test_an_account_moves_once_the_new_address_is_proved_and_the_old_one_hears_of_it(ada: Member) -> None:
    visitor, elsewhere = signed_in_by_code(), signed_in_by_code()
    assert visitor.post(ADDRESS, {"email": "Ada@New.example"})["Location"] == CONFIRM
    code = code_from_mail()
    assert mail.outbox[-1].to == ["ada@new.example"]
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"  # nothing has happened yet
    assert visitor.post(CONFIRM, {"code": "WRONG"}).status_code == 422
    visitor.post(CONFIRM, {"code": code})
    ada.refresh_from_db()
    assert ada.email == "ada@new.example"
    assert list(EmailAddress.objects.filter(user=ada).values_list("email", "verified")) == [("ada@new.example", True)]
    assert "ada@new.example" in visitor.get("/settings/").content.decode()
    assert elsewhere.get("/settings/").status_code == 302
    send()
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (
        ["ada@example.org"],
        "The address of your account has changed",
    )
    assert "ada@new.example" not in str(mail.outbox[-1].message())


def test_an_address_that_has_an_account_is_asked_for_its_code_like_any_other(ada: Member) -> None:
    make_member("Eve", email="eve@example.org")
    seen = []
    for address in ("eve@example.org", "nobody@example.org"):
        visitor = signed_in_by_code()
        answer = visitor.post(ADDRESS, {"email": address}, follow=True)
        seen.append(re.sub(r'value="\w{64}"', "", answer.content.decode()).replace(address, "X"))
    assert seen[0] == seen[1]
    visitor = signed_in_by_code()
    visitor.post(ADDRESS, {"email": "eve@example.org"})
    page = visitor.post(CONFIRM, {"code": code_from_mail()}, follow=True).content.decode()
    assert "You have another account with eve@example.org. Your address here is as it was." in page
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_an_address_no_mail_can_have_is_refused_beside_its_field(ada: Member) -> None:
    answer = signed_in_by_code().post(ADDRESS, {"email": "not an address"})
    assert answer.status_code == 422
    assert "not an address" in answer.content.decode()


def test_signing_out_everywhere_ends_every_visit_at_its_next_request(ada: Member) -> None:
    here, there, somebody_else = signed_in_by_code(), signed_in_by_code(), Client()
    somebody_else.force_login(make_member())
    assert "You are signed out everywhere." in here.post(EVERYWHERE, follow=True).content.decode()
    for visitor, status in ((here, 302), (there, 302), (somebody_else, 200)):
        assert visitor.get("/settings/").status_code == status
    assert signed_in_by_code().get("/settings/").status_code == 200


def test_whoever_may_not_sign_in_any_more_is_out_at_the_next_request(ada: Member) -> None:
    visitor = signed_in_by_code()
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert visitor.get("/settings/").status_code == 302


def test_a_visit_has_another_key_once_it_is_signed_in(client: Client, ada: Member) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    before = client.session.session_key
    client.post(CODE, {"code": code_from_mail()})
    assert client.session.session_key != before
