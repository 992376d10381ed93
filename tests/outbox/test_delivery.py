"""Lease, send, mark: each row on its own, none twice, none lost."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.outbox.kinds import KINDS, Kind, Klass
from apps.outbox.models import LEASE, Consent, Message
from apps.outbox.tasks import send
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
State = Message.State


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_leased_is_given_to_nobody_else_until_the_lease_runs_out(
    clock: time_machine.Traveller, gathering: Gathering
) -> None:
    make_seat(gathering)
    assert len(Message.objects.lease(10)) == 1
    assert Message.objects.lease(10) == []
    clock.shift(LEASE + timedelta(seconds=1))
    [again] = Message.objects.lease(10)
    assert again.attempts == 2


def test_a_worker_whose_lease_has_passed_on_marks_nothing(clock: time_machine.Traveller, gathering: Gathering) -> None:
    make_seat(gathering)
    [slow] = Message.objects.lease(10)
    clock.shift(LEASE + timedelta(seconds=1))
    Message.objects.lease(10)
    slow.mark(State.SENT)
    assert states() == [State.WAITING]


def test_the_message_id_is_the_same_on_every_attempt(
    clock: time_machine.Traveller, gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_seat(gathering)
    seen = []

    def flaky(backend: EmailBackend, messages: list[Any]) -> int:
        seen.append(messages[0].message()["Message-ID"])
        if len(seen) < 3:
            raise ConnectionResetError
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", flaky)
    for _ in range(3):
        send()
        assert states() == [State.WAITING if len(seen) < 3 else State.SENT]
        clock.shift(timedelta(minutes=5))
    assert len(set(seen)) == 1


def test_waits_between_attempts_grow(
    clock: time_machine.Traveller, gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_seat(gathering)
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(TimeoutError()))
    waits = []
    for _ in range(5):
        send()
        leased_until = Message.objects.get().leased_until
        assert leased_until
        waits.append((leased_until - timezone.now()).total_seconds())
        clock.move_to(leased_until + timedelta(seconds=1))
    assert 20 < waits[0] < 40
    assert all(later > sooner * 1.1 for sooner, later in pairwise(waits))


def test_a_refusal_for_good_ends_one_message_and_the_others_arrive(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    for email in ("gone@example.org", "busy@example.org", "well@example.org"):
        make_seat(gathering, make_member(email=email))
    arrived = []

    def server(backend: EmailBackend, messages: list[Any]) -> int:
        [to] = messages[0].to
        if to.startswith("gone"):
            raise smtplib.SMTPRecipientsRefused({to: (550, b"no such person")})
        if to.startswith("busy"):
            raise smtplib.SMTPRecipientsRefused({to: (450, b"later")})
        arrived.append(to)
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", server)
    send()
    assert arrived == ["well@example.org"]
    assert states() == [State.DEAD, State.WAITING, State.SENT]


def test_a_message_that_cannot_be_composed_is_set_aside_alone(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.outbox import kinds

    Message.objects.put("no_such_kind", make_member())
    broken = kinds.Kind("broken", lambda message: True, lambda message: kinds.Mail("Hello", "no/such/template"))
    monkeypatch.setitem(kinds.KINDS, "broken", broken)
    Message.objects.put("broken", make_member())
    make_seat(gathering)
    send()
    assert states() == [State.DEAD, State.DEAD, State.SENT]
    assert len(mail.outbox) == 1


def test_what_has_expired_or_is_no_longer_true_is_dropped(clock: time_machine.Traveller, gathering: Gathering) -> None:
    make_seat(gathering).bow_out()
    begun = make_gathering(timezone.now() + timedelta(hours=1))
    make_seat(begun)
    clock.shift(timedelta(hours=2))
    send()
    assert states() == [State.DROPPED, State.DROPPED]
    assert mail.outbox == []


def test_more_than_a_batch_is_sent_in_one_go() -> None:
    gathering = make_gathering(is_larger=True, seats=40)
    for _ in range(3):
        make_seat(gathering)
    member = make_member()
    Message.objects.put_all(
        [Message.objects.row("seat_confirmed", member, subject_id=10**9, version=version) for version in range(230)]
    )
    send()
    assert len(mail.outbox) == 3
    assert Message.objects.filter(state=State.DROPPED).count() == 230


def test_a_header_cannot_be_broken_out_of_by_a_title(gathering: Gathering) -> None:
    Gathering.objects.filter(pk=gathering.pk).update(title="Soup\r\nBcc: everyone@example.org")
    make_seat(gathering)
    send()
    [email] = mail.outbox
    assert "Bcc" not in email.message()
    assert email.recipients() == email.to


@pytest.mark.parametrize("why", ["not true any more", "nothing left to say"])
def test_what_was_not_sent_does_not_hold_its_week(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    kind = Kind(
        "hello", lambda message: why != "not true any more", lambda message: None, klass=Klass.NUDGE, label="Hi"
    )
    monkeypatch.setitem(KINDS, "hello", kind)
    member = make_member()
    Consent.objects.say(member, "hello", True)
    Message.objects.put("hello", member, budget_week=202648)
    send()
    assert mail.outbox == []
    assert list(Message.objects.values_list("state", "budget_week")) == [(State.DROPPED, None)]
