"""Questions, answers, notes and invitations: none crosses a block."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings import parting
from apps.gatherings.models import (
    CoHost,
    Gathering,
    Invitation,
    Note,
    Question,
)
from apps.outbox.links import path_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import mails_to, make_gathering, make_member, make_seat
from tests.gatherings.blocking import EITHER, EITHER_AND_NOBODY, Blocks, helper, is_made, names

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def mei(gathering: Gathering) -> Member:
    return gathering.host


@pytest.fixture
def ada(gathering: Gathering) -> Member:
    """Who helps Mei to host."""
    return helper(gathering, "Ada")


@EITHER_AND_NOBODY
def test_a_question_is_neither_read_nor_answered_across_a_block(
    client: Client, member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    question = Question.objects.ask(gathering, member, "Is there a bus home?")
    blocks(member, mei)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(mei)) == (0 if is_made(blocks) else 1)
    client.force_login(mei)
    assert ("Is there a bus home?" in names(client, f"{gathering.get_absolute_url()}questions/")) is not is_made(blocks)
    status = 404 if is_made(blocks) else 200
    assert client.get(f"{gathering.get_absolute_url()}questions/{question.pk}/").status_code == status
    assert client.get(path_to("answer_question", mei, question.pk)).status_code == status


@EITHER_AND_NOBODY
def test_an_answer_is_not_sent_across_a_block(
    member: Member, mei: Member, gathering: Gathering, blocks: Blocks
) -> None:
    Question.objects.ask(gathering, member, "Is there a bus home?").reply(mei, "Every hour.")
    blocks(member, mei)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(member)) == (0 if is_made(blocks) else 1)


@EITHER_AND_NOBODY
def test_an_answer_of_somebody_who_no_longer_helps_to_host_is_not_read_across_a_block(
    signed_in: Client, member: Member, gathering: Gathering, ada: Member, blocks: Blocks
) -> None:
    Question.objects.ask(gathering, member, "Is there a bus home?").reply(ada, "Every hour.")
    gathering.co_hosts.get(member=ada).end()
    blocks(member, ada)
    page = names(signed_in, f"{gathering.get_absolute_url()}ask/")
    assert ("Ada" in page) is not is_made(blocks)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(member)) == (0 if is_made(blocks) else 1)


@EITHER_AND_NOBODY
def test_a_note_is_not_sent_across_a_block(member: Member, mei: Member, gathering: Gathering, blocks: Blocks) -> None:
    make_seat(gathering, member)
    make_seat(gathering)  # somebody to write to
    send()
    Note.objects.send(gathering, mei, "Bring slippers.")
    blocks(member, mei)
    mail.outbox.clear()
    Message.objects.update(due_at=timezone.now())
    send()
    told = [each for each in mails_to(member) if "A note from" in each.subject]
    assert len(told) == (0 if is_made(blocks) else 1)


@EITHER_AND_NOBODY
def test_nobody_is_invited_across_a_block(member: Member, mei: Member, gathering: Gathering, blocks: Blocks) -> None:
    """And the host reads of it nothing: it looks as sent."""
    blocks(member, mei)
    Invitation.send(gathering, mei, [member.email])
    CoHost.invite(gathering, member.email)
    Message.objects.update(due_at=timezone.now())
    send()
    assert len(mails_to(member)) == (0 if is_made(blocks) else 2)
    assert gathering.invitations.count() == gathering.co_hosts.count() == 1


def test_a_request_that_ended_with_a_block_is_not_read_in_the_mail_about_it(member: Member) -> None:
    gathering = make_gathering(asks_first=True)
    rsvp = gathering.seat(member)
    link = path_to("request", gathering.host, rsvp.pk, rsvp.round)
    assert Client().get(link).status_code == 200
    parting.block(member, gathering.host)
    assert Client().get(link).status_code == 404


@EITHER
@pytest.mark.parametrize("purpose", ["leave", "coming", "late", "offer", "door"])
def test_a_link_of_an_old_mail_leads_nowhere(
    member: Member, mei: Member, gathering: Gathering, blocks: Blocks, purpose: str
) -> None:
    rsvp = make_seat(gathering, member)
    path = path_to(purpose, member, rsvp.pk, rsvp.round)
    assert Client().get(path).status_code == 200
    blocks(member, mei)
    assert Client().get(path).status_code == Client().post(path).status_code == 404


def test_word_of_a_calling_off_reaches_whom_a_host_has_blocked_and_not_who_has_blocked_a_host(
    gathering: Gathering, mei: Member
) -> None:
    """The one must not stand before a closed door; the other has said that they will not come."""
    told, untold = make_member(), make_member()
    for guest in (told, untold):
        make_seat(gathering, guest)
    send()
    mail.outbox.clear()
    gathering.cancel("The oven gave up.")
    parting.block(mei, told)
    parting.block(untold, mei)
    send()
    assert (len(mails_to(told)), len(mails_to(untold))) == (1, 0)
