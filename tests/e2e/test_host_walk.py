"""A host who says yes to each guest first: from the form to the sheet in the kitchen."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.steps import GUEST, new_address, sign_in, tab_to

pytestmark = pytest.mark.browser

TITLE = "Tea, and a yes to each"


def test_a_host_admits_a_guest_with_a_child_by_the_keyboard(
    page: Page, new_context: Callable[..., BrowserContext], mailbox: Mailbox, cookies_of: Callable[[str], Any]
) -> None:
    email = new_address()
    sign_in(page, mailbox, email, "Ines")
    publishes_it(page)
    robin = new_context(storage_state=cookies_of(GUEST)).new_page()
    robin.goto(page.url)
    asks_with_a_child(robin)

    mail = mailbox.newest(email, f"Robin would like to come: {TITLE}")
    assert "Robin asks for a seat, with a child." in mail.text
    follows(page, mail.text)
    says_yes_by_the_keyboard(page)

    robin.reload()
    expect(robin.get_by_text("You have 2 seats.", exact=True)).to_be_visible()
    expect(robin.get_by_role("listitem").filter(has_text="Robin (you) with a child")).to_have_count(1)
    expect(robin.get_by_text("A child is coming.")).to_be_visible()
    assert TITLE in mailbox.newest(GUEST, f"You have a seat: {TITLE}").subject
    prints_the_sheet(page)


def publishes_it(page: Page) -> None:
    """For members only, so that no stranger in another test comes upon it; and so soon that mail goes by night, too."""
    begins = datetime.now(ZoneInfo("Europe/London")) + timedelta(hours=5)
    page.goto("/host/tea/")
    page.get_by_label("What shall we call it?").fill(TITLE)
    page.get_by_label("Day", exact=True).fill(f"{begins:%Y-%m-%d}")
    page.get_by_label("From", exact=True).fill(f"{begins:%H:%M}")
    page.get_by_label("To", exact=True).fill(f"{begins + timedelta(hours=1):%H:%M}")
    page.get_by_label("Address and how to get in").fill("14 Greville Street, ring twice")
    page.get_by_text("More: how it goes, town, way in").click()
    page.get_by_label("Who may see it").select_option("Members only")
    page.get_by_label("I say yes to each guest first").check()
    page.get_by_label("How many people a guest may bring").fill("2")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Your gathering is on the page.")).to_be_visible()


def asks_with_a_child(page: Page) -> None:
    expect(page.get_by_text("The host says yes to each guest first.")).to_be_visible()
    page.get_by_role("link", name="Coming with somebody, or something to say first?").click()
    first = page.get_by_role("group", name="Companion 1")
    first.get_by_label("A child").check()
    first.get_by_label("Their name").fill("Kit")
    first.get_by_label("What they need at the table").fill("A high chair")
    page.get_by_label("Something my host should know").fill("I may be quiet at first.")
    page.get_by_role("button", name="Ask for a seat").click()
    expect(page.get_by_text("You have asked for a seat.", exact=True)).to_be_visible()


def follows(page: Page, text: str) -> None:
    """To the answer that the mail asks for, and from there to everyone who comes."""
    found = re.search(r"http\S+/m/\S+/", text)
    assert found, text
    page.goto(found[0])
    expect(page.get_by_role("heading", name="Robin would like to come")).to_be_visible()
    expect(page.get_by_role("button", name="Not this time")).to_be_visible()
    page.get_by_role("link", name="See the details").click()
    page.get_by_role("link", name="See your guests").click()


def says_yes_by_the_keyboard(page: Page) -> None:
    row = page.get_by_role("region", name="They would like to come").get_by_role("listitem")
    for words in ("Robin", "with a child", "I may be quiet at first.", "A child: Kit. A high chair"):
        expect(row).to_contain_text(words)
    expect(row.get_by_role("button", name=re.compile("Say yes ?: Robin"))).to_be_visible()  # whom, for those who listen
    tab_to(page, "button", "Say yes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Robin has a seat.")).to_be_visible()
    expect(page.get_by_role("region", name="With a seat").get_by_role("listitem")).to_contain_text("Robin")


def prints_the_sheet(page: Page) -> None:
    page.get_by_role("link", name="A sheet to print").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Robin"))
    expect(row).to_contain_text("A child: Kit. A high chair")
    not_on_paper = [
        page.get_by_role("banner"),
        page.get_by_role("contentinfo"),
        page.get_by_role("button", name="Print"),
    ]
    for part in not_on_paper:
        expect(part).to_be_visible()
    page.emulate_media(media="print")
    for part in not_on_paper:
        expect(part).to_be_hidden()
    expect(row).to_be_visible()
