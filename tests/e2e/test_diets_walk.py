"""A potluck for eight with a vegan, a guest with a nut allergy and two companions: from hosting to the mails of all."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.mailbox import Mail, Mailbox
from tests.e2e.stack import Stack
from tests.e2e.steps import GUEST, HOST

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
TITLE = "A long table, and what we bring"
VEGAN, NUTS = GUEST, "ines@diets.example"
OTHERS = [f"{name}@diets.example" for name in ("noor", "kim", "ada", "lou")]
ASKED = "Please, no nuts at the table tonight"

# Whoever comes besides; all joined long ago, so that nobody finds the limits for newcomers.
PEOPLE = f"""
import json
from datetime import timedelta
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

joined_at = timezone.now() - timedelta(days=30)
cookies = {{}}
for email in {[VEGAN, NUTS, *OTHERS, HOST]!r}:
    name = email.split("@")[0].title()
    member = Member.objects.with_email(email) or Member.objects.join(email, name, joined_at=joined_at)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(member.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    cookies[email] = [settings.SESSION_COOKIE_NAME, session.session_key]
print(json.dumps(cookies))
"""
# What was agreed on some days ago takes place in 23 hours, in a town where it is day: so the mails of the day before
# are due. No test can wait for the days in between.
DAYS_LATER = f"""
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone

now = timezone.now()
towns = Town.objects.order_by("-population")[:500]
town = next(town for town in towns if 10 <= now.astimezone(ZoneInfo(town.time_zone)).hour < 19)
begins = (now + timedelta(hours=23)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
gathering = Gathering.objects.get(title="{TITLE}")
gathering.town, gathering.time_zone, gathering.has_own_point = town, town.time_zone, False
gathering.day, gathering.starts = begins.date(), begins.time()
gathering.ends = (begins + timedelta(hours=2)).time()
gathering.published_at = now - timedelta(days=3)
gathering.rsvps.update(changed_at=now - timedelta(days=2))
gathering.save()
"""


@pytest.fixture
def page_of(stack: Stack, new_context: NewContext) -> Callable[[str], Page]:
    cookies = json.loads(stack.shell(PEOPLE))

    def of(email: str) -> Page:
        context = new_context()
        name, value = cookies[email]
        context.add_cookies([{"name": name, "value": value, "url": stack.url}])
        return context.new_page()

    return of


def test_everybody_reads_what_they_were_told_and_there_is_something_for_all(
    stack: Stack, mailbox: Mailbox, page_of: Callable[[str], Page]
) -> None:
    host = page_of(HOST)
    path = hosts_a_potluck(host)

    vegan = page_of(VEGAN)
    takes_a_seat(vegan, path)
    tells(vegan, "vegan", "Tell the table")
    brings(vegan, "A big bean stew", "Main dishes", "vegan", is_sure=False)

    allergic = page_of(NUTS)
    sits_with_two(allergic, path)
    tells(allergic, "nuts", "Tell the host")
    for email in OTHERS:
        takes_a_seat(page_of(email), path)

    host.goto(path)
    food = host.get_by_role("region", name="What comes to the table")
    expect(food).to_contain_text("Nothing yet without nuts for one guest, Ines, since they told you.")
    expect(food).to_contain_text("By what is said of them, these suit Robin: A big bean stew.")
    for reader, name in ((vegan, "you"), (allergic, "Robin")):
        reader.goto(path)
        expect(reader.get_by_role("listitem").filter(has_text=re.compile(f"{name}: vegan"))).to_have_count(1)
        expect(reader.get_by_text("Nothing yet")).to_have_count(0)
    expect(vegan.get_by_text("no nuts")).to_have_count(0)

    asks_the_table(host)
    vegan.reload()
    expect(vegan.get_by_text(ASKED)).to_be_visible()
    brings(allergic, "Figs", "Dessert", "", is_sure=True)
    host.goto(path)
    expect(food).to_contain_text("By what is said of them, these suit Ines: Figs.")

    stack.shell(DAYS_LATER)
    mails = {email: mailbox.newest(email, f": {TITLE}", seconds=150) for email in [HOST, VEGAN, NUTS, *OTHERS]}
    reads_exactly(mails.pop(HOST))
    for mail in mails.values():
        assert f"Mei asks of the table:\n> {ASKED}" in mail.text
        assert "Ines" not in mail.text
        assert mail.text.replace(ASKED, "").count("nuts") == 0
    assert "You bring: A big bean stew." in mails[VEGAN].text
    assert "You bring: Figs." in mails[NUTS].text


def hosts_a_potluck(page: Page) -> str:
    """For members only, so that no stranger in another test comes upon it."""
    begins = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=6)
    page.goto("/host/shared-meal/")
    page.get_by_label("What shall we call it?").fill(TITLE)
    page.get_by_label("Day", exact=True).fill(f"{begins:%Y-%m-%d}")
    page.get_by_label("From", exact=True).fill("19:00")
    page.get_by_label("To", exact=True).fill("21:00")
    page.get_by_label("Address and how to get in").fill("14 Saucepan Row, ring twice")
    page.get_by_label("Seats for guests").fill("8")
    page.get_by_text("More: town, way in").click()
    page.get_by_label("Who may see it").select_option("Members only")
    page.get_by_label("How many people a guest may bring").fill("2")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Your gathering is on the page.")).to_be_visible()
    return urlsplit(page.url).path


def takes_a_seat(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("button", name="Take a seat").first.click()
    expect(page.get_by_text("You have a seat.").first).to_be_visible()


def sits_with_two(page: Page, path: str) -> None:
    page.goto(f"{path}seat/")
    for companion, who in zip(page.get_by_role("group", name="Companion").all(), ("An adult", "A child"), strict=True):
        companion.get_by_label(who).check()
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_text("You have 3 seats.")).to_be_visible()


def tells(page: Page, what: str, whom: str) -> None:
    """By the button beside the seat; nothing is chosen before they choose."""
    page.get_by_role("link", name="What you eat, and whom to tell", exact=True).click()
    you = page.get_by_role("region", name="You", exact=True)
    for choice in ("Tell the host", "Tell the table", "Tell nobody"):
        expect(you.get_by_label(choice)).not_to_be_checked()
    you.get_by_label(what, exact=True).check()
    you.get_by_label(whom).check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("link", name="Change what you have told")).to_be_visible()


def brings(page: Page, what: str, course: str, diet: str, is_sure: bool) -> None:
    page.get_by_role("link", name="I have an idea of my own").click()
    page.get_by_label("What you bring").fill(what)
    page.get_by_label("What it is").select_option(course)
    page.get_by_text("What is in it, and what it needs").click()
    if diet:
        page.get_by_label(diet, exact=True).check()
    page.get_by_label("I am sure that is all" if is_sure else "I am not sure").check()
    page.get_by_role("button", name="I bring it").click()
    expect(page.get_by_text(f"It is on the list: {what}.")).to_be_visible()


def asks_the_table(page: Page) -> None:
    """The sentence to begin with names nobody; the host makes it their own."""
    page.get_by_role("link", name="Ask something of the table, in your own words").click()
    words = page.get_by_label("What you ask of your table")
    expect(words).to_have_value("Please, no nuts tonight.")
    words.fill(ASKED)
    page.get_by_role("button", name="Ask the table").click()
    expect(page.get_by_text("Your guests read it on the page from now on.")).to_be_visible()


def reads_exactly(mail: Mail) -> None:
    assert "Ines: no nuts" in mail.text
    assert "Robin: vegan" in mail.text
    assert "By what is said of them, these suit Ines: Figs." in mail.text
    assert "By what is said of them, these suit Robin: A big bean stew." in mail.text
    assert "It informs and promises nothing." in mail.text
