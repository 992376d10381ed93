"""What a visit is like: light, easy to leave, and forgiving of a hurried thumb."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.looking import Watch
from tests.e2e.steps import GUEST

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
PHONE = {"width": 390, "height": 480}  # so small that the button begins below the edge
DESK = {"width": 1280, "height": 700}
MOST_REQUESTS = 9  # look.md
OF_DEVELOPMENT = "/django-htmx.js"  # shows the pages of errors while DEBUG is on; nobody else gets it
ELSEWHERE = "https://www.wikipedia.org/"


@pytest.mark.parametrize("path", ["/", "/gatherings/{free}/"])
def test_a_first_visit_asks_for_few_things(page: Page, keys: dict[str, str], path: str) -> None:
    watch = Watch(page)
    page.goto(path.format(**keys), wait_until="networkidle")
    asked = [request.url for request in watch.requests if not request.url.startswith("data:")]
    asked = [url for url in asked if not url.endswith(OF_DEVELOPMENT)]
    assert 1 < len(asked) <= MOST_REQUESTS, asked


@pytest.fixture
def left_with(page: Page) -> list[dict[str, str]]:
    """The headers of each request to the page that quick exit leads to, which answers from here."""
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        asked.append(route.request.all_headers())
        route.fulfill(body="<!doctype html><title>Elsewhere</title>", content_type="text/html")

    page.route(f"{ELSEWHERE}**", answer)
    return asked


def by_click(page: Page) -> None:
    page.get_by_role("link", name="Quick exit").click()


def by_escape(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")


@pytest.mark.parametrize("leave", [by_click, by_escape])
def test_quick_exit_leaves_at_once_and_back_does_not_return(
    page: Page, left_with: list[dict[str, str]], keys: dict[str, str], leave: Callable[[Page], None]
) -> None:
    page.goto("/help/")
    page.goto(f"/gatherings/{keys['free']}/")
    leave(page)
    expect(page).to_have_url(ELSEWHERE)
    assert ["referer" in headers for headers in left_with] == [False]
    page.go_back()
    expect(page).to_have_url("/help/")


def test_two_presses_of_escape_leave_nothing(page: Page, left_with: list[dict[str, str]], keys: dict[str, str]) -> None:
    page.goto(f"/gatherings/{keys['free']}/")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert left_with == []
    expect(page).to_have_url(f"/gatherings/{keys['free']}/")


@pytest.mark.parametrize(("size", "shown_after_scrolling"), [(PHONE, 2), (DESK, 1)], ids=["phone", "desk"])
def test_the_bar_at_the_thumb_is_for_a_phone_whose_button_has_scrolled_away(
    page: Page, keys: dict[str, str], size: Any, shown_after_scrolling: int
) -> None:
    page.set_viewport_size(size)
    page.goto(f"/gatherings/{keys['free']}/")
    buttons = page.get_by_role("button", name="Take a seat")  # of those that can be seen
    expect(buttons).to_have_count(1)
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    expect(buttons).to_have_count(shown_after_scrolling)
    if shown_after_scrolling == 2:
        expect(buttons.last).to_be_in_viewport()
        page.evaluate("() => window.scrollTo(0, 0)")
        expect(buttons).to_have_count(1)


def test_the_bar_at_the_thumb_takes_a_seat_too(page: Page, keys: dict[str, str]) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # mypy takes the constant for any dict
    page.goto(f"/gatherings/{keys['free']}/")
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    buttons = page.get_by_role("button", name="Take a seat")
    expect(buttons).to_have_count(2)
    buttons.last.click()
    expect(page.get_by_role("heading", name="Who may we expect?")).to_be_visible()


NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def taken(page: Page) -> int:
    """How many seats are taken, as the drawing says it."""
    name = page.get_by_role("region", name="Seats").get_by_role("img").get_attribute("aria-label") or ""
    found = re.search(r"(\w+) taken", name)
    return NUMBERS.index(found[1]) if found else 0


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def robin(request: pytest.FixtureRequest, new_context: NewContext, cookies_of: Callable[[str], Any]) -> Page:
    """The page of a guest who is signed in."""
    return new_context(storage_state=cookies_of(GUEST), java_script_enabled=request.param).new_page()


def test_a_double_click_takes_one_seat(robin: Page, keys: dict[str, str]) -> None:
    robin.goto(f"/gatherings/{keys['free']}/")
    before = taken(robin)
    robin.get_by_role("button", name="Take a seat").first.dblclick()
    expect(robin.get_by_text("You have a seat.", exact=True)).to_be_visible()
    robin.reload()
    assert taken(robin) == before + 1

    robin.get_by_role("button", name="Give my seat back").dblclick()
    expect(robin.get_by_role("button", name="Take a seat").first).to_be_visible()
    assert taken(robin) == before


def test_a_second_click_while_the_first_is_on_its_way_sends_nothing(page: Page, keys: dict[str, str]) -> None:
    page.goto(f"/gatherings/{keys['free']}/")
    on_their_way: list[Route] = []
    page.route("**/rsvp/", lambda route: on_their_way.append(route))
    button = page.get_by_role("button", name="Take a seat").bounding_box()
    assert button
    for _ in range(2):
        page.mouse.click(button["x"] + 20, button["y"] + 20)
        page.wait_for_timeout(200)
    assert len(on_their_way) == 1
    on_their_way[0].continue_()
    expect(page.get_by_role("heading", name="Who may we expect?")).to_be_visible()
