from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    """At noon, at which every mail goes."""
    with time_machine.travel(timezone.now().replace(hour=12, minute=0)):
        yield
