"""The page of the morning after: who finds it, and when; the private question; the next date."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.afterwards.models import Reflection
from apps.gatherings import parting
from apps.gatherings.models import CoHost, Gathering, Series
from apps.profiles.models import Member
from apps.safety.models import KeepApart
from tests.afterwards.evenings import MORNING, STARTS, browser_of, make_evening, path_of, words_of
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LINE = "sitting near the kitchen helped"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def test_it_is_for_those_who_came_and_for_hosts_from_the_end_on_for_30_days(clock: time_machine.Traveller) -> None:
    gathering, [host, guest] = make_evening("Noor")
    helper = make_member("Efua")
    CoHost.objects.create(gathering=gathering, member=helper, email=helper.email, accepted_at=STARTS)
    ends, page = gathering.ends_at, gathering.get_absolute_url()
    for at, is_open in [(ends - timedelta(seconds=1), False), (ends, True), (ends + timedelta(days=29), True),
                        (ends + timedelta(days=30), False)]:  # fmt: skip
        clock.move_to(at)
        for member in (host, helper, guest):
            answer = browser_of(member).get(path_of(gathering))
            assert (answer.status_code, answer.headers.get("Location")) == ((200, None) if is_open else (302, page))
        assert browser_of(make_member()).get(path_of(gathering)).status_code == 404
        assert browser_of(make_member()).post(path_of(gathering, "answer/")).status_code == 404


def test_whoever_could_not_make_it_finds_another_time_and_nothing_to_answer(clock: time_machine.Traveller) -> None:
    gathering, [_host, left, missed, _came] = make_evening("Noor", "Efua", "Priya")
    with time_machine.travel(STARTS - timedelta(days=1)):
        gathering.rsvps.get(member=left).bow_out()
    browser_of(missed).post(f"{gathering.get_absolute_url()}missed/")
    for member in (left, missed):
        page = words_of(browser_of(member), path_of(gathering))
        assert "Another time" in page
        assert "Priya" not in page
        assert "How connected" not in page
        assert "Tell us privately." in page
        for act in ("answer/", "answer/forget/", "thanks/", "in-touch/"):
            assert browser_of(member).post(path_of(gathering, act)).status_code == 404


def test_a_refused_form_shows_where_it_was_filled_in() -> None:
    gathering, [host, guest] = make_evening("Noor")
    for member in (host, guest):
        page = words_of(browser_of(member), path_of(gathering))
        for act, part in (("answer/", "answer"), ("thanks/", "thanks"), ("in-touch/", "in-touch")):
            assert f'action="{path_of(gathering, act)}#{part}"' in page
            assert f'id="{part}"' in page


def test_the_page_ends_with_where_to_tell_us() -> None:
    gathering, [host, guest] = make_evening("Noor")
    for member in (host, guest):
        page = words_of(browser_of(member), path_of(gathering)).partition("</main>")[0]
        assert page.index("This page closes") < page.index("Tell us privately.")


def test_a_called_off_evening_and_one_across_a_block_have_none() -> None:
    called_off, [host, guest] = make_evening("Noor")
    with time_machine.travel(STARTS - timedelta(days=1)):
        called_off.cancel("The oven gave up.")
    assert browser_of(guest).get(path_of(called_off)).status_code == 404
    blocked, [host, guest] = make_evening("Noor")
    parting.block(host, guest)
    assert browser_of(guest).get(path_of(blocked)).status_code == 404


def test_the_answer_is_kept_may_be_changed_and_forgotten() -> None:
    gathering, [_host, guest] = make_evening("Noor")
    browser, answer = browser_of(guest), path_of(gathering, "answer/")
    refused = browser.post(answer, {"answer-line": LINE})
    assert refused.status_code == 422
    assert LINE in refused.content.decode()
    assert "Please choose the word that comes nearest." in refused.content.decode()
    browser.post(answer, {"answer-felt": "edge", "answer-line": LINE})
    browser.post(answer, {"answer-felt": "among", "answer-line": f"{LINE}  a lot"})
    kept = Reflection.objects.get()
    assert (kept.member, kept.felt, kept.line) == (guest, "among", f"{LINE} a lot")
    assert f"{LINE} a lot" in words_of(browser, path_of(gathering))
    browser.post(path_of(gathering, "answer/forget/"))
    assert not Reflection.objects.exists()


@pytest.mark.parametrize("felt", ["", "10", "home\x00", "HOME"])
def test_only_the_five_words_are_answers(felt: str) -> None:
    gathering, [_host, guest] = make_evening("Noor")
    assert browser_of(guest).post(path_of(gathering, "answer/"), {"answer-felt": felt}).status_code == 422


def test_last_time_is_read_back_to_its_writer_alone(clock: time_machine.Traveller) -> None:
    first, [host, guest, other] = make_evening("Noor", "Efua")
    browser_of(guest).post(path_of(first, "answer/"), {"answer-felt": "home", "answer-line": LINE})
    clock.shift(timedelta(days=7))
    second, _people = make_evening(guest, other, starts=STARTS + timedelta(days=7), host=host)
    third = make_gathering(timezone.now() + timedelta(days=2), host=host)
    for member in (guest, other):
        make_seat(third, member)
    for path in (path_of(second), "/table/"):
        assert LINE in words_of(browser_of(guest), path)
        assert LINE not in words_of(browser_of(other), path)
        assert LINE not in words_of(browser_of(host), path)


def test_your_table_leads_there_until_it_is_answered_and_for_three_days(clock: time_machine.Traveller) -> None:
    gathering, [host, guest, other] = make_evening("Noor", "Efua")
    for member in (host, guest):
        assert words_of(browser_of(member), "/table/").count(path_of(gathering)) == 1
        assert path_of(gathering) in words_of(browser_of(member), gathering.get_absolute_url())
    assert path_of(gathering) not in words_of(browser_of(make_member()), "/table/")
    browser_of(guest).post(path_of(gathering, "answer/"), {"answer-felt": "home"})
    clock.move_to(gathering.ends_at + timedelta(days=2, hours=20))
    assert path_of(gathering) not in words_of(browser_of(guest), "/table/")
    assert path_of(gathering) in words_of(browser_of(other), "/table/")
    clock.move_to(gathering.ends_at + timedelta(days=3))
    assert path_of(gathering) not in words_of(browser_of(host), "/table/")


def test_the_next_date_is_one_click_away(clock: time_machine.Traveller) -> None:
    with time_machine.travel(STARTS - timedelta(days=3), tick=False):
        gathering = make_gathering(STARTS, seats=3)
        guest = make_member("Noor")
        make_seat(gathering, guest)
        Series.begin(gathering, "weekly")
        make_gathering(STARTS + timedelta(days=2), host=gathering.host, title="Sooner, and of no series")
    page = browser_of(guest).get(path_of(gathering))
    following: Gathering = page.context["next"].gathering
    assert (following.series_id, following.title) == (gathering.series_id, gathering.title)
    assert f'action="{following.get_absolute_url()}rsvp/"' in page.content.decode()
    browser_of(guest).post(f"{following.get_absolute_url()}rsvp/")
    assert following.rsvps.seated().filter(member=guest).exists()
    assert "You have a seat" in words_of(browser_of(guest), path_of(gathering))


def takes_a_seat(guest: Member, gathering: Gathering, ahead: Gathering) -> bool:
    """Whether the page offers the next date at one press, or only the way to it."""
    page = words_of(browser_of(guest), path_of(gathering))
    assert ahead.get_absolute_url() in page
    return f'action="{ahead.get_absolute_url()}rsvp/"' in page


def test_no_seat_is_offered_that_is_kept_for_first_timers() -> None:
    gathering, [host, guest, *others] = make_evening("Noor", "Efua", "Priya")
    ahead = make_gathering(MORNING + timedelta(days=4), host=host, seats=4, seats_kept=2)
    assert takes_a_seat(guest, gathering, ahead)  # control
    for other in others:
        make_seat(ahead, other)
    assert not takes_a_seat(guest, gathering, ahead)


def test_the_next_date_looks_as_full_here_as_on_its_page_to_whoever_is_kept_out() -> None:
    gathering, [host, guest, other] = make_evening("Noor", "Efua")
    ahead = make_gathering(MORNING + timedelta(days=4), host=host)
    for member in (guest, other):
        assert takes_a_seat(member, gathering, ahead)  # control
    apart = make_member("Kai")
    make_seat(ahead, apart)
    KeepApart.objects.keep(guest, apart)
    assert not takes_a_seat(guest, gathering, ahead)
    assert takes_a_seat(other, gathering, ahead)
    assert "seats left" not in words_of(browser_of(guest), path_of(gathering))
    assert "seats left" in words_of(browser_of(other), path_of(gathering))


def test_a_slip_is_taken_back() -> None:
    gathering, [_host, guest, _other] = make_evening("Noor", "Priya")
    browser, missed = browser_of(guest), f"{gathering.get_absolute_url()}missed/"
    page: Any = browser.post(missed, follow=True).content.decode()
    assert "Another time" in page
    assert "Priya" not in page  # and no other name of that evening
    assert "I was there after all" in page
    assert browser.post(missed, {"act": "undo"})["Location"] == path_of(gathering)
    assert "How connected" in words_of(browser, path_of(gathering))


def test_what_somebody_wrote_is_forgotten_wherever_it_is_read_back(clock: time_machine.Traveller) -> None:
    gathering, [host, guest, other] = make_evening("Noor", "Efua")
    forget = path_of(gathering, "answer/forget/")
    make_seat(make_gathering(MORNING + timedelta(days=40), host=host), guest)
    for day, has_missed in ((0, True), (35, False)):  # no page of that evening leads there: they missed it; it closed
        clock.move_to(MORNING)
        gathering.rsvps.filter(member=guest).update(has_missed=False)
        browser_of(guest).post(path_of(gathering, "answer/"), {"answer-felt": "home", "answer-line": LINE})
        gathering.rsvps.filter(member=guest).update(has_missed=has_missed)
        clock.shift(timedelta(days=day))
        page = words_of(browser_of(guest), "/table/")
        assert LINE in page
        assert f'action="{forget}"' in page
        assert browser_of(make_member()).post(forget).status_code == 404
        assert Reflection.objects.count() == 1
        assert browser_of(guest).post(forget)["Location"] == "/table/"
        assert not Reflection.objects.exists()
        assert LINE not in words_of(browser_of(guest), "/table/")
    assert other.reflections.count() == 0


def test_of_no_series_it_is_the_hosts_next_and_a_host_may_host_it_again() -> None:
    gathering, [host, guest] = make_evening("Noor")
    assert browser_of(guest).get(path_of(gathering)).context["next"] is None
    ahead = make_gathering(MORNING + timedelta(days=4), host=host)
    make_gathering(MORNING + timedelta(days=3), host=host, visibility=Gathering.Visibility.LINK)
    make_gathering(MORNING + timedelta(days=3), host=host, is_draft=True)
    assert browser_of(guest).get(path_of(gathering)).context["next"].gathering == ahead
    assert f'action="{gathering.get_absolute_url()}again/"' in words_of(browser_of(host), path_of(gathering))
    assert "again/" not in words_of(browser_of(guest), path_of(gathering))


def test_it_costs_as_many_queries_for_three_guests_as_for_nine(client: Client) -> None:
    counts = []
    for others in (2, 8):
        gathering, [_host, guest, *_others] = make_evening(*(f"Guest {n}" for n in range(others + 1)))
        client.force_login(guest)
        client.get(path_of(gathering))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            words_of(client, path_of(gathering))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20
