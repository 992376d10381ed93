"""What tests of questions and answers share."""

import re
from datetime import UTC, datetime

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import CoHost, Gathering
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_member

NOON = datetime(2030, 5, 6, 11, 0, tzinfo=UTC)
LINK = re.compile(r"https?://[^/\s]+(/m/\S+)")


def url_of(gathering: Gathering, page: str = "ask/") -> str:
    return f"/gatherings/{gathering.key}/{page}"


def make_co_host(gathering: Gathering, name: str = "Sam") -> Member:
    member = make_member(name)
    CoHost.objects.create(gathering=gathering, member=member, email=member.email, accepted_at=timezone.now())
    return member


def sent_to(member: Member) -> list[EmailMessage]:
    """What this member finds in their mail, sending whatever is due."""
    send()
    return [email for email in mail.outbox if email.to == [member.email]]


def words_of(text: str) -> str:
    return " ".join(text.split())


def link_in(email: EmailMessage) -> str:
    found = LINK.search(str(email.body))
    assert found
    return found[1]


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client
