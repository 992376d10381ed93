"""After a first seat: through the three screens, and skipping all of them, with JavaScript and without."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.stack import Stack
from tests.e2e.steps import HOST, ask_for_a_code, new_address, type_the_code
from tests.pictures import fine

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
INVITED = "A word about you, if you like"
TITLE = "Soup for the welcome"
# For members only, so that no stranger in another test comes upon it; its link is for these.
TABLE = f"""
import json
from datetime import datetime, time, timedelta
from apps.gatherings.models import Gathering

host, town = Member.objects.with_email("{HOST}"), Town.objects.get(slug="bristol-gb")
day = datetime.now().date() + timedelta(days=6)
made = Gathering.objects.filter(title="{TITLE}").first() or Gathering.objects.create(
    host=host, kind="dinner", title="{TITLE}", words="Soup.", visibility="link", link="welcomelink", town=town,
    area="Southville", address="14 Saucepan Row", seats_wanted=8, time_zone=town.time_zone, day=day, starts=time(19),
    ends=time(21),
)
made.publish()
print(json.dumps(made.get_absolute_url() + "?link=" + made.link))
"""


def takes_a_first_seat(page: Page, mailbox: Mailbox, path: str) -> None:
    """As somebody new. Nothing of the welcome is asked of them on the way."""
    page.goto(path)
    expect(page.get_by_text(INVITED)).to_have_count(0)
    page.get_by_role("button", name="Take a seat").first.click()
    email = new_address()
    ask_for_a_code(page, email, "Ash")
    type_the_code(page, mailbox, email)
    expect(page.get_by_text("You have a seat.").first).to_be_visible()
    expect(page.get_by_role("heading", name=INVITED)).to_be_visible()
    expect(page.get_by_role("heading", name="Your plan")).to_be_visible()


def is_at_the_table(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("You have a seat.").first).to_be_visible()
    expect(page.get_by_text(INVITED)).to_have_count(0)


@pytest.fixture
def path(stack: Stack) -> str:
    found: str = json.loads(stack.shell(TABLE))
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_through_all_three_screens_to_ones_own_page(
    stack: Stack, mailbox: Mailbox, new_context: NewContext, path: str, scripts: bool
) -> None:
    page = new_context(java_script_enabled=scripts).new_page()
    takes_a_first_seat(page, mailbox, path)
    page.get_by_role("link", name="Yes, a word").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What to call you")
    page.get_by_label("Your pronouns").fill("whatever the moss says")
    page.get_by_role("button", name="Keep this").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("One sentence")
    page.get_by_label("In your words").fill("hang up my coat, and breathe")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("Which sentence does this finish?").first).to_be_visible()
    expect(page.get_by_label("In your words")).to_have_value("hang up my coat, and breathe")
    page.get_by_label("A sentence to finish").select_option("When I arrive I usually…")
    page.get_by_role("button", name="Keep this").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("A face, and what helps you")
    page.get_by_label("A picture").set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": fine()["jpeg"]}
    )
    page.get_by_label("What helps you").fill("a chair with a back")
    page.get_by_label("Yes, keep this with my account").check()
    page.get_by_role("button", name="Keep this").click()

    is_at_the_table(page)
    page.get_by_role("link", name="Ash", exact=True).first.click()
    for words in ("whatever the moss says", "When I arrive I usually…", "hang up my coat, and breathe"):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("a chair with a back")).to_have_count(0)

    page.goto(path)
    page.get_by_role("link", name="your host should know").click()
    page.get_by_label("Tell the host of this table what helps me").check()
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("link", name="your host should know").click()
    expect(page.get_by_label("Something my host should know")).to_have_value("a chair with a back")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_skipping_all_three_leads_to_the_table(
    stack: Stack, mailbox: Mailbox, new_context: NewContext, path: str, scripts: bool
) -> None:
    page = new_context(java_script_enabled=scripts).new_page()
    takes_a_first_seat(page, mailbox, path)
    page.get_by_role("link", name="Yes, a word").click()
    for heading in ("What to call you", "One sentence", "A face, and what helps you"):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        keep, skip = (page.get_by_role("button", name=name, exact=True) for name in ("Keep this", "Skip"))
        assert (box := keep.bounding_box())
        assert (other := skip.bounding_box())
        assert (box["width"], box["height"]) == pytest.approx((other["width"], other["height"]), abs=1)
        skip.click()
    is_at_the_table(page)


def test_a_no_to_all_of_it_is_one_press(stack: Stack, mailbox: Mailbox, new_context: NewContext, path: str) -> None:
    page = new_context().new_page()
    takes_a_first_seat(page, mailbox, path)
    page.get_by_role("button", name="No, thank you").click()
    is_at_the_table(page)
