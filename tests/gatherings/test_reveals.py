"""That an address was shown is written down: once for each member, gathering and day, and for guests alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.models import CalendarFeed, Gathering, Reveal, Rsvp
from apps.gatherings.models.reveal import RevealQuerySet
from apps.moderation.models import TrustedLink
from apps.outbox.tasks import send
from apps.privacy.exporting import contents
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ADDRESS = "14 Greville Street"


@pytest.fixture
def table(db: None) -> Gathering:
    """At a home, tomorrow: its address is open to the seated."""
    return make_gathering(timezone.now() + timedelta(hours=20))


@pytest.fixture
def seat(table: Gathering, member: Member) -> Rsvp:
    return make_seat(table, member)


def pages(table: Gathering) -> list[str]:
    """Every address that shows the address of a home to whoever has a seat there."""
    page = table.get_absolute_url()
    return [page, f"{page}calendar.ics", "/table/"]


def shows(answer: Any) -> bool:
    return ADDRESS in answer.content.decode()


def looks() -> list[tuple[str, str]]:
    return list(Reveal.objects.order_by("pk").values_list("member__name", "gathering__title"))


@pytest.mark.parametrize("number", range(3))
def test_each_page_that_shows_it_is_written_down_once_a_day(
    signed_in: Client, table: Gathering, seat: Rsvp, number: int
) -> None:
    url = pages(table)[number]
    for _ in range(3):
        assert shows(signed_in.get(url))
    assert looks() == [("Robin", table.title)]
    for other in pages(table):
        signed_in.get(other)
    assert len(looks()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=24)):
        signed_in.force_login(seat.member)
        assert shows(signed_in.get(table.get_absolute_url()))
    assert len(looks()) == 2


def test_who_is_not_shown_it_is_not_written_down(signed_in: Client, table: Gathering, member: Member) -> None:
    early = make_gathering()  # its address opens the day before
    make_seat(early, member)
    gone = make_seat(make_gathering(timezone.now() + timedelta(hours=5)), member)
    gone.bow_out()
    public = make_gathering(timezone.now() + timedelta(hours=3), setting=Gathering.Setting.PUBLIC)
    make_seat(public, member)
    for gathering in (table, early, gone.gathering, public):
        for url in pages(gathering):
            assert shows(signed_in.get(url)) is (gathering == public or url == "/table/")
    assert not looks()
    host = Client()
    host.force_login(table.host)
    for url in pages(table):
        assert shows(host.get(url))
    assert not looks()


def test_nothing_is_written_where_nobody_has_signed_in(table: Gathering, seat: Rsvp, mailoutbox: list[Any]) -> None:
    """Mails have their row; by a link of one's own an app, or somebody trusted, reads it."""
    CalendarFeed.objects.renew(seat.member)
    TrustedLink.objects.renew(seat)
    send()
    assert any(ADDRESS in str(email.body) for email in mailoutbox)
    for url in (CalendarFeed.objects.get().url, TrustedLink.objects.get().url):
        assert shows(Client().get(url))
    assert not looks()


def queries_of(client: Client, url: str) -> list[str]:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get(url)
    return [query["sql"] for query in seen.captured_queries]


def is_about_reveals(query: str) -> bool:
    return "gatherings_reveal" in query


def test_a_further_look_asks_once_and_writes_nothing_and_a_page_without_an_address_asks_nothing(
    signed_in: Client, table: Gathering, seat: Rsvp
) -> None:
    for url in pages(table):
        [asked] = filter(is_about_reveals, queries_of(signed_in, url))
        assert asked.startswith("SELECT")
    without = make_gathering()
    for url in (without.get_absolute_url(), "/near/bristol-gb/", f"{without.get_absolute_url()}calendar.ics"):
        assert not any(map(is_about_reveals, queries_of(signed_in, url)))


def test_two_tabs_at_once_write_one_row(table: Gathering, seat: Rsvp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has asked before the other has written."""
    monkeypatch.setattr(RevealQuerySet, "exists", lambda _self: False)
    for _ in range(2):
        Reveal.objects.write_down(table, seat.member_id)
    assert len(looks()) == 1


def test_what_cannot_be_written_down_is_not_shown(
    signed_in: Client, table: Gathering, seat: Rsvp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(RevealQuerySet, "bulk_create", fails)
    signed_in.raise_request_exception = False
    for url in pages(table):
        answer = signed_in.get(url)
        assert (answer.status_code, shows(answer)) == (500, False)


def test_control_without_the_log_nothing_is_there(
    signed_in: Client, table: Gathering, seat: Rsvp, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: Callable[..., None] = lambda *_args: None  # noqa: E731
    monkeypatch.setattr(RevealQuerySet, "write_down", nothing)
    assert all(shows(signed_in.get(url)) for url in pages(table))
    assert not looks()


def test_a_member_takes_along_when_they_were_shown_which_and_nobody_elses(
    signed_in: Client, table: Gathering, seat: Rsvp
) -> None:
    signed_in.get(table.get_absolute_url())
    other = Client()
    other.force_login(make_seat(table, make_member("Quincy")).member)
    other.get(table.get_absolute_url())
    [row] = contents(seat.member)["addresses-you-were-shown"]
    assert (row["gathering_title"], row["day"]) == (table.title, timezone.now().date())
    assert contents(table.host)["addresses-you-were-shown"] == []
