"""Something was not right: told without an account, and about somebody who is a moderator themself."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.stack import Stack
from tests.e2e.steps import A_PHONE, GUEST, add_the_first_passkey, new_address

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
ACCUSED, OTHER = "accused@example.net", "another-moderator@example.net"
WORDS = "They would not let me leave when I wished to."

LAY = f"""
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

town = Town.objects.get(slug="bristol-gb")
host = Member.objects.join("{ACCUSED}", "Orla", town, is_moderator=True)
Member.objects.join("{OTHER}", "Thea", town, is_moderator=True)
begins = (timezone.now() + timedelta(hours=5)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
gathering = Gathering.objects.create(
    host=host, kind="tea", title="A table of a moderator", address="3 Harbour Row", town=town, seats_wanted=4,
    visibility="members", time_zone=town.time_zone, day=begins.date(), starts=begins.time(),
    ends=(begins + timedelta(hours=1)).time(),
)
gathering.publish()
gathering.seat(Member.objects.get(email="{GUEST}"))
print(gathering.key)
"""


@pytest.fixture(scope="module")
def key(stack: Stack) -> str:
    return str(stack.shell(LAY)).split()[-1]


@pytest.mark.parametrize("has_script", [True, False])
def test_somebody_without_an_account_tells_from_the_help_page(
    new_context: NewContext, mailbox: Mailbox, key: str, has_script: bool
) -> None:
    page, email = new_context(java_script_enabled=has_script).new_page(), new_address()
    page.goto("/help/")
    page.get_by_role("link", name="Tell us something is not right").click()
    expect(page.get_by_text("We never say who told us; at a small table they may guess.")).to_be_visible()
    page.get_by_label("What happened?").fill(WORDS)
    page.get_by_label("Your e-mail").fill(email)
    page.get_by_role("button", name="Send it").click()
    expect(page).to_have_url("/report/received/")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it. Thank you for telling us.")
    mailbox.newest(email, "We have what you wrote")


def moderator(new_context: NewContext, cookies_of: Callable[[str], Any], email: str) -> Page:
    """Signed in by a code; they add a passkey, as the page of reports asks them to, and show it."""
    page = new_context(storage_state=cookies_of(email)).new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})
    page.goto("/moderation/")
    expect(page.get_by_role("heading", level=1)).to_have_text("First, a passkey")
    add_the_first_passkey(page)
    expect(page).to_have_url("/moderation/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")
    return page


def test_a_moderator_who_is_accused_reads_nothing_of_it_and_another_does(
    new_context: NewContext, cookies_of: Callable[[str], Any], mailbox: Mailbox, key: str
) -> None:
    guest = new_context(storage_state=cookies_of(GUEST)).new_page()
    guest.goto(f"/gatherings/{key}/")
    guest.get_by_role("article").get_by_role("link", name="Something not right?").click()
    guest.get_by_label("Who or what is it about?").select_option(label="Orla")
    guest.get_by_label("What happened?").fill(WORDS)
    guest.get_by_label("It is urgent: somebody is not safe").check()
    guest.get_by_role("button", name="Send it").click()
    expect(guest).to_have_url("/report/received/")
    mailbox.newest(OTHER, "Somebody is needed soon")

    accused = moderator(new_context, cookies_of, ACCUSED)
    expect(accused.get_by_text("A table of a moderator")).to_have_count(0)

    other = moderator(new_context, cookies_of, OTHER)
    other.get_by_role("link", name="Orla, A table of a moderator").first.click()
    expect(other.get_by_text(WORDS)).to_be_visible()
    address = other.url
    assert accused.goto(address).status == 404  # type: ignore[union-attr]  # an answer there is
    other.get_by_role("link", name="Make a note").click()
    other.get_by_label("Why").fill("I have written to both.")
    other.get_by_role("button", name="Make a note").click()
    expect(other).to_have_url(address)
    expect(other.get_by_role("region", name="What was done")).to_contain_text("I have written to both.")
