"""*Your table* on the day before, on the day, on the day after, and with nothing ahead; for guests and for hosts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.looking import Watch
from tests.e2e.stack import Stack
from tests.e2e.table_scene import put_tables, till_ten
from tests.e2e.test_pages import findings_at_all_widths

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
# Who, what their table says, and what it does not say.
STATES: dict[str, tuple[str, list[str], list[str]]] = {
    "new, with nothing ahead": (
        "Ash",
        ["Hello Ash", "There is no seat with your name on it yet.", "Dumpling folding is a small table near you"],
        ["Yesterday", "Today"],
    ),
    "a guest, the day before": (
        "Robin",
        ["Tomorrow, ", ", 18:00", "Mei is the host, and you have a seat.", "You bring: a vegan filling for six.",
         "I set off by bike with the filling in the blue box.", "We send you the address in time.",
         "A seat is held for you", "Would you like to open the door on "],
        ["14 Greville Street", "I’m running late", "Yesterday"],
    ),
    "a guest, on the day": (
        "Amara",
        ["Today, 18:00", "14 Greville Street", "Ring twice", "I’m running late", "I can’t make it",
         "If I get nervous, I stay twenty minutes, then decide.", "Gwen has answered you", "Yes, the back room"],
        ["Tomorrow", "Yesterday", "One small next step"],
    ),
    "a guest, the day after": (
        "Bahram",
        ["Yesterday, ", ", 19:00", "You sat at Ines’s table.", "One small next step"],
        ["Today", "There is no seat", "14 Greville Street"],
    ),
    "a guest, the day after and before another": (
        "Jonas",
        ["Tomorrow, ", "You bring: Flat bread.", "Yesterday, ", "You sat at Ines’s table."],
        ["There is no seat"],
    ),
    "a guest with nothing ahead": (
        "Chidi",
        ["Hello Chidi", "there is a chair whenever you would like one", "Mei sets the table again: Dumpling folding"],
        ["There is no seat", "Yesterday"],
    ),
    "a host, the day before": (
        "Hana",
        ["Tomorrow, ", "You are the host.", "14 Greville Street", "Gwen asks for a seat", "May I bring my own cup?"],
        ["I can’t make it", "One small next step"],
    ),
    "a host, on the day": ("Gwen", ["Today, 18:00", "You are the host. 3 of 4 seats are free."], ["I’m running late"]),
    "a host, the day after": (
        "Ines",
        ["Yesterday, ", "Your guests have gone home.", "Who was there", "Host it again"],
        ["I did not make it"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def quiet_stack() -> Iterator[Stack]:
    """An app of its own, in which it is ten in the morning."""
    env = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "TEST_CLOCK": str(till_ten())}
    with Stack(processes=["web"], env=env) as stack:
        yield stack


@pytest.fixture(scope="module")
def sessions(quiet_stack: Stack) -> dict[str, str]:
    return put_tables(quiet_stack)


@pytest.fixture
def table_of(quiet_stack: Stack, sessions: dict[str, str], new_context: NewContext) -> Callable[..., Page]:
    def of(who: str, **how: Any) -> Page:
        context = new_context(**how)
        context.add_cookies([{"name": "session", "value": sessions[who], "url": quiet_stack.url}])
        page = context.new_page()
        page.goto(f"{quiet_stack.url}/table/")
        return page

    return of


@pytest.mark.parametrize(("who", "said", "unsaid"), STATES.values(), ids=STATES)
def test_your_table_says_what_comes_next_and_no_more(
    who: str, said: list[str], unsaid: list[str], table_of: Callable[..., Page], quiet_stack: Stack
) -> None:
    page = table_of(who)
    watch = Watch(page)
    page.reload()
    for words in said:
        expect(page.get_by_role("main")).to_contain_text(words)
    for words in unsaid:
        expect(page.get_by_role("main")).not_to_contain_text(words)
    assert page.get_by_role("heading", level=1).count() == 1
    assert findings_at_all_widths(page) == {}
    assert watch.complaints == []
    assert watch.to_others(quiet_stack.url) == []

    plain = table_of(who, java_script_enabled=False)
    assert plain.get_by_role("main").inner_text() == page.get_by_role("main").inner_text()


def answers(page: Page) -> tuple[Any, Any]:
    step = page.get_by_role("region", name="One small next step")
    return step.locator(".button").first, step.get_by_role("button", name="Not this time")


@pytest.mark.parametrize(("who", "is_scripted"), [("Una", True), ("Tove", False)])
def test_not_this_time_is_as_large_as_yes_and_is_remembered(
    who: str, is_scripted: bool, table_of: Callable[..., Page], quiet_stack: Stack
) -> None:
    quiet_stack.shell(GIVE_NOTHING_AHEAD.format(email=f"{who.lower()}@table.example"))
    page = table_of(who, java_script_enabled=is_scripted, viewport={"width": 390, "height": 844})
    yes, no = answers(page)
    boxes = [each.bounding_box() for each in (yes, no)]
    assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=1)
    assert boxes[0]["height"] == pytest.approx(boxes[1]["height"], abs=1)
    offered = page.get_by_role("region", name="One small next step").locator("p").first.inner_text()
    no.click()
    expect(page.get_by_text("That is fine.")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(offered)


GIVE_NOTHING_AHEAD = """
member = Member.objects.get(email="{email}")
for rsvp in Rsvp.objects.of(member).open().filter(gathering__in=Gathering.objects.upcoming()):
    rsvp.bow_out()
for gathering in Gathering.objects.run_by(member).upcoming():
    gathering.cancel("")
"""
