from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

import config.urls  # noqa: F401  before any test turns DEBUG on, which adds the mailbox to it
from apps.gatherings.models import Gathering
from apps.places.models import Town
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_town


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
