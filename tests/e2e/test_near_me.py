"""Near me: asked on a press only, and no finer than about a kilometre."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.looking import Watch

pytestmark = pytest.mark.browser
IN_BATH = {"latitude": 51.381234, "longitude": -2.359876}


def test_a_press_leads_to_the_nearest_town_by_a_rounded_point(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(geolocation=IN_BATH, permissions=["geolocation"]).new_page()
    watch = Watch(page)
    page.goto("/?kind=walk")
    page.get_by_role("button", name="Near me").click()
    page.wait_for_url("**/near/bath-gb/?kind=walk")
    assert [request.url.partition("near=")[2] for request in watch.requests if "near=" in request.url] == [
        "51.38%2C-2.36"
    ]
    expect(page.get_by_label("Where are you?")).to_have_value("Bath, England, United Kingdom")


def test_whoever_does_not_say_where_they_are_may_type_it(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()  # which refuses, as nobody has allowed it
    page.goto("/")
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_text("We could not find out where you are. Please type a town.")).to_be_visible()


def test_without_javascript_there_is_no_button_that_does_nothing(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Look around")).to_be_visible()
    expect(page.get_by_role("button", name="Near me")).to_have_count(0)
