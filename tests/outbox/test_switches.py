"""What a member lets us send: the page of switches, one click in the mail program, a month of quiet."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.outbox.kinds import KINDS, Klass, Mail, register
from apps.outbox.links import link_to, path_to
from apps.outbox.models import Consent, Message, Suppression, choices_of
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_seat
from tests.odd import Page

pytestmark = pytest.mark.django_db
PAGE = "/settings/mail/"
ALWAYS = {
    "sign_in_code", "address_changed", "gathering_cancelled", "seat_withdrawn", "joining_invited", "joining_asked",
    "welcome", "not_now", "report_received", "report_decided", "moderators_needed", "word_from_moderators",
    "export_ready", "leaving", "handed_over",
}  # fmt: skip


@pytest.fixture
def nudge() -> Iterator[str]:
    """A kind of nudge, for as long as the test lasts."""
    register(
        "test_nudge",
        lambda message: True,
        lambda message: Mail("Soup near you", "outbox/email/sign_in_code", {"code": "soup"}),
        klass=Klass.NUDGE,
        label="A nudge for this test",
    )
    yield "test_nudge"
    del KINDS["test_nudge"]


def sent(kind: str, member: Member) -> EmailMessage:
    Message.objects.put(kind, member, version=int(timezone.now().timestamp() * 1e6))
    send()
    return mail.outbox[-1]


def switched_on(member: Member) -> dict[str, str]:
    return {name: "on" for name, is_on in choices_of(member).items() if is_on}


def test_nudges_are_off_and_everything_else_is_on_until_a_member_says_otherwise(
    signed_in: Client, member: Member, nudge: str
) -> None:
    page = Page.of(signed_in.get(PAGE))
    assert set(choices_of(member)) == set(KINDS) - ALWAYS
    for name, is_on in choices_of(member).items():
        assert is_on == (not KINDS[name].is_opt_in)
        assert str(KINDS[name].label) in page.text
    assert not Consent.objects.exists()


def test_what_is_switched_off_comes_no_more_and_the_words_and_the_time_are_kept(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    wanted = switched_on(member)
    wanted.pop("seat_confirmed")
    before = timezone.now()
    signed_in.post(PAGE, {**wanted, "act": "save"})
    consent = Consent.objects.get()
    assert (consent.member, consent.kind, consent.is_given) == (member, "seat_confirmed", False)
    assert consent.words == "You have a seat"
    assert before <= consent.said_at <= timezone.now()
    make_seat(gathering, member)
    send()
    assert mail.outbox == []
    signed_in.post(PAGE, {**switched_on(member), "seat_confirmed": "on", "act": "save"})
    assert Consent.objects.get().is_given


def test_whoever_opts_out_after_it_was_put_hears_nothing(gathering: Gathering, member: Member) -> None:
    make_seat(gathering, member)
    Consent.objects.say(member, "seat_confirmed", is_given=False)
    send()
    assert mail.outbox == []
    assert Message.objects.get().state == Message.State.DROPPED


def test_a_nudge_that_nobody_asked_for_is_not_sent(member: Member, nudge: str) -> None:
    Message.objects.put(nudge, member)
    send()
    assert mail.outbox == []
    Consent.objects.say(member, nudge, is_given=True)
    assert sent(nudge, member).subject == "Soup near you"


def test_one_click_in_the_mail_program_ends_one_kind_without_a_session(member: Member, nudge: str) -> None:
    Consent.objects.say(member, nudge, is_given=True)
    email = sent(nudge, member)
    url = str(email.extra_headers["List-Unsubscribe"]).strip("<>")
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = url.removeprefix(settings.BASE_URL)
    program = Client(enforce_csrf_checks=True)
    for method in (program.get, program.head):
        assert method(path).status_code == 200
    assert choices_of(member)[nudge]
    for _ in range(2):
        assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert not choices_of(member)[nudge]
    assert Consent.objects.count() == 1


def test_any_other_post_to_a_mail_link_needs_its_token(member: Member, nudge: str) -> None:
    Consent.objects.say(member, nudge, is_given=True)
    path = path_to("unsubscribe", member, text=nudge)
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(path, {"act": "yes"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).content.decode())
    assert token
    answer = browser.post(path, {"csrfmiddlewaretoken": token[1]}, follow=True)
    assert "You get none of these from now on." in answer.content.decode()
    assert not choices_of(member)[nudge]


def test_service_mail_has_no_unsubscribe_header_and_leads_to_the_switches_all_the_same(
    client: Client, gathering: Gathering, member: Member
) -> None:
    make_seat(gathering, member)
    send()
    [email] = mail.outbox
    assert "List-Unsubscribe" not in email.extra_headers
    [path] = {
        url.removeprefix(settings.BASE_URL)
        for url in re.findall(r'href="([^"]+)"[^>]*>Choose what we send', html_of(email))
    }
    client.post(path, {"act": "save"})  # nothing is ticked
    assert not any(choices_of(member).values())


def test_a_month_of_quiet_begins_with_one_press_and_may_end_with_another(signed_in: Client, member: Member) -> None:
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        answer = signed_in.post(PAGE, {"act": "pause"}, follow=True)
        assert "No nudges until Friday 25 December." in answer.content.decode()
        member.refresh_from_db()
        assert member.nudges_paused_until == timezone.now() + timedelta(days=30)
        signed_in.post(PAGE, {"act": "resume"})
    member.refresh_from_db()
    assert not member.has_paused_nudges


def test_whoever_no_mail_reaches_is_told_on_every_page_and_may_try_again(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    Suppression.objects.suppress(member.email.upper(), Suppression.Reason.REFUSED)
    for path in ("/table/", gathering.get_absolute_url(), "/"):
        assert "Our mail does not reach you" in signed_in.get(path).content.decode()
    assert "It came back" in signed_in.get(PAGE).content.decode()
    signed_in.post(PAGE, {"act": "reached"})
    assert not Suppression.objects.exists()
    assert "Our mail does not reach you" not in signed_in.get("/table/").content.decode()


def test_a_stranger_who_was_invited_may_ask_for_no_more(client: Client) -> None:
    path = path_to("no_more", None, text="ben@example.org")
    assert "ben@example.org" in client.get(path).content.decode()
    assert not Suppression.objects.exists()
    client.post(path)
    assert Suppression.objects.get().reason == Suppression.Reason.ASKED
    assert "Nobody is told." in client.get(path).content.decode()


def test_a_link_for_one_kind_opens_no_other_and_none_that_cannot_be_switched_off(
    client: Client, member: Member
) -> None:
    for text in ("sign_in_code", "no_such_kind", ""):
        assert client.post(path_to("unsubscribe", member, text=text)).status_code == 404
    assert client.get(path_to("unsubscribe", None, text="soon")).status_code == 404
    assert not Consent.objects.exists()


def test_a_post_from_a_mail_counts_as_a_visit_and_a_mail_program_does_not(client: Client, member: Member) -> None:
    long_ago = timezone.now().date() - timedelta(days=90)
    path = path_to("unsubscribe", member, text="soon")
    for data, is_visit in (({"List-Unsubscribe": "One-Click"}, False), ({}, True)):
        Member.objects.filter(pk=member.pk).update(last_seen_on=long_ago)
        client.get(path)
        client.post(path, data)
        member.refresh_from_db()
        assert (member.last_seen_on != long_ago) == is_visit


def test_a_signed_in_page_keeps_the_day_and_nothing_more(signed_in: Client, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(last_seen_on=None)
    signed_in.get("/table/")
    member.refresh_from_db()
    assert member.last_seen_on == timezone.now().date()


def test_a_discreet_member_gets_mail_that_says_nothing_from_outside(gathering: Gathering, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(is_discreet=True)
    make_seat(gathering, member)
    send()
    [email] = mail.outbox
    outside = f"{email.subject} {email.from_email}"
    assert gathering.title not in outside
    assert settings.COMMUNITY_NAME not in outside
    assert email.subject == "A note for you"
    assert gathering.title in email.body


def test_a_code_for_a_discreet_member_is_discreet_too_though_it_goes_to_an_address(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(is_discreet=True)
    for address in (member.email, "somebody-new@example.org"):
        Message.objects.put("sign_in_code", address, secret="ABCD-1234")
    send()
    said = {email.to[0]: (email.subject, settings.COMMUNITY_NAME in email.from_email) for email in mail.outbox}
    assert said == {
        member.email: ("ABCD-1234 is your code", False),
        "somebody-new@example.org": ("ABCD-1234 is your code", True),
    }


def test_an_address_in_a_mail_is_of_our_own_host(member: Member) -> None:
    assert link_to("switches", member).startswith(settings.BASE_URL)
