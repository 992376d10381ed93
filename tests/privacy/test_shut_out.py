"""Left, and banned before the two weeks were over: the account goes, and the ban does not go with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.moderation.models import Suspension
from apps.privacy.tasks import night, often
from apps.profiles.models import Member, ShutOut
from tests.community.rules import sign_in
from tests.factories import make_member
from tests.privacy.visits import leave

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada Lovelace", email="ada@example.org")


def joins(email: str) -> str:
    return str(sign_in(Client(), email=email)["Location"])


@pytest.mark.parametrize(("until", "days_shut"), [(None, 4000), (60, 59)])
def test_whoever_left_and_was_shut_out_does_not_join_anew_with_that_address(
    ada: Member, until: int | None, days_shut: int, time_machine: Any
) -> None:
    began = timezone.now()
    leave(ada)
    day = (began + timedelta(days=until)).date() if until else None
    Suspension.objects.impose(ada, day)
    time_machine.move_to(began + timedelta(days=15))
    often()
    assert not Member.objects.filter(email="ada@example.org").exists()
    assert "ada" not in str(list(ShutOut.objects.values())).lower()
    time_machine.move_to(began + timedelta(days=days_shut))
    night()
    assert joins("ada@example.org") == "/accounts/inactive/"
    assert not Member.objects.filter(email="ada@example.org").exists()
    assert joins("somebody.else@example.org") == "/table/"
    if until:
        time_machine.move_to(began + timedelta(days=until + 2))
        night()
        assert not ShutOut.objects.exists()
        assert joins("ada@example.org") == "/table/"


def test_control_whoever_left_and_was_not_shut_out_joins_anew(ada: Member, time_machine: Any) -> None:
    leave(ada)
    time_machine.move_to(timezone.now() + timedelta(days=15))
    often()
    assert joins("ada@example.org") == "/table/"
