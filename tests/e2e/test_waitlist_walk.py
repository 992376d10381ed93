"""A full table, a place in the line, and a seat that comes free; with JavaScript and without."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mail, Mailbox
from tests.e2e.stack import Stack
from tests.e2e.steps import GUEST, ask_for_a_code, new_address, type_the_code

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
TITLE, ADDRESS = "The smallest of tables", "3 Harbour Row"
WITH, WITHOUT = "with JavaScript", "without JavaScript"

# So soon that its mail goes at any hour of the night, and sooner than what other tests look for.
LAY = f"""
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

town = Town.objects.get(slug="bristol-gb")
host = Member.objects.join("host-of-one@example.net", "Ines", town)
guest = Member.objects.get(email="{GUEST}")
begins = (timezone.now() + timedelta(hours=5)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
for how in ("{WITH}", "{WITHOUT}"):
    gathering = Gathering.objects.create(
        host=host, kind="tea", title=f"{TITLE}, {{how}}", address="{ADDRESS}", town=town, seats_wanted=1,
        time_zone=town.time_zone, day=begins.date(), starts=begins.time(), ends=(begins + timedelta(hours=1)).time(),
    )
    gathering.publish()
    gathering.seat(guest)
"""


@pytest.fixture(scope="module")
def full_tables(stack: Stack) -> None:
    stack.shell(LAY)


@pytest.mark.parametrize("how", [WITH, WITHOUT])
def test_a_stranger_waits_at_a_full_table_and_takes_the_seat_that_comes_free(
    how: str, full_tables: None, new_context: NewContext, mailbox: Mailbox, cookies_of: Callable[[str], Any]
) -> None:
    has_script, title, email = how == WITH, f"{TITLE}, {how}", new_address()
    page = new_context(java_script_enabled=has_script).new_page()
    finds_it_full(page, title)
    waits_by_one_press(page, mailbox, email, title)

    gives_their_seat_back(new_context(storage_state=cookies_of(GUEST)).new_page(), page.url)

    held = mailbox.newest(email, "A seat is held for you")
    takes_it_by_the_mail(new_context(java_script_enabled=has_script).new_page(), page, held)
    page.reload()
    expect(page.get_by_text("You have a seat.", exact=True)).to_be_visible()
    assert ADDRESS in mailbox.newest(email, f"You have a seat: {title}").text


def finds_it_full(page: Page, title: str) -> None:
    page.goto("/near/bristol-gb/")
    card = page.get_by_role("article").filter(has_text=title)
    expect(card).to_contain_text("You can wait for a seat.")
    card.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("region", name="Seats")).to_contain_text("You would be the first in line.")


def waits_by_one_press(page: Page, mailbox: Mailbox, email: str, title: str) -> None:
    page.get_by_role("button", name="Wait for a seat").first.click()
    expect(page.get_by_role("main")).to_contain_text(title)  # the wish is still in sight
    ask_for_a_code(page, email, "Wren")
    type_the_code(page, mailbox, email)
    expect(page.get_by_text("You are on the waitlist.", exact=True)).to_be_visible()
    expect(page.get_by_text("It is your turn next.")).to_be_visible()
    assert title in mailbox.newest(email, "You are on the waitlist").subject


def gives_their_seat_back(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Give my seat back").click()
    expect(page.get_by_text("Your seat is free again.")).to_be_visible()


def takes_it_by_the_mail(nobody: Page, member: Page, held: Mail) -> None:
    """Without being signed in. Looking at it, which scanners of mail do too, takes nothing."""
    found = re.search(r"http\S+/m/\S+", held.text)
    assert found, held.text
    for _ in range(2):
        nobody.goto(found[0])
        expect(nobody.get_by_role("heading", level=1)).to_have_text("A seat is held for you")
    member.reload()
    expect(member.get_by_text("A seat is held for you.", exact=True)).to_be_visible()

    nobody.get_by_role("button", name="Take it").click()
    expect(nobody.get_by_role("heading", level=1)).to_have_text("You have a seat")
    expect(nobody.get_by_role("main").get_by_role("button")).to_have_count(0)
    expect(nobody.get_by_role("link", name="Sign in")).to_be_visible()
