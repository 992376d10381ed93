"""What cannot be rendered or addressed is set aside alone, and the keeper finds it."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from apps.gatherings.models import Gathering
from apps.outbox import kinds
from apps.outbox.kinds import Mail
from apps.outbox.models import Message
from apps.outbox.tasks import send
from tests.factories import make_member, make_seat
from tests.passkeys import add_passkey, sign_in_with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def of_a_template_that_is_not_there() -> None:
    Message.objects.put("odd", make_member())


def to_an_address_of_two_lines() -> None:
    Message.objects.put("sign_in_code", "robin@example.org\nbcc: everyone@example.org", secret="123456")


@pytest.fixture(params=[of_a_template_that_is_not_there, to_an_address_of_two_lines])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Message:
    """A message of which no mail can be made, put before all others."""
    odd = kinds.Kind("odd", lambda message: True, lambda message: Mail("Hello", "no/such/template"))
    monkeypatch.setitem(kinds.KINDS, "odd", odd)
    put: Callable[[], None] = request.param
    put()
    return Message.objects.get()


def test_what_is_broken_is_set_aside_alone(broken: Message, gathering: Gathering) -> None:
    others = [make_seat(gathering).member.email for _ in range(3)]
    send()
    broken.refresh_from_db()
    assert broken.state == Message.State.DEAD
    assert sorted(to for email in mail.outbox for to in email.to) == sorted(others)
    assert set(Message.objects.exclude(pk=broken.pk).values_list("state", flat=True)) == {Message.State.SENT}
    send()
    assert len(mail.outbox) == 3


def test_the_keeper_finds_what_is_broken_and_why(broken: Message, gathering: Gathering, client: Client) -> None:
    make_seat(gathering)
    send()
    keeper = make_member(is_staff=True, is_superuser=True)
    add_passkey(keeper)
    sign_in_with_passkey(client, keeper)
    page = client.get("/admin/outbox/message/?state__exact=dead").content.decode()
    assert "1 message" in page
    assert f"/admin/outbox/message/{broken.pk}/" in page
    broken.refresh_from_db()
    assert broken.last_error.partition("(")[0] in ("TemplateDoesNotExist", "BadHeaderError")
    assert broken.last_error.partition("(")[0] in page
