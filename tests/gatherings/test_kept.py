"""Pages that are the same for everybody are drawn once and kept for half a minute: never for longer, never for another
kind of reader, never with what is somebody's own, and never while the seats of a gathering change.
"""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import parting
from apps.gatherings.models import CoHost, Gathering, GatheringQuerySet
from apps.outbox.models import Suppression
from apps.places.models import Town
from apps.profiles.models import HouseRules, Member
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
NEAR = "/near/bristol-gb/"
IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept pages"}


@pytest.fixture(autouse=True)
def pages(settings: Any) -> Iterator[None]:
    """Kept as in production."""
    settings.CACHES = {**settings.CACHES, "pages": IN_MEMORY}
    yield
    caches["pages"].clear()


@pytest.fixture(autouse=True)
def clock(bristol: Town) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def words(client: Client, url: str, **more: Any) -> str:
    return client.get(url, **more).content.decode()


def test_a_kept_page_of_a_search_asks_for_the_rules_alone(
    client: Client, clock: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_gathering()
    for seconds, queries in ((0, 4), (29, 1), (2, 4)):  # the town, what is soon, what is later, the rules
        clock.shift(seconds)
        with django_assert_num_queries(queries):
            assert client.get(NEAR).status_code == 200


def test_a_kept_page_asks_a_member_who_they_are_whom_they_blocked_and_whether_mail_reaches_them(
    signed_in: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_gathering()
    signed_in.get(NEAR)
    with django_assert_num_queries(4):  # session, member, blocks, trouble with mail
        signed_in.get(NEAR)


@pytest.mark.parametrize("is_member", [False, True])
def test_what_is_new_or_gone_is_so_in_lists_within_half_a_minute(
    client: Client, member: Member, is_member: bool, clock: Any
) -> None:
    if is_member:
        client.force_login(member)
    called_off, hidden = make_gathering(title="Called off"), make_gathering(title="Hidden")
    assert "Called off" in words(client, NEAR)
    called_off.cancel("")
    hidden.hide()
    make_gathering(title="New")
    clock.shift(29)
    assert "New" not in words(client, NEAR)  # the control: it was kept
    clock.shift(2)
    page = words(client, NEAR)
    assert "New" in page
    assert not re.search("Called off|Hidden", page)


def test_a_gathering_that_is_hidden_or_called_off_is_so_on_its_own_page_at_once(client: Client) -> None:
    called_off, hidden = make_gathering(), make_gathering()
    for gathering in (called_off, hidden):
        assert "Take a seat" in words(client, gathering.get_absolute_url())
    called_off.cancel("")
    hidden.hide()
    assert "This gathering is called off" in words(client, called_off.get_absolute_url())
    assert client.get(hidden.get_absolute_url()).status_code == 404


def seats_said(client: Client, gathering: Gathering) -> list[str]:
    page = words(client, gathering.get_absolute_url())
    return [
        said
        for said in (
            "2 of 2 seats are free",
            "1 of 2 seats is free",
            "Every seat is taken",
            "One person waits",
            "2 people",
        )
        if said in page
    ]


def follow_the_seats(client: Client) -> list[list[str]]:
    gathering = make_gathering(seats=2)
    told = [seats_said(client, gathering)]
    for _ in range(4):
        seat = make_seat(gathering)
        told.append(seats_said(client, gathering))
    seat.bow_out()
    return [*told, seats_said(client, gathering)]


def test_the_page_of_a_gathering_is_never_stale_about_seats_and_line(client: Client) -> None:
    none, one, full = ["2 of 2 seats are free"], ["1 of 2 seats is free"], ["Every seat is taken"]
    waiting, two = [*full, "One person waits"], [*full, "2 people"]
    assert follow_the_seats(client) == [none, one, full, waiting, two, waiting]


def test_control_without_its_state_it_would_be(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GatheringQuerySet, "state_of", lambda found, key: (key,))
    assert follow_the_seats(client) == [["2 of 2 seats are free"]] * 6


def test_a_change_of_its_host_is_on_its_page_at_once(client: Client, gathering: Gathering) -> None:
    words(client, gathering.get_absolute_url())
    gathering.title = "Stew after all"
    gathering.change(["title"])
    assert "Stew after all" in words(client, gathering.get_absolute_url())


def test_a_table_that_begins_takes_no_seats_from_that_moment(client: Client, clock: Any) -> None:
    gathering = make_gathering(NOON + timedelta(minutes=1))
    clock.shift(55)
    assert "Take a seat" in words(client, gathering.get_absolute_url())
    clock.shift(5)
    assert "has begun" in words(client, gathering.get_absolute_url())


def test_strangers_and_members_never_get_the_page_of_the_others(client: Client, member: Member) -> None:
    make_gathering(title="For all")
    make_gathering(title="For members", visibility=Gathering.Visibility.MEMBERS)
    signed_in = Client()
    signed_in.force_login(member)
    for reader in (signed_in, client, signed_in, client):
        page = words(reader, NEAR)
        assert "For all" in page
        assert ("For members" in page, "Sign out" in page) == (reader is signed_in, reader is signed_in)
        assert reader.get("/").status_code == 200


def test_a_member_who_signs_out_is_a_stranger_again(signed_in: Client) -> None:
    make_gathering(title="For members", visibility=Gathering.Visibility.MEMBERS)
    assert "For members" in words(signed_in, NEAR)
    signed_in.logout()
    assert "For members" not in words(signed_in, NEAR)


def test_footers_are_of_the_kind_of_member(client: Client, member: Member) -> None:
    make_gathering()
    moderator = Client()
    moderator.force_login(make_member(is_moderator=True))
    client.force_login(member)
    for reader in (moderator, client, moderator):
        assert ('href="/moderation/"' in words(reader, NEAR)) == (reader is moderator)


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def test_each_visitor_gets_a_token_of_their_own_and_none_of_somebody_else(gathering: Gathering) -> None:
    url, one, other = gathering.get_absolute_url(), Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = {reader: TOKEN.findall(words(reader, url))[0] for reader in (one, other)}
    assert len(set(tokens.values())) == 2
    for reader, token in tokens.items():
        assert reader.post(f"{url}rsvp/", {"csrfmiddlewaretoken": token}).status_code == 302
    # the control: that of the other opens nothing
    assert other.post(f"{url}rsvp/", {"csrfmiddlewaretoken": tokens[one]}).status_code == 403


def test_each_member_signs_out_with_a_token_of_their_own(bristol: Town) -> None:
    make_gathering()
    for _ in range(2):
        reader = Client(enforce_csrf_checks=True)
        reader.force_login(make_member())
        tokens = set(TOKEN.findall(words(reader, NEAR)))
        assert len(tokens) == 1
        assert reader.post("/accounts/logout/", {"csrfmiddlewaretoken": tokens.pop()}).status_code == 302


def test_what_is_said_to_one_reader_is_said_to_nobody_else(client: Client, signed_in: Client, member: Member) -> None:
    make_gathering()
    other = Client()
    other.force_login(make_member())
    suppression = Suppression.objects.create(address=member.email, reason=Suppression.Reason.BOUNCED)
    assert "does not reach you" in words(signed_in, NEAR)
    assert "does not reach you" not in words(other, NEAR)
    suppression.delete()
    assert "does not reach you" not in words(signed_in, NEAR)


def cards_of(client: Client) -> list[str]:
    return re.findall(r'href="/gatherings/(\w+)/"', words(client, NEAR))


@pytest.mark.parametrize("is_made_by", ["host", "reader", "nobody"])
def test_a_block_takes_a_table_out_of_what_all_members_find(
    client: Client, member: Member, is_made_by: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The page is as full as that of others, and asks as often."""
    gatherings = [make_gathering(NOON + timedelta(days=1 + n)) for n in range(22)]
    own, beside = gatherings[4], gatherings[7]
    ben = make_member("Ben")
    CoHost.objects.create(gathering=beside, email=ben.email, member=ben, accepted_at=NOON)
    if is_made_by != "nobody":
        for other in (own.host, ben):
            parting.block(*((member, other) if is_made_by == "reader" else (other, member)))
    someone = Client()
    someone.force_login(make_member())
    client.force_login(member)
    everything = [each.key for each in gatherings]
    assert cards_of(someone) == everything[:20]
    gone = {own.key, beside.key} if is_made_by != "nobody" else set()
    with django_assert_num_queries(4):
        page = words(client, NEAR)
    assert re.findall(r'href="/gatherings/(\w+)/"', page) == [key for key in everything if key not in gone][:20]
    assert ("Show later ones" in page) == (is_made_by == "nobody")


def test_a_full_table_does_not_look_closed_to_its_own_guests(
    member: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other, signed_in, stranger = Client(), Client(), Client()
    other.force_login(make_member())
    signed_in.force_login(member)
    table = make_gathering(NOON + timedelta(days=1), seats=1, has_own_point=True, latitude=51.475, longitude=-2.565)
    make_seat(table, member)
    for reader, is_its_own in ((other, False), (signed_in, True), (stranger, False), (signed_in, True)):
        page = words(reader, NEAR)
        assert ("You have a seat" in page) == is_its_own
        assert ("is-closed" in page) == ("You can wait for a seat" in page) == (not is_its_own)
        assert "km</p>" in page, "as far off as for everybody"
    for reader, queries in ((other, 4), (signed_in, 5)):  # and the seat at one that is full
        with django_assert_num_queries(queries):
            reader.get(NEAR)


def test_languages_are_kept_apart(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    make_gathering()
    for language in ("en", "de", "en"):
        assert f'lang="{language}"' in words(client, NEAR, headers={"accept-language": language})[:200]


def test_a_community_that_closes_is_closed_at_once(client: Client, gathering: Gathering) -> None:
    pages = (NEAR, "/", gathering.get_absolute_url())
    assert {client.get(page).status_code for page in pages} == {200}
    HouseRules.objects.now().change(who_may_look=HouseRules.Look.MEMBERS)
    assert {client.get(page).status_code for page in pages} == {302}


def test_what_only_a_link_opens_is_kept_for_nobody(client: Client) -> None:
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    assert client.get(gathering.invitation_url).status_code == 200
    assert client.get(gathering.get_absolute_url()).status_code == 404
    gathering.revoke_link()
    assert client.get(f"{gathering.get_absolute_url()}?link=").status_code == 404


def test_a_kept_page_is_sent_compressed_to_whoever_takes_it_so(client: Client) -> None:
    make_gathering()
    plain = client.get(NEAR).content
    for _ in range(2):
        answer = client.get(NEAR, headers={"accept-encoding": "gzip"})
        assert gzip.decompress(answer.content) == plain
        assert "Accept-Encoding" in answer["Vary"]


def test_pages_stand_while_the_broker_is_away(client: Client, settings: Any, gathering: Gathering) -> None:
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere"}
    settings.CACHES = {**settings.CACHES, "default": away}
    try:
        for page in (NEAR, NEAR, gathering.get_absolute_url()):
            assert client.get(page).status_code == 200
    finally:
        settings.CACHES = {**settings.CACHES, "default": IN_MEMORY}
