"""A past gathering, hosted once more."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from apps.gatherings.copies import FACTS
from apps.gatherings.models import CoHost, Gathering, Series
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)  # a Thursday


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(STARTS - timedelta(days=3), tick=False) as traveller:
        yield traveller


def again(client: Client, gathering: Gathering) -> Gathering:
    answer = client.post(f"/gatherings/{gathering.key}/again/")
    draft = Gathering.objects.latest("pk")
    assert answer["Location"] == f"/gatherings/{draft.key}/edit/"
    return draft


def test_a_past_gathering_becomes_a_draft_with_nothing_of_its_guests_or_mail(
    client: Client, clock: time_machine.Traveller, member: Member
) -> None:
    past = make_gathering(STARTS, is_step_free=True, contact="0117 496", seats_kept=2)
    Series.begin(past, "monthly").end()
    make_seat(past, member)
    helper = make_member()
    CoHost.objects.create(gathering=past, email=helper.email, member=helper, accepted_at=STARTS)
    past.refresh_from_db()
    clock.move_to(STARTS + timedelta(days=1))
    client.force_login(past.host)
    said = Message.objects.count()
    draft = again(client, past)
    assert draft.is_draft
    assert {name: getattr(draft, name) for name in FACTS} == {name: getattr(past, name) for name in FACTS}
    assert (draft.day, draft.starts_at) == (date(2026, 12, 3), STARTS + timedelta(days=7))
    assert (draft.rsvps.count(), draft.co_hosts.count(), draft.seats_taken, draft.series) == (0, 0, 0, None)
    assert (draft.link, draft.moves, draft.sequence, draft.cancel_words) == ("", 0, 0, "")
    assert Message.objects.count() == said
    assert past.title in client.get(f"/gatherings/{draft.key}/edit/").content.decode()


@pytest.mark.parametrize(("days_after", "day"), [(6, 3), (7, 10), (8, 10), (14, 17)])
def test_it_is_on_the_same_weekday_in_the_first_week_still_to_come(
    client: Client, clock: time_machine.Traveller, days_after: int, day: int
) -> None:
    past = make_gathering(STARTS)
    clock.move_to(STARTS + timedelta(days=days_after, hours=-1))
    client.force_login(past.host)
    assert again(client, past).day == date(2026, 12, day)


def test_what_was_called_off_may_be_hosted_again_a_week_later(client: Client) -> None:
    gathering = make_gathering(STARTS)
    gathering.cancel("A cold.")
    client.force_login(gathering.host)
    assert "Host it again" in client.get(gathering.get_absolute_url()).content.decode()
    assert again(client, gathering).day == date(2026, 12, 3)


def test_pressing_twice_makes_one_draft(client: Client) -> None:
    gathering = make_gathering(STARTS)
    gathering.cancel("")
    client.force_login(gathering.host)
    assert again(client, gathering) == again(client, gathering)
    assert Gathering.objects.count() == 2


def test_it_is_for_its_host_alone_and_only_once_it_is_past(
    client: Client, clock: time_machine.Traveller, member: Member
) -> None:
    gathering = make_gathering(STARTS)
    CoHost.objects.create(gathering=gathering, email=member.email, member=member, accepted_at=STARTS)
    url = f"/gatherings/{gathering.key}/again/"
    assert "/accounts/login/" in client.post(url)["Location"]
    client.force_login(gathering.host)
    assert client.post(url)["Location"] == gathering.get_absolute_url()
    assert client.get(url).status_code == 405
    clock.move_to(STARTS + timedelta(days=1))
    for reader in (member, make_member()):
        client.force_login(reader)
        assert client.post(url).status_code == 404
    assert Gathering.objects.count() == 1
