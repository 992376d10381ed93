"""Where a keeper says yes: a stranger presses for a seat, joins, waits, is let in, and has it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.stack import Stack
from tests.e2e.steps import KEEPER, ask_for_a_code, new_address, type_the_code

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
TITLE, WITH, WITHOUT = "A table behind a door", "with JavaScript", "without JavaScript"

LAY = f"""
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

town = Town.objects.get(slug="bristol-gb")
host = Member.objects.join("host-behind-a-door@example.net", "Ines", town)
begins = (timezone.now() + timedelta(hours=5)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
for how in ("{WITH}", "{WITHOUT}"):
    gathering = Gathering.objects.create(
        host=host, kind="tea", title=f"{TITLE}, {{how}}", address="3 Harbour Row", town=town, seats_wanted=4,
        time_zone=town.time_zone, day=begins.date(), starts=begins.time(), ends=(begins + timedelta(hours=1)).time(),
    )
    gathering.publish()
"""
OPEN_AGAIN = """
from apps.profiles.models import HouseRules
HouseRules.objects.now().change(who_may_join="anyone")
"""


@pytest.fixture(scope="module")
def keeper(stack: Stack, browser: Any, cookies_of: Callable[[str], Any]) -> Iterator[Page]:
    """On their page, who may join is settled; other tests find it as it was."""
    stack.shell(LAY)
    with browser.new_context(base_url=stack.url, storage_state=cookies_of(KEEPER)) as context:
        page = context.new_page()
        page.goto("/keeper/")
        page.get_by_label("Whoever a keeper says yes to").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved. It holds from now on.")).to_be_visible()
        yield page
    stack.shell(OPEN_AGAIN)


@pytest.mark.parametrize("how", [WITH, WITHOUT])
def test_a_stranger_waits_for_a_keepers_yes_and_then_has_their_seat(
    how: str, keeper: Page, new_context: NewContext, mailbox: Mailbox
) -> None:
    title, email, name = f"{TITLE}, {how}", new_address(), "Wren" if how == WITH else "Wynn"
    page = new_context(java_script_enabled=how == WITH).new_page()
    presses_for_a_seat(page, mailbox, title, email, name)

    expect(page).to_have_url("/accounts/waiting/")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your wish to join")
    expect(page.get_by_text(f"Your wish for a seat at “{title}” is kept.")).to_be_visible()
    page.goto("/table/")
    expect(page).to_have_url("/accounts/waiting/")  # and nothing else yet

    asked = mailbox.newest(KEEPER, f"{name} would like to join")
    assert email in asked.text
    keeper.goto("/keeper/")
    keeper.get_by_role("link", name="Who would like to join").click()
    keeper.get_by_role("button", name=re.compile(f"Let them in.*{name}")).click()
    expect(keeper.get_by_text(f"{name} is in, and reads it by mail.")).to_be_visible()
    expect(keeper.get_by_text(email)).to_have_count(0)

    comes_in_by_the_mail(page, mailbox, email)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="See the details").click()
    expect(page.get_by_text("You have a seat.", exact=True)).to_be_visible()
    mailbox.newest(email, f"You have a seat: {title}")


def presses_for_a_seat(page: Page, mailbox: Mailbox, title: str, email: str, name: str) -> None:
    page.goto("/near/bristol-gb/")
    page.get_by_role("article").filter(has_text=title).get_by_role("link", name=title).click()
    page.get_by_role("button", name="Take a seat").first.click()
    ask_for_a_code(page, email, name)
    type_the_code(page, mailbox, email)


def comes_in_by_the_mail(page: Page, mailbox: Mailbox, email: str) -> None:
    found = re.search(r"http\S+", mailbox.newest(email, "Welcome. You are in").text)
    assert found
    page.goto(found[0])
    page.goto("/table/")
    expect(page).to_have_url("/table/")
