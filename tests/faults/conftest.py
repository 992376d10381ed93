import os
from collections.abc import Iterator

import pytest

from scripts import postgres
from tests.faults.clients import Crowd
from tests.faults.hand import Drill, drill_on


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database server of either kind; for SQLite, which needs none, an empty string."""
    if request.param == "sqlite":
        yield ""
    else:
        with postgres.server() as address:
            yield address


@pytest.fixture(scope="session")
def drill(server: str) -> Iterator[Drill]:
    """The app as it is."""
    with drill_on(server) as drill:
        yield drill


@pytest.fixture(scope="session")
def unlocked(server: str) -> Iterator[Drill]:
    """The same app with its lock taken out, for a control run."""
    with drill_on(server, WITHOUT_THE_LOCK="1") as drill:
        yield drill


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    with Crowd(processes=8) as crowd:
        yield crowd


@pytest.fixture(scope="session")
def is_full_size() -> bool:
    return os.environ.get("FAULTS_SIZE") == "full"
