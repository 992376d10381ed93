"""Blocking in two taps, with JavaScript and without: somebody one sits with, and whose host finds one gone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.stack import Stack
from tests.e2e.steps import GUEST

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
WITH, WITHOUT = "with JavaScript", "without JavaScript"
HOWS = pytest.mark.parametrize("how", [WITH, WITHOUT])
HOST, OTHER = "host-of-both@example.net", "other-guest@example.net"

# Robin sits with Quincy at Ines's tables; so soon that every mail goes at any hour of the night.
LAY = f"""
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

town = Town.objects.get(slug="bristol-gb")
host = Member.objects.join("{HOST}", "Ines", town, joined_at=timezone.now() - timedelta(days=30))
robin = Member.objects.get(email="{GUEST}")
begins = (timezone.now() + timedelta(hours=5)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
for number, how in enumerate(("{WITH}", "{WITHOUT}")):
    quincy = Member.objects.join(f"{{number}}-{OTHER}", f"Quincy{{number}}", town)
    for title in ("A table for both", "A table of its host"):
        gathering = Gathering.objects.create(
            host=host, kind="tea", title=f"{{title}}, {{how}}", address="3 Harbour Row", town=town, seats_wanted=4,
            visibility="members", time_zone=town.time_zone, day=begins.date(), starts=begins.time(),
            ends=(begins + timedelta(hours=1)).time(),
        )
        gathering.publish()
        gathering.seat(robin)
        gathering.seat(quincy)
"""


@pytest.fixture(scope="module")
def tables(stack: Stack) -> None:
    stack.shell(LAY)


def other(how: str) -> tuple[str, str]:
    number = [WITH, WITHOUT].index(how)
    return f"Quincy{number}", f"{number}-{OTHER}"


def open_table(page: Page, title: str) -> None:
    page.goto("/near/bristol-gb/")
    page.get_by_role("article").filter(has_text=title).get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@HOWS
def test_whoever_blocks_a_guest_beside_them_keeps_their_seat_and_is_told_how_to_give_it_back(
    how: str, tables: None, new_context: NewContext, mailbox: Mailbox, cookies_of: Callable[[str], Any]
) -> None:
    title, (name, email) = f"A table for both, {how}", other(how)
    page = new_context(java_script_enabled=how == WITH, storage_state=cookies_of(GUEST)).new_page()
    theirs = new_context(java_script_enabled=how == WITH, storage_state=cookies_of(email)).new_page()
    open_table(page, title)
    open_table(theirs, title)
    expect(theirs.get_by_role("listitem").filter(has_text="Robin")).to_be_visible()

    page.get_by_role("link", name=f"Block {name}").click()
    expect(page.get_by_role("region", name="Where you both have a seat")).to_contain_text(title)
    page.get_by_role("button", name=f"Block {name}").click()

    expect(page.get_by_text(f"You have blocked {name}. They are not told.")).to_be_visible()
    expect(page.get_by_text("You have a seat.", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=f"Block {name}")).to_have_count(0)
    theirs.reload()
    expect(theirs.get_by_text("You have a seat.", exact=True)).to_be_visible()
    expect(theirs.get_by_text("Robin")).to_have_count(0)
    for each in (page, theirs):
        expect(each.get_by_role("img", name="Four seats, two taken, two free, one of them yours")).to_be_visible()

    told = mailbox.newest(GUEST, f"About your seat: {title}")
    assert "Someone you have blocked has a seat at this table." in told.text
    assert name not in told.text


@HOWS
def test_whoever_is_blocked_by_their_host_reads_that_their_place_is_gone_and_finds_no_page(
    how: str, tables: None, new_context: NewContext, mailbox: Mailbox, cookies_of: Callable[[str], Any]
) -> None:
    title, (name, email) = f"A table of its host, {how}", other(how)
    theirs = new_context(java_script_enabled=how == WITH, storage_state=cookies_of(email)).new_page()
    open_table(theirs, title)
    page = new_context(java_script_enabled=how == WITH, storage_state=cookies_of(HOST)).new_page()
    open_table(page, title)
    page.get_by_role("link", name="See your guests").click()
    page.get_by_role("link", name=f"Block {name}").click()
    expect(page.get_by_role("region", name="What ends at once")).to_contain_text(title)
    page.get_by_role("button", name=f"Block {name}").click()
    expect(page.get_by_text(f"You have blocked {name}. They are not told.")).to_be_visible()

    assert theirs.request.get(theirs.url).status == 404
    theirs.goto("/near/bristol-gb/")
    expect(theirs.get_by_role("link", name=title)).to_have_count(0)
    told = mailbox.newest(email, f"Your place is no longer there: {title}")
    assert "block" not in told.text.lower()

    page.goto("/settings/blocks/")
    page.get_by_role("button", name=f"Unblock {name}").click()
    expect(page.get_by_text(f"You have unblocked {name}.")).to_be_visible()
