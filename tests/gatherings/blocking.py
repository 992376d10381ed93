"""What tests of blocks share: the block made by either of the two, or by nobody."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from apps.gatherings import parting
from apps.gatherings.models import (
    CoHost,
    Gathering,
    Rsvp,
)
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import mails_to, make_member

Blocks = Callable[[Member, Member], None]


def by_the_first(one: Member, other: Member) -> None:
    parting.block(one, other)


def by_the_second(one: Member, other: Member) -> None:
    parting.block(other, one)


def nobody(one: Member, other: Member) -> None:
    """The control."""


EITHER = pytest.mark.parametrize("blocks", [by_the_first, by_the_second])
EITHER_AND_NOBODY = pytest.mark.parametrize("blocks", [by_the_first, by_the_second, nobody])


def is_made(blocks: Blocks) -> bool:
    return blocks is not nobody


def helper(gathering: Gathering, name: str) -> Member:
    member = make_member(name)
    CoHost.invite(gathering, member.email)
    gathering.co_hosts.get(email=member.email).accept(member)
    return member


def names(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def asking(gathering: Gathering, member: Member) -> Rsvp:
    gathering.asks_first = True
    gathering.change(["asks_first"])
    return gathering.seat(member)


def told(member: Member) -> int:
    Message.objects.update(due_at=timezone.now())
    send()
    return sum("About your seat" in each.subject for each in mails_to(member))
