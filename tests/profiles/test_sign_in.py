"""Joining and signing in by a code: one form, one code page, nothing that tells who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat, make_town
from tests.passkeys import add_passkey, sign_in_with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LOGIN, CODE, INTRODUCE = "/accounts/login/", "/accounts/login/code/confirm/", "/accounts/introduce/"
JOINING = {"name": "Ada", "email": "ada@example.org", "promise": "on"}


def code_from_mail() -> str:
    send()
    found = re.search(r"Your code: (\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def ask_for_code(client: Client, **typed: str) -> str:
    answer = client.post(LOGIN, {**JOINING, **typed})
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    return code_from_mail()


def test_a_stranger_becomes_a_member_by_proving_their_address(client: Client) -> None:
    code = ask_for_code(client)
    assert not Member.objects.filter(email="ada@example.org").exists()
    answer = client.post(CODE, {"code": code})
    assert answer["Location"] == "/table/"
    ada = Member.objects.get(email="ada@example.org")
    assert (ada.name, ada.has_usable_password(), ada.promised_at is not None) == ("Ada", False, True)
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_known_address_is_signed_in_and_the_name_typed_is_ignored(client: Client) -> None:
    ada = make_member("Ada Lovely", email="ada@example.org")
    client.post(CODE, {"code": ask_for_code(client, email="Ada@Example.org", name="Somebody Else")})
    assert client.session["_auth_user_id"] == str(ada.pk)
    ada.refresh_from_db()
    assert ada.name == "Ada Lovely"
    assert Member.objects.count() == 1


def test_known_and_new_addresses_get_the_same_pages_and_the_same_mail() -> None:
    make_member(email="known@example.org")
    seen = []
    for email in ("known@example.org", "new@example.org"):
        client = Client()
        answer = client.post(LOGIN, {**JOINING, "email": email}, follow=True)
        code = code_from_mail()
        text = answer.content.decode().replace(email, "X")
        body = mail.outbox[-1].body.replace(code, "X")
        html = html_of(mail.outbox[-1]).replace(code, "X")
        seen.append((answer.status_code, re.sub(r'value="\w{64}"', "", text), body, html))
    assert seen[0] == seen[1]


def test_a_returning_member_needs_only_their_address(client: Client) -> None:
    ada = make_member(email="ada@example.org")
    client.post(CODE, {"code": ask_for_code(client, name="", promise="")})
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_newcomer_who_gave_only_an_address_is_asked_for_the_rest_before_an_account_is_made(
    client: Client,
) -> None:
    answer = client.post(CODE, {"code": ask_for_code(client, name="", promise="")})
    assert answer["Location"] == INTRODUCE
    assert not Member.objects.exists()
    refused = client.post(INTRODUCE, {"name": "Ada"})
    assert refused.status_code == 422
    assert "Everyone at the table has said so." in refused.content.decode()
    assert client.post(INTRODUCE, {"name": "Ada", "promise": "on"})["Location"] == "/table/"
    assert Member.objects.get().name == "Ada"


def test_the_introduction_is_closed_to_whoever_has_not_proved_their_address(client: Client) -> None:
    ask_for_code(client, name="", promise="")
    assert client.post(INTRODUCE, {"name": "Ada", "promise": "on"})["Location"] == LOGIN
    assert not Member.objects.exists()


def test_the_wish_to_sit_survives_joining(client: Client, gathering: Gathering) -> None:
    answer = client.post(f"/gatherings/{gathering.key}/rsvp/")
    assert answer["Location"] == f"{LOGIN}?next=%2Fgatherings%2F{gathering.key}%2F"
    client.post(answer["Location"], {**JOINING, "next": gathering.get_absolute_url()})
    assert not gathering.rsvps.exists()
    answer = client.post(CODE, {"code": code_from_mail(), "next": gathering.get_absolute_url()})
    assert answer["Location"] == gathering.get_absolute_url()
    assert gathering.rsvps.seated().get().member.email == "ada@example.org"
    assert Message.objects.filter(kind="seat_confirmed").count() == 1


def test_a_wish_for_a_seat_gone_meanwhile_is_answered_kindly_and_still_signs_in(client: Client) -> None:
    gathering = make_gathering(seats=1)
    client.post(f"/gatherings/{gathering.key}/rsvp/")
    code = ask_for_code(client)
    make_seat(gathering)
    page = client.post(CODE, {"code": code}, follow=True)
    assert "so you are on the waitlist" in page.content.decode()
    assert "_auth_user_id" in client.session


def test_a_wrong_code_is_said_beside_its_field_and_the_fifth_ends_it(client: Client) -> None:
    code = ask_for_code(client)
    for _ in range(4):
        answer = client.post(CODE, {"code": "WRONG"})
        assert answer.status_code == 422
        assert "That is not the code in the newest mail." in answer.content.decode()
    assert client.post(CODE, {"code": "WRONG"})["Location"] == LOGIN
    client.post(CODE, {"code": code})
    assert not Member.objects.exists()


@pytest.mark.parametrize(("minutes", "lets_in"), [(9, True), (11, False)])
def test_a_code_is_good_for_ten_minutes(client: Client, minutes: int, lets_in: bool) -> None:
    code = ask_for_code(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        client.post(CODE, {"code": code})
        assert ("_auth_user_id" in client.session) is lets_in


def test_a_visit_ends_ninety_days_after_signing_in_however_often_one_looks(client: Client) -> None:
    client.post(CODE, {"code": ask_for_code(client)})
    for days, is_in in ((60, True), (89, True), (91, False)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert (client.get("/table/").status_code == 200) is is_in


def show_that_it_is_still_you(client: Client) -> None:
    client.post("/accounts/again/", {"action": "send"})
    client.post("/accounts/again/", {"code": code_from_mail()})


def days_in(client: Client) -> list[int]:
    """The days after signing in on which they are in, who show every eighty days that it is still them."""
    client.post(CODE, {"code": ask_for_code(client)})
    began, found = timezone.now(), []
    for days in (80, 160, 179, 181, 240):
        with time_machine.travel(began + timedelta(days=days)):
            if client.get("/table/").status_code == 200:
                found.append(days)
            if days % 80 == 0:
                show_that_it_is_still_you(client)
    return found


def test_a_visit_ends_half_a_year_after_signing_in_whatever_is_done_in_it(client: Client) -> None:
    assert days_in(client) == [80, 160, 179]
    client.post(CODE, {"code": ask_for_code(client)})  # who signs in anew begins anew
    assert client.get("/table/").status_code == 200


def test_control_without_an_end_it_would_go_on(client: Client, settings: Any) -> None:
    settings.SESSION_LASTS_AT_MOST = 10**9
    assert days_in(client) == [80, 160, 179, 181, 240]


def test_its_cookie_ends_with_it(client: Client) -> None:
    client.post(CODE, {"code": ask_for_code(client)})
    with time_machine.travel(timezone.now() + timedelta(days=85), tick=False):
        show_that_it_is_still_you(client)
    assert client.cookies["session"]["max-age"] == pytest.approx(90 * 86400, abs=60)
    with time_machine.travel(timezone.now() + timedelta(days=160), tick=False):
        show_that_it_is_still_you(client)
    assert client.cookies["session"]["max-age"] == pytest.approx(20 * 86400, abs=60)


def test_a_new_code_replaces_the_one_before(client: Client) -> None:
    first = ask_for_code(client)
    client.post(CODE, {"action": "resend"})
    second = code_from_mail()
    assert first != second
    assert client.post(CODE, {"code": first}).status_code == 422
    assert client.post(CODE, {"code": second})["Location"] == "/table/"


def test_a_code_is_not_readable_in_the_outbox_and_gone_once_sent(client: Client) -> None:
    client.post(LOGIN, JOINING)
    row = Message.objects.get()
    kept = row.secret
    code = code_from_mail()
    assert kept
    assert code not in kept
    row.refresh_from_db()
    assert (row.secret, row.state) == ("", Message.State.SENT)


def test_signing_in_never_leads_to_another_site(client: Client) -> None:
    for url in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "evil.example", "///evil.example"):
        client = Client()
        answer = client.post(LOGIN, {**JOINING, "email": f"a{len(url)}@example.org", "next": url})
        assert answer["Location"] == CODE
        answer = client.post(CODE, {"code": code_from_mail(), "next": url})
        assert answer["Location"] == "/table/"


def test_the_admin_signs_in_the_same_way(client: Client) -> None:
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == f"{LOGIN}?next=%2Fadmin%2F"
    keeper = make_member("Sam", is_staff=True, is_superuser=True)
    add_passkey(keeper)
    sign_in_with_passkey(client, keeper)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/profiles/member/").status_code == 200


def test_there_are_no_pages_for_passwords(client: Client) -> None:
    for path in ("password/reset/", "password/change/", "password/set/", "email/"):
        assert client.get(f"/accounts/{path}").status_code == 404


def test_a_new_member_lives_where_they_looked_around(client: Client) -> None:
    make_town("auckland-nz")
    client.get("/", {"town": "Auckland"})
    client.post(CODE, {"code": ask_for_code(client)})
    ada = Member.objects.get()
    assert (str(ada.town), ada.time_zone) == ("Auckland", "Pacific/Auckland")


def test_a_wish_is_forgotten_within_the_hour(client: Client, gathering: Gathering) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        client.post(f"/gatherings/{gathering.key}/rsvp/")
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        client.post(CODE, {"code": ask_for_code(client)})
    assert "_auth_user_id" in client.session
    assert not gathering.rsvps.exists()


def test_whoever_left_the_code_page_finds_it_again(client: Client) -> None:
    assert CODE not in client.get(LOGIN).content.decode()
    ask_for_code(client)
    assert CODE in client.get(LOGIN).content.decode()
