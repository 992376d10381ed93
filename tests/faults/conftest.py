import os
from collections.abc import Generator, Iterator

import pytest

from scripts import postgres
from tests.faults.clients import Crowd
from tests.faults.controls import SERVERS
from tests.faults.crew import Crew, crew_on
from tests.faults.hand import Drill, drill_on


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a failure, what the processes of a crew wrote."""
    report = yield
    crew = getattr(item, "funcargs", {}).get("crew")
    if report.failed and crew:
        report.sections.append(("what the processes said", crew.said()))
    return report


@pytest.fixture(scope="session", params=SERVERS)
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
    with drill_on(server, WITHOUT="lock") as drill:
        yield drill


@pytest.fixture(scope="session")
def crew(server: str) -> Iterator[Crew]:
    """The app in processes that may be killed, for the drills of mail."""
    with crew_on(server) as crew:
        yield crew


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    with Crowd(processes=8) as crowd:
        yield crowd


@pytest.fixture(scope="session")
def is_full_size() -> bool:
    return os.environ.get("FAULTS_SIZE") == "full"
