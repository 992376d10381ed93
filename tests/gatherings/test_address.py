"""Who reads the address of a home, and when. Each test fails if `address_for` is made to answer always."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

pytestmark = pytest.mark.django_db
ADDRESS = "14 Greville Street"


def page(client: Client, gathering: Gathering) -> str:
    return client.get(gathering.get_absolute_url()).content.decode()


def test_strangers_and_members_without_a_seat_see_the_area_only(client: Client, member: Member) -> None:
    gathering = make_gathering(timezone.now() + timedelta(hours=3))
    assert ADDRESS not in page(client, gathering)
    client.force_login(member)
    assert ADDRESS not in page(client, gathering)
    assert "Southville" in page(client, gathering)


def test_the_seated_see_it_from_the_day_before_to_a_day_after(client: Client, member: Member) -> None:
    starts = timezone.now().replace(hour=18, minute=0) + timedelta(days=5)
    gathering = make_gathering(starts)
    make_seat(gathering, member)
    client.force_login(member)
    seen = {}
    for hours in (-72, -25, -23, 1, 2.5 + 23, 2.5 + 25):
        with time_machine.travel(starts + timedelta(hours=hours), tick=False):
            seen[hours] = ADDRESS in page(client, gathering)
    assert seen == {-72: False, -25: False, -23: True, 1: True, 25.5: True, 27.5: False}


def test_a_host_may_show_it_with_the_seat(client: Client, member: Member) -> None:
    gathering = make_gathering(address_from=Gathering.AddressFrom.NOW)
    client.force_login(member)
    assert ADDRESS not in page(client, gathering)
    make_seat(gathering, member)
    assert ADDRESS in page(client, gathering)


def test_it_is_gone_once_the_seat_is_given_back(client: Client, member: Member) -> None:
    gathering = make_gathering(timezone.now() + timedelta(hours=5))
    rsvp = make_seat(gathering, member)
    client.force_login(member)
    assert ADDRESS in page(client, gathering)
    rsvp.bow_out()
    assert ADDRESS not in page(client, gathering)


def test_a_seat_at_one_table_opens_no_other(client: Client, member: Member) -> None:
    mine, other = (make_gathering(timezone.now() + timedelta(hours=5)) for _ in range(2))
    make_seat(mine, member)
    client.force_login(member)
    assert ADDRESS not in page(client, other)


def test_a_public_place_is_shown_to_all_and_the_host_sees_their_own(client: Client) -> None:
    assert ADDRESS in page(client, make_gathering(setting=Gathering.Setting.PUBLIC))
    gathering = make_gathering()
    client.force_login(gathering.host)
    assert ADDRESS in page(client, gathering)


def test_no_address_of_a_home_on_browse_or_on_the_table_of_others(client: Client, member: Member) -> None:
    make_gathering(timezone.now() + timedelta(hours=5))
    client.force_login(member)
    for url in ("/", "/near/bristol-gb/", "/table/"):
        assert ADDRESS not in client.get(url).content.decode()


def test_guests_names_are_for_those_at_the_table(client: Client, member: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, make_member("Ottoline"))
    assert "Ottoline" not in page(client, gathering)
    client.force_login(member)
    assert "Ottoline" not in page(client, gathering)
    make_seat(gathering, member)
    assert "Ottoline" in page(client, gathering)


def test_strangers_read_the_hosts_name_and_no_pronouns(client: Client, member: Member) -> None:
    gathering = make_gathering(host=make_member("Mei", pronouns="they/them"))
    assert "Mei" in page(client, gathering)
    assert "they/them" not in page(client, gathering)
    client.force_login(member)
    assert "they/them" in page(client, gathering)
