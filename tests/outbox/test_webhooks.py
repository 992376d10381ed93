"""A mail service tells of what came back: only whoever knows the secret is believed, and twice is as once."""

import base64
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from apps.gatherings.models import Gathering
from apps.outbox.models import Message, Suppression
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_seat

pytestmark = pytest.mark.django_db
WEBHOOK = "/anymail/postmark/tracking/"
BOUNCE = {
    "RecordType": "Bounce",
    "ID": 42,
    "Type": "HardBounce",
    "TypeCode": 1,
    "MessageID": "00000000-0000-0000-0000-000000000000",
    "BouncedAt": "2026-11-25T10:00:00Z",
    "Email": "Robin@Example.org",
    "Details": "smtp;550 5.1.1 no such person",
}


@pytest.fixture(autouse=True)
def webhooks(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.outbox.urls_with_webhooks"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "chair:only for the service"}


def tell(event: dict[str, Any], secret: str = "chair:only for the service") -> HttpResponseBase:
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    return Client(enforce_csrf_checks=True).post(WEBHOOK, event, "application/json", headers=headers)


def test_whoever_bounces_gets_nothing_but_codes(gathering: Gathering, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(email="robin@example.org")
    for _ in range(2):
        assert tell(BOUNCE).status_code == 200
    assert [(each.address, each.reason) for each in Suppression.objects.all()] == [("robin@example.org", "bounced")]
    make_seat(gathering, member)
    Message.objects.put("sign_in_code", "robin@example.org", secret="ABCD-1234")
    send()
    assert [each.subject for each in mail.outbox] == ["ABCD-1234 is your code"]
    assert Message.objects.get(kind="seat_confirmed").state == Message.State.DROPPED


@pytest.mark.parametrize("secret", ["", "chair:", "chair:another", "only for the service"])
def test_nobody_else_is_believed(secret: str) -> None:
    assert tell(BOUNCE, secret).status_code == 400
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, "complained"),
        ({"Type": "BadEmailAddress"}, "bounced"),
        ({"Type": "Transient"}, None),
        ({"Type": "DnsError"}, None),
        ({"Type": "AutoResponder"}, None),
        ({"RecordType": "Delivery"}, None),
        ({"RecordType": "Open"}, None),
        ({"RecordType": "Something new"}, None),
    ],
)
def test_only_what_is_for_good_suppresses(event: dict[str, Any], reason: str | None) -> None:
    assert tell({**BOUNCE, **event}).status_code == 200
    assert list(Suppression.objects.values_list("reason", flat=True)) == ([reason] if reason else [])


def test_without_a_secret_there_is_no_such_address(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls"
    assert tell(BOUNCE).status_code == 404
