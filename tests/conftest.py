from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

import config.urls  # noqa: F401  before any test turns DEBUG on, which adds the mailbox to it
from apps.gatherings.models import Gathering
from apps.places.models import Town
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_town


@pytest.fixture(autouse=True)
def noon(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test takes place at noon of today: at night mails rest and addresses stay closed until the morning, so that
    a table in twenty hours is one thing at eight o'clock and another at three. What concerns the night travels there.

    Those with processes of their own, whose clocks this one does not reach, keep the machine's hour.
    """
    if any(map(request.node.get_closest_marker, ("browser", "faults"))):
        yield
        return
    with time_machine.travel(datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Rate limits count in the cache; no test inherits another's."""
    yield
    cache.clear()


@pytest.fixture
def pictures(settings: Any, tmp_path: Path) -> Path:
    """The folder where members' pictures lie."""
    settings.PICTURES_ROOT = tmp_path / "pictures"
    return tmp_path / "pictures"


@pytest.fixture
def bristol(db: None) -> Town:
    return make_town()


@pytest.fixture
def member(db: None) -> Member:
    return make_member("Robin")


@pytest.fixture
def gathering(db: None) -> Gathering:
    return make_gathering()


@pytest.fixture
def signed_in(client: Client, member: Member) -> Client:
    client.force_login(member)
    return client
