"""The morning after: keep in touch where one says yes, both, neither, and one blocks the other in between; and the
private question, read back in the mail before the next evening.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
WITH, WITHOUT = "with JavaScript", "without JavaScript"
TOLD = "would like to meet again"
LINE = "Sitting near the kitchen helped."

# In a town where it is day now, so that no mail waits for the morning. Whoever came are five friends to be.
LAY = f"""
import json
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

now = timezone.now()
towns = Town.objects.order_by("-population")[:500]
town = next(town for town in towns if 10 <= now.astimezone(ZoneInfo(town.time_zone)).hour < 18)
long_ago = now - timedelta(days=40)


def join(name):
    return Member.objects.join(f"{{name.lower()}}-afterwards@example.net", name, town, joined_at=long_ago)


def lay(title, begins, guests):
    begins = begins.astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
    gathering = Gathering.objects.create(
        host=host, kind="dinner", title=title, address="3 Harbour Row", town=town, time_zone=town.time_zone,
        seats_wanted=6, visibility="members", day=begins.date(), starts=begins.time(),
        ends=(begins + timedelta(hours=2)).time(),
    )
    gathering.publish()
    for guest in guests:
        rsvp = gathering.seat(guest)
        rsvp.changed_at = now - timedelta(days=2)
        rsvp.save(update_fields=["changed_at"])
    return gathering


host, guests = join("Ines"), [join(name) for name in ("Noor", "Efua", "Priya", "Kai")]
paths = []
for how in ("{WITH}", "{WITHOUT}"):
    gathering = lay(f"Soup, {{how}}", now + timedelta(days=4), guests)
    ended = now - timedelta(hours=5)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)
    paths.append(gathering.get_absolute_url())
print(json.dumps(paths))
"""
TOMORROW = (
    LAY.partition("host, guests =")[0]
    + """
host = Member.objects.get(email="ines-afterwards@example.net")
lay("Stew tomorrow", now + timedelta(hours=23), Member.objects.filter(email="noor-afterwards@example.net"))
"""
)


def email_of(name: str) -> str:
    return f"{name.lower()}-afterwards@example.net"


@pytest.fixture(scope="module")
def paths(stack: Stack) -> dict[str, str]:
    return dict(zip((WITH, WITHOUT), json.loads(stack.shell(LAY)), strict=True))


@pytest.fixture
def open_as(
    paths: dict[str, str], new_context: NewContext, cookies_of: Callable[[str], Any]
) -> Callable[[str, str], Page]:
    def opened(name: str, how: str) -> Page:
        context = new_context(java_script_enabled=how == WITH, storage_state=cookies_of(email_of(name)))
        page = context.new_page()
        page.goto(paths[how])
        page.get_by_role("link", name="The morning after").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The morning after")
        return page

    return opened


def tick(page: Page, name: str, contact: str) -> None:
    page.get_by_role("checkbox", name=name).check()
    page.get_by_label("How may they reach you?").fill(contact)
    page.get_by_role("button", name="Keep my ticks").click()


def says(page: Page, words: str) -> None:
    """Where somebody reads it without looking for it, on a page longer than their screen."""
    expect(page.get_by_text(words)).to_be_in_viewport()


def kept(page: Page) -> None:
    says(page, "Kept. Whoever ticks you, too, hears of it together with you")


@pytest.mark.parametrize("how", [WITHOUT])
def test_one_says_yes_and_the_other_never_learns_of_it(
    how: str, open_as: Callable[[str, str], Page], mailbox: Mailbox
) -> None:
    efua = open_as("Efua", how)
    before = efua.get_by_role("main").inner_text()
    priya = open_as("Priya", how)
    tick(priya, "Efua", "Priya, 0117 555 0109")
    kept(priya)
    expect(priya.get_by_role("checkbox", name="Efua")).to_be_checked()
    efua.reload()
    assert efua.get_by_role("main").inner_text() == before
    assert mailbox.links_to(email_of("Efua"), TOLD) == mailbox.links_to(email_of("Priya"), TOLD) == []


@pytest.mark.parametrize("how", [WITH])
def test_both_say_yes_and_both_read_how_to_reach_the_other_by_mail_and_on_the_page(
    how: str, open_as: Callable[[str, str], Page], mailbox: Mailbox
) -> None:
    noor, efua = open_as("Noor", how), open_as("Efua", how)
    tick(noor, "Efua", "Noor, 0117 555 0101")
    kept(noor)
    expect(noor.get_by_role("main")).not_to_contain_text(TOLD)
    tick(efua, "Noor", "Efua, through the blue door")
    kept(efua)
    noor.reload()
    for page, name, contact in ((noor, "Noor", "Efua, through the blue door"), (efua, "Efua", "Noor, 0117 555 0101")):
        expect(page.get_by_role("region", name="Keep in touch?")).to_contain_text(contact)
        assert f"> {contact}" in mailbox.newest(email_of(name), TOLD).text
    # Neither ticked Priya, nor Priya them: there is nothing to tell anybody.
    priya = open_as("Priya", how)
    expect(priya.get_by_role("main")).not_to_contain_text(TOLD)
    assert mailbox.links_to(email_of("Priya"), TOLD) == []


@pytest.mark.parametrize("how", [WITHOUT])
def test_one_blocks_the_other_in_between_and_nobody_is_told_anything(
    how: str, open_as: Callable[[str, str], Page], mailbox: Mailbox, paths: dict[str, str]
) -> None:
    noor, kai = open_as("Noor", how), open_as("Kai", how)
    tick(noor, "Kai", "Noor, 0117 555 0101")
    kept(noor)
    stale = open_as("Kai", how)  # in another tab, in which Noor stands still
    key = kai.get_by_role("checkbox", name="Noor").get_attribute("value")
    kai.goto(f"{paths[how]}block/{key}/")
    kai.get_by_role("button", name="Block Noor").click()
    expect(kai.get_by_text("You have blocked Noor. They are not told.")).to_be_visible()
    tick(stale, "Noor", "Kai, 0117 555 0117")
    expect(stale.get_by_text("Somebody on this list is not there any more").first).to_be_in_viewport()
    for page, other in ((noor, "Kai"), (stale, "Noor")):
        page.goto(f"{paths[how]}afterwards/")
        expect(page.get_by_role("heading", level=1)).to_have_text("The morning after")
        expect(page.get_by_role("checkbox", name=other)).to_have_count(0)
        expect(page.get_by_role("main")).not_to_contain_text("0117 555 0117")
    assert mailbox.links_to(email_of("Kai"), TOLD) == []


@pytest.mark.parametrize("how", [WITH])
def test_what_was_written_for_oneself_comes_back_before_the_next_evening_and_to_nobody_else(
    how: str, open_as: Callable[[str, str], Page], mailbox: Mailbox, stack: Stack, paths: dict[str, str]
) -> None:
    noor = open_as("Noor", how)
    noor.get_by_role("radio", name="Among others").check()
    noor.get_by_label("A line to yourself").fill(LINE)
    noor.get_by_role("button", name="Keep it, for me").click()
    says(noor, "Kept, for you alone.")
    expect(noor.get_by_label("A line to yourself")).to_have_value(LINE)
    ines = open_as("Ines", how)
    assert LINE not in ines.content()

    stack.shell(TOMORROW)

    noor.goto("/table/")
    expect(noor.get_by_role("region", name="Last time you wrote, for yourself")).to_contain_text(LINE)
    # The sweep comes once a minute.
    assert f"> {LINE}" in mailbox.newest(email_of("Noor"), "Tomorrow at", seconds=100).text
    ines.goto("/table/")
    assert LINE not in ines.content()
