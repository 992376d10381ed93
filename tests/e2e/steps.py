"""What a person does again and again."""

from itertools import count
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.mailbox import Mailbox

GUEST, HOST, KEEPER = "guest@example.org", "host@example.org", "keeper@example.org"  # of the demo town
A_PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
MOST_STOPS = 150  # of Tab on one page
numbers = count(1)


def new_address() -> str:
    return f"newcomer{next(numbers)}@example.net"


def ask_for_a_code(page: Page, email: str, name: str = "") -> None:
    """On the form: those who are new give a name and the promise, too."""
    page.get_by_label("Your e-mail").fill(email)
    if name:
        page.get_by_label("What shall we call you?").fill(name)
        page.get_by_label("I am 18 or over and I keep the community promise").check()
    page.get_by_role("button", name="Send me the code").click()


def type_the_code(page: Page, mailbox: Mailbox, email: str) -> None:
    """On the page that asks for it."""
    field = page.get_by_label("The code from the mail")
    expect(field).to_be_visible()
    field.fill(mailbox.newest(email, "is your code").code)
    page.get_by_role("button", name="Go on").click()


def sign_in(page: Page, mailbox: Mailbox, email: str, name: str = "") -> None:
    """By a code; leads to one's own table."""
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    ask_for_a_code(page, email, name)
    type_the_code(page, mailbox, email)
    expect(page).to_have_url("/table/")


def add_a_passkey(page: Page) -> None:
    page.get_by_role("link", name="Your settings").click()
    page.get_by_role("link", name="Your passkeys").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("my phone")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1, name="Your passkeys")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="my phone")).to_be_visible()


def add_the_first_passkey(page: Page) -> None:
    """As a page asks for it that opens with one alone: it leads back there, where the passkey is shown."""
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("my phone")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Use your passkey").click()


def sign_in_as_keeper(page: Page, mailbox: Mailbox) -> None:
    """By a code; then their pages ask for a passkey, which is added on a device that Chromium plays, and shown."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})
    sign_in(page, mailbox, KEEPER)
    page.goto("/keeper/")
    expect(page.get_by_role("heading", level=1)).to_have_text("First, a passkey")
    add_the_first_passkey(page)
    expect(page).to_have_url("/keeper/")


def tab_to(page: Page, role: Any, name: str) -> None:
    target = page.get_by_role(role, name=name).first
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("(node) => node === document.activeElement"):
            return
    raise AssertionError(f"No press of Tab leads to {name}.")
