"""The mailbox of a development copy at /mail/, read as a person reads it."""

import re
import time
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

LONGEST_WAIT = 30  # seconds until somebody asks where their mail is
CODE = re.compile(r"Your code: (\S+)")


@dataclass(frozen=True)
class Mail:
    """What a mail shows: its words as plain text, and the entry of its calendar file if it has one."""

    subject: str
    text: str
    sent_at: datetime
    calendar: str = ""

    @property
    def code(self) -> str:
        found = CODE.search(self.text)
        assert found, f"There is no code in this mail:\n{self.text}"
        return found[1]

    @property
    def entry(self) -> dict[str, str]:
        """The one event of the calendar file, by the names that the format has for its lines."""
        [event] = Calendar.from_ical(self.calendar).walk("VEVENT")
        return {name: str(event[name]) for name in ("SUMMARY", "LOCATION") if name in event}


class Mailbox:
    """Mail that was opened once counts as read; asked for mail, it gives the newest that is still unread."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.read: set[str] = set()
        # The page would load itself anew when mail comes, which may be just while it is opened; it is to ask in vain.
        page.route("**/mail/sent/latest/", lambda asked: asked.abort())

    def links_to(self, address: str, subject: str) -> list[str]:
        """Where the mails to this address open whose subject has these words in it, the newest first."""
        self.page.goto("/mail/")
        lines = self.page.get_by_role("link").filter(has_text=address).filter(has_text=subject)
        return [href for link in lines.all() if (href := link.get_attribute("href"))]

    def newest(self, address: str, subject: str = "", seconds: float = LONGEST_WAIT) -> Mail:
        """Waits for it. Raises an AssertionError if nothing comes within these seconds."""
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            unread = [href for href in self.links_to(address, subject) if href not in self.read]
            if unread:
                self.read.update(unread)
                return self.open(unread[0])
            self.page.wait_for_timeout(250)
        raise AssertionError(f"No mail “{subject}” to {address} came within {seconds} s.")

    def open(self, href: str) -> Mail:
        page = self.page
        page.goto(href)
        message = page.get_by_role("article")
        subject = message.get_by_role("heading", level=1).inner_text()
        sent_at = message.get_by_role("time").get_attribute("datetime")
        assert sent_at
        html = page.frame_locator("iframe").locator("body")
        expect(html).not_to_be_empty()
        calendar = self.calendar_file(message)
        message.get_by_role("link", name="Plain text").click()
        text = message.locator("pre:visible").inner_text()
        return Mail(subject, text, datetime.fromisoformat(sent_at), calendar)

    def calendar_file(self, message: Locator) -> str:
        files = message.get_by_role("link", name=re.compile(r"\.ics$"))
        if not files.count():
            return ""
        with self.page.expect_download() as download:
            files.click()
        return download.value.path().read_text()
