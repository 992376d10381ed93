"""Passkeys, with an authenticator that Chromium plays itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.steps import A_PHONE, add_a_passkey, new_address, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def authenticators(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session


def test_a_member_adds_a_passkey_and_signs_in_with_it(
    page: Page, authenticators: CDPSession, mailbox: Mailbox, keys: dict[str, str]
) -> None:
    authenticators.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})
    email = new_address()
    sign_in(page, mailbox, email, "Pax")
    add_a_passkey(page)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url("/table/")
    expect(page.get_by_role("heading", name="Hello Pax")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"/gatherings/{keys['free']}/")
    page.get_by_role("button", name="Take a seat").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("You have a seat.", exact=True)).to_be_visible()


def test_a_code_lets_in_a_member_whose_passkey_is_on_another_device(
    page: Page, authenticators: CDPSession, mailbox: Mailbox, new_context: Callable[..., BrowserContext]
) -> None:
    authenticators.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})
    email = new_address()
    sign_in(page, mailbox, email, "Pax")
    add_a_passkey(page)

    sign_in(new_context().new_page(), mailbox, email)


@pytest.mark.parametrize(
    ("wanted", "led_to"), [("/settings/mail/", "/settings/mail/"), ("//evil.example/", "/accounts/2fa/webauthn/")]
)
def test_a_passkey_that_a_page_had_asked_for_leads_back_to_it_and_to_no_other_site(
    page: Page, authenticators: CDPSession, mailbox: Mailbox, wanted: str, led_to: str
) -> None:
    authenticators.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})
    sign_in(page, mailbox, new_address(), "Pax")
    page.goto(f"/accounts/2fa/webauthn/add/?next={wanted}")
    page.get_by_role("button", name="Add it").click()
    expect(page).to_have_url(led_to)


def test_a_device_that_gives_no_passkey_is_answered_by_a_sentence(page: Page, authenticators: CDPSession) -> None:
    authenticators.send("WebAuthn.addVirtualAuthenticator", {"options": {**A_PHONE, "isUserVerified": False}})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("Your device did not give a passkey. You can use the code instead.")
    expect(page.get_by_role("button", name="Send me the code")).to_be_enabled()
