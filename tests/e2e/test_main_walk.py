"""The main job: from a first look to a seat, and from a host's idea to the page; with JavaScript and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.mailbox import Mail, Mailbox
from tests.e2e.steps import HOST, ask_for_a_code, new_address, sign_in, type_the_code

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
TITLE = "Amélie and hot chocolate"
ADDRESS = "14 Greville Street, ring twice"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def has_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(new_context: NewContext, has_script: bool) -> Page:
    return new_context(java_script_enabled=has_script).new_page()


def test_a_stranger_finds_a_gathering_takes_a_seat_and_gives_it_back(
    page: Page, mailbox: Mailbox, has_script: bool
) -> None:
    find_bristol(page, has_script)
    title = open_one_with_seats_free(page)
    email = new_address()

    page.get_by_role("button", name="Take a seat").first.click()
    expect(page.get_by_role("main")).to_contain_text(title)  # the wish is still in sight
    ask_for_a_code(page, email, "Wren")
    type_the_code(page, mailbox, email)

    sees_their_seat(page, title)
    is_told_by_mail(mailbox.newest(email, "You have a seat"), title)
    gives_it_back(page)


def find_bristol(page: Page, has_script: bool) -> None:
    """By what the page offers while one types, or else as a plain form."""
    page.goto("/")
    field = page.get_by_label("Where are you?")
    if has_script:
        field.fill("")
        field.press_sequentially("brist", delay=30)
        page.get_by_role("option", name="Bristol, England, United Kingdom").click()
        expect(field).to_have_value("Bristol, England, United Kingdom")
    else:
        field.fill("bristol")
    page.get_by_role("button", name="Look around").click()
    expect(page).to_have_url(re.compile(r"/near/bristol-gb/"))


def open_one_with_seats_free(page: Page) -> str:
    card = page.get_by_role("article").filter(has_text=re.compile(r"[2-9] seats left")).first
    title = card.get_by_role("heading").inner_text()
    card.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(drawing(page)).not_to_have_accessible_name(re.compile("yours"))
    return title


def drawing(page: Page) -> Locator:
    """The table, which says who sits where also to those who hear the page."""
    return page.get_by_role("region", name="Seats").get_by_role("img")


def sees_their_seat(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("You have a seat.", exact=True)).to_be_visible()
    expect(drawing(page)).to_have_accessible_name(re.compile(r"seats?, .*yours$"))
    expect(drawing(page).locator(".d-ring")).to_have_count(1)
    expect(page.get_by_role("listitem").filter(has_text="Wren (you)")).to_have_count(1)
    expect(page.get_by_role("button", name="Take a seat")).to_have_count(0)


def is_told_by_mail(mail: Mail, title: str) -> None:
    assert title in mail.subject
    assert "Give your seat back." in mail.text
    assert mail.entry["SUMMARY"] == title


def gives_it_back(page: Page) -> None:
    page.get_by_role("button", name="Give my seat back").click()
    expect(page.get_by_text("Your seat is free again.")).to_be_visible()
    expect(page.get_by_role("button", name="Take a seat").first).to_be_visible()
    expect(drawing(page)).not_to_have_accessible_name(re.compile("yours"))


def test_a_host_publishes_a_movie_night_and_a_stranger_finds_it(
    page: Page, mailbox: Mailbox, new_context: NewContext, has_script: bool
) -> None:
    title = f"{TITLE} {'for two' if has_script else 'again'}"
    sign_in(page, mailbox, HOST)

    fill_in_the_form(page, title, has_script)
    page.get_by_role("button", name="Preview").click()
    says_what_guests_decide_by(page, title)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Your gathering is on the page.")).to_be_visible()

    stranger = new_context(java_script_enabled=has_script).new_page()
    finds_it(stranger, title)


def fill_in_the_form(page: Page, title: str, has_script: bool) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Host").click()
    page.get_by_role("link", name="Movie night").click()
    page.get_by_label("What shall we call it?").fill(title)
    page.get_by_label("Area").fill("Southville")
    page.get_by_label("Address and how to get in").fill(ADDRESS)
    page.get_by_label("Seats for guests").fill("4")
    page.get_by_label("A sentence in your own words").fill("Blankets are here. Bring a mug.")
    if has_script:
        sketch = page.get_by_role("complementary", name="This is how others see it")
        expect(sketch).to_contain_text(title)
        expect(sketch).to_contain_text("4 seats left")


def says_what_guests_decide_by(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)  # nothing is answered for the host
    for question, answer in (("Steps", "There are none"), ("Alcohol", "There is none"), ("Animals", "There are some")):
        group = page.get_by_role("group", name=re.compile(question))
        group.get_by_role("radio", name=answer).check()


def finds_it(page: Page, title: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Movie night", exact=True).click()
    page.get_by_role("article").get_by_role("link", name=title).click()
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for fact in ("Hosted by Mei", "Southville, Bristol", "No steps", "No alcohol here", "There are animals"):
        expect(main).to_contain_text(fact)
    expect(main).not_to_contain_text("Greville")  # a home is for those with a seat
    expect(drawing(page)).to_have_accessible_name("Four seats, all free")
