"""A question to the host: who may ask, who reads it, what the mails say, and how an answer fills the card."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.models import CoHost, Gathering, Question
from apps.gatherings.models.question import CannotAsk
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.odd import FINE, INVISIBLE, MEGABYTE, NUL, PLAIN_AND_HTMX, TIDIED, Page, all_rows, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOON = datetime(2030, 5, 6, 11, 0, tzinfo=UTC)
LINK = re.compile(r"https?://[^/\s]+(/m/\S+)")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Midday in Bristol, so that no mail waits for the morning."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def url_of(gathering: Gathering, page: str = "ask/") -> str:
    return f"/gatherings/{gathering.key}/{page}"


def make_co_host(gathering: Gathering, name: str = "Sam") -> Member:
    member = make_member(name)
    CoHost.objects.create(gathering=gathering, member=member, email=member.email, accepted_at=timezone.now())
    return member


def sent_to(member: Member) -> list[EmailMessage]:
    """What this member finds in their mail, sending whatever is due."""
    send()
    return [email for email in mail.outbox if email.to == [member.email]]


def words_of(text: str) -> str:
    return " ".join(text.split())


def link_in(email: EmailMessage) -> str:
    found = LINK.search(str(email.body))
    assert found
    return found[1]


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


# Asking


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


# Comfort facts


def test_each_fact_that_is_unsaid_has_an_ask_button(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(is_step_free=True, is_animal_free=None)
    page = signed_in.get(gathering.get_absolute_url()).content.decode()
    assert f"{url_of(gathering)}?fact=is_animal_free" in page
    assert f"{url_of(gathering)}?fact=is_alcohol_free" in page
    assert "fact=is_step_free" not in page
    assert "Ask about animals" in words_of(Page(page).text)


def test_who_has_nothing_to_ask_is_shown_no_ask_button(signed_in: Client, gathering: Gathering) -> None:
    for host in (gathering.host, make_co_host(gathering)):
        assert "ask/" not in client_of(host).get(gathering.get_absolute_url()).content.decode()
    over = make_gathering(timezone.now() - timedelta(days=1))
    gathering.cancel("")
    for closed in (gathering, over):
        assert "ask/" not in signed_in.get(closed.get_absolute_url()).content.decode()


def test_who_came_by_a_link_keeps_it_on_the_ask_button(client: Client) -> None:
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    page = Page.of(client.get(gathering.invitation_url))
    [href, *_more] = [a["href"] for tag, a in page.elements if tag == "a" and "fact=is_step_free" in a.get("href", "")]
    assert f"link={gathering.link}" in href


def test_an_unsaid_fact_is_asked_with_one_button_and_its_answer_fills_the_card(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    page = Page.of(signed_in.get(url_of(gathering), {"fact": "is_step_free"}))
    assert "Are there steps to the door, the table or the toilet?" in page.text
    answer = signed_in.post(url_of(gathering), {"fact": page.values["fact"], "words": page.values["words"]})
    assert answer["Location"] == gathering.get_absolute_url()
    [email] = sent_to(gathering.host)
    assert "Are there steps to the door, the table or the toilet?" in email.body
    url, stranger = link_in(email), Client()
    form = Page.of(stranger.get(url))
    assert "Are there steps to the door, the table or the toilet?" in form.text
    assert "fact" not in form.values or form.values["fact"] == ""  # nothing is preselected
    page = Page.of(stranger.post(url, {"fact": "yes", "words": ""}, follow=True))
    assert "Your answer is on its way to Robin." in page.text
    assert "No, there are none." in page.text
    assert "No steps" in signed_in.get(gathering.get_absolute_url()).content.decode()
    [answered] = sent_to(member)
    assert answered.subject == f"Mei has answered your question about {gathering.title}"
    assert "No, there are none." in answered.body
    assert "No, there are none." in html_of(answered)
    assert gathering.get_absolute_url() in answered.body
    assert "No, there are none." in signed_in.get(url_of(gathering)).content.decode()


def test_one_answer_about_a_fact_answers_everyone_who_asked_the_same(gathering: Gathering) -> None:
    askers = [make_member() for _ in range(3)]
    for asker in askers:
        Question.objects.ask(gathering, asker, fact="is_animal_free")
    other = Question.objects.ask(gathering, askers[0], fact="is_step_free")
    plain = Question.objects.ask(gathering, askers[0], "Is there a cat?")
    gathering.questions.filter(fact="is_animal_free")[0].reply(gathering.host, "A quiet cat.", fact_answer=False)
    for asker in askers:
        [email] = sent_to(asker)
        assert "Yes, there are some." in email.body
        assert "> A quiet cat." in email.body
    assert set(gathering.questions.open()) == {other, plain}
    gathering.refresh_from_db()
    assert gathering.is_animal_free is False


def test_an_edit_that_says_a_fact_answers_whoever_asked_just_that(gathering: Gathering) -> None:
    """Once, and nobody who asked something else, or more than the card can say."""
    askers = [make_member() for _ in range(2)]
    for asker in askers:
        Question.objects.ask(gathering, asker, fact="is_animal_free")
    more = Question.objects.ask(gathering, make_member(), "I am afraid of dogs.", fact="is_animal_free")
    other = Question.objects.ask(gathering, make_member(), fact="is_step_free")
    for is_animal_free in (False, True):
        gathering.is_animal_free = is_animal_free
        gathering.change(["is_animal_free"])
    for asker in askers:
        [email] = sent_to(asker)
        assert email.subject == f"Mei has answered your question about {gathering.title}"
        assert "No, there are none." in email.body  # as it stands when the mail is written
    assert set(gathering.questions.open()) == {more, other}
    assert sent_to(more.asker) == sent_to(other.asker) == []


def test_an_edit_that_says_nothing_of_a_fact_answers_nobody(gathering: Gathering, member: Member) -> None:
    """The control, and the case of a fact that is taken back."""
    gathering.is_step_free = True
    gathering.change(["is_step_free"])
    Gathering.objects.filter(pk=gathering.pk).update(is_step_free=None)
    gathering.refresh_from_db()
    question = Question.objects.ask(gathering, member, fact="is_step_free")
    Gathering.objects.filter(pk=gathering.pk).update(is_step_free=True)
    gathering.is_step_free, gathering.cost = None, "A song"
    gathering.change(["is_step_free", "cost"])
    assert list(gathering.questions.open()) == [question]
    assert sent_to(member) == []


def test_a_fact_may_be_answered_in_words_only_and_stays_unsaid(gathering: Gathering, member: Member) -> None:
    other = Question.objects.ask(gathering, make_member(), fact="is_step_free")
    question = Question.objects.ask(gathering, member, fact="is_step_free")
    host, url = client_of(gathering.host), url_of(gathering, f"questions/{question.pk}/")
    assert_refused(host.post(url, {"fact": "unsaid", "words": " "}), "words", "Your own words are missing here.")
    host.post(url, {"fact": "unsaid", "words": "The lift works most days."})
    gathering.refresh_from_db()
    assert gathering.is_step_free is None
    [email] = sent_to(member)
    assert "> The lift works most days." in email.body
    assert list(gathering.questions.open()) == [other]
    page = client_of(member).get(url_of(gathering), {"fact": "is_step_free"}).content.decode()
    assert "The lift works most days." in page
    assert "You have asked this; the answer stands below." in page


@pytest.mark.parametrize("fact", ["", "maybe", "True", NUL])
def test_an_answer_about_a_fact_is_one_of_those_shown(gathering: Gathering, member: Member, fact: str) -> None:
    question = Question.objects.ask(gathering, member, fact="is_step_free")
    url = url_of(gathering, f"questions/{question.pk}/")
    answer = client_of(gathering.host).post(url, {"fact": fact, "words": "Well"})
    assert answer.status_code == 422
    page = Page.of(answer)
    assert page.words["id_fact_error"].strip()
    assert page.values["words"] == "Well"
    assert gathering.questions.open().count() == 1


def test_what_has_been_said_meanwhile_is_not_asked_again(signed_in: Client, gathering: Gathering) -> None:
    Gathering.objects.filter(pk=gathering.pk).update(is_step_free=True)
    for answer in (
        signed_in.get(url_of(gathering), {"fact": "is_step_free"}),
        signed_in.post(url_of(gathering), {"fact": "is_step_free"}),
    ):
        assert answer["Location"] == gathering.get_absolute_url()
    assert not Question.objects.exists()


def test_a_host_who_has_filled_the_card_finds_the_answer_chosen(gathering: Gathering, member: Member) -> None:
    question = Question.objects.ask(gathering, member, fact="is_step_free")
    Gathering.objects.filter(pk=gathering.pk).update(is_step_free=False)
    page = Page.of(client_of(gathering.host).get(url_of(gathering, f"questions/{question.pk}/")))
    assert page.values["fact"] == "no"


# Answering


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
