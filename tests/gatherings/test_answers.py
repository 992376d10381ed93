"""Answers to questions: by whom, to whom, once, and as long as they are of use."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.gatherings.models import CoHost, Gathering, Question
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat
from tests.gatherings.asking import NOON, client_of, link_in, make_co_host, sent_to, url_of
from tests.odd import INVISIBLE, MEGABYTE, NUL, Page, all_rows, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Midday in Bristol, so that no mail waits for the morning."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def test_an_answer_goes_to_the_asker_and_stands_on_both_sides(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    question = Question.objects.ask(gathering, member, "May I come later?")
    host = client_of(gathering.host)
    page = host.get(url_of(gathering, "questions/")).content.decode()
    assert "Robin" in page
    assert url_of(gathering, f"questions/{question.pk}/") in page
    host.post(url_of(gathering, f"questions/{question.pk}/"), {"words": "Any time before eight."})
    [email] = sent_to(member)
    assert "> May I come later?" in email.body
    assert "> Any time before eight." in email.body
    for client, url in ((host, url_of(gathering, "questions/")), (signed_in, url_of(gathering))):
        assert "Any time before eight." in client.get(url).content.decode()


def test_of_two_hosts_who_answer_at_once_the_first_counts_and_the_second_reads_it(
    gathering: Gathering, member: Member
) -> None:
    co_host = make_co_host(gathering)
    Question.objects.ask(gathering, member, "Is there a piano?")
    urls = [link_in(sent_to(host)[0]) for host in (gathering.host, co_host)]
    browsers = [Client(), Client()]
    assert all(browser.get(url).status_code == 200 for browser, url in zip(browsers, urls, strict=True))
    stale = [Question.objects.get(), Question.objects.get()]
    assert browsers[0].post(urls[0], {"words": "Yes, a small one."}).status_code == 302
    page = Page.of(browsers[1].post(urls[1], {"words": "No, sorry."}, follow=True))
    assert "Mei was first to answer" in page.text
    assert "Yes, a small one." in page.text
    assert stale[0].reply(co_host, "No, sorry.") is False
    assert [email.body.count("Yes, a small one.") for email in sent_to(member)] == [1]
    assert Question.objects.get().answered_by == gathering.host


def test_answering_twice_sends_one_mail(gathering: Gathering, member: Member) -> None:
    question = Question.objects.ask(gathering, member, "Is there a piano?")
    host, url = client_of(gathering.host), url_of(gathering, f"questions/{question.pk}/")
    for _ in range(2):
        page = host.post(url, {"words": "Yes."}, follow=True).content.decode()
        assert "Your answer is on its way to Robin." in page
    assert len(sent_to(member)) == 1


@pytest.mark.parametrize("words", [*INVISIBLE, NUL, "x" * 601, MEGABYTE], ids=lambda value: ascii(value)[:24])
def test_what_is_no_answer_is_said_beside_the_field(gathering: Gathering, member: Member, words: str) -> None:
    question = Question.objects.ask(gathering, member, "Is there a piano?")
    url = url_of(gathering, f"questions/{question.pk}/")
    assert_refused(client_of(gathering.host).post(url, {"words": words}), "words", "")
    assert gathering.questions.open().count() == 1


def test_only_the_hosts_of_that_gathering_read_and_answer(client: Client, gathering: Gathering, member: Member) -> None:
    question = Question.objects.ask(gathering, member, "Is there a piano?")
    elsewhere = make_gathering()
    pages = [url_of(gathering, "questions/"), url_of(gathering, f"questions/{question.pk}/")]
    guest = make_seat(gathering).member
    keeper = make_member(is_staff=True, is_superuser=True)
    for reader in (member, guest, elsewhere.host, keeper):
        for url in pages:
            assert client_of(reader).get(url).status_code == 404
            assert client_of(reader).post(url, {"words": "Hm"}).status_code in (404, 405)
    for url in pages:
        assert client.get(url)["Location"].startswith("/accounts/login/")
    crossed = url_of(elsewhere, f"questions/{question.pk}/")
    assert client_of(elsewhere.host).get(crossed).status_code == 404
    assert client_of(gathering.host).get(crossed).status_code == 404
    assert "piano" not in client_of(guest).get(url_of(gathering)).content.decode()
    assert gathering.questions.open().count() == 1


def test_the_mail_of_a_co_host_who_was_removed_opens_nothing(gathering: Gathering, member: Member) -> None:
    co_host = make_co_host(gathering)
    Question.objects.ask(gathering, member, "Is there a piano?")
    url = link_in(sent_to(co_host)[0])
    assert Client().get(url).status_code == 200
    CoHost.objects.filter(member=co_host).delete()
    for answer in (Client().get(url), Client().post(url, {"words": "Yes."})):
        assert answer.status_code == 404
        assert "piano" not in answer.content.decode()
    assert gathering.questions.open().count() == 1
    assert gathering.questions.get().reply(co_host, "Yes.") is False


def test_a_question_is_not_sent_to_who_hosts_no_more_nor_once_it_is_answered(
    clock: time_machine.Traveller, gathering: Gathering, member: Member
) -> None:
    co_host = make_co_host(gathering)
    clock.move_to(datetime(2030, 5, 6, 22, 30, tzinfo=UTC))
    first = Question.objects.ask(gathering, member, "Is there a piano?")
    Question.objects.ask(gathering, member, "Is there a dog?")
    CoHost.objects.filter(member=co_host).delete()
    first.reply(gathering.host, "Yes.")
    clock.move_to(datetime(2030, 5, 7, 9, 0, tzinfo=UTC))
    assert sent_to(co_host) == []
    [email] = sent_to(gathering.host)
    assert "dog" in email.body


@pytest.mark.parametrize("end", ["over", "called off"])
def test_after_the_end_nothing_is_answered_and_nothing_sent(
    clock: time_machine.Traveller, gathering: Gathering, member: Member, end: str
) -> None:
    question = Question.objects.ask(gathering, member, "Is there a piano?")
    url = link_in(sent_to(gathering.host)[0])
    if end == "over":
        clock.shift(timedelta(days=6))
    else:
        gathering.cancel("")
    page = Client().get(url)
    assert "nothing left to answer" in page.content.decode()
    Client().post(url, {"words": "Yes."})
    question.refresh_from_db()
    assert question.is_answered is False
    assert sent_to(member) == []
    assert not Message.objects.waiting().filter(kind="question_answered").exists()


def test_an_answer_is_dropped_when_the_gathering_is_called_off_before_the_morning(
    clock: time_machine.Traveller, gathering: Gathering, member: Member
) -> None:
    question = Question.objects.ask(gathering, member, "Is there a piano?")
    clock.move_to(datetime(2030, 5, 6, 22, 30, tzinfo=UTC))
    question.reply(gathering.host, "Yes.")
    gathering.cancel("")
    clock.move_to(datetime(2030, 5, 7, 9, 0, tzinfo=UTC))
    assert not [email for email in sent_to(member) if "answer" in email.subject]


def test_a_look_at_the_link_of_the_mail_changes_nothing(gathering: Gathering, member: Member) -> None:
    Question.objects.ask(gathering, member, "Is there a piano?")
    url = link_in(sent_to(gathering.host)[0])
    before = all_rows()
    Client().get(url)
    Client().head(url)
    assert all_rows() == before


def test_fifty_questions_take_no_more_queries_than_five(gathering: Gathering) -> None:
    host, counts = client_of(gathering.host), []
    for many in (5, 45):
        for number in range(many):
            question = Question.objects.ask(gathering, make_member(), f"Question {number}?")
            if number % 2:
                question.reply(gathering.host, "Yes.")
        with CaptureQueriesContext(connection) as queries:
            assert host.get(url_of(gathering, "questions/")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
