"""Passkeys, with an authenticator that Chromium plays itself."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.steps import new_address, sign_in

pytestmark = pytest.mark.browser

A_PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def authenticators(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session


def test_a_member_adds_a_passkey_and_signs_in_with_it(page: Page, authenticators: CDPSession, mailbox: Mailbox) -> None:
    authenticators.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})
    sign_in(page, mailbox, new_address(), "Pax")

    page.get_by_role("link", name="Your settings").click()
    page.get_by_role("link", name="Your passkeys").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("my phone")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("listitem").filter(has_text="my phone")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url("/table/")
    expect(page.get_by_role("heading", name="Hello Pax")).to_be_visible()


def test_a_device_that_gives_no_passkey_is_answered_by_a_sentence(page: Page, authenticators: CDPSession) -> None:
    authenticators.send("WebAuthn.addVirtualAuthenticator", {"options": {**A_PHONE, "isUserVerified": False}})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("Your device did not give a passkey. You can use the code instead.")
    expect(page.get_by_role("button", name="Send me the code")).to_be_enabled()
