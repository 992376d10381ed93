"""Thanks: delivered once, to whom it is for, and to nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from apps.afterwards.models import Thanks
from apps.gatherings import parting
from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.privacy.exporting import contents
from apps.profiles.models import Member
from tests.afterwards.evenings import MORNING, browser_of, make_evening, path_of, words_of
from tests.factories import html_of, mails_to, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WORDS = "Thank you for asking me about the sea.\nI slept well."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def thank(gathering: Gathering, writer: Member, to: Member, words: str = WORDS) -> int:
    said = {"thanks-to": to.key, "thanks-words": words}
    return browser_of(writer).post(path_of(gathering, "thanks/"), said).status_code


def test_it_comes_by_mail_once_and_stands_on_no_page() -> None:
    gathering, [host, guest, other] = make_evening("Noor", "Efua")
    assert [thank(gathering, guest, host), thank(gathering, guest, host, "Again")] == [302, 422]
    assert thank(gathering, host, guest) == thank(gathering, guest, other) == 302
    mail.outbox.clear()
    send()
    send()
    [email] = [each for each in mails_to(host) if "thanks you" in str(each.subject)]
    assert email.subject == "Noor thanks you"
    assert "> Thank you for asking me about the sea.\n> I slept well." in str(email.body)
    assert "I slept well." in html_of(email)
    assert f"/gatherings/{gathering.key}/report/?about={guest.key}" in str(email.body)
    assert [len([each for each in mails_to(who) if "thanks you" in str(each.subject)]) for who in (guest, other)] == [
        1,
        1,
    ]
    for member in (host, guest, other):
        for path in (path_of(gathering), gathering.get_absolute_url(), "/table/"):
            assert "the sea" not in words_of(browser_of(member), path)


@pytest.mark.parametrize("words", ["", "   ", "x" * 281, "\u200b"])
def test_bad_words_are_said_to_be_so_and_kept(words: str) -> None:
    gathering, [host, guest] = make_evening("Noor")
    assert thank(gathering, guest, host, words) == 422
    assert not Thanks.objects.exists()


def test_only_people_of_that_table_can_be_thanked_and_not_oneself() -> None:
    gathering, [_host, guest, left] = make_evening("Noor", "Efua")
    gathering.rsvps.get(member=left).say_missed()
    assert [thank(gathering, guest, to) for to in (make_member(), guest, left)] == [422, 422, 422]
    assert thank(gathering, make_member(), guest) == 404


@pytest.mark.parametrize("is_by_the_receiver", [True, False])
def test_a_block_stops_it_on_its_way_and_in_the_export(is_by_the_receiver: bool) -> None:
    gathering, [_host, guest, other] = make_evening("Noor", "Efua")
    thank(gathering, guest, other)
    assert [row["words"] for row in contents(other)["thanks-to-you"]] == [WORDS]
    one, two = (other, guest) if is_by_the_receiver else (guest, other)
    parting.block(one, two)
    send()
    assert not [each for each in mails_to(other) if "thanks you" in str(each.subject)]
    assert contents(other)["thanks-to-you"] == []
    assert [row["words"] for row in contents(guest)["thanks-you-wrote"]] == [WORDS]
    assert thank(gathering, other, guest) == 422


def test_at_night_it_waits_for_the_morning(clock: time_machine.Traveller) -> None:
    gathering, [host, guest] = make_evening("Noor")
    clock.move_to(MORNING + timedelta(hours=12, minutes=30))
    thank(gathering, guest, host)
    send()
    assert Message.objects.get(kind="thanks").state == Message.State.WAITING
    clock.move_to(MORNING + timedelta(hours=23))
    send()
    assert Message.objects.get(kind="thanks").state == Message.State.SENT
