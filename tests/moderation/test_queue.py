"""Who reads reports: moderators with a passkey, and none a report that concerns them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.gatherings.models import CoHost, Gathering
from apps.moderation.models import Report
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat
from tests.passkeys import add_passkey, let_moderate, sign_in_with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CANARY = "They-would-not-let-me-leave"


@pytest.fixture
def moderator(client: Client) -> Member:
    member = make_member("Temperance")
    let_moderate(client, member)
    return member


def page_of(client: Client, url: str = "/moderation/") -> str:
    return client.get(url).content.decode()


def without_tokens(body: bytes) -> bytes:
    return re.sub(rb'value="\w{64}"', b"", body)


def test_the_queue_holds_urgent_ones_first_and_then_the_oldest(client: Client, moderator: Member) -> None:
    for where, is_urgent in (("First", False), ("Second", True), ("Third", False), ("Fourth", True)):
        Report.objects.make(None, where=where, is_urgent=is_urgent)
    Report.objects.get(where="First").decide("looked", "")
    page = page_of(client)
    assert sorted(("First", "Second", "Third", "Fourth"), key=page.index) == ["Second", "Fourth", "Third", "First"]


def test_a_report_is_read_on_its_page(client: Client, moderator: Member, member: Member, gathering: Gathering) -> None:
    report = Report.objects.make(member, gathering=gathering, about=gathering.host, words=CANARY, asks_first=True)
    page = page_of(client, f"/moderation/{report.key}/")
    for said in (CANARY, gathering.title, gathering.host.name, "Ask them before you do anything"):
        assert said in page
    assert gathering.address not in page
    assert CANARY not in page_of(client)


# With a passkey only


def test_without_a_passkey_the_page_leads_to_adding_one(client: Client) -> None:
    client.force_login(make_member(is_moderator=True))
    Report.objects.make(None, where=CANARY)
    answer = client.get("/moderation/")
    assert answer.status_code == 403
    assert "/accounts/2fa/webauthn/add/" in answer.content.decode()
    assert CANARY not in answer.content.decode()


def test_only_moderators_find_the_way_to_reports_on_every_page(client: Client) -> None:
    client.force_login(make_member())
    assert 'href="/moderation/"' not in page_of(client, "/help/")
    client.force_login(make_member(is_moderator=True))
    assert 'href="/moderation/"' in page_of(client, "/help/")


def test_who_signed_in_by_a_code_is_asked_for_the_passkey(client: Client) -> None:
    member = make_member(is_moderator=True)
    report = Report.objects.make(None, words=CANARY)
    add_passkey(member)
    client.force_login(member)
    answer = client.get(f"/moderation/{report.key}/")
    assert answer["Location"] == f"/accounts/2fa/webauthn/reauthenticate/?next=%2Fmoderation%2F{report.key}%2F"
    sign_in_with_passkey(client, member)
    assert CANARY in page_of(client, f"/moderation/{report.key}/")


def test_who_is_no_longer_a_moderator_reads_nothing(client: Client, moderator: Member) -> None:
    report = Report.objects.make(None, words=CANARY)
    call_command("make_moderator", moderator.email, "--no-longer")
    for url in ("/moderation/", f"/moderation/{report.key}/"):
        assert client.get(url).status_code == 403


def test_a_command_makes_a_moderator(member: Member, capsys: Any) -> None:
    call_command("make_moderator", member.email)
    member.refresh_from_db()
    assert member.is_moderator
    assert "need a passkey" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no member with the address"):
        call_command("make_moderator", "nobody@example.org")


# None that concerns them


def reported_by(moderator: Member) -> Report:
    return Report.objects.make(moderator, where="Mine", words=CANARY)


def with_their_address(moderator: Member) -> Report:
    return Report.objects.make(None, email=moderator.email, where="Mine", words=CANARY)


def about_them(moderator: Member) -> Report:
    return Report.objects.make(None, about=moderator, words=CANARY)


def at_their_table(moderator: Member) -> Report:
    return Report.objects.make(None, gathering=make_gathering(host=moderator), words=CANARY)


def where_they_help(moderator: Member) -> Report:
    gathering = make_gathering()
    CoHost.invite(gathering, moderator.email)
    gathering.co_hosts.get().accept(moderator)
    return Report.objects.make(None, gathering=gathering, words=CANARY)


def where_they_helped(moderator: Member) -> Report:
    """And have stepped down since, perhaps to read it."""
    report = where_they_help(moderator)
    CoHost.objects.all().delete()
    return report


def where_they_sat(moderator: Member) -> Report:
    gathering = make_gathering()
    make_seat(gathering, moderator)
    return Report.objects.make(None, gathering=gathering, words=CANARY)


def where_they_had_a_seat(moderator: Member) -> Report:
    report = where_they_sat(moderator)
    report.gathering.rsvps.get().bow_out()  # type: ignore[union-attr]  # it is about one
    return report


def whose_table_was_handed_over(moderator: Member) -> Report:
    report = at_their_table(moderator)
    Gathering.objects.update(host=make_member())
    return report


CONCERNS = [
    reported_by, with_their_address, about_them, at_their_table, where_they_help, where_they_helped, where_they_sat,
    where_they_had_a_seat, whose_table_was_handed_over,
]  # fmt: skip


@pytest.mark.parametrize("lay", CONCERNS)
def test_nobody_reads_a_report_that_concerns_them_and_somebody_else_does(
    client: Client, moderator: Member, lay: Callable[[Member], Report]
) -> None:
    report = lay(moderator)
    url = f"/moderation/{report.key}/"
    assert url not in page_of(client)
    assert client.get(url).status_code == 404
    assert without_tokens(client.get(url).content) == without_tokens(client.get("/moderation/zzzzzzzzzz/").content)
    other = Client()
    let_moderate(other, make_member())
    assert url in page_of(other)
    assert CANARY in page_of(other, url)


@pytest.mark.parametrize("lay", CONCERNS)
def test_control_without_the_rule_they_would_read_it(
    client: Client, moderator: Member, lay: Callable[[Member], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = lay(moderator)
    monkeypatch.setattr("apps.moderation.models.report.ReportQuerySet.not_concerning", lambda self, member: self)
    assert CANARY in page_of(client, f"/moderation/{report.key}/")


def test_a_long_queue_takes_as_many_queries_as_a_short_one(
    client: Client, moderator: Member, django_assert_num_queries: Any
) -> None:
    for more in (1, 12):
        for _ in range(more):
            Report.objects.make(make_member(), gathering=make_gathering(), about=make_member())
        with django_assert_num_queries(5):  # session, member, those that wait, those answered, mail trouble
            page_of(client)


# The answer: kind "report_decided"


def test_whoever_reported_is_told_what_can_be_said(member: Member, gathering: Gathering) -> None:
    report = Report.objects.make(member, gathering=gathering, about=gathering.host, words=CANARY)
    report.decide(Report.Outcome.ACTED, "We have spoken with them.")
    report.decide(Report.Outcome.LOOKED, "Something else.")
    send()
    [_received, answer] = mails_to(member)
    for words in (str(answer.subject), answer.body, html_of(answer)):
        for secret in (CANARY, gathering.title, gathering.host.name):
            assert secret not in words
    assert "We have done something about it." in answer.body
    assert "> We have spoken with them." in answer.body
