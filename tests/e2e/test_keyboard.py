"""With the keyboard alone: every page leads to its content, shows where one is, and does what it is for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.steps import HOST, MOST_STOPS, new_address, tab_to

pytestmark = pytest.mark.browser

# What shows the focus may be drawn by the element, by its ::after (a card) or by the box around it (the town).
# Each stop is compared with how it looks once the focus has gone on. A date has several stops in one element, the last
# of them a button that the browser itself rings.
HIDES_FOCUS = """() => {
  const look = (node) => {
    const around = [node, node.parentElement, node.parentElement?.parentElement, node.nextElementSibling];
    const styles = around.filter(Boolean).map((each) => getComputedStyle(each));
    return [...styles, getComputedStyle(node, "::after")].map((style) =>
      [style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow].join(" ")).join();
  };
  const last = window.lastStop;
  const node = document.activeElement;
  if (last?.node !== node) window.lastStop = { node, look: look(node) };
  const hides = last && last.node !== node && look(last.node) === last.look;
  return hides ? last.node.outerHTML.slice(0, 120) : "";
}"""
IS_AT_THE_END = "() => document.activeElement === document.body"
HIDE_FOCUS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("footer a:focus-visible { outline: none !important }");
  document.adoptedStyleSheets = [sheet];
}"""


def stops_without_focus(page: Page) -> list[str]:
    """Go once round the page by Tab; gives the elements that do not show that they have the focus."""
    found: list[str] = []
    for number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found.append(page.evaluate(HIDES_FOCUS))
        if page.evaluate(IS_AT_THE_END):
            assert number > 10
            return [element for element in found if element]
    raise AssertionError("The focus never came out of the page at its end.")


def test_more_leads_on_among_what_has_come(page: Page) -> None:
    page.goto("/")
    before = page.get_by_role("article").count()
    tab_to(page, "link", "Show later ones")
    page.keyboard.press("Enter")
    expect(page.locator("h2.day-head:focus")).to_have_count(1)
    expect(page.get_by_role("article").nth(before)).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("article").nth(before).get_by_role("link")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/gatherings/{free}/", "/accounts/login/", "/help/"])
def test_the_focus_shows_wherever_it_is(page: Page, keys: dict[str, str], path: str) -> None:
    page.goto(path.format(**keys))
    assert stops_without_focus(page) == []


def test_the_focus_shows_wherever_it_is_on_the_hosts_form(
    new_context: Callable[..., Any], cookies_of: Callable[[str], Any]
) -> None:
    page = new_context(storage_state=cookies_of(HOST)).new_page()
    page.goto("/host/dinner/")
    assert stops_without_focus(page) == []


def test_a_focus_that_does_not_show_would_be_found_out(page: Page) -> None:
    page.goto("/help/")
    page.evaluate(HIDE_FOCUS)
    assert [element[:2] for element in stops_without_focus(page)] == ["<a", "<a", "<a"]


@pytest.mark.parametrize("path", ["/", "/gatherings/{free}/", "/accounts/login/"])
def test_the_first_stop_leads_past_the_header(page: Page, keys: dict[str, str], path: str) -> None:
    page.goto(path.format(**keys))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.closest('main'))")


def test_a_town_is_found_by_arrow_keys_and_enter(page: Page) -> None:
    page.goto("/")
    tab_to(page, "combobox", "Where are you?")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("bath", delay=30)
    field = page.get_by_role("combobox", name="Where are you?")
    bath = page.get_by_role("option", name="Bath, England, United Kingdom")
    expect(bath).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    go_down_to(page, "Bath, England, United Kingdom")
    expect(field).to_have_attribute("aria-activedescendant", bath.get_attribute("id") or "no id")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Bath, England, United Kingdom")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/near/bath-gb/"))


def go_down_to(page: Page, label: str) -> None:
    marked = page.get_by_role("listbox", name="Towns").get_by_role("option", selected=True)
    for _ in range(10):
        if marked.inner_text().strip() == label:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"No press of the arrow leads to {label}.")


def test_escape_closes_the_list_of_towns_and_keeps_what_was_typed(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Where are you?")
    field.fill("")
    field.press_sequentially("lond", delay=30)
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("lond")


def test_a_seat_is_taken_by_the_keyboard(page: Page, keys: dict[str, str], mailbox: Mailbox) -> None:
    email = new_address()
    page.goto(f"/gatherings/{keys['walk']}/")
    tab_to(page, "button", "Take a seat")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Who may we expect?")).to_be_visible()

    tab_to(page, "textbox", "What shall we call you?")
    page.keyboard.type("Kay")
    tab_to(page, "textbox", "Your e-mail")
    page.keyboard.type(email)
    tab_to(page, "checkbox", "I am 18 or over")
    page.keyboard.press("Space")
    tab_to(page, "button", "Send me the code")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="We have sent you a mail")).to_be_visible()
    tab_to(page, "textbox", "The code from the mail")
    page.keyboard.type(mailbox.newest(email, "is your code").code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have a seat.", exact=True)).to_be_visible()
