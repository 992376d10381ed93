"""A browser without a server: what it is shown comes from this process and its database."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from scripts import chromium


@pytest.fixture(scope="session", autouse=True)
def database_beside_the_browser() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, in which Django would refuse to ask its database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """As the tests of whole walks have it: nothing but this machine has an address."""
    flags = [*chromium.FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
    return {"executable_path": chromium.find(), "args": flags}
