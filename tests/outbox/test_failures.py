"""What mail servers do to us: tried again, given up, suppressed, or rather lost than sent twice."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.outbox.delivery import BATCH
from apps.outbox.kinds import KINDS, Klass, Mail, register
from apps.outbox.models import LEASE, Consent, Message, Suppression
from apps.outbox.reach import Reach
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
State = Message.State
Server = Callable[[Exception | None], None]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Server:
    """Let the mail server answer so from now on; None lets everything through."""
    take = EmailBackend.send_messages

    def set_answer(error: Exception | None) -> None:
        def fail(backend: EmailBackend, messages: list[Any]) -> int:
            assert error
            raise error

        monkeypatch.setattr(EmailBackend, "send_messages", fail if error else take)

    return set_answer


@pytest.fixture
def nudge() -> Iterator[str]:
    words = Mail("Soup near you", "outbox/email/sign_in_code", {"code": "soup"})
    register("test_nudge", lambda message: True, lambda message: words, klass=Klass.NUDGE, label="A nudge")
    yield "test_nudge"
    del KINDS["test_nudge"]


def refused(code: int, reason: bytes = b"5.1.1 no such person") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"robin@example.org": (code, reason)})


def state_after(answer: Server, error: Exception, gathering: Gathering) -> str:
    make_seat(gathering, make_member(email="robin@example.org"))
    answer(error)
    send()
    return Message.objects.get().state


@pytest.mark.parametrize("code", [550, 551, 553])
def test_an_address_that_is_refused_for_good_is_written_to_no_more(
    answer: Server, gathering: Gathering, code: int
) -> None:
    assert state_after(answer, refused(code), gathering) == State.DEAD
    assert Suppression.objects.get().address == "robin@example.org"


@pytest.mark.parametrize(
    "error",
    [
        refused(450, b"4.2.1 busy"),
        refused(550, b"5.7.1 your server is on a list"),
        smtplib.SMTPConnectError(421, b"too many connections"),
        smtplib.SMTPConnectError(554, b"not today"),
        smtplib.SMTPSenderRefused(550, b"who are you", "hello@localhost.example"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPDataError(451, b"try again"),
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError(),
        ConnectionResetError(),
    ],
    ids=repr,
)
def test_what_may_pass_or_is_our_own_fault_is_tried_again_and_arrives(
    answer: Server, clock: time_machine.Traveller, gathering: Gathering, error: Exception
) -> None:
    assert state_after(answer, error, gathering) == State.WAITING
    assert not Suppression.objects.exists()
    answer(None)
    clock.shift(timedelta(minutes=1))
    send()
    assert len(mail.outbox) == 1


def test_a_mail_that_is_refused_for_what_it_says_ends_alone(answer: Server, gathering: Gathering) -> None:
    assert state_after(answer, smtplib.SMTPDataError(554, b"I do not like it"), gathering) == State.DEAD
    assert not Suppression.objects.exists()


def test_what_nothing_else_ends_is_given_up_after_some_days(
    answer: Server, clock: time_machine.Traveller, nudge: str
) -> None:
    Message.objects.put("sign_in_code", "robin@example.org", secret="ABCD-1234")
    answer(TimeoutError())
    for _day in range(6):
        send()
        clock.shift(timedelta(days=1))
    send()
    assert Message.objects.get().state == State.DROPPED


@pytest.mark.parametrize("error", [TimeoutError(), smtplib.SMTPServerDisconnected("after all was said"), refused(450)])
def test_a_nudge_is_rather_lost_than_sent_twice(
    answer: Server, clock: time_machine.Traveller, member: Member, nudge: str, error: Exception
) -> None:
    Consent.objects.say(member, nudge, is_given=True)
    Message.objects.put(nudge, member)
    answer(error)
    send()
    [lost] = Message.objects.all()
    assert (lost.state, bool(lost.last_error)) == (State.DROPPED, True)
    answer(None)
    clock.shift(timedelta(days=1))
    send()
    assert mail.outbox == []


def test_a_nudge_stands_as_sent_before_it_is_sent(monkeypatch: pytest.MonkeyPatch, member: Member, nudge: str) -> None:
    Consent.objects.say(member, nudge, is_given=True)
    Message.objects.put(nudge, member)
    seen = []

    def look(backend: EmailBackend, messages: list[Any]) -> int:
        seen.append(Message.objects.get(kind=nudge).state)
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", look)
    send()
    assert seen == [State.SENT]


def test_a_lease_is_made_longer_while_a_slow_server_takes_its_time(
    monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller, gathering: Gathering
) -> None:
    for _ in range(5):
        make_seat(gathering)
    taken_by_others = []

    def slow(backend: EmailBackend, messages: list[Any]) -> int:
        clock.shift(LEASE / 3)
        current = Message.objects.waiting().exclude(lease="").get(member__email=messages[0].to[0])
        taken_by_others.append(current.leased_until is None or current.leased_until <= timezone.now())
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", slow)
    send()
    assert taken_by_others == [False] * 5
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


def test_what_another_worker_has_taken_over_is_not_sent_by_this_one(
    monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller, gathering: Gathering
) -> None:
    for _ in range(3):
        make_seat(gathering)

    def very_slow(backend: EmailBackend, messages: list[Any]) -> int:
        clock.shift(LEASE * 2)
        Message.objects.lease(10)
        sent.append(messages[0].to[0])
        return 1

    sent: list[str] = []
    monkeypatch.setattr(EmailBackend, "send_messages", very_slow)
    send()
    assert len(sent) == 1


def test_a_code_goes_before_what_has_waited_longer(gathering: Gathering, member: Member) -> None:
    make_seat(gathering, member)
    Message.objects.put("sign_in_code", "robin@example.org", secret="ABCD-1234")
    send()
    assert [each.subject[:9] for each in mail.outbox] == ["ABCD-1234", "You have "]


def test_what_cannot_be_read_of_one_kind_keeps_no_other_from_going(
    monkeypatch: pytest.MonkeyPatch, gathering: Gathering
) -> None:
    def fail(ids: Any) -> Any:
        raise ValueError("a row that nobody can read")

    make_seat(gathering)
    Message.objects.put("sign_in_code", "robin@example.org", secret="ABCD-1234")
    monkeypatch.setitem(KINDS, "seat_confirmed", replace(KINDS["seat_confirmed"], load=fail))
    send()
    states = dict(Message.objects.values_list("kind", "state"))
    assert states == {"seat_confirmed": State.DEAD, "sign_in_code": State.SENT}


def test_a_database_that_stumbles_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller, gathering: Gathering
) -> None:
    def stumble(reach: Reach) -> None:
        raise OperationalError("gone for a moment")

    for _ in range(3):
        make_seat(gathering)
    with monkeypatch.context() as patched:
        patched.setattr(Reach, "read", stumble)
        send()
    assert set(Message.objects.values_list("state", flat=True)) == {State.WAITING}
    clock.shift(timedelta(minutes=1))
    send()
    assert len(mail.outbox) == 3


def test_a_server_that_lets_nobody_in_is_asked_once_and_not_once_a_batch(
    monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    """It may hang for twenty seconds each time; two thousand rows are not to wait so twenty times."""
    addresses = [f"robin{number}@example.org" for number in range(2 * BATCH + 1)]
    Message.objects.put_all([Message.objects.row("sign_in_code", each, secret="ABCD-1234") for each in addresses])
    tries = []

    def hang(backend: EmailBackend) -> None:
        tries.append(backend)
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "open", hang)
        send()
        assert len(tries) == 1
        send()
    assert len(tries) == 2
    assert Message.objects.filter(attempts=1, last_error="TimeoutError()").count() == 2 * BATCH
    clock.shift(timedelta(minutes=1))
    send()
    assert len(mail.outbox) == len(addresses)


def test_a_server_that_lets_nobody_in_costs_no_nudge(
    monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller, gathering: Gathering, member: Member, nudge: str
) -> None:
    Consent.objects.say(member, nudge, is_given=True)
    Message.objects.put(nudge, member)
    for _ in range(4):
        make_seat(gathering)
    tries = []

    def refuse(backend: EmailBackend) -> None:
        tries.append(backend)
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "open", refuse)
        send()
    assert len(tries) == 1
    assert list(Message.objects.values_list("state", "last_error").distinct()) == [
        (State.WAITING, "ConnectionRefusedError()")
    ]
    clock.shift(timedelta(minutes=1))
    send()
    assert len(mail.outbox) == 5


def test_a_nudge_that_no_mail_can_be_made_of_is_there_for_the_keeper_to_see(
    answer: Server, member: Member, nudge: str
) -> None:
    Consent.objects.say(member, nudge, is_given=True)
    Message.objects.put(nudge, member)
    answer(ValueError("no such header"))
    send()
    [dead] = Message.objects.all()
    assert (dead.state, dead.last_error) == (State.DEAD, "ValueError('no such header')")
