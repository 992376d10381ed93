"""One app with a demo town and one browser, for all the browser tests."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from scripts import chromium
from tests.e2e.mailbox import Mailbox
from tests.e2e.reminder import Reminder, put_a_reminder_in_sight
from tests.e2e.scene import put_a_scene
from tests.e2e.stack import Stack
from tests.e2e.steps import KEEPER, sign_in, sign_in_as_keeper

expect.set_options(timeout=15_000)  # milliseconds; two cores may be busy with something else


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The reminder takes up to two minutes of its own: whatever else there is to test is tested meanwhile."""
    items.sort(key=lambda item: "test_day_before" in item.nodeid)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Stack() as stack:
        stack.manage("demo_town")
        yield stack


@pytest.fixture(scope="session")
def base_url(stack: Stack) -> str:
    """What Playwright's pages take a path from."""
    return stack.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Nothing but this machine has an address, so that a page which asks another host is found out."""
    flags = [*chromium.FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
    return {"executable_path": chromium.find(), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "reduced_motion": "reduce", "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(scope="session")
def mailbox(stack: Stack, reminder: Reminder, browser: Browser) -> Iterator[Mailbox]:
    context = browser.new_context(base_url=stack.url)
    yield Mailbox(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def reminder(stack: Stack) -> Reminder:
    """A gathering 23 hours away, whose guest is due a mail; made before the first test looks at any mail."""
    return put_a_reminder_in_sight(stack)


@pytest.fixture(scope="session")
def cookies_of(stack: Stack, mailbox: Mailbox, browser: Browser) -> Callable[[str], Any]:
    """The storage of a browser that a member has signed in with, once for all tests."""
    kept: dict[str, Any] = {}

    def of(email: str) -> Any:
        if email not in kept:
            with browser.new_context(base_url=stack.url) as context:
                page = context.new_page()
                sign_in_as_keeper(page, mailbox) if email == KEEPER else sign_in(page, mailbox, email)
                kept[email] = context.storage_state()
        return kept[email]

    return of


@pytest.fixture(scope="session")
def keys(stack: Stack) -> dict[str, str]:
    """Gatherings of the demo town in the states that a page of theirs can be in, by name of the state."""
    return dict(json.loads(stack.shell(FIND_KEYS)))


@pytest.fixture(scope="session")
def scene(stack: Stack, keys: dict[str, str]) -> dict[str, str]:
    """What the pages of a wish to sit need; laid once those that others look for are found."""
    return put_a_scene(stack)


FIND_KEYS = """
import json
from django.db.models import F
from django.utils import timezone
everyone = Gathering.objects.filter(visibility="everyone", area__gt="")
ahead = everyone.published().upcoming().filter(starts_at__gt=timezone.now() + timezone.timedelta(hours=6))
ahead = ahead.soonest_first().exclude(host__email="host@example.org")
most_free = ahead.filter(setting="home", cost__gt="").order_by(F("seats_taken") - F("seats"))
robins = Rsvp.objects.seated().filter(member__email="guest@example.org").values("gathering")
meis = Gathering.objects.filter(host__email="host@example.org")
found = {
    # Several tests take a seat there and leave it taken.
    "free": most_free.exclude(pk__in=robins).exclude(kind__in=["walk", "movie-night"]),
    "walk": ahead.with_seats_free().exclude(pk__in=robins).filter(kind="walk"),
    "full": ahead.filter(seats_taken=F("seats")),
    "over": everyone.published().filter(ends_at__lt=timezone.now()),
    "cancelled": everyone.filter(state="cancelled"),
    "robins": ahead.filter(pk__in=robins),
    "meis": meis.published().upcoming().order_by("starts_at"),
    "draft": meis.filter(state="draft"),
}
print(json.dumps({name: rows[0].key for name, rows in found.items()}))
"""
