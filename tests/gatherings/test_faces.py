"""Who sees whose picture: one's own table, and the hosts one asks; nobody else, and never across a block."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import CoHost, Gathering, Rsvp
from apps.gatherings.parting import block
from apps.privacy.leaving import leave
from apps.profiles.models import Member
from apps.safety.models import KeepApart
from tests.factories import make_gathering, make_member, make_seat
from tests.pictures import give_picture

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("pictures")]
SIZES = [96, 240, 640]


@pytest.fixture
def ada() -> Member:
    return somebody("Ada")


def somebody(name: str) -> Member:
    member = make_member(name)
    give_picture(member)
    return member


def visit(member: Member | None) -> Client:
    visitor = Client()
    if member:
        visitor.force_login(member)
    return visitor


def url_of(member: Member, size: int = 96) -> str:
    return f"/people/{member.key}/picture/{size}/"


def sees(reader: Member | None, member: Member) -> bool:
    """By asking for it; whatever is not shown is the page that never was, to the byte."""
    answer = visit(reader).get(url_of(member))
    if answer.status_code == 200:
        return True
    nowhere = visit(reader).get("/people/zzzzzzzzzz/picture/96/")
    assert as_read(answer) == as_read(nowhere)
    assert answer.status_code == 404
    return False


def as_read(answer: Any) -> tuple[Any, ...]:
    """All of it but the token, which is another each time."""
    headers = {name: value for name, value in answer.items() if name not in ("Set-Cookie", "Expires")}
    return answer.status_code, headers, re.sub(rb'value="\w{64}"', b"", answer.content)


def test_strangers_and_members_who_never_met_see_none(ada: Member) -> None:
    make_gathering(host=ada)
    keeper = make_member(is_staff=True, is_superuser=True)
    for reader in (None, make_member(), keeper, make_member(is_moderator=True)):
        assert not sees(reader, ada)
    assert sees(ada, ada)  # control


def test_it_comes_as_a_picture_that_no_cache_keeps_and_nothing_takes_for_a_page(ada: Member) -> None:
    for size in SIZES:
        answer = visit(ada).get(url_of(ada, size))
        assert answer["Content-Type"] == "image/webp"
        assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.content[:4] == b"RIFF"
    for odd in (url_of(ada, 97), url_of(ada, 10**9), url_of(ada)[:-3] + "-96/", url_of(ada)[:-3] + "..%2f96/"):
        assert visit(ada).get(odd).status_code == 404
    assert visit(ada).post(url_of(ada)).status_code == 405


def test_those_at_one_table_see_each_other(ada: Member) -> None:
    host, guest, helper = somebody("Mei"), somebody("Noor"), somebody("Kim")
    gathering = make_gathering(host=host)
    CoHost.objects.create(gathering=gathering, email=helper.email, member=helper, accepted_at=timezone.now())
    make_seat(gathering, guest)
    for each in (host, guest, helper):
        assert not sees(ada, each)
        assert not sees(each, ada)
    gathering.seat(ada)
    table = [ada, host, guest, helper]
    assert all(sees(one, other) for one in table for other in table)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert all(sees(one, other) for one in table for other in table)  # they have met


def test_whoever_gave_their_seat_back_sees_none_and_is_not_seen(ada: Member) -> None:
    guest = somebody("Noor")
    gathering = make_gathering(host=somebody("Mei"))
    make_seat(gathering, guest)
    gathering.seat(ada).bow_out()
    for other in (guest, gathering.host):
        assert not sees(ada, other)
        assert not sees(other, ada)


def waits(gathering: Gathering, member: Member) -> None:
    make_seat(gathering)
    gathering.seat(member)


@pytest.mark.parametrize(("terms", "ask"), [({"asks_first": True}, Gathering.seat), ({"seats": 1}, waits)])
def test_whom_one_asks_for_a_seat_sees_ones_picture_before_they_answer_and_not_the_other_way_round(
    ada: Member, terms: dict[str, Any], ask: Callable[[Gathering, Member], object]
) -> None:
    host, helper, guest = somebody("Mei"), somebody("Kim"), somebody("Noor")
    gathering = make_gathering(host=host, **terms)
    CoHost.objects.create(gathering=gathering, email=helper.email, member=helper, accepted_at=timezone.now())
    ask(gathering, ada)
    assert Rsvp.objects.get(member=ada).state in ("asked", "waitlisted")
    assert sees(host, ada)
    assert sees(helper, ada)
    assert not sees(guest, ada)
    assert not sees(ada, host)
    with time_machine.travel(gathering.ends_at + timedelta(minutes=1)):
        assert not sees(host, ada)


def test_an_invitation_to_help_that_was_not_answered_shows_nothing(ada: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, ada)
    asked = somebody("Kim")
    CoHost.objects.create(gathering=gathering, email=asked.email)
    assert not sees(asked, ada)


def test_a_table_that_was_called_off_or_missed_was_not_shared(ada: Member) -> None:
    guest = somebody("Noor")
    for end in ("cancel", "miss"):
        gathering = make_gathering()
        seat = make_seat(gathering, ada)
        make_seat(gathering, guest)
        assert sees(guest, ada)  # control
        if end == "cancel":
            gathering.cancel("The roof leaks")
        else:
            Rsvp.objects.filter(pk=seat.pk).update(has_missed=True)
        assert not sees(guest, ada)
        assert not sees(ada, guest)


def test_nobody_sees_one_across_a_block_or_of_somebody_they_are_kept_apart_from(ada: Member) -> None:
    past = make_gathering(timezone.now() + timedelta(hours=1))
    noor, kim, gil = somebody("Noor"), somebody("Kim"), somebody("Gil")
    for member in (ada, noor, kim, gil):
        make_seat(past, member)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        block(noor, ada)
        KeepApart.objects.keep(*sorted([ada, kim], key=lambda member: member.pk))
        for other in (noor, kim):
            assert not sees(ada, other)
            assert not sees(other, ada)
        assert sees(ada, gil)  # control
        assert sees(gil, ada)


def test_of_whoever_is_shut_out_waits_or_has_left_none_is_seen(ada: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, ada)
    host = gathering.host
    assert sees(host, ada)  # control
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert not sees(host, ada)
    Member.objects.filter(pk=ada.pk).update(is_active=True)
    leave(ada)
    assert not sees(host, ada)


# On the pages


def page(reader: Member, address: str) -> str:
    content: str = visit(reader).get(address).content.decode()
    return content


def test_the_table_and_the_hosts_list_show_pictures_where_there_are_some_and_initials_where_not(ada: Member) -> None:
    gathering = make_gathering(host=somebody("Mei"), seats=3)
    make_seat(gathering, ada)
    plain = make_seat(gathering, make_member("Quiet One")).member
    for reader in (ada, gathering.host):
        html = page(reader, gathering.get_absolute_url())
        assert url_of(ada) in html
        assert url_of(gathering.host) in html
        assert ">QO</span>" in html
        assert url_of(plain) not in html
    html = page(gathering.host, f"{gathering.get_absolute_url()}guests/")
    assert url_of(ada) in html
    assert ">QO</span>" in html
    for reader in (make_member(), make_seat(make_gathering()).member):
        assert "/picture/" not in page(reader, gathering.get_absolute_url())
    assert "/picture/" not in Client().get(gathering.get_absolute_url()).content.decode()


def test_every_picture_that_a_page_names_opens_for_its_reader(ada: Member) -> None:
    gathering = make_gathering(host=somebody("Mei"), seats=3, asks_first=True)
    gathering.seat(ada).admit()
    asking = somebody("Noor")
    gathering.seat(asking)
    apart = somebody("Kim")
    gathering.seat(apart).admit()
    KeepApart.objects.keep(*sorted([ada, apart], key=lambda member: member.pk))
    named: dict[str, int] = {}
    for reader in (ada, gathering.host, asking, apart):
        for address in ("", "guests/"):
            found = re.findall(r"/people/\w+/picture/96/", page(reader, gathering.get_absolute_url() + address))
            named[reader.name] = named.get(reader.name, 0) + len(found)
            for url in found:
                assert visit(reader).get(url).status_code == 200
    assert named == {"Ada": 2, "Mei": 6, "Noor": 0, "Kim": 2}


def test_the_gathering_and_the_list_ask_as_often_with_pictures_as_without(django_assert_num_queries: Any) -> None:
    gathering = make_gathering(host=make_member("Mei"), seats=12)
    for number in range(8):
        make_seat(gathering, somebody(f"Guest {number}"))
    visitor = visit(gathering.host)
    with django_assert_num_queries(7):  # as in test_guests_page
        visitor.get(f"{gathering.get_absolute_url()}guests/")


def test_a_picture_costs_three_queries(ada: Member, django_assert_num_queries: Any) -> None:
    gathering = make_gathering(host=make_member("Mei"))
    make_seat(gathering, ada)
    visitor = visit(gathering.host)
    with django_assert_num_queries(3):  # session, member, picture
        assert visitor.get(url_of(ada)).status_code == 200
