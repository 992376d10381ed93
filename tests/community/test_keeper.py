"""The keeper's page: what is settled on it holds at once, and for everybody."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.profiles.models import HouseRules, JoinInvitation, Member
from tests.community.rules import ADA, browser_of, code_to, make_keeper, settle, sign_in
from tests.factories import make_member
from tests.odd import PLAIN_AND_HTMX, Page, assert_refused
from tests.passkeys import add_passkey, sign_in_with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
KEEPER = "/keeper/"
RULES = {
    "who_may_look": "members",
    "who_may_join": "asked",
    "members_invite": "on",
    "answered_by": "Sam and Noor",
    "answered_within": "24 hours",
    "crisis_line": "Samaritans, 116 123",
    "promise_additions": "I leave my shoes at the door.\n\nI come sober.",
}


@pytest.fixture
def keeper(db: None) -> Client:
    return browser_of(make_keeper())


def test_a_keeper_settles_the_rules_and_finds_them_again(keeper: Client) -> None:
    assert keeper.post(KEEPER, RULES)["Location"] == KEEPER
    rules = HouseRules.objects.get()
    assert {name: getattr(rules, name) for name in RULES} == {**RULES, "members_invite": True}
    page = Page.of(keeper.get(KEEPER))
    assert (page.values["who_may_look"], page.values["who_may_join"]) == ("members", "asked")
    assert page.values["answered_by"] == "Sam and Noor"
    keeper.post(KEEPER, {**RULES, "members_invite": "", "who_may_look": "everyone"})
    rules = HouseRules.objects.get()
    assert (rules.members_invite, rules.is_closed) == (False, False)


@pytest.mark.parametrize("headers", PLAIN_AND_HTMX)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_half_saved(
    keeper: Client, headers: dict[str, str]
) -> None:
    answer = keeper.post(KEEPER, {**RULES, "answered_by": "x" * 121}, headers=headers)
    assert_refused(answer, "answered_by", "at most 120 characters", "x" * 121)
    assert keeper.post(KEEPER, {**RULES, "who_may_look": "nobody"}).status_code == 422
    assert keeper.post(KEEPER, {**RULES, "crisis_line": "a\x00b"}).status_code == 422
    assert not HouseRules.objects.exists()


def test_until_they_are_saved_the_environment_says_who_answers(client: Client, settings: Any) -> None:
    settings.COMMUNITY_ANSWERED_BY, settings.COMMUNITY_ANSWERED_WITHIN = "Jo", "two days"
    assert "If something is wrong I tell Jo; they answer within two days." in client.get("/promise/").content.decode()
    settle(answered_by="Noor")
    page = client.get("/promise/").content.decode()
    assert "If something is wrong I tell Noor; they answer within two days." in page


def test_the_promise_the_help_and_the_sign_in_page_say_what_was_settled(client: Client) -> None:
    settle(**{**RULES, "who_may_look": "everyone", "members_invite": False})
    for url in ("/promise/", "/accounts/login/"):
        page = client.get(url).content.decode()
        assert "<li>I leave my shoes at the door.</li><li>I come sober.</li>" in page
        assert "If something is wrong I tell Sam and Noor; they answer within 24 hours." in page
    page = client.get("/help/").content.decode()
    assert "Sam and Noor read what you write." in page
    assert "Samaritans, 116 123" in page


def test_a_consent_names_the_version_of_the_promise_that_was_read(client: Client) -> None:
    sign_in(client)
    ada = Member.objects.get(email="ada@example.org")
    assert (ada.promise_version, ada.promised_at is not None) == (1, True)
    settle(answered_by="Noor")
    settle(who_may_join="asked")  # no words of the promise
    settle(who_may_join="anyone", promise_additions="I come sober.")
    sign_in(Client(), email="ben@example.org", name="", promise="")
    assert Member.objects.get(email="ben@example.org").promise_version == 3


def test_words_that_change_between_form_and_code_do_not_change_what_was_promised(client: Client) -> None:
    client.post("/accounts/login/", ADA)
    settle(promise_additions="I come sober.")
    client.post("/accounts/login/code/confirm/", {"code": code_to("ada@example.org")})
    assert Member.objects.get(email="ada@example.org").promise_version == 1


def test_there_is_one_row_of_rules_whatever_happens(keeper: Client) -> None:
    settle()
    settle(answered_by="Noor")
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseRules.objects.create(id=2)
    assert HouseRules.objects.count() == 1


def test_a_member_who_is_only_staff_is_no_keeper(client: Client) -> None:
    for half in (make_member(is_staff=True), make_member(is_superuser=True)):
        client.force_login(half)
        assert client.get(KEEPER).status_code == 404
        assert "/keeper/" not in client.get("/help/").content.decode()


@pytest.mark.parametrize("page", [KEEPER, "/keeper/waiting/", "/invite/"])
def test_a_code_by_mail_opens_no_page_of_the_keepers(client: Client, page: str) -> None:
    settle(who_may_join="asked", members_invite=True)
    sam, newcomer = make_keeper(), make_member("Ada", is_waiting=True)
    client.force_login(sam)
    assert client.get(page).status_code == client.post(page, RULES).status_code == 403
    add_passkey(sam)
    for answer in (client.get(page), client.post(page, {**RULES, "emails": "friend@example.org"})):
        assert answer["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/?next=")
    client.post(f"/keeper/waiting/{newcomer.key}/", {"act": "yes"})
    client.post("/invite/link/", {"act": "new"})
    newcomer.refresh_from_db()
    rules = HouseRules.objects.get()
    assert (newcomer.is_waiting, rules.join_path, rules.who_may_look) == (True, "", "everyone")
    assert not JoinInvitation.objects.exists()
    sign_in_with_passkey(client, sam)
    assert client.get(page).status_code == 200


def test_a_member_who_may_invite_needs_no_passkey(signed_in: Client) -> None:
    settle(members_invite=True)
    assert signed_in.get("/invite/").status_code == 200


def test_keepers_find_their_page_in_the_foot_of_every_page(keeper: Client) -> None:
    assert "/keeper/" in keeper.get("/help/").content.decode()


def test_the_keepers_page_asks_as_often_for_many_as_for_few(
    keeper: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        for _ in range(5):
            make_member(is_waiting=True)
        with django_assert_num_queries(7):  # session, member, rules, who waits, a moderator, shares, whether mail comes
            keeper.get(KEEPER)
        with django_assert_num_queries(4):
            keeper.get("/keeper/waiting/")


# What is missing

MISSING = {
    "/admin/profiles/member/": "There is no moderator",
    "#id_answered_by": "not told by name who answers",
    "#id_answered_within": "not told within which time",
    "#id_crisis_line": "There is no crisis line",
}


def test_the_page_says_what_is_missing_for_when_something_is_wrong_and_leads_there(keeper: Client) -> None:
    page = keeper.get(KEEPER).content.decode()
    for leads_to, said in MISSING.items():
        assert said in page
        assert f'href="{leads_to}"' in page
        assert not leads_to.startswith("#") or f'id="{leads_to[1:]}"' in page
    make_member(is_moderator=True, is_active=False)
    assert MISSING["/admin/profiles/member/"] in keeper.get(KEEPER).content.decode()  # they cannot read either


def test_what_is_there_is_not_said_to_be_missing(keeper: Client) -> None:
    make_member(is_moderator=True)
    settle(answered_by="Sam", answered_within="24 hours")
    page = keeper.get(KEEPER).content.decode()
    assert [said for said in MISSING.values() if said in page] == [MISSING["#id_crisis_line"]]
    settle(crisis_line="Samaritans, 116 123")
    assert "What is still missing" not in keeper.get(KEEPER).content.decode()


# The command


def command(*words: str) -> str:
    said = StringIO()
    call_command("make_keeper", *words, stdout=said)
    return said.getvalue()


def test_the_command_makes_a_keeper_of_a_member_or_of_somebody_new_and_undoes_it() -> None:
    ada = make_member("Ada", email="ada@example.org", is_waiting=True)
    assert "Ada is a keeper" in command("Ada@example.org")
    ada.refresh_from_db()
    assert (ada.is_keeper, ada.is_waiting) == (True, False)
    command("new@example.org", "--name", "Noor")
    assert Member.objects.get(email="new@example.org").is_keeper
    client = browser_of(ada)
    assert client.get(KEEPER).status_code == 200
    assert "ordinary member" in command("ada@example.org", "--no-longer")
    assert client.get(KEEPER).status_code == 404
    for words in (["nonsense"], ["nobody@example.org", "--no-longer"]):
        with pytest.raises(CommandError):
            command(*words)
