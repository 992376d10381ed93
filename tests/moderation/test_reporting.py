"""Saying that something was not right: who may, from where, what is kept, and who is told what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings import parting
from apps.gatherings.models import CoHost, Gathering
from apps.moderation.models import Report
from apps.outbox.tasks import send
from apps.profiles.house_rules import HouseRules
from apps.profiles.models import Member
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat
from tests.odd import MEGABYTE, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CANARY = "They-would-not-let-me-leave"
RECEIVED = "/report/received/"


def address(gathering: Gathering) -> str:
    return f"{gathering.get_absolute_url()}report/"


def end(gathering: Gathering) -> None:
    ended = timezone.now() - timedelta(days=2)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)


@pytest.fixture
def moderator(db: None) -> Member:
    return make_member("Temperance", is_moderator=True)


def test_two_presses_are_a_report(signed_in: Client, member: Member, gathering: Gathering) -> None:
    page = signed_in.get(gathering.get_absolute_url()).content.decode()
    assert f'href="{address(gathering)}"' in page
    assert signed_in.get(address(gathering)).status_code == 200
    assert not Report.objects.exists()
    assert signed_in.post(address(gathering))["Location"] == RECEIVED
    [report] = Report.objects.all()
    assert (report.reporter, report.gathering, report.about, report.words) == (member, gathering, None, "")
    assert list(report.hosts.all()) == [gathering.host]


def test_everything_that_may_be_said_is_kept(signed_in: Client, gathering: Gathering) -> None:
    said = {"about": gathering.host.key, "words": CANARY, "is_urgent": "on", "asks_first": "on"}
    signed_in.post(address(gathering), said)
    [report] = Report.objects.all()
    assert (report.about, report.words) == (gathering.host, CANARY)
    assert (report.is_urgent, report.asks_first) == (True, True)


def test_a_report_may_name_only_whom_one_reads_of_there(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    other = make_seat(gathering, make_member("Quincy")).member
    assert "Quincy" not in signed_in.get(address(gathering)).content.decode()
    assert_refused(signed_in.post(address(gathering), {"about": other.key}), "about", "")
    make_seat(gathering, member)
    assert "Quincy" in signed_in.get(address(gathering)).content.decode()
    signed_in.post(address(gathering), {"about": other.key})
    assert Report.objects.get().about == other


def test_it_works_after_the_gathering_and_from_the_page_that_asks_about_a_block(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    make_seat(gathering, member)
    end(gathering)
    block = signed_in.get(f"{gathering.get_absolute_url()}block/{gathering.host.key}/").content.decode()
    assert f'href="{address(gathering)}?about={gathering.host.key}"' in block
    page = signed_in.get(address(gathering), {"about": gathering.host.key}).content.decode()
    assert f'<option value="{gathering.host.key}" selected>' in page
    signed_in.post(address(gathering))
    assert Report.objects.count() == 1


def test_whoever_has_met_may_report_across_a_block_and_whoever_has_not_finds_nothing(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    make_seat(gathering, member)
    other = make_gathering(host=gathering.host, title="Another soup")
    parting.block(gathering.host, member)
    assert signed_in.get(gathering.get_absolute_url()).status_code == 404
    page = signed_in.get(address(gathering)).content.decode()
    assert "Whoever hosts it" in page
    assert gathering.host.key not in page
    signed_in.post(address(gathering), {"about": "host"})
    assert Report.objects.get().about == gathering.host
    for url in (address(other), "/gatherings/zzzzzzzzzz/report/"):
        assert signed_in.get(url).status_code == signed_in.post(url).status_code == 404
    listed = signed_in.get("/report/").content.decode()
    assert [address(each) in listed for each in (gathering, other)] == [True, False]


def test_who_only_hoped_for_a_seat_has_not_met(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(asks_first=True)
    gathering.seat(member)
    parting.block(gathering.host, member)
    assert signed_in.get(address(gathering)).status_code == 404


def test_a_gathering_by_link_is_reported_by_whoever_has_the_link(client: Client) -> None:
    gathering = make_gathering(visibility="link")
    gathering.make_link()
    assert client.get(address(gathering)).status_code == 404
    page = client.get(f"{address(gathering)}?link={gathering.link}").content.decode()
    assert gathering.link in page
    assert client.post(address(gathering), {"link": gathering.link})["Location"] == RECEIVED


# From outside


def test_somebody_without_an_account_can_report_from_the_help_page(client: Client) -> None:
    assert 'href="/report/"' in client.get("/help/").content.decode()
    said = {"where": "Soup on Friday", "words": CANARY, "email": "Ada@Example.org", "is_urgent": "on"}
    assert client.post("/report/", said)["Location"] == RECEIVED
    [report] = Report.objects.all()
    assert (report.reporter, report.email, report.where) == (None, "ada@example.org", "Soup on Friday")
    send()
    [received] = [email for email in mail.outbox if email.to == ["ada@example.org"]]
    assert CANARY not in received.body + html_of(received)


def test_nothing_at_all_is_a_report_too(client: Client) -> None:
    assert client.post("/report/")["Location"] == RECEIVED
    assert client.get(RECEIVED).status_code == 200
    assert Report.objects.count() == 1


def test_what_is_named_and_there_is_answered_as_what_never_was(client: Client) -> None:
    hidden, member = make_gathering(is_draft=True), make_member()
    shown = make_gathering(visibility="members")
    answers = set()
    for where in (hidden.get_absolute_url(), shown.get_absolute_url(), "/gatherings/zzzzzzzzzz/", member.email, "x"):
        answer = client.post("/report/", {"where": where, "email": member.email})
        answers.add((answer.status_code, answer["Location"], answer.content))
    assert len(answers) == 1
    assert [report.gathering for report in Report.objects.order_by("pk")] == [None, shown, None, None, None]


def test_so_many_an_hour_come_from_one_place(client: Client, signed_in: Client) -> None:
    visitor = Client(REMOTE_ADDR="203.0.113.9")
    answers = [visitor.post("/report/") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [422]
    assert "Several reports came from here" in answers[-1].content.decode()
    assert Client(REMOTE_ADDR="203.0.113.10").post("/report/").status_code == 302
    assert signed_in.post("/report/").status_code == 302
    assert Report.objects.count() == 12


@pytest.mark.parametrize("odd", ["\x00", "a\x07b", MEGABYTE])
def test_what_cannot_be_kept_is_answered_beside_its_field(client: Client, odd: str) -> None:
    assert_refused(client.post("/report/", {"words": odd}), "words", "")
    assert_refused(client.post("/report/", {"email": odd or "x"}), "email", "")
    assert not Report.objects.exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{7*7}}", "%s", "' OR 1=1 --", "🫖 naïve"])
def test_any_words_are_kept_as_they_are(client: Client, text: str) -> None:
    client.post("/report/", {"words": text, "where": text})
    assert Report.objects.get().words == text


# The receipt


def test_the_receipt_names_who_reads_it_and_by_when(signed_in: Client, member: Member) -> None:
    HouseRules().change(answered_by="Ines and Olu", answered_within="one day", crisis_line="0117 496 0001")
    page = signed_in.post("/report/", {"words": CANARY}, follow=True).content.decode()
    send()
    [received] = mails_to(member)
    for words in (page, received.body, html_of(received)):
        assert "Ines and Olu read it." in words
        assert "They answer within one day." in words
        assert "0117 496 0001" in words
        assert "We never say who told us; at a small table they may guess." in words
        assert CANARY not in words
    assert "We never say who told us; at a small table they may guess." in signed_in.get("/report/").content.decode()


def test_a_community_that_must_not_be_seen_takes_reports_from_outside_and_names_nobody(client: Client) -> None:
    HouseRules().change(who_may_look="members", answered_by="Ines and Olu", crisis_line="0117 496 0001")
    said = {"words": CANARY, "email": "ada@example.org"}
    pages = client.get("/report/").content + client.post("/report/", said, follow=True).content
    assert Report.objects.get().email == "ada@example.org"
    send()
    for words in (pages.decode(), mail.outbox[-1].body):
        assert "Ines" not in words
        assert "0117" not in words


def test_the_receipt_promises_strangers_no_answer_without_an_address_and_no_block(client: Client) -> None:
    HouseRules().change(answered_by="Ines and Olu", answered_within="one day")
    pages = [client.post("/report/", said, follow=True).content.decode() for said in ({}, {"email": "a@example.org"})]
    assert pages[0] == pages[1]  # nobody reads in this browser what was sent from it
    assert "If you left none, we cannot write to you." in pages[0]
    assert "If you left an address, they answer within one day." in pages[0]
    for untrue in ("They answer within", "we write to you what we can say", "block"):
        assert untrue not in pages[0]


def test_the_receipt_tells_members_what_they_can_do_meanwhile(signed_in: Client) -> None:
    page = signed_in.post("/report/", follow=True).content.decode()
    assert "block whoever you would rather not meet" in page
    assert "If you left" not in page


def test_the_receipt_tells_whoever_waits_for_a_keeper_of_no_block(client: Client) -> None:
    client.force_login(make_member(is_waiting=True))
    page = client.post("/report/", follow=True).content.decode()
    assert "They answer as soon as they can." in page
    assert "block" not in page


def test_the_receipt_says_who_is_to_be_asked_first(signed_in: Client, member: Member) -> None:
    signed_in.post("/report/", {"asks_first": "on"})
    send()
    assert "we ask you before we do anything that others notice" in mails_to(member)[0].body


# Who is told: kinds "report_received" and "moderators_needed"


def told() -> set[str]:
    mail.outbox.clear()
    send()
    return {email.to[0] for email in mail.outbox if "needed" in str(email.subject)}


def test_every_moderator_who_may_read_it_is_told_and_not_what_it_says(
    moderator: Member, member: Member, gathering: Gathering
) -> None:
    gone = make_member(is_moderator=True, is_active=False)
    Report.objects.make(member, gathering=gathering, about=gathering.host, words=CANARY, is_urgent=True)
    assert told() == {moderator.email}
    [needed] = mails_to(moderator)
    for words in (str(needed.subject), needed.body, html_of(needed)):
        for secret in (CANARY, gathering.title, gathering.host.name, member.name):
            assert secret not in words
    assert f"/moderation/{Report.objects.get().key}/" in needed.body
    assert "urgent" in needed.body
    assert not mails_to(gone)


def test_at_night_only_what_is_urgent_wakes_them(moderator: Member) -> None:
    with time_machine.travel(datetime(2026, 3, 3, 23, 30, tzinfo=UTC), tick=False):
        Report.objects.make(None)
        assert told() == set()
        Report.objects.make(None, is_urgent=True)
        assert told() == {moderator.email}
    with time_machine.travel(datetime(2026, 3, 4, 9, 1, tzinfo=UTC), tick=False):
        assert told() == {moderator.email}


def concern(how: str, moderator: Member, gathering: Gathering) -> dict[str, Any]:
    """Lay a report that this moderator must not read."""
    if how == "reporter":
        return {"reporter": moderator}
    if how == "their address":
        return {"email": moderator.email}
    if how == "about":
        return {"about": moderator}
    if how == "host":
        return {"gathering": make_gathering(host=moderator)}
    if how == "co-host":
        CoHost.invite(gathering, moderator.email)
        gathering.co_hosts.get().accept(moderator)
    if how in ("guest", "left"):
        rsvp = make_seat(gathering, moderator)
        if how == "left":
            rsvp.bow_out()
    return {"gathering": gathering}


HOWS = ["reporter", "their address", "about", "host", "co-host", "guest", "left"]


@pytest.mark.parametrize("how", HOWS)
def test_whom_it_concerns_is_not_told_and_others_are(moderator: Member, gathering: Gathering, how: str) -> None:
    other = make_member(is_moderator=True)
    said = concern(how, moderator, gathering)
    Report.objects.make(said.pop("reporter", None), words=CANARY, **said)
    assert told() == {other.email}


@pytest.mark.parametrize("how", HOWS)
def test_where_no_moderator_may_read_it_the_keeper_is_told(moderator: Member, gathering: Gathering, how: str) -> None:
    keeper = make_member(is_staff=True, is_superuser=True)
    said = concern(how, moderator, gathering)
    Report.objects.make(said.pop("reporter", None), words=CANARY, **said)
    assert told() == {keeper.email}
    assert "no moderator may read" in mails_to(keeper)[-1].body


def test_where_it_concerns_the_keeper_too_the_communitys_own_address_is_told(
    settings: Any, gathering: Gathering
) -> None:
    Member.objects.filter(pk=gathering.host.pk).update(is_staff=True, is_superuser=True, is_moderator=True)
    Report.objects.make(None, gathering=gathering)
    assert told() == {settings.COMMUNITY_EMAIL}


def test_a_report_that_is_answered_meanwhile_calls_nobody(moderator: Member) -> None:
    Report.objects.make(None).decide("looked", "")
    assert told() == set()


def test_saying_it_takes_as_many_queries_at_a_large_table_as_at_a_small_one(
    signed_in: Client, member: Member, django_assert_max_num_queries: Any
) -> None:
    gathering = make_gathering(seats=12)
    for _ in range(11):
        make_seat(gathering)
    make_seat(gathering, member)
    with django_assert_max_num_queries(10):
        signed_in.get(address(gathering))


def test_whoever_wishes_to_be_asked_says_where_or_nobody_could_ever_act(client: Client, gathering: Gathering) -> None:
    for url in ("/report/", address(gathering)):
        answer = client.post(url, {"words": CANARY, "asks_first": "on"})
        assert answer.status_code == 422
        assert "To ask you we need an address." in answer.content.decode()
        assert CANARY in answer.content.decode()
        assert not Report.objects.exists()
        assert client.post(url, {"words": CANARY, "asks_first": "on", "email": "ada@example.org"}).status_code == 302
        Report.objects.all().delete()
