"""A link for somebody trusted: where and when, around the gathering, while the seat is theirs; and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering, Rsvp
from apps.moderation.models import TrustedLink
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CANARY = "17 Canary Lane, the yellow door"


@pytest.fixture
def table(db: None) -> Gathering:
    """In three days, at seven in the evening by the clock on the wall."""
    starts = (timezone.now() + timedelta(days=3)).replace(hour=19, minute=0)
    return make_gathering(starts, address=CANARY, title="Soup of the canary", address_from="now")


@pytest.fixture
def seat(table: Gathering, member: Member) -> Rsvp:
    make_seat(table, make_member("Quincy"))
    return make_seat(table, member)


def page_of(table: Gathering) -> str:
    return f"{table.get_absolute_url()}trusted/"


def made(client: Client, table: Gathering) -> str:
    client.post(page_of(table), {"act": "new"})
    return TrustedLink.objects.get().url.removeprefix(settings.BASE_URL)


def shows(url: str) -> bool:
    """Whether a stranger who has the link sees the canaries; if not, what never was answers the same to the byte."""
    stranger = Client()
    answer, never = stranger.get(url), stranger.get("/trusted/abcdefghijklmnopqrstuv/")
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    body = answer.content.decode()
    if answer.status_code == 200:
        assert CANARY in body
        return True
    assert (answer.status_code, answer.content) == (404, never.content)
    assert "canary" not in body.lower()
    return False


def at(moment: Any) -> Any:
    return time_machine.travel(moment)


HOURS = [(-25, False), (-23, True), (-1, True), (0, True), (2, True), (26, True), (27, False), (24 * 30, False)]


@pytest.mark.parametrize(("hours", "is_shown"), HOURS)
def test_it_shows_from_a_day_before_to_a_day_after(
    signed_in: Client, table: Gathering, seat: Rsvp, hours: int, is_shown: bool
) -> None:
    url = made(signed_in, table)
    with at(table.starts_at + timedelta(hours=hours)):
        assert shows(url) is is_shown


def withdraw(client: Client, table: Gathering, seat: Rsvp) -> None:
    client.post(page_of(table), {"act": "end"})


def make_another(client: Client, table: Gathering, seat: Rsvp) -> None:
    client.post(page_of(table), {"act": "new"})


def give_up(client: Client, table: Gathering, seat: Rsvp) -> None:
    seat.bow_out()


def give_up_and_sit_down_again(client: Client, table: Gathering, seat: Rsvp) -> None:
    seat.bow_out()
    table.seat(seat.member)


def lose(client: Client, table: Gathering, seat: Rsvp) -> None:
    seat.decline()


def call_off(client: Client, table: Gathering, seat: Rsvp) -> None:
    table.cancel("")


def lose_the_account(client: Client, table: Gathering, seat: Rsvp) -> None:
    Member.objects.filter(pk=seat.member_id).update(is_active=False)


@pytest.mark.parametrize(
    "end", [withdraw, make_another, give_up, give_up_and_sit_down_again, lose, call_off, lose_the_account]
)
def test_it_shows_nothing_once(
    signed_in: Client, table: Gathering, seat: Rsvp, end: Callable[[Client, Gathering, Rsvp], None]
) -> None:
    url = made(signed_in, table)
    with at(table.starts_at - timedelta(hours=3)):
        assert shows(url)  # the control
        end(signed_in, table, seat)
        assert not shows(url)


def test_it_names_no_other_guest_and_no_host(signed_in: Client, table: Gathering, seat: Rsvp) -> None:
    url = made(signed_in, table)
    with at(table.starts_at):
        page = Client().get(url).content.decode()
    assert "Robin" in page
    for secret in ("Quincy", table.host.name, seat.member.email):
        assert secret not in page


def test_it_shows_no_address_that_its_guest_may_not_see_yet(signed_in: Client, member: Member) -> None:
    starts = (timezone.now() + timedelta(days=3)).replace(hour=22, minute=0)
    table = make_gathering(starts, hours=1, address=CANARY, address_from="day-before")
    make_seat(table, member)
    url = made(signed_in, table)
    Gathering.objects.update(day_before_at=table.starts_at - timedelta(hours=5))
    with at(table.starts_at - timedelta(hours=20)):
        page = Client().get(url).content.decode()
        assert table.title in page
        assert CANARY not in page
    with at(table.starts_at - timedelta(hours=4)):
        assert CANARY in Client().get(url).content.decode()


def test_it_is_made_from_the_page_of_ones_seat(signed_in: Client, table: Gathering, seat: Rsvp) -> None:
    page = signed_in.get(f"{table.get_absolute_url()}seat/").content.decode()
    assert f'action="{page_of(table)}"' in page
    assert not TrustedLink.objects.exists()
    assert f'href="{page_of(table)}"' in signed_in.get(table.get_absolute_url()).content.decode()
    url = made(signed_in, table)
    assert len(TrustedLink.objects.get().token) == 22  # 128 bits
    assert url in signed_in.get(page_of(table)).content.decode()
    assert "See your link" in signed_in.get(f"{table.get_absolute_url()}seat/").content.decode()


def test_nobody_makes_one_without_a_seat_or_for_another(client: Client, table: Gathering, seat: Rsvp) -> None:
    for member in (make_member(), table.host):
        client.force_login(member)
        assert client.get(page_of(table)).status_code == 404
        assert client.post(page_of(table), {"act": "new"}).status_code == 404
    assert not TrustedLink.objects.exists()


@pytest.mark.parametrize("odd", ["", "\x00", "x" * 1_000_000, "{{7*7}}"])
def test_what_is_pressed_may_be_anything(signed_in: Client, table: Gathering, seat: Rsvp, odd: str) -> None:
    assert signed_in.post(page_of(table), {"act": odd}).status_code == 302
    assert not TrustedLink.objects.exists()


def test_it_takes_few_queries(signed_in: Client, table: Gathering, seat: Rsvp, django_assert_num_queries: Any) -> None:
    url = made(signed_in, table)
    with at(table.starts_at), django_assert_num_queries(2):  # the link, the house rules
        Client().get(url)
