"""A host lets their guests bring something, a guest does, and gives the seat back; with JavaScript and without."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stack import Stack
from tests.e2e.steps import GUEST, HOST

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
WITH, WITHOUT = "with JavaScript", "without JavaScript"

# Only members see these, so that whoever looks for one as a stranger finds those of the demo town alone.
LAY = f"""
import json
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

town = Town.objects.get(slug="bristol-gb")
host, guest = (Member.objects.get(email=email) for email in ("{HOST}", "{GUEST}"))
begins = (timezone.now() + timedelta(days=25)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
paths = {{}}
for how in ("{WITH}", "{WITHOUT}"):
    gathering = Gathering.objects.create(
        host=host, kind="dinner", title=f"What we bring, {{how}}", visibility="members", town=town, seats_wanted=8,
        time_zone=town.time_zone, day=begins.date(), starts=begins.time(), ends=(begins + timedelta(hours=1)).time(),
    )
    gathering.publish()
    gathering.seat(guest)
    paths[how] = gathering.get_absolute_url()
print(json.dumps(paths))
"""


@pytest.fixture(scope="module")
def paths(stack: Stack) -> dict[str, str]:
    return dict(json.loads(stack.shell(LAY)))


@pytest.mark.parametrize("how", [WITH, WITHOUT])
def test_a_table_fills_up_and_a_seat_given_back_takes_its_dish_along(
    how: str, paths: dict[str, str], new_context: NewContext, cookies_of: Callable[[str], Any]
) -> None:
    host, guest = (
        new_context(java_script_enabled=how == WITH, storage_state=cookies_of(email)).new_page()
        for email in (HOST, GUEST)
    )
    lets_guests_bring_something(host, paths[how])
    takes_what_is_needed(guest, paths[how])
    has_an_idea_of_their_own(guest)

    host.goto(paths[how])
    table = host.get_by_role("region", name="What comes to the table")
    cake = table.get_by_role("listitem").filter(has_text="Plum cake")
    expect(cake).to_contain_text("Robin")
    expect(cake).to_contain_text("Dessert, for about 8. Contains: eggs. Not sure what else is in it")
    expect(table.get_by_role("button", name="I bring a dessert")).to_have_count(0)
    expect(host.get_by_role("img", name="one dish on the table")).to_be_visible()

    guest.goto(paths[how])
    guest.get_by_role("button", name="Give my seat back").click()
    host.reload()
    expect(table).not_to_contain_text("Plum cake")
    for words in ("I bring a dessert", "I bring ice"):
        expect(table.get_by_role("button", name=words)).to_be_visible()


def lets_guests_bring_something(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Let your guests bring something").click()
    page.get_by_label("Everyone brings something").check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_label("Main dishes")).to_have_value("2")
    page.get_by_label("Ice").fill("1")
    page.get_by_role("button", name="Keep these").click()
    expect(page.get_by_role("button", name="I bring ice")).to_be_visible()


def takes_what_is_needed(page: Page, path: str) -> None:
    page.goto(path)
    stays_in_one_piece_on_a_phone(page)
    page.get_by_role("button", name="I bring ice").click()
    expect(page.get_by_text("It is on the list: Ice.")).to_be_visible()
    expect(page.get_by_role("button", name="I bring ice")).to_have_count(0)


def stays_in_one_piece_on_a_phone(page: Page) -> None:
    """The number beside what is needed, however long the words before it are."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    numbers = page.locator(".needs .soft").all()
    assert numbers
    assert {number.evaluate("node => node.clientHeight < 30") for number in numbers} == {True}  # one line of 21 px
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert size
    page.set_viewport_size(size)


def has_an_idea_of_their_own(page: Page) -> None:
    page.get_by_role("link", name="I have an idea of my own").click()
    page.get_by_label("What you bring").fill("Plum cake")
    page.get_by_label("What it is").select_option("Dessert")
    page.get_by_label("For how many").fill("8")
    page.get_by_text("What is in it, and what it needs").click()
    page.get_by_label("eggs").check()
    page.get_by_label("I am not sure").check()
    page.get_by_role("button", name="I bring it").click()
    expect(page.get_by_text("It is on the list: Plum cake.")).to_be_visible()
