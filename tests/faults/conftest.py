import os
from collections.abc import Iterator

import pytest

from scripts import postgres


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of either kind, as DATABASE_URL names it; for SQLite, the app's own default."""
    if request.param == "sqlite":
        yield ""
    else:
        with postgres.server() as server, postgres.fresh_database(server) as url:
            yield url


@pytest.fixture
def is_full_size() -> bool:
    return os.environ.get("FAULTS_SIZE") == "full"
