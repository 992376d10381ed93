"""A co-host is removed while their pages are open: what they press then is answered, and does nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
HOST, HELPER = "host-with-help@example.net", "helper@example.net"
TITLE = "A table with help"

LAY = f"""
import json
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone
from apps.gatherings.models import CoHost

town = Town.objects.get(slug="bristol-gb")
host, helper, wren, otto = (Member.objects.join(email, name, town) for email, name in (
    ("{HOST}", "Ines"), ("{HELPER}", "Hal"), ("asks-to-come@example.net", "Wren"),
    ("has-a-seat@example.net", "Otto")))
begins = (timezone.now() + timedelta(hours=5)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
gathering = Gathering.objects.create(
    host=host, kind="tea", title="{TITLE}", address="3 Harbour Row", town=town, seats_wanted=4, asks_first=True,
    visibility="members", time_zone=town.time_zone, day=begins.date(), starts=begins.time(),
    ends=(begins + timedelta(hours=1)).time(),
)
gathering.publish()
gathering.seat(wren)
gathering.seat(otto).admit()
CoHost.invite(gathering, helper.email)
gathering.co_hosts.get().accept(helper)
print(json.dumps(gathering.key))
"""


def press(page: Page, name: str) -> int:
    """The button of this name; gives how its request was answered."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name=name).click()
    return answered.value.status


def test_what_a_removed_co_host_presses_does_nothing(
    stack: Stack, new_context: NewContext, cookies_of: Callable[[str], Any]
) -> None:
    path = f"/gatherings/{json.loads(stack.shell(LAY).splitlines()[-1])}/"
    helpers = new_context(storage_state=cookies_of(HELPER))
    guests, edit, note, table = (helpers.new_page() for _ in range(4))
    guests.goto(f"{path}guests/")
    expect(guests.get_by_role("region", name="They would like to come")).to_contain_text("Wren")
    edit.goto(f"{path}edit/")
    edit.get_by_label("What shall we call it?").fill("A table of mine")
    note.goto(f"{path}note/")
    note.get_by_role("textbox").fill("It is off.")

    host = new_context(storage_state=cookies_of(HOST)).new_page()
    host.goto(f"{path}co-hosts/")
    host.get_by_role("button", name="Remove Hal").click()
    expect(host.get_by_text("Done. They no longer help to host.")).to_be_visible()

    assert press(guests, "Say yes") == 404
    assert press(edit, "Save the changes") == 404
    assert press(note, "Send it") == 404
    host.goto(f"{path}guests/")
    expect(host.get_by_role("region", name="They would like to come")).to_contain_text("Wren")
    host.goto(path)
    expect(host.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(host.get_by_text("It is off.")).to_have_count(0)

    table.goto("/table/")
    expect(table.get_by_role("link", name=TITLE)).to_have_count(0)
    table.goto(path)  # as any member reads it
    expect(table.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(table.get_by_text("You are a co-host.")).to_have_count(0)
    expect(table.get_by_text("3 Harbour Row")).to_have_count(0)
