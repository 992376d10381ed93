"""A block is silent, both ways and everywhere: who is behind it is as if they were not there, and nobody is told.

Each promise is held with the block made by either of the two, and has its control: the same with nobody blocked.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.gatherings import feeds, parting
from apps.gatherings.company import may_be_offered
from apps.gatherings.models import (
    CannotSit,
    Gathering,
    GatheringNotOpen,
    Rsvp,
    Series,
)
from apps.outbox.links import path_to
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat
from tests.gatherings.blocking import (
    EITHER,
    EITHER_AND_NOBODY,
    Blocks,
    helper,
    is_made,
    names,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def mei(gathering: Gathering) -> Member:
    return gathering.host


@pytest.fixture
def ada(gathering: Gathering) -> Member:
    """Who helps Mei to host."""
    return helper(gathering, "Ada")


# Hosts: the gathering is as one that never was


ACTS = {
    "get": ["", "calendar.ics", "seat/", "ask/", "leave/", "plan/"],
    "post": ["rsvp/", "seat/", "ask/", "leave/", "plan/", "coming/", "accept/", "late/"],
}


@EITHER_AND_NOBODY
@pytest.mark.parametrize("whom", ["mei", "ada"])
@pytest.mark.parametrize(("method", "act"), [(method, act) for method, acts in ACTS.items() for act in acts])
def test_a_page_behind_a_block_is_one_that_never_was(
    signed_in: Client,
    member: Member,
    gathering: Gathering,
    ada: Member,
    blocks: Blocks,
    whom: str,
    method: str,
    act: str,
) -> None:
    make_seat(gathering, member)
    blocks(member, {"mei": gathering.host, "ada": ada}[whom])
    seen = []
    for key in (gathering.key, "zzzzzzzzzz"):
        answer = getattr(signed_in, method)(f"/gatherings/{key}/{act}")
        page = without_tokens(answer.content.decode()).replace(key, "KEY")
        seen.append((answer.status_code, page, dict(answer.items())))
    assert seen[1][0] == 404
    assert (seen[0] == seen[1]) is is_made(blocks)


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@EITHER_AND_NOBODY
@pytest.mark.parametrize("visibility", ["everyone", "members", "link"])
def test_it_is_in_no_list_feed_or_calendar(
    signed_in: Client, member: Member, mei: Member, gathering: Gathering, visibility: str, blocks: Blocks
) -> None:
    Gathering.objects.update(visibility=visibility, link="secret")
    make_seat(gathering, member)
    blocks(member, mei)
    shows = not is_made(blocks)
    assert (gathering.title in names(signed_in, "/near/bristol-gb/")) is (shows and visibility != "link")
    assert (gathering.title in names(signed_in, "/table/")) is shows
    assert (gathering in [entry.gathering for entry in feeds.own(member)]) is shows
    assert signed_in.get(f"/gatherings/{gathering.key}/?link=secret").status_code == (200 if shows else 404)


def test_a_stranger_and_a_third_member_find_it_as_before(client: Client, member: Member, gathering: Gathering) -> None:
    parting.block(member, gathering.host)
    assert gathering.title in names(client, "/near/bristol-gb/")
    client.force_login(make_member())
    assert gathering.title in names(client, "/near/bristol-gb/")


@EITHER
def test_hosts_go_on_seeing_what_is_theirs(member: Member, gathering: Gathering, ada: Member, blocks: Blocks) -> None:
    blocks(member, gathering.host)
    assert set(Gathering.objects.visible_to(gathering.host)) == set(Gathering.objects.visible_to(ada)) == {gathering}


@EITHER_AND_NOBODY
def test_a_list_takes_one_question_however_many_are_blocked(
    signed_in: Client, member: Member, gathering: Gathering, blocks: Blocks, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        blocks(member, make_gathering().host)
    # town, session, member, gatherings of the next days and of all others, co-hosts, the blocks, the rules, and twice
    # whether mail reaches them
    with django_assert_num_queries(10):
        signed_in.get("/near/bristol-gb/")


@EITHER
def test_no_seat_is_to_be_had_by_any_other_way(
    member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    """Not even for whoever had the page open when the block was made."""
    blocks(member, mei)
    with pytest.raises(GatheringNotOpen):
        gathering.seat(member)
    with pytest.raises(CannotSit):
        gathering.offer(member)
    series = Series.begin(gathering, "weekly")
    with pytest.raises(GatheringNotOpen):
        series.join(member, seen=gathering)
    assert not member.rsvps.exists()


# Guests: never a name, always a seat that counts


@pytest.fixture
def quin(gathering: Gathering) -> Member:
    """A guest with a seat, who opens the door."""
    quin = make_member("Quincy Zed")
    make_seat(gathering, quin).say_about_the_door(True)
    return quin


@EITHER_AND_NOBODY
def test_two_guests_do_not_read_each_others_names_and_are_counted(
    client: Client, member: Member, gathering: Gathering, quin: Member, blocks: Blocks
) -> None:
    make_seat(gathering, member)
    third = make_member("Thea")
    make_seat(gathering, third)
    blocks(member, quin)
    for reader, other in ((member, quin), (quin, member)):
        client.force_login(reader)
        page = names(client, gathering.get_absolute_url())
        assert (other.name in page) is not is_made(blocks)
        assert (f">{other.initials}<" in page) is not is_made(blocks)
        assert "Thea" in page
        assert "Five seats, three taken, two free" in page
        assert "Right now you would be the only guest" not in page
    client.force_login(third)
    assert all(name in names(client, gathering.get_absolute_url()) for name in (member.name, quin.name))
    client.force_login(gathering.host)
    assert all(name in names(client, f"{gathering.get_absolute_url()}guests/") for name in (member.name, quin.name))


@EITHER_AND_NOBODY
def test_who_opens_the_door_is_not_named_to_whom_they_must_not_meet(
    client: Client, member: Member, gathering: Gathering, quin: Member, blocks: Blocks
) -> None:
    rsvp = make_seat(gathering, member)
    blocks(member, quin)
    found = Rsvp.objects.with_the_table().get(pk=rsvp.pk)
    assert (found.door_name, found.people_at_the_table) == (None if is_made(blocks) else quin.name, 2)
    page = names(client, path_to("door", member, rsvp.pk, rsvp.round))
    assert (quin.name in page, "opens the door" in page) == (not is_made(blocks), True)


def test_names_cost_no_question_of_their_own(
    client: Client, member: Member, gathering: Gathering, quin: Member, django_assert_num_queries: Any
) -> None:
    make_seat(gathering, member)
    client.force_login(member)
    for _ in range(2):
        # As in test_browse; and whom one has met, what was told of what people eat, and is asked of the table.
        with django_assert_num_queries(15):
            client.get(gathering.get_absolute_url())
        parting.block(member, quin)


@EITHER_AND_NOBODY
def test_a_host_does_not_read_the_name_of_a_guest_of_old(
    client: Client, member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    make_seat(gathering, member)
    make_seat(gathering, make_member("Thea"))
    yesterday = timezone.now() - timedelta(days=1)
    Gathering.objects.update(starts_at=yesterday - timedelta(hours=2), ends_at=yesterday)
    gathering.refresh_from_db()
    blocks(member, mei)
    client.force_login(mei)
    for page in (f"{gathering.get_absolute_url()}guests/", f"{gathering.get_absolute_url()}sheet/"):
        seen = names(client, page)
        assert (member.name in seen, "Thea" in seen) == (not is_made(blocks), True)
        assert "2 people" in seen
    mark = client.post(f"{gathering.get_absolute_url()}guests/{member.key}/absent/")
    assert mark.status_code == (404 if is_made(blocks) else 302)


@EITHER_AND_NOBODY
@pytest.mark.parametrize("whom", ["mei", "ada"])
def test_a_host_is_offered_nobody_whom_they_must_not_meet(
    member: Member, gathering: Gathering, ada: Member, blocks: Blocks, whom: str
) -> None:
    past = make_gathering(timezone.now() + timedelta(days=1), host=gathering.host)
    make_seat(past, member)
    ended = timezone.now() - timedelta(days=1)
    Gathering.objects.filter(pk=past.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)
    blocks(member, {"mei": gathering.host, "ada": ada}[whom])
    assert may_be_offered(gathering, gathering.host).contains(member) is not is_made(blocks)
