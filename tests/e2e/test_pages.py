"""Every page that a stranger, a guest or a host can reach, on a phone and on a desk, by day and by night."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.looking import MAIN_BUTTONS, TARGETS, Watch, repeated_ids, smaller_than, too_wide, violations
from tests.e2e.mailbox import Mailbox
from tests.e2e.steps import GUEST, HOST, KEEPER, ask_for_a_code, new_address, type_the_code

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
WIDTHS = {360: 780, 1280: 900}
THEMES: list[Literal["light", "dark"]] = ["light", "dark"]
# What axe finds depends on the theme by colours alone; the rest is looked for once at each width.
OF_COLOUR = ["color-contrast", "link-in-text-block"]

STRANGER = ""
# Who looks at what; {free} and the like stand for the key of a gathering in that state. What is not there has no page
# of ours in development, but Django's own.
PAGES = {
    "browse": (STRANGER, "/"),
    "a town where nothing is on": (STRANGER, "/near/ushuaia-ar/"),
    "asking to be told": (GUEST, "/near/ushuaia-ar/tell-me/?kind=walk"),
    "a town that nobody knows": (STRANGER, "/?town=xyzzy+upon+plugh"),
    "a gathering": (STRANGER, "/gatherings/{free}/"),
    "a walk": (STRANGER, "/gatherings/{walk}/"),
    "a full one": (STRANGER, "/gatherings/{full}/"),
    "one called off": (STRANGER, "/gatherings/{cancelled}/"),
    "one that is over": (STRANGER, "/gatherings/{over}/"),
    "kinds to host": (STRANGER, "/host/"),
    "sign in": (STRANGER, "/accounts/login/"),
    "help": (STRANGER, "/help/"),
    "promise": (STRANGER, "/promise/"),
    "a guest's table": (GUEST, "/table/"),
    "a guest's gathering": (GUEST, "/gatherings/{robins}/"),
    "give a seat back": (GUEST, "/gatherings/{robins}/leave/"),
    "settings": (GUEST, "/settings/"),
    "a picture of oneself": (GUEST, "/settings/picture/"),
    "one's own page": (GUEST, "/settings/profile/"),
    "what helps one": (GUEST, "/settings/needs/"),
    "what one eats": (GUEST, "/settings/diet/"),
    "mail to oneself": (GUEST, "/settings/mail/"),
    "a calendar link": (GUEST, "/settings/calendar/"),
    "passkeys": (GUEST, "/accounts/2fa/webauthn/"),
    "add a passkey": (GUEST, "/accounts/2fa/webauthn/add/"),
    "having left": (STRANGER, "/left/"),
    "everything of one's own": (GUEST, "/settings/export/"),
    "leave for good": (GUEST, "/settings/leave/"),
    "sign out": (GUEST, "/accounts/logout/"),
    "a host's table": (HOST, "/table/"),
    "a host's gathering": (HOST, "/gatherings/{meis}/"),
    "a new dinner": (HOST, "/host/dinner/"),
    "change a gathering": (HOST, "/gatherings/{meis}/edit/"),
    "call it off": (HOST, "/gatherings/{meis}/cancel/"),
    "preview": (HOST, "/gatherings/{draft}/preview/"),
    "the keeper's page": (KEEPER, "/keeper/"),
    "who would like to join": (KEEPER, "/keeper/waiting/"),
    "invite somebody to join": (KEEPER, "/invite/"),
}


@pytest.mark.parametrize(("who", "path"), PAGES.values(), ids=PAGES)
def test_everybody_can_read_and_use(
    who: str, path: str, new_context: NewContext, cookies_of: Callable[[str], Any], keys: dict[str, str], base_url: str
) -> None:
    page = new_context(storage_state=cookies_of(who) if who else None).new_page()
    watch = Watch(page)
    found: dict[str, Any] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.goto(path.format(**keys))
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        assert page.url == f"{base_url}{path.format(**keys)}"  # not sent elsewhere, such as to sign in
        found |= findings(page, width)
    assert found == {}
    assert watch.complaints == []
    assert watch.to_others(base_url) == []


# Everything between the wish to sit and the table, by who reads it; {offered} and the like are of the scene.
OF_A_SEAT = {
    STRANGER: [
        "{offer_link}", "{leave_link}", "{coming_link}", "{late_link}", "{go_ahead_link}", "{cohost_link}",
        "{answer_link}", "{renew_link}", "{leave_series_link}", "/m/cut-short/",
    ],
    GUEST: [
        "/gatherings/{offered}/", "/gatherings/{waitlisted}/", "/gatherings/{asked}/", "/gatherings/{declined}/",
        "/gatherings/{seated}/", "/gatherings/{alone}/", "/gatherings/{kept}/", "/gatherings/{weekly}/",
        "/gatherings/{been}/", "/gatherings/{seated}/seat/", "/gatherings/{waitlisted}/seat/",
        "/gatherings/{kept}/seat/", "/gatherings/{seated}/plan/", "/gatherings/{seated}/late/",
        "/gatherings/{offered}/leave/", "/gatherings/{asked}/ask/", "/gatherings/{asked}/ask/?fact=is_step_free",
        "/gatherings/{weekly}/series/leave/", "/table/", "/gatherings/{seated}/block/{amara}/",
        "/gatherings/{seated}/block/{ines}/", "/settings/blocks/", "/gatherings/{potluck}/",
        "/gatherings/{seated}/dishes/", "/gatherings/{seated}/dishes/{dish}/",
        "/gatherings/{voting}/", "/gatherings/{voting}/vote/", "/gatherings/{showing}/",
        "/gatherings/{seated}/diet/", "/gatherings/{waitlisted}/diet/",
        "/gatherings/{seated}/welcome/", "/gatherings/{seated}/welcome/words/", "/gatherings/{seated}/welcome/more/",
        "/people/{amara}/", "/people/{robin}/",
    ],
    HOST: [
        "/gatherings/{table}/guests/", "/gatherings/{been}/guests/", "/gatherings/{plain}/offer/",
        "/gatherings/{table}/guests/{eleni}/decline/", "/gatherings/{table}/sheet/", "/gatherings/{plain}/invite/",
        "/gatherings/{by_link}/invite/", "/gatherings/{table}/co-hosts/", "/gatherings/{table}/note/",
        "/gatherings/{table}/questions/", "/gatherings/{table}/questions/{question}/", "/gatherings/{plain}/series/",
        "/gatherings/{weekly}/series/", "/gatherings/{weekly}/edit/", "/gatherings/{weekly}/cancel/", "{cohost_link}",
        "/gatherings/{table}/block/{eleni}/", "/gatherings/{table}/block/{sam}/", "/settings/blocks/",
        "/gatherings/{potluck}/", "/gatherings/{potluck}/food/", "/gatherings/{potluck}/sheet/",
        "/gatherings/{potluck}/food/told/", "/gatherings/{potluck}/food/told/?suggest",
        "/gatherings/{plain}/food/", "/gatherings/{potluck}/dishes/",
        "/gatherings/{unchosen}/film/", "/gatherings/{voting}/film/", "/gatherings/{voting}/film/{film}/",
        "/gatherings/{showing}/", "/gatherings/{showing}/film/",
    ],
}  # fmt: skip


@pytest.mark.parametrize("who", OF_A_SEAT, ids=["stranger", "guest", "host"])
def test_everybody_can_read_and_use_what_belongs_to_a_seat(
    who: str, new_context: NewContext, cookies_of: Callable[[str], Any], scene: dict[str, str], base_url: str
) -> None:
    """One after the other in one browser, by day on a phone and by night on a desk: there are so many of them."""
    page = new_context(storage_state=cookies_of(who) if who else None).new_page()
    watch = Watch(page)
    found: dict[str, Any] = {}
    for each in OF_A_SEAT[who]:
        path = each.format(**scene)
        for width, theme in zip(WIDTHS, THEMES, strict=True):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            page.goto(path)
            assert page.url == f"{base_url}{path}"
            found |= {f"{each} {where}": what for where, what in findings_in(page, width, theme).items() if what}
    assert found == {}
    assert watch.complaints == []
    assert watch.to_others(base_url) == []


def findings(page: Page, width: int) -> dict[str, Any]:
    """What is wrong with the page as it stands, by where it was seen; nothing if it is well."""
    first, second = THEMES if width == min(WIDTHS) else THEMES[::-1]
    page.emulate_media(color_scheme=first)
    found = findings_in(page, width, first)
    page.emulate_media(color_scheme=second)
    found[f"axe at {width}, {second}"] = violations(page, OF_COLOUR)
    return {where: what for where, what in found.items() if what}


def findings_in(page: Page, width: int, theme: str) -> dict[str, Any]:
    """What is asked in any theme, with the answers, which are empty where all is well."""
    return {
        f"ids that come twice at {width}": repeated_ids(page),
        f"scrolls sideways at {width}": too_wide(page),
        f"smaller than 24 px at {width}": smaller_than(page, TARGETS, 24),
        f"buttons smaller than 44 px at {width}": smaller_than(page, MAIN_BUTTONS, 44),
        f"axe at {width}, {theme}": violations(page),
    }


def test_everybody_can_read_and_use_the_pages_between_a_stranger_and_a_member(
    new_context: NewContext, mailbox: Mailbox, base_url: str
) -> None:
    """With a code that was not the one, and then what is asked of somebody who gave only an address."""
    page = new_context().new_page()
    watch = Watch(page)
    email = new_address()
    page.goto("/accounts/login/")
    ask_for_a_code(page, email)
    page.get_by_label("The code from the mail").fill("AAAA-AAAA")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("textbox", name="The code from the mail")).to_have_attribute("aria-invalid", "true")
    assert findings_at_all_widths(page) == {}

    type_the_code(page, mailbox, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome. You are new here.")
    assert findings_at_all_widths(page) == {}

    page.get_by_label("What shall we call you?").fill("Ash")
    page.get_by_label("I am 18 or over and I keep the community promise").check()
    page.get_by_role("button", name="Come in").click()
    expect(page).to_have_url("/table/")
    assert watch.complaints == []
    assert watch.to_others(base_url) == []


def findings_at_all_widths(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.evaluate("() => new Promise(requestAnimationFrame)")  # the page learns of its new size with the next frame
        found |= findings(page, width)
    return found


A_BAD_PAGE = """
<!doctype html><html lang="en"><title>Bad</title><script>let forbidden</script><main>
<h1 id="bad">Bad</h1><p id="bad" style="color: #999">Pale</p><button style="font-size: 4px">x</button>
<div style="width: 3000px">wide</div><img src="https://elsewhere.example/spy.png" alt=""></main></html>
"""


def test_a_page_with_all_those_faults_would_be_found_out(page: Page, base_url: str) -> None:
    """Or else the tests above prove nothing."""
    watch = Watch(page)
    policy = {"Content-Security-Policy": "script-src 'self'", "Content-Type": "text/html"}
    page.route("**/bad/", lambda route: route.fulfill(body=A_BAD_PAGE, headers=policy))
    page.goto("/bad/")

    seen = " ".join(findings(page, max(WIDTHS)))
    for fault in (
        "ids that come twice",
        "scrolls sideways",
        "smaller than 24 px",
        "buttons smaller than 44 px",
        "light",
        "dark",
    ):
        assert fault in seen
    assert any("script-src-elem forbids inline" in complaint for complaint in watch.complaints)
    assert watch.to_others(base_url) == ["https://elsewhere.example/spy.png"]
