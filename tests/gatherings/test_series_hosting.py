"""A series for its hosts: they make, end and renew it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.gatherings import later
from apps.gatherings.models import (
    CoHost,
    Gathering,
    GatheringNotOpen,
    Series,
)
from apps.gatherings.tasks import minute
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.gatherings.thursdays import FIRST, NOW, WEEK, dates_of, days_of, states, text_of, thursdays

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def first() -> Gathering:
    return make_gathering(FIRST)


@pytest.fixture
def weekly(first: Gathering) -> Series:
    return Series.begin(first, "weekly")


def test_a_host_makes_a_series_from_the_page_of_a_gathering(client: Client, first: Gathering) -> None:
    client.force_login(first.host)
    url = f"/gatherings/{first.key}/series/"
    assert "Every two weeks, on Thursday" in text_of(client, url)
    assert not Series.objects.exists()
    page = client.post(url, {"rhythm": "fortnightly"}, follow=True).content.decode()
    assert "It is a series now." in page
    assert "Thursday 19 November, 19:00" in page
    client.post(url, {"rhythm": "weekly"})
    assert Series.objects.get().rhythm == "fortnightly"


@pytest.mark.parametrize("odd", ["", "yearly", "weekly ", "\x00", "<script>"])
def test_an_odd_rhythm_is_refused_beside_the_field(client: Client, first: Gathering, odd: str) -> None:
    client.force_login(first.host)
    answer = client.post(f"/gatherings/{first.key}/series/", {"rhythm": odd})
    assert answer.status_code == 422
    assert answer.context["form"].errors["rhythm"]
    assert not Series.objects.exists()


def test_a_draft_or_what_is_over_makes_no_series(client: Client, clock: time_machine.Traveller) -> None:
    draft, past = make_gathering(FIRST, is_draft=True), make_gathering(FIRST)
    clock.move_to(FIRST + timedelta(days=1))
    for gathering in (draft, past):
        client.force_login(gathering.host)
        assert client.post(f"/gatherings/{gathering.key}/series/", {"rhythm": "weekly"}).status_code == 302
        with pytest.raises(GatheringNotOpen):
            Series.begin(gathering, "weekly")


def test_the_series_is_its_hosts_business(client: Client, weekly: Series, member: Member) -> None:
    first = dates_of(weekly)[0]
    helper = make_member()
    for each in dates_of(weekly):
        CoHost.objects.create(gathering=each, email=helper.email, member=helper, accepted_at=NOW)
    make_seat(first, member)
    url = f"/gatherings/{first.key}/series/"
    assert "/accounts/login/" in client.get(url)["Location"]
    client.force_login(member)
    assert (client.get(url).status_code, client.post(url, {"act": "end"}).status_code) == (404, 404)
    client.force_login(helper)
    page = text_of(client, url)
    assert ("Let it go on" in page, "End the series" in page) == (False, False)
    client.post(url, {"act": "end"})
    weekly.refresh_from_db()
    assert not weekly.is_ended
    alone = make_gathering(FIRST)
    CoHost.objects.create(gathering=alone, email=helper.email, member=helper, accepted_at=NOW)
    assert client.get(f"/gatherings/{alone.key}/series/").status_code == 404


def test_what_only_members_may_see_is_joined_by_members(client: Client, member: Member) -> None:
    weekly = Series.begin(make_gathering(FIRST, visibility="link"), "weekly")
    first = dates_of(weekly)[0]
    client.force_login(member)
    for act in ("join", "leave"):
        assert client.post(f"/gatherings/{first.key}/series/{act}/").status_code == 404
    first.make_link()
    assert "Come to the whole series" in text_of(client, first.invitation_url)
    answer = client.post(f"/gatherings/{first.key}/series/join/", {"link": first.link}, follow=True)
    assert answer.status_code == 200
    assert len(states(member, weekly)) == 8


def test_an_ended_series_keeps_its_dates_and_makes_no_more(
    client: Client, clock: time_machine.Traveller, weekly: Series
) -> None:
    first = dates_of(weekly)[0]
    client.force_login(weekly.host)
    page = client.post(f"/gatherings/{first.key}/series/", {"act": "end"}, follow=True).content.decode()
    assert "No new dates are made." in page
    clock.move_to(FIRST + 3 * WEEK)
    minute()
    assert days_of(weekly) == thursdays(8)
    assert {each.state for each in dates_of(weekly)} == {"published"}
    assert not weekly.renew(0)


def test_two_weeks_before_it_runs_out_the_hosts_are_asked_once(
    client: Client, clock: time_machine.Traveller, weekly: Series
) -> None:
    helper = make_member("Ada")
    clock.move_to(datetime(2027, 4, 20, 12, tzinfo=UTC))
    minute()
    CoHost.objects.create(gathering=dates_of(weekly)[-1], email=helper.email, member=helper, accepted_at=NOW)
    assert not Message.objects.filter(kind="series_ending").exists()
    clock.move_to(datetime(2027, 4, 21, 3, tzinfo=UTC))
    minute()
    minute()
    asked = Message.objects.filter(kind="series_ending")
    assert {(each.member, each.due_at) for each in asked} == {
        (weekly.host, datetime(2027, 4, 21, 8, tzinfo=UTC)),
        (helper, datetime(2027, 4, 21, 8, tzinfo=UTC)),
    }
    clock.move_to(datetime(2027, 4, 21, 10, tzinfo=UTC))
    mail.outbox.clear()
    send()
    told = [each for each in mail.outbox if each.subject.startswith("Shall it go on?")]
    assert len(told) == 2
    assert "Its last date is Thursday 29 April." in " ".join(told[0].body.split())
    link = next(word for word in told[0].body.split() if "/m/" in word)
    assert link in html_of(told[0])
    path = "/m/" + link.split("/m/")[1]
    assert "Letting it end is just as fine" in client.get(path).content.decode()
    weekly.refresh_from_db()
    assert weekly.renewals == 0
    for _ in range(2):
        assert "now goes on until Friday 5 November 2027" in client.post(path, follow=True).content.decode()
    weekly.refresh_from_db()
    assert (weekly.renewals, weekly.last_day) == (1, date(2027, 11, 5))
    assert days_of(weekly)[-1] == date(2027, 6, 10)


def test_nobody_is_asked_about_a_series_that_was_ended_or_goes_on_in_another(
    clock: time_machine.Traveller, weekly: Series
) -> None:
    fourth = dates_of(weekly)[3]
    fourth.title = "Another soup"
    later.change(fourth, ["title"], "weekly")
    ended = Series.begin(make_gathering(FIRST), "weekly")
    ended.end()
    clock.move_to(FIRST + 2 * WEEK)
    minute()
    assert not Message.objects.filter(kind="series_ending").exists()


def test_the_link_of_the_mail_ends_with_the_right_to_host(client: Client, weekly: Series, member: Member) -> None:
    path = "/m/" + link_to("renew_series", member, weekly.pk, 0).split("/m/")[1]
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 404
    weekly.refresh_from_db()
    assert weekly.renewals == 0


def test_it_is_renewed_from_its_page_once_it_runs_out_and_once_for_each_time(
    client: Client, clock: time_machine.Traveller, weekly: Series
) -> None:
    client.force_login(weekly.host)
    url = f"/gatherings/{dates_of(weekly)[0].key}/series/"
    assert "Let it go on" not in text_of(client, url)
    client.post(url, {"act": "renew", "renewals": "0"})
    weekly.refresh_from_db()
    assert weekly.renewals == 0
    clock.move_to(datetime(2027, 4, 21, tzinfo=UTC))
    client.force_login(weekly.host)
    assert "Let it go on" in text_of(client, url)
    for act in ({"act": "renew", "renewals": "0"}, {"act": "renew", "renewals": "0"}, {"act": "renew"}, {}):
        assert client.post(url, act).status_code == 302
    weekly.refresh_from_db()
    assert (weekly.renewals, weekly.last_day) == (1, date(2027, 11, 5))


def test_a_series_that_ran_out_long_ago_goes_on_from_today(clock: time_machine.Traveller, weekly: Series) -> None:
    clock.move_to(datetime(2028, 1, 3, tzinfo=UTC))
    assert weekly.renew(0)
    assert weekly.last_day == date(2028, 5, 5)
    assert days_of(weekly)[8:10] == [date(2028, 1, 6), date(2028, 1, 13)]


@pytest.mark.parametrize(
    ("act", "gets", "posts"),
    [
        ("series/", "in 404 200 200", "in 404 302 302"),
        ("series/join/", "in 405 405 405", "in 302 302 302"),
        ("series/leave/", "in 200 302 302", "in 302 302 302"),
    ],
)
def test_who_may_do_what_with_a_series(weekly: Series, member: Member, act: str, gets: str, posts: str) -> None:
    """A stranger, a member who comes to all of it, a co-host and the host."""
    first, helper = dates_of(weekly)[0], make_member()
    CoHost.objects.create(gathering=first, email=helper.email, member=helper, accepted_at=NOW)
    weekly.join(member)
    for method, answers in (("get", gets), ("head", gets), ("post", posts)):
        for reader, expected in zip((None, member, helper, weekly.host), answers.split(), strict=True):
            client = Client()
            if reader:
                client.force_login(reader)
            answer = getattr(client, method)(f"/gatherings/{first.key}/{act}")
            is_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            assert ("in" if is_in else str(answer.status_code)) == expected, f"{method} by {reader}"
            if reader and answer.status_code == 200:
                assert "no-store" in answer["Cache-Control"]
