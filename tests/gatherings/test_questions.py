"""A question to the host: who may ask, who reads it, and what the mails say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering, Question
from apps.gatherings.models.question import CannotAsk
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.gatherings.asking import LINK, NOON, client_of, make_co_host, sent_to, url_of, words_of
from tests.odd import FINE, INVISIBLE, MEGABYTE, NUL, PLAIN_AND_HTMX, TIDIED, Page, all_rows, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Midday in Bristol, so that no mail waits for the morning."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def test_a_question_goes_to_the_host_and_every_co_host_and_to_nobody_else(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    co_host, guest = make_co_host(gathering), make_seat(gathering).member
    page = signed_in.post(url_of(gathering), {"words": "Is there a bus home after nine?"}, follow=True)
    assert Message.objects.filter(kind="question_asked").count() == 2
    assert page.redirect_chain[-1][0] == gathering.get_absolute_url()
    assert "Your question is on its way to Mei." in page.content.decode()
    for host in (gathering.host, co_host):
        [email] = sent_to(host)
        assert email.subject == f"Robin has a question about {gathering.title}"
        assert "> Is there a bus home after nine?" in email.body
        assert "Is there a bus home after nine?" in html_of(email)
        assert LINK.search(str(email.body))
    assert "bus home" not in "".join(str(email.body) for email in sent_to(guest) + sent_to(member))


def test_one_may_ask_without_a_seat_and_with_one(signed_in: Client, member: Member, gathering: Gathering) -> None:
    signed_in.post(url_of(gathering), {"words": "Before?"})
    make_seat(gathering, member)
    signed_in.post(url_of(gathering), {"words": "After?"})
    assert list(gathering.questions.values_list("words", flat=True)) == ["Before?", "After?"]


def test_no_mail_and_no_page_about_a_question_holds_an_e_mail_address(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    host = gathering.host
    Question.objects.ask(gathering, member, "May I bring my sister?")
    [asked] = sent_to(host)
    [question] = gathering.questions.all()
    pages = [client_of(host).get(url_of(gathering, f"questions/{question.pk}/")).content.decode()]
    question.reply(host, "Of course.")
    [answered] = sent_to(member)
    pages += [
        client_of(host).get(url_of(gathering, "questions/")).content.decode(),
        signed_in.get(url_of(gathering)).content.decode(),
    ]
    for text in [*pages, asked.body, html_of(asked), answered.body, html_of(answered)]:
        assert "@example.org" not in text
    for email in (asked, answered):
        assert email.reply_to == email.cc == email.bcc == []


def test_a_stranger_is_led_to_sign_in_and_back_to_the_question(client: Client) -> None:
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    answer = client.get(url_of(gathering), {"fact": "is_step_free", "link": gathering.link})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")
    for part in (gathering.key, "ask", "is_step_free", gathering.link):
        assert part in answer["Location"]


def test_a_gathering_by_link_is_asked_by_its_link_alone(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    typed = {"words": "Is it far from the stop?"}
    assert signed_in.get(url_of(gathering)).status_code == 404
    assert signed_in.post(url_of(gathering), typed).status_code == 404
    assert signed_in.post(url_of(gathering), {**typed, "link": "wrong"}).status_code == 404
    form = Page.of(signed_in.get(url_of(gathering), {"link": gathering.link}))
    assert form.values["link"] == gathering.link
    answer = signed_in.post(url_of(gathering), {**typed, "link": form.values["link"]})
    assert answer["Location"] == gathering.invitation_url
    assert signed_in.get(answer["Location"]).status_code == 200
    assert gathering.questions.get().asker == member


def test_an_answer_by_mail_gives_no_link_away(member: Member) -> None:
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    question = Question.objects.ask(gathering, member, "Is it far?")
    gathering.make_link()
    question.reply(gathering.host, "Five minutes.")
    [email] = sent_to(member)
    for text in (email.body, html_of(email)):
        assert "Five minutes." in text
        assert gathering.link not in text
        assert "/gatherings/" not in text


def test_the_fourth_question_is_refused_beside_the_field_and_facts_count(
    signed_in: Client, gathering: Gathering
) -> None:
    signed_in.post(url_of(gathering), {"fact": "is_step_free"})
    for words in ("Two?", "Three?"):
        assert signed_in.post(url_of(gathering), {"words": words}).status_code == 302
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        answer = signed_in.post(url_of(gathering), {"words": "Four?"}, headers=headers)
        assert_refused(answer, "words", "You have asked three questions here", "Four?")
        answer = signed_in.post(url_of(gathering), {"fact": "is_animal_free"}, headers=headers)
        assert_refused(answer, "words", "You have asked three questions here")
    assert all_rows() == before
    page = Page.of(signed_in.get(url_of(gathering)))
    assert "You have asked three questions here" in page.text
    assert "words" not in page.attributes
    assert client_of(make_member()).post(url_of(gathering), {"words": "Another’s first?"}).status_code == 302


def test_pressing_twice_asks_once(signed_in: Client, gathering: Gathering) -> None:
    for _ in range(2):
        assert signed_in.post(url_of(gathering), {"words": "Is there tea?"}).status_code == 302
        assert signed_in.post(url_of(gathering), {"fact": "is_step_free", "words": "I use a cane."}).status_code == 302
    assert gathering.questions.count() == 2
    assert len(sent_to(gathering.host)) == 2


@pytest.mark.parametrize("state", ["over", "called off", "draft"])
def test_nobody_asks_about_what_is_over_called_off_or_a_draft(signed_in: Client, member: Member, state: str) -> None:
    if state == "over":
        gathering = make_gathering(timezone.now() - timedelta(days=1))
    else:
        gathering = make_gathering(is_draft=state == "draft")
    if state == "called off":
        gathering.cancel("")
    expected = 404 if state == "draft" else 302
    assert signed_in.get(url_of(gathering)).status_code == expected
    assert signed_in.post(url_of(gathering), {"words": "Still on?"}).status_code == expected
    with pytest.raises(CannotAsk):
        Question.objects.ask(gathering, member, "Still on?")
    assert not Question.objects.exists()


def test_hosts_are_led_to_the_questions_they_were_asked(gathering: Gathering) -> None:
    for host in (gathering.host, make_co_host(gathering)):
        client = client_of(host)
        for answer in (client.get(url_of(gathering)), client.post(url_of(gathering), {"words": "Me?"})):
            assert answer["Location"] == url_of(gathering, "questions/")
        with pytest.raises(CannotAsk):
            Question.objects.ask(gathering, host, "Me?")
    assert not Question.objects.exists()


@pytest.mark.parametrize("text", FINE, ids=ascii)
def test_odd_words_are_shown_as_they_were_written(signed_in: Client, gathering: Gathering, text: str) -> None:
    host = client_of(gathering.host)
    signed_in.post(url_of(gathering), {"words": text})
    question = gathering.questions.get()
    assert question.words == text
    [email] = sent_to(gathering.host)
    assert f"> {text}" in email.body
    assert Page(html_of(email)).shows(text)
    assert Page.of(host.get(url_of(gathering, f"questions/{question.pk}/"))).shows(text)
    host.post(url_of(gathering, f"questions/{question.pk}/"), {"words": text})
    [answered] = sent_to(question.asker)
    assert answered.body.count(f"> {text}") == 2
    assert Page(html_of(answered)).shows(text)
    for page in (host.get(url_of(gathering, "questions/")), signed_in.get(url_of(gathering))):
        assert Page.of(page).shows(text)


@pytest.mark.parametrize(("typed", "kept"), TIDIED.items(), ids=ascii)
def test_what_hides_is_taken_out_of_a_question(signed_in: Client, gathering: Gathering, typed: str, kept: str) -> None:
    signed_in.post(url_of(gathering), {"words": typed})
    assert words_of(gathering.questions.get().words) == kept


def test_line_breaks_in_a_question_reach_no_header_and_no_line_of_ours(signed_in: Client, gathering: Gathering) -> None:
    words = "Hello\r\nBcc: x@example.org\r\n\r\n-- \r\nPull Up a Chair: sign in at https://evil.example"
    signed_in.post(url_of(gathering), {"words": words})
    [email] = sent_to(gathering.host)
    assert "\n" not in email.subject
    assert email.recipients() == [gathering.host.email]
    assert email.message()["Bcc"] is None
    for line in ("Hello", "Bcc: x@example.org", "--", "Pull Up a Chair: sign in at https://evil.example"):
        assert f"\n> {line}\n" in email.body


@pytest.mark.parametrize(
    ("words", "sentence"),
    [*[(words, "What would you like to know?") for words in INVISIBLE], (NUL, "cannot show"),
     ("x" * 401, "at most 400 characters"), (MEGABYTE, "at most 400 characters")],
    ids=lambda value: ascii(value)[:24],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_beside_the_field(
    signed_in: Client, gathering: Gathering, words: str, sentence: str
) -> None:
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        answer = signed_in.post(url_of(gathering), {"words": words}, headers=headers)
        assert_refused(answer, "words", sentence, words if words.isprintable() and words == words.strip() else None)
    assert all_rows() == before


@pytest.mark.parametrize(
    "fact", ["is_larger", "address", "state", "__class__", NUL, MEGABYTE, "'"], ids=lambda f: f[:9]
)
def test_a_fact_that_is_none_is_passed_over(signed_in: Client, gathering: Gathering, fact: str) -> None:
    assert_refused(signed_in.post(url_of(gathering), {"fact": fact}), "words", "What would you like to know?")
    assert signed_in.get(url_of(gathering), {"fact": fact[:200]}).status_code == 200
    assert signed_in.post(url_of(gathering), {"fact": fact, "words": "Plain?"}).status_code == 302
    assert gathering.questions.get().fact == ""


def test_a_get_asks_nothing(signed_in: Client, gathering: Gathering) -> None:
    before = all_rows()
    signed_in.get(url_of(gathering), {"words": "Hello?", "fact": "is_step_free"})
    assert all_rows() == before


def test_a_question_at_night_waits_for_the_morning(
    clock: time_machine.Traveller, member: Member, gathering: Gathering
) -> None:
    clock.move_to(datetime(2030, 5, 6, 22, 30, tzinfo=UTC))
    question = Question.objects.ask(gathering, member, "Awake?")
    assert sent_to(gathering.host) == []
    clock.move_to(datetime(2030, 5, 7, 8, 1, tzinfo=UTC))  # 09:01 in Bristol
    assert len(sent_to(gathering.host)) == 1
    clock.move_to(datetime(2030, 5, 7, 22, 30, tzinfo=UTC))
    question.reply(gathering.host, "No.")
    assert sent_to(member) == []
