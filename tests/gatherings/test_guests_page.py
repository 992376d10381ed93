"""The host's view: who comes, who hopes to, and what there is to decide."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.models import Companion, Gathering
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def host(client: Client) -> Member:
    host = make_member("Mei")
    client.force_login(host)
    return host


def page_of(client: Client, gathering: Gathering) -> str:
    return client.get(f"{gathering.get_absolute_url()}guests/").content.decode()


def act(client: Client, gathering: Gathering, guest: Member, act: str, **words: str) -> str:
    url = f"{gathering.get_absolute_url()}guests/{guest.key}/{act}/"
    return client.post(url, words, follow=True).content.decode()


def test_it_shows_everyone_who_comes_or_hopes_to(client: Client, host: Member) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), host=host, seats=2, asks_first=True)
    ada, bo, cleo, dara = (make_member(name) for name in ("Ada", "Bo", "Cleo", "Dara"))
    for member in (ada, bo, cleo):
        gathering.seat(member).admit()
    gathering.seat(dara)
    page = page_of(client, gathering)
    assert "2 guests come for the first time; only you know that." in page
    order = [
        page.index(f">{words}<")
        for words in ("They would like to come", "Dara", "With a seat", "Ada", "Bo", "On the waitlist", "Cleo")
    ]
    assert order == sorted(order)


def test_a_request_is_answered_with_a_click_or_a_kind_no(client: Client, host: Member) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), host=host, asks_first=True)
    ada, bo = gathering.seat(make_member("Ada")), gathering.seat(make_member("Bo"))
    assert "Ada has a seat." in act(client, gathering, ada.member, "admit")
    assert (
        "Not this time, Bo?"
        in client.get(f"{gathering.get_absolute_url()}guests/{bo.member.key}/decline/").content.decode()
    )
    act(client, gathering, bo.member, "decline", words="We are six already.")
    mail.outbox.clear()
    send()
    told = {each.to[0]: each for each in mail.outbox}
    assert "Mei has said yes" in told[ada.member.email].body
    assert "We are six already." in told[bo.member.email].body
    assert "That says nothing about you" in told[bo.member.email].body
    client.force_login(bo.member)
    page = client.post(f"{gathering.get_absolute_url()}rsvp/", follow=True).content.decode()
    assert "There are other tables, and you are welcome at them." in page


def test_a_request_is_answered_from_the_mail_by_whoever_hosts_then(client: Client) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), asks_first=True)
    ada, bo = gathering.seat(make_member("Ada")), gathering.seat(make_member("Bo"))
    send()
    paths = {
        each.subject.split()[0]: "/m/" + str(each.body).split("Answer them: ")[1].split("/m/")[1].split()[0]
        for each in mail.outbox
    }
    assert "Ada would like to come" in client.get(paths["Ada"]).content.decode()
    assert "Ada has a seat." in client.post(paths["Ada"], {"act": "yes"}, follow=True).content.decode()
    assert "We have told Bo, kindly." in client.post(paths["Bo"], {"act": "no"}, follow=True).content.decode()
    client.post(paths["Bo"], {"act": "yes"})
    for rsvp, state in [(ada, "seated"), (bo, "declined")]:
        rsvp.refresh_from_db()
        assert rsvp.state == state
    Gathering.objects.filter(pk=gathering.pk).update(host=make_member())
    assert client.get(paths["Ada"]).status_code == 404


def test_the_floor_is_asked_about_from_the_day_before(
    client: Client, host: Member, clock: time_machine.Traveller
) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), host=host, least_guests=2)
    assert "Fewer guests than you hoped for" not in page_of(client, gathering)
    clock.move_to(gathering.starts_at - timedelta(hours=23))
    assert "Fewer guests than you hoped for" in page_of(client, gathering)


def test_a_request_taken_back_before_the_mail_goes_is_not_told(host: Member) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), host=host, asks_first=True)
    gathering.seat(make_member()).bow_out()
    send()
    assert mail.outbox == []


def test_a_line_that_is_blocked_is_shown_and_the_host_decides(client: Client, host: Member) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), host=host, seats=2, most_companions=1)
    seats = [make_seat(gathering), make_seat(gathering)]
    gathering.seat(make_member("Pair"), companions=[Companion()])
    single = gathering.seat(make_member("Single"))
    assert "Their turn stays theirs" not in page_of(client, gathering)
    seats[0].bow_out()
    assert "Their turn stays theirs" in page_of(client, gathering)
    assert "A seat is held for Single. The yes is theirs." in act(client, gathering, single.member, "offer")
    single.refresh_from_db()
    assert single.is_offered


def test_a_host_holds_a_seat_for_somebody_they_have_sat_with_and_for_nobody_else(client: Client, host: Member) -> None:
    known, stranger = make_member("Known"), make_member("Stranger")
    with time_machine.travel(NOW - timedelta(days=9)):
        make_seat(make_gathering(NOW - timedelta(days=7), host=host), known)
    gathering = make_gathering(NOW + timedelta(days=5), host=host)
    url = f"{gathering.get_absolute_url()}offer/"
    page = client.get(url).content.decode()
    assert "Known" in page
    assert "Stranger" not in page
    assert client.post(url, {"member": stranger.key}).status_code == 422
    assert client.post(url, {}).status_code == 422
    client.post(url, {"member": known.key})
    assert gathering.rsvps.get().is_offered
    send()
    [offer] = mail.outbox
    assert "Mei would like you to come." in offer.body
    assert "14 Greville Street" not in offer.body


def test_nobody_but_the_hosts_sees_it_or_acts_on_it(client: Client) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), asks_first=True)
    asking = gathering.seat(make_member())
    seated = gathering.seat(make_member())
    seated.admit()
    for reader in (make_member(), seated.member, asking.member):
        client.force_login(reader)
        for address in ("guests/", "sheet/", "offer/", f"guests/{asking.member.key}/decline/"):
            assert client.get(gathering.get_absolute_url() + address).status_code == 404
        for name in ("admit", "decline", "offer", "absent", "agree"):
            url = f"{gathering.get_absolute_url()}guests/{asking.member.key}/{name}/"
            assert client.post(url).status_code == 404
    asking.refresh_from_db()
    assert asking.is_asked


def test_an_act_that_is_none_and_a_get_of_one_are_not_found(client: Client, host: Member) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), host=host, asks_first=True)
    asking = gathering.seat(make_member())
    url = f"{gathering.get_absolute_url()}guests/{asking.member.key}"
    assert client.get(f"{url}/admit/").status_code == 404
    assert client.post(f"{url}/dance/").status_code == 404


def test_it_asks_as_often_for_many_guests_as_for_few(
    client: Client, host: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), host=host, seats=12, most_companions=1)
    for more in (2, 8):
        for _ in range(more):
            gathering.seat(make_member(), companions=[Companion()])
        # session, member, gathering, RSVPs, companions, whether mail reaches them; in the list, whom one has met; on
        # the sheet, the food, who eats what, and what is asked of the table
        for address, queries in (("guests/", 7), ("sheet/", 10)):
            with django_assert_num_queries(queries):
                client.get(gathering.get_absolute_url() + address)
