"""Runs with the guard taken out, which must fail."""

import os
from collections.abc import Callable
from itertools import cycle

import pytest

TRIES = 10  # a race is lost most times, not every time: one run in which nothing broke proves nothing

# What is tried on one of them one after the other can be tried on both at once.
SERVERS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("sqlite", "postgres")]

IN_TURN = cycle(SERVERS)


def control(drill: Callable[..., None]) -> Callable[..., None]:
    """Of drills that start processes for each run: at the small size one database must do, now this one, now that."""
    servers = SERVERS if os.environ.get("FAULTS_SIZE") == "full" else [next(IN_TURN)]
    return pytest.mark.parametrize("server", servers, indirect=True)(drill)


def breaks(run: Callable[[], object]) -> bool:
    """Whether something goes wrong in one of a few runs; `run` returns what did, or something empty."""
    return any(run() for _ in range(TRIES))
