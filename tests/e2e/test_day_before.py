"""The reminder of the day before, by the real worker and beat."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.mailbox import Mailbox
from tests.e2e.reminder import ADDRESS, EMAIL, TITLE, Reminder

pytestmark = pytest.mark.browser

WITHIN = timedelta(minutes=2)
A_MOMENT = timedelta(seconds=6)  # in which a sweep has come to its end


def test_the_mail_of_the_day_before_comes_within_two_minutes_and_only_once(
    mailbox: Mailbox, reminder: Reminder
) -> None:
    subject = f"Tomorrow at {reminder.begins:%H:%M}: {TITLE}"
    mail = mailbox.newest(EMAIL, subject, WITHIN.total_seconds())

    assert mail.sent_at - reminder.put_at < WITHIN
    assert ADDRESS in mail.text
    assert mail.entry["SUMMARY"] == TITLE
    assert ADDRESS in mail.entry["LOCATION"]

    wait_until(mailbox, mail.sent_at.replace(second=0, microsecond=0) + timedelta(minutes=1) + A_MOMENT)
    assert len(mailbox.links_to(EMAIL, subject)) == 1


def wait_until(mailbox: Mailbox, moment: datetime) -> None:
    """The next sweep is looked for at the next full minute."""
    milliseconds = (moment - datetime.now(UTC)).total_seconds() * 1000
    mailbox.page.wait_for_timeout(max(0, milliseconds))
