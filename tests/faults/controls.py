"""Runs with the guard taken out, which must fail."""

import os
from collections.abc import Callable

import pytest

TRIES = 10  # a race is lost most times, not every time: one run in which nothing broke proves nothing

# Of drills that start processes for each run: at the small size one database must do.
control = pytest.mark.parametrize(
    "server", ["sqlite", "postgres"] if os.environ.get("FAULTS_SIZE") == "full" else ["postgres"], indirect=True
)


def breaks(run: Callable[[], object]) -> bool:
    """Whether something goes wrong in one of a few runs; `run` returns what did, or something empty."""
    return any(run() for _ in range(TRIES))
