"""Members only: from outside there is nothing to be seen, by whatever address."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.models import CalendarFeed, Gathering
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles import door
from apps.profiles.models import HouseRules, Member
from tests.community.rules import CODE, LOGIN, WAITING, browser_of, make_keeper, seen, settle, sign_in
from tests.factories import mails_to, make_gathering, make_member, make_seat
from tests.test_gates import TABLE, World, world  # noqa: F401  a fixture is found by its name

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# What strangers may open: none says anything of gatherings or members, or each asks for a secret of its own.
OPEN = {
    "community:help", "community:promise", "community:robots", "community:livez", "community:readyz", "community:join",
    "places:towns", "account_login", "account_signup", "account_request_login_code", "account_confirm_login_code",
    "account_logout", "account_inactive", "profiles:introduce", "profiles:by_invitation", "profiles:waiting",
    "mfa_login_webauthn", "mfa_authenticate", "set_language", "outbox:mail_link", "gatherings:own_feed",
    "gatherings:near_feed", "gatherings:table_picture", "gatherings:near_atom", "gatherings:sitemap",
    "moderation:report", "moderation:received",
    "moderation:trusted_open",
    "privacy:left",
}  # fmt: skip


@pytest.fixture
def closed(db: None) -> HouseRules:
    return settle(
        who_may_look="members",
        answered_by="Temperance and Noor",
        crisis_line="Moonlight Line",
        promise_additions="I come sober.",
    )


def canaries() -> list[str]:
    """Whatever would tell a stranger of a gathering or a member."""
    told = ["Temperance", "Moonlight", "I come sober", "Southville", "Greville"]
    told += [name for row in Gathering.objects.values_list("title", "key") for name in row]
    return told + [name for row in Member.objects.values_list("email", "key") for name in row]


def test_a_stranger_finds_the_sign_in_page_at_every_address_but_a_few(closed: HouseRules, world: World) -> None:  # noqa: F811
    for name, of, *_answers in TABLE:
        for method in ("get", "head", "post"):
            answer = getattr(Client(), method)(world.url(name, of))
            if name not in OPEN:
                assert answer.status_code == 302, name
                assert answer["Location"].startswith(LOGIN), name
                assert "no-store" in answer["Cache-Control"]


def test_no_answer_to_a_stranger_tells_of_a_gathering_or_a_member(closed: HouseRules, world: World) -> None:  # noqa: F811
    for name, of, *_answers in TABLE:
        if (name, of) in [("gatherings:own_feed", "feed"), ("moderation:trusted_open", "trusted")]:
            continue  # whoever has its secret is its reader
        url = world.url(name, of)
        for headers in ({}, {"HX-Request": "true"}):
            answer = Client().get(url, headers=headers)
            told = " ".join([answer.content.decode(), *(value for key, value in answer.items() if key != "Location")])
            assert [canary for canary in canaries() if canary in told] == [], url


def test_control_in_an_open_community_the_same_addresses_tell(world: World) -> None:  # noqa: F811
    settle(answered_by="Temperance and Noor")
    told = Client().get(world.url("gatherings:near", "town")).content.decode() + Client().get("/help/").content.decode()
    assert [canary for canary in canaries() if canary in told] != []


@pytest.mark.parametrize(
    "path",
    [
        "/gatherings/KEY/", "/gatherings/KEY/?link=LINK", "/gatherings/KEY/rsvp/", "/gatherings/KEY/calendar.ics",
        "/gatherings/KEY/leave/", "/gatherings/KEY/guests/", "/gatherings/KEY/series/", "/gatherings/KEY/seat/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_what_is_there_and_what_never_was_are_the_same_to_the_byte(closed: HouseRules, path: str, method: str) -> None:
    made = []
    for visibility in Gathering.Visibility:
        made.append(make_gathering(visibility=visibility))
        made[-1].make_link()
    answers = set()
    for key, link in [*((each.key, each.link) for each in made), ("zzzzzzzzzz", "x" * 22)]:
        answer = getattr(Client(), method)(path.replace("KEY", key).replace("LINK", link))
        headers = sorted((name, value) for name, value in answer.items() if name not in ("Set-Cookie", "Expires"))
        said = repr([answer.status_code, answer.content, headers])
        answers.add(said.replace(key, "KEY").replace(link or "-", "LINK"))
    assert len(answers) == 1


def test_no_gathering_is_even_looked_for(
    closed: HouseRules, gathering: Gathering, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """So there is nothing by which the time of an answer could tell one from another."""
    for url in (gathering.get_absolute_url(), "/gatherings/zzzzzzzzzz/", "/near/bristol-gb/", "/near/nowhere/"):
        with django_assert_num_queries(1):  # the rules
            assert Client().get(url).status_code == 302


def test_a_town_has_no_feed_for_anybody(closed: HouseRules, gathering: Gathering, signed_in: Client) -> None:
    for client in (Client(), signed_in):
        for slug in ("bristol-gb", "nowhere"):
            assert client.get(f"/near/{slug}/feed.ics").status_code == 404
    assert seen(Client().get("/near/bristol-gb/feed.ics")) == seen(Client().get("/near/nowhere/feed.ics"))
    assert "feed.ics" not in signed_in.get("/near/bristol-gb/").content.decode()


def test_search_engines_are_told_to_stay_away(closed: HouseRules) -> None:
    assert Client().get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    for url in ("/", LOGIN, "/robots.txt"):
        assert Client().get(url)["X-Robots-Tag"] == "noindex"
    settle(who_may_look="everyone")
    assert "Disallow: /\n" not in Client().get("/robots.txt").content.decode()
    assert "X-Robots-Tag" not in Client().get("/")


def test_the_sign_in_page_asks_for_an_address_and_says_nothing_else(closed: HouseRules) -> None:
    page = Client().get(LOGIN).content.decode()
    assert 'name="email"' in page
    for not_there in ('name="name"', 'name="promise"', "site-nav", "None", "Read the promise", *canaries()):
        assert not_there not in page


def test_members_see_all_as_before_and_come_back_to_where_they_wished_to_go(
    closed: HouseRules, client: Client, gathering: Gathering
) -> None:
    make_member(email="ada@example.org")
    answer = client.get(gathering.get_absolute_url())
    assert answer["Location"] == f"{LOGIN}?next=/gatherings/{gathering.key}/"
    answer = sign_in(client, next=gathering.get_absolute_url())
    assert answer["Location"] == gathering.get_absolute_url()
    for url in (gathering.get_absolute_url(), "/", "/near/bristol-gb/"):
        assert gathering.title in client.get(url).content.decode()


def test_whoever_may_join_reads_the_promise_with_its_names_once_their_address_is_proved(
    closed: HouseRules, client: Client
) -> None:
    from tests.community.rules import code_to

    client.post(LOGIN, {"email": "ada@example.org"})
    answer = client.post(CODE, {"code": code_to("ada@example.org")}, follow=True)
    page = answer.content.decode()
    assert "I come sober." in page
    assert "Temperance and Noor" in page
    client.post("/accounts/introduce/", {"name": "Ada", "promise": "on"})
    assert Member.objects.get(email="ada@example.org").promise_version == closed.promise_version


def test_links_in_mails_and_own_calendars_still_open_for_their_readers(
    closed: HouseRules, gathering: Gathering, member: Member
) -> None:
    make_seat(gathering, member)
    send()
    [mail] = mails_to(member)
    links = re.findall(r"https?://[^/\s]+(/m/\S+/)", str(mail.body))
    assert links
    for link in links:
        assert Client().get(link).status_code == 200
    CalendarFeed.objects.renew(member)
    assert gathering.title in Client().get(f"/calendar/{member.calendar_feed.token}.ics").content.decode()


def test_a_community_is_closed_and_open_from_the_very_next_request(gathering: Gathering) -> None:
    stranger, keeper = Client(), browser_of(make_keeper())
    for look, status in (("members", 302), ("everyone", 200), ("members", 302)):
        keeper.post("/keeper/", {"who_may_look": look, "who_may_join": "anyone"})
        assert stranger.get(gathering.get_absolute_url()).status_code == status


def test_the_gate_holds_also_behind_the_door(closed: HouseRules, gathering: Gathering) -> None:
    """Whatever asks as a stranger, without a request: a feed, a task, a mail."""
    from django.contrib.auth.models import AnonymousUser

    by_link = make_gathering(visibility=Gathering.Visibility.LINK)
    by_link.make_link()
    waiting = make_member(is_waiting=True)
    for stranger in (AnonymousUser(), waiting):
        assert not Gathering.objects.visible_to(stranger, by_link.link).exists()
    settle(who_may_look="everyone")
    for stranger in (AnonymousUser(), waiting):
        assert set(Gathering.objects.visible_to(stranger, by_link.link)) == {gathering, by_link}


# Whose joining waits


@pytest.mark.parametrize("look", ["everyone", "members"])
def test_whose_joining_waits_sees_a_page_that_says_so_and_no_other(world: World, look: str) -> None:  # noqa: F811
    settle(who_may_look=look)
    waiting = Client()
    waiting.force_login(make_member(is_waiting=True))
    for name, of, *_answers in TABLE:
        if name not in OPEN:
            answer = waiting.get(world.url(name, of))
            assert (answer.status_code, answer["Location"]) == (302, WAITING), name
            answer = waiting.post(world.url(name, of))
            assert (answer.status_code, answer["Location"]) == (302, WAITING), name
    for url in (WAITING, "/help/", "/promise/"):
        page = waiting.get(url).content.decode()
        assert "site-nav" not in page
        assert "/settings/" not in page


# What is open, and that nothing else is


def every_view(resolver: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from every_view(each, f"{before}{each.namespace}:" if each.namespace else before)
        else:
            yield f"{before}{each.name}", each.callback


def test_what_is_open_to_all_is_on_the_list() -> None:
    found = {name for name, view in every_view(get_resolver()) if getattr(view, "is_open_to_all", False)}
    assert found == OPEN


def test_control_without_the_door_strangers_get_further(
    closed: HouseRules, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what they then find is nothing: the gate behind it is one of its own."""
    gathering = make_gathering()
    monkeypatch.setattr(door.Door, "process_view", lambda *_args: None)
    assert Client().get("/near/bristol-gb/").status_code == 200
    assert gathering.title not in Client().get("/near/bristol-gb/").content.decode()
    assert Client().get(gathering.get_absolute_url()).status_code == 404
    assert not Message.objects.exists()
