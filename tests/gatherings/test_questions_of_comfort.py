"""Asking about a comfort fact that is unsaid: one button, and its answer fills the card."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering, Question
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member
from tests.gatherings.asking import NOON, client_of, link_in, make_co_host, sent_to, url_of, words_of
from tests.odd import NUL, Page, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Midday in Bristol, so that no mail waits for the morning."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


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
