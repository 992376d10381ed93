"""Blocking in two taps from wherever one reads a name: a page that says what follows, and a press that does it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.gatherings import parting
from apps.gatherings.models import CoHost, Gathering, Series
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.factories import make_gathering, make_member, make_seat
from tests.odd import MEGABYTE, all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def address(gathering: Gathering, member: Member) -> str:
    return f"/gatherings/{gathering.key}/block/{member.key}/"


def page_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.fixture
def people(gathering: Gathering) -> dict[str, Member]:
    """Everybody at one table, by what they are there; and who asks for a seat at it, and who has left."""
    people = {name: make_member(name.title()) for name in ("helper", "guest", "other", "waiting", "left")}
    people["host"] = gathering.host
    CoHost.invite(gathering, people["helper"].email)
    gathering.co_hosts.get().accept(people["helper"])
    for name in ("guest", "other"):
        make_seat(gathering, people[name])
    make_seat(gathering, people["left"]).bow_out()
    gathering.asks_first = True
    gathering.change(["asks_first"])
    gathering.seat(people["waiting"])
    return people


READS_OF = {
    "stranger": set(),
    "member": {"host", "helper"},
    "waiting": {"host", "helper"},
    "left": {"host", "helper"},
    "guest": {"host", "helper", "other"},
    "host": {"helper", "guest", "other", "waiting"},
    "helper": {"host", "guest", "other", "waiting"},
}


@pytest.mark.parametrize("reader", READS_OF)
def test_wherever_somebody_reads_a_name_they_find_the_way_to_block_and_nowhere_else(
    client: Client, gathering: Gathering, people: dict[str, Member], reader: str
) -> None:
    if reader != "stranger":
        client.force_login(people.get(reader) or make_member())
    pages = page_of(client, gathering.get_absolute_url())
    if reader in ("host", "helper"):
        pages += page_of(client, f"{gathering.get_absolute_url()}guests/")
    for name, member in people.items():
        is_known = name in READS_OF[reader]
        assert (address(gathering, member) in pages) is is_known, name
        answer = client.get(address(gathering, member))
        if reader == "stranger":
            assert answer.status_code == 302
        else:
            assert answer.status_code == (200 if is_known else 404), name


def test_a_press_blocks_and_a_look_does_not(signed_in: Client, member: Member, gathering: Gathering) -> None:
    before = all_rows()
    assert f"Block {gathering.host.name}?" in page_of(signed_in, address(gathering, gathering.host))
    assert all_rows() == before
    answer = signed_in.post(address(gathering, gathering.host), follow=True)
    assert [url for url, _status in answer.redirect_chain] == ["/table/"]
    assert f"You have blocked {gathering.host.name}. They are not told." in answer.content.decode()
    assert [(block.blocker, block.blocked) for block in Block.objects.all()] == [(member, gathering.host)]


def test_pressing_twice_leads_to_the_list(signed_in: Client, gathering: Gathering) -> None:
    for _ in range(2):
        answer = signed_in.post(address(gathering, gathering.host))
    assert answer["Location"] == "/settings/blocks/"
    assert Block.objects.count() == 1


def test_who_is_blocked_finds_no_way_to_look_for_it(signed_in: Client, member: Member, gathering: Gathering) -> None:
    parting.block(gathering.host, member)
    assert signed_in.get(address(gathering, gathering.host)).status_code == 404
    assert signed_in.post(address(gathering, gathering.host)).status_code == 404
    assert Block.objects.count() == 1


def test_two_guests_come_back_to_the_page_without_the_name(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    other = make_member("Quincy Zed")
    for each in (member, other):
        make_seat(gathering, each)
    page = page_of(signed_in, address(gathering, other))
    assert "Where you both have a seat" in page
    assert "What ends at once" not in page
    answer = signed_in.post(address(gathering, other), follow=True)
    assert answer.redirect_chain[-1][0] == gathering.get_absolute_url()
    assert "You have a seat." in answer.content.decode()
    assert answer.content.decode().count("Quincy Zed") == 1  # in the word that it is done


def test_it_also_works_where_one_came_by_a_link(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(visibility="link")
    gathering.make_link()
    assert signed_in.get(address(gathering, gathering.host)).status_code == 404
    page = page_of(signed_in, gathering.invitation_url)
    assert f"{address(gathering, gathering.host)}?link={gathering.link}" in page
    assert signed_in.get(f"{address(gathering, gathering.host)}?link={gathering.link}").status_code == 200
    signed_in.post(address(gathering, gathering.host), {"link": gathering.link})
    assert Block.objects.filter(blocker=member).exists()


def test_a_guest_of_old_can_still_be_blocked(signed_in: Client, member: Member, gathering: Gathering) -> None:
    other = make_member("Quin")
    for each in (member, other):
        make_seat(gathering, each)
    ended = timezone.now() - timedelta(days=1)
    Gathering.objects.update(starts_at=ended - timedelta(hours=2), ends_at=ended)
    assert address(gathering, other) in page_of(signed_in, gathering.get_absolute_url())
    assert signed_in.post(address(gathering, other)).status_code == 302
    assert "Quin" not in page_of(signed_in, gathering.get_absolute_url()).replace("blocked Quin", "")


# What is said beforehand is what is done


def seat_at_theirs(member: Member, other: Member) -> str:
    table = make_gathering(host=other, title="Their soup")
    table.seat(member)
    return "You give up what you have at their tables: Their soup"


def their_seat_at_mine(member: Member, other: Member) -> str:
    make_gathering(host=member, title="My soup").seat(other)
    return "They lose what they have at yours."


def helping(gathering: Gathering, helper: Member) -> None:
    CoHost.invite(gathering, helper.email)
    gathering.co_hosts.get(email=helper.email).accept(helper)


def helping_them(member: Member, other: Member) -> str:
    helping(make_gathering(host=other), member)
    return "You step down as a co-host"


def helping_me(member: Member, other: Member) -> str:
    helping(make_gathering(host=member), other)
    return "They no longer help you to host"


def beside_one_another(member: Member, other: Member) -> str:
    table = make_gathering()
    for each in (member, other):
        helping(table, each)
    return "You step down as a co-host"


def the_whole_series(member: Member, other: Member) -> str:
    Series.begin(make_gathering(timezone.now() + timedelta(days=2), host=other), "weekly").join(member)
    return "Coming to the whole of a series"


def both_at_a_table(member: Member, other: Member) -> str:
    table = make_gathering()
    for each in (member, other):
        table.seat(each)
    return "Where you both have a seat"


def nothing(member: Member, other: Member) -> str:
    return ""


@pytest.mark.parametrize(
    "lay",
    [
        seat_at_theirs,
        their_seat_at_mine,
        helping_them,
        helping_me,
        beside_one_another,
        the_whole_series,
        both_at_a_table,
        nothing,
    ],
)
def test_the_page_says_what_follows(signed_in: Client, member: Member, lay: Callable[[Member, Member], str]) -> None:
    other = make_member("Quin")
    found = make_gathering(host=other)
    words = lay(member, other)
    page = " ".join(page_of(signed_in, address(found, other)).replace("<p>", " ").split())
    said = {
        "You give up what you have at their tables",
        "They lose what they have at yours.",
        "You step down as a co-host",
        "They no longer help you to host",
        "Coming to the whole of a series",
        "Where you both have a seat",
    }
    expected = {each for each in said if words.startswith(each)}
    if lay is the_whole_series:
        expected.add("You give up what you have at their tables")
    assert {each for each in said if each in page} == expected
    follows = parting.Parting(member, other)
    ends = (follows.given_up, follows.withdrawn, follows.stepped_down, follows.removed, follows.standing)
    before = all_rows()
    signed_in.post(address(found, other))
    changed = {table for table, rows in all_rows().items() if rows != before[table]} - {
        "safety.Block", "sessions.Session", "outbox.Message", "profiles.Member",
    }  # fmt: skip
    assert bool(changed) is any(ends)
    parted = parting.Parting(member, other)
    assert not any((parted.given_up, parted.withdrawn, parted.stepped_down, parted.removed, parted.standing))
    assert len(parted.shared) == len(follows.shared)


def test_saying_it_takes_as_many_queries_for_many_tables_as_for_one(
    signed_in: Client, member: Member, django_assert_max_num_queries: Any
) -> None:
    other = make_member("Quin")
    for _ in range(8):
        seat_at_theirs(member, other)
        their_seat_at_mine(member, other)
        both_at_a_table(member, other)
    with django_assert_max_num_queries(16):
        page_of(signed_in, address(Gathering.objects.filter(host=other)[0], other))


# One's own list


def test_the_list_names_whom_one_has_blocked_and_nobody_else(signed_in: Client, member: Member) -> None:
    mine, of_another, of_me = (make_member(name) for name in ("Quincy", "Thea", "Ulla"))
    parting.block(member, mine)
    parting.block(make_member(), of_another)
    parting.block(of_me, member)
    page = page_of(signed_in, "/settings/blocks/")
    assert [name in page for name in ("Quincy", "Thea", "Ulla")] == [True, False, False]
    assert 'href="/settings/blocks/"' in page_of(signed_in, "/settings/")


def test_unblocking_shows_each_to_the_other_again(signed_in: Client, member: Member, gathering: Gathering) -> None:
    parting.block(member, gathering.host)
    assert signed_in.get(gathering.get_absolute_url()).status_code == 404
    answer = signed_in.post("/settings/blocks/", {"member": gathering.host.key}, follow=True)
    assert f"You have unblocked {gathering.host.name}." in answer.content.decode()
    assert signed_in.get(gathering.get_absolute_url()).status_code == 200
    assert gathering.seat(member).is_seated


@pytest.mark.parametrize("odd", ["", "\x00", MEGABYTE, "%", "1", "{{7*7}}"])
def test_what_is_sent_to_unblock_may_be_anything(signed_in: Client, member: Member, odd: str) -> None:
    parting.block(member, make_member())
    assert signed_in.post("/settings/blocks/", {"member": odd}).status_code == 302
    assert signed_in.post("/settings/blocks/").status_code == 302
    assert Block.objects.count() == 1


def test_nobody_undoes_the_block_of_another(signed_in: Client, member: Member) -> None:
    other = make_member()
    parting.block(other, member)
    signed_in.post("/settings/blocks/", {"member": other.key})
    signed_in.post("/settings/blocks/", {"member": member.key})
    assert Block.objects.count() == 1


def test_a_long_list_takes_as_many_queries_as_a_short_one(
    signed_in: Client, member: Member, django_assert_num_queries: Any
) -> None:
    for more in (1, 20):
        for _ in range(more):
            parting.block(member, make_member())
        with django_assert_num_queries(4):  # session, member, blocks, whether mail reaches them
            page_of(signed_in, "/settings/blocks/")
