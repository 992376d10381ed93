"""A host puts three films to the vote, two guests tick, it ends in a tie, and everyone reads which film it is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mailbox
from tests.e2e.stack import Stack
from tests.e2e.steps import GUEST, HOST

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
WITH, WITHOUT = "with JavaScript", "without JavaScript"
OTHER = "keeper@example.org"

# So soon that its mail goes at any hour of the night. Only members see these.
LAY = f"""
import json
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

town = Town.objects.get(slug="bristol-gb")
host = Member.objects.get(email="{HOST}")
guests = [Member.objects.get(email=email) for email in ("{GUEST}", "{OTHER}")]
begins = (timezone.now() + timedelta(hours=6)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
paths = {{}}
for how in ("{WITH}", "{WITHOUT}"):
    gathering = Gathering.objects.create(
        host=host, kind="movie-night", title=f"A film, {{how}}", visibility="members", town=town, seats_wanted=4,
        time_zone=town.time_zone, day=begins.date(), starts=begins.time(), ends=(begins + timedelta(hours=1)).time(),
    )
    gathering.publish()
    for guest in guests:
        gathering.seat(guest)
    paths[how] = gathering.get_absolute_url()
print(json.dumps(paths))
"""
# The moment that nobody waits for: the end of the vote is now, and the sweep of the running worker does the rest.
END = """
from django.utils import timezone
from apps.movies.models import Showing
Showing.objects.filter(gathering__key="{key}").update(vote_until=timezone.now())
"""


@pytest.fixture(scope="module")
def paths(stack: Stack) -> dict[str, str]:
    return dict(json.loads(stack.shell(LAY)))


@pytest.mark.parametrize("how", [WITH, WITHOUT])
def test_a_vote_goes_through_a_tie_to_the_mail_that_says_which_film_it_is(
    how: str,
    paths: dict[str, str],
    stack: Stack,
    mailbox: Mailbox,
    new_context: NewContext,
    cookies_of: Callable[[str], Any],
) -> None:
    path = paths[how]
    host, guest, other = (
        new_context(java_script_enabled=how == WITH, storage_state=cookies_of(email)).new_page()
        for email in (HOST, GUEST, OTHER)
    )
    puts_three_films_to_the_vote(host, path)
    ticks(guest, path, "My Life as a Courgette")
    ticks(other, path, "Paddington 2")
    host.reload()
    expect(host.get_by_role("main")).to_contain_text("Until then nobody sees how it stands, you neither")
    expect(host.get_by_role("main")).not_to_contain_text("This is the film.")

    stack.shell(END.format(key=path.split("/")[2]))

    # Each has one tick, so it is the one that was named first; the sweep comes once a minute.
    mail = mailbox.newest(GUEST, f"The film is Paddington 2 (2017): A film, {how}", seconds=100)
    assert "You watch Paddington 2 (2017)" in mail.text
    assert "The evening now ends as the film does" in mail.text
    assert mail.entry["SUMMARY"] == f"A film, {how}"
    assert mailbox.newest(HOST, f"The film is Paddington 2 (2017): A film, {how}")
    guest.goto(path)
    film = guest.get_by_role("region", name="The film")
    expect(film).to_contain_text("Paddington 2 (2017)")
    expect(film).to_contain_text("1 hour 43 minutes")
    expect(film).not_to_contain_text("Courgette")
    expect(film.get_by_role("checkbox")).to_have_count(0)


def puts_three_films_to_the_vote(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Choose the film").click()
    for title, minutes, year in (("Totoro", "86", ""), ("Paddington 2", "103", "2017"),
                                 ("My Life as a Courgette", "66", "")):  # fmt: skip
        page.get_by_label("Which film?").fill(title)
        page.get_by_label("How many minutes long?").fill(minutes)
        if year:
            page.get_by_text("Language, captions, and what it holds").click()
            page.get_by_label("From which year?").fill(year)
            page.get_by_label("sudden loud sounds").check()
        page.get_by_role("button", name="Put it on the list").click()
        expect(page.get_by_text("It is on the list: ")).to_contain_text(title)
    page.get_by_role("button", name="Put them to the vote").click()
    expect(page.get_by_text("Your guests choose on the page of the evening.")).to_be_visible()


def ticks(page: Page, path: str, title: str) -> None:
    page.goto(path)
    films = page.get_by_role("group", name="Tick all that you would enjoy")
    expect(films.get_by_role("checkbox")).to_have_count(3)
    films.get_by_role("checkbox", name=title).check()
    page.get_by_role("button", name="These I would enjoy").click()
    expect(page.get_by_text("Kept. You can change it until")).to_be_visible()
    expect(films.get_by_role("checkbox", name=title)).to_be_checked()
