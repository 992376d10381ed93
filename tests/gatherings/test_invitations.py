"""Inviting by mail: ten addresses a day, each once, the same mail for members and strangers, no words of anybody's."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import CoHost, Gathering, Invitation
from apps.gatherings.models.invitation import TooManyToday
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member
from tests.odd import FINE, MEGABYTE, Page, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
State = Message.State


@pytest.fixture
def hosting(client: Client, gathering: Gathering) -> Client:
    client.force_login(gathering.host)
    return client


def page_of(gathering: Gathering) -> str:
    return f"/gatherings/{gathering.key}/invite/"


def addresses(count: int, name: str = "m") -> str:
    return "\n".join(f"{name}{number}@example.org" for number in range(count))


def send_in_the_morning() -> None:
    Message.objects.update(due_at=timezone.now())
    send()


def invited() -> set[str]:
    return set(Invitation.objects.values_list("email", flat=True))


def above_the_foot(text: str) -> str:
    """All but the foot, where a member chooses what comes and a stranger that nothing more does."""
    return re.split(r'\n-- \n|<p class="foot"', text)[0]


def test_a_member_and_a_stranger_get_the_same_mail(hosting: Client, gathering: Gathering) -> None:
    make_member("Ada", email="ada@example.org")
    answer = hosting.post(page_of(gathering), {"emails": "Ada@Example.org, ben@example.org"}, follow=True)
    assert "We write to each of them." in answer.content.decode()
    send_in_the_morning()
    ada, ben = mail.outbox
    assert {ada.to[0], ben.to[0]} == {"ada@example.org", "ben@example.org"}
    assert ada.subject == ben.subject
    for to_ada, to_ben in ((str(ada.body), str(ben.body)), (html_of(ada), html_of(ben))):
        assert above_the_foot(to_ada) == above_the_foot(to_ben)
    assert ada.subject.startswith(f"Mei invites you: {gathering.title}, ")
    for text in (ada.body, html_of(ada)):
        assert "Southville, Bristol" in text
        assert f"{settings.BASE_URL}{gathering.get_absolute_url()}" in text
        assert "You get this because Mei gave us your address for this one invitation." in text
        assert "Greville" not in text
        assert gathering.words not in text


def test_the_page_says_the_same_to_a_host_whoever_it_was(hosting: Client, gathering: Gathering) -> None:
    make_member("Ada", email="ada@example.org")
    said = [hosting.post(page_of(gathering), {"emails": each}, follow=True) for each in ("ada@example.org", "b@x.org")]
    assert "We write to them." in said[0].content.decode()
    assert said[0].status_code == said[1].status_code
    pages = [" ".join(Page.of(each).text.split()) for each in said]
    assert pages[0].replace("room for 9 more", "") == pages[1].replace("room for 8 more", "")


def test_addresses_are_told_apart_as_the_sign_in_spells_them_and_each_is_written_to_once(
    hosting: Client, gathering: Gathering
) -> None:
    typed = "ada@example.org\r\nADA@EXAMPLE.ORG; ben@bücher.example,\tben@xn--bcher-kva.example  ada@example.org,,"
    assert hosting.post(page_of(gathering), {"emails": typed}).status_code == 302
    assert invited() == {"ada@example.org", "ben@xn--bcher-kva.example"}
    again = "cleo@example.org\nAda@example.org"
    answer = hosting.post(page_of(gathering), {"emails": again})
    assert_refused(answer, "emails", "We have written to ada@example.org", again)
    assert len(invited()) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(gathering=gathering, inviter=gathering.host, email="ada@example.org")


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@example.org\nBcc: ben@example.org",
        "ada@example.org\r\nBcc:ben@example.org",
        "ada@example.org%0d%0aBcc:ben@example.org ,",
        "Ada <ada@example.org>",
        '"ada\n"@example.org',
        "ada@example.org\u2028Subject:x",
        "аda@example.org",
        "ada@exam\u0000ple.org",
        "ada@example.org ben",
        "@",
        *[text for text in FINE if "@" not in text],
    ],
    ids=repr,
)
def test_what_is_no_address_is_refused_and_nobody_is_written_to(
    hosting: Client, gathering: Gathering, typed: str
) -> None:
    assert_refused(hosting.post(page_of(gathering), {"emails": typed}), "emails", "")
    assert not invited()
    assert not Message.objects.exists()


@pytest.mark.parametrize("typed", ["", "   ", ",;\n", "\u200b\u202e"])
def test_nothing_is_no_address(hosting: Client, gathering: Gathering, typed: str) -> None:
    assert_refused(hosting.post(page_of(gathering), {"emails": typed}), "emails", "There is no address here yet.")


@pytest.mark.parametrize("typed", [MEGABYTE, "a@b.org " * 100_000, addresses(20_000)], ids=["x", "same", "many"])
def test_a_megabyte_is_refused_at_once(hosting: Client, gathering: Gathering, typed: str) -> None:
    assert_refused(hosting.post(page_of(gathering), {"emails": typed}), "emails", "at most 2540 characters")
    assert not invited()


def test_ten_addresses_a_day_whichever_gathering_they_are_for(hosting: Client, gathering: Gathering) -> None:
    other = make_gathering(host=gathering.host)
    assert_refused(hosting.post(page_of(gathering), {"emails": addresses(11)}), "emails", "room for 10 more today")
    assert hosting.post(page_of(gathering), {"emails": addresses(7)}).status_code == 302
    assert "Today there is room for 3 more addresses." in hosting.get(page_of(other)).content.decode()
    typed = addresses(4, "other")
    assert_refused(hosting.post(page_of(other), {"emails": typed}), "emails", "room for 3 more today", typed)
    assert hosting.post(page_of(other), {"emails": addresses(2)}).status_code == 302
    assert_refused(hosting.post(page_of(other), {"emails": typed}), "emails", "room for one more today")
    assert hosting.post(page_of(other), {"emails": "last@example.org"}).status_code == 302
    assert_refused(hosting.post(page_of(other), {"emails": typed}), "emails", "tomorrow there is room again")
    assert Invitation.objects.count() == 10
    Invitation.objects.update(at=timezone.now() - timedelta(hours=24, minutes=1))
    assert hosting.post(page_of(other), {"emails": typed}).status_code == 302


def test_co_hosts_invite_too_each_with_ten_of_their_own(gathering: Gathering) -> None:
    ada = make_member("Ada")
    CoHost.invite(gathering, ada.email)
    gathering.co_hosts.get().accept(ada)
    Invitation.send(gathering, gathering.host, addresses(10).split())
    client = Client()
    client.force_login(ada)
    assert client.post(page_of(gathering), {"emails": "ben@example.org"}).status_code == 302
    Message.objects.exclude(address="ben@example.org").delete()
    send_in_the_morning()
    assert mail.outbox[0].subject.startswith("Ada invites you: ")
    assert "Mei" in mail.outbox[0].body  # who hosts


def test_what_was_asked_for_by_a_co_host_who_is_gone_is_not_sent(gathering: Gathering) -> None:
    ada = make_member("Ada")
    CoHost.invite(gathering, ada.email)
    gathering.co_hosts.get().accept(ada)
    Invitation.send(gathering, ada, ["ben@example.org"])
    gathering.co_hosts.get().end()
    send_in_the_morning()
    assert not mail.outbox


@pytest.mark.parametrize("act", ["cancelled", "begun", "row gone", "link ended", "draft"])
def test_an_invitation_that_is_no_longer_true_is_dropped(gathering: Gathering, act: str) -> None:
    Invitation.send(gathering, gathering.host, ["ben@example.org"])
    if act == "cancelled":
        gathering.cancel("")
    elif act == "begun":
        with time_machine.travel(gathering.starts_at + timedelta(minutes=1)):
            send()
    elif act == "row gone":
        Invitation.objects.all().delete()
    else:
        changed = {"visibility": "link"} if act == "link ended" else {"state": "draft"}
        Gathering.objects.filter(pk=gathering.pk).update(**changed)
    send_in_the_morning()
    assert not mail.outbox
    assert Message.objects.get(kind="invitation").state == State.DROPPED


def test_mail_waits_for_the_morning(gathering: Gathering) -> None:
    with time_machine.travel(gathering.starts_at.replace(hour=23) - timedelta(days=3), tick=False):
        Invitation.send(gathering, gathering.host, ["ben@example.org"])
        send()
        assert not mail.outbox


@pytest.mark.parametrize("what", ["draft", "cancelled", "begun", "over"])
def test_nobody_is_invited_to_what_does_not_lie_ahead(client: Client, member: Member, what: str) -> None:
    now = timezone.now()
    starts = {"begun": now - timedelta(minutes=9), "over": now - timedelta(hours=9)}.get(what)
    gathering = make_gathering(starts, host=member, is_draft=what == "draft")
    if what == "cancelled":
        gathering.cancel("")
    client.force_login(member)
    assert client.get(page_of(gathering))["Location"] == gathering.get_absolute_url()
    assert client.post(page_of(gathering), {"emails": "ben@example.org"}).status_code == 302
    assert not invited()


def test_the_page_is_for_host_and_co_hosts_alone(client: Client, gathering: Gathering) -> None:
    for act in ("invite/", "invite/link/"):
        assert "/accounts/login/" in client.post(f"/gatherings/{gathering.key}/{act}")["Location"]
    client.force_login(make_member())
    for act in ("invite/", "invite/link/"):
        assert client.post(f"/gatherings/{gathering.key}/{act}", {"emails": "a@b.org"}).status_code == 404
    assert client.get(page_of(gathering)).status_code == 404
    assert not invited()


def test_the_link_to_copy_is_the_plain_address_even_if_a_secret_one_was_made_before(
    hosting: Client, gathering: Gathering
) -> None:
    gathering.make_link()
    field = Page.of(hosting.get(page_of(gathering)))
    [link] = [found["value"] for tag, found in field.elements if found.get("id") == "address"]
    assert link.endswith(gathering.get_absolute_url())


def test_what_is_for_members_only_is_reached_over_the_sign_in(client: Client, member: Member) -> None:
    gathering = make_gathering(visibility="members")
    Invitation.send(gathering, gathering.host, ["ben@example.org"])
    send_in_the_morning()
    [link] = [word for word in mail.outbox[0].body.split() if "/accounts/login/" in word]
    path = "/" + link.split("/", 3)[3]
    assert client.get(path).status_code == 200
    client.force_login(member)
    assert client.get(path)["Location"] == gathering.get_absolute_url()


def test_a_link_is_only_made_and_ended_where_it_is_what_one_comes_by(hosting: Client, gathering: Gathering) -> None:
    for act in ("new", "end", "", "\x00"):
        assert hosting.post(f"/gatherings/{gathering.key}/invite/link/", {"act": act}).status_code == 302
    gathering.refresh_from_db()
    assert gathering.link == ""


def test_a_name_that_is_a_header_stays_in_its_line(hosting: Client, gathering: Gathering) -> None:
    Member.objects.filter(pk=gathering.host_id).update(name="Mei\r\nBcc: all@example.org")
    hosting.post(page_of(gathering), {"emails": "ben@example.org"})
    send_in_the_morning()
    [sent] = mail.outbox
    assert sent.subject.startswith("Mei Bcc: all@example.org invites you: ")
    assert sent.recipients() == ["ben@example.org"]


def test_nothing_half_done_is_left_of_what_was_too_many(gathering: Gathering) -> None:
    Invitation.send(gathering, gathering.host, addresses(6).split())
    with pytest.raises(TooManyToday):
        Invitation.send(make_gathering(host=gathering.host), gathering.host, addresses(5).split())
    assert (Invitation.objects.count(), Message.objects.filter(kind="invitation").count()) == (6, 6)


def test_the_page_asks_few_queries_however_many_were_invited(
    hosting: Client, gathering: Gathering, django_assert_max_num_queries: Any
) -> None:
    Invitation.send(gathering, gathering.host, addresses(9).split())
    with django_assert_max_num_queries(7):
        hosting.get(page_of(gathering))
