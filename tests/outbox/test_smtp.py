"""The mail as it leaves the house: real SMTP into a local sink."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Keeper
from django.utils import timezone
from icalendar import Calendar
from pytest_django import Settings

from apps.gatherings.models import Gathering
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_gathering, make_seat

pytestmark = pytest.mark.django_db


class Sink(Keeper):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []

    def prepare_message(self, session: object, envelope: object) -> EmailMessage:
        return message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[attr-defined]  # no stubs

    def handle_message(self, message: EmailMessage) -> None:  # type: ignore[override]  # the policy makes it one
        self.mails.append(message)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield sink
    controller.stop()


def test_a_confirmation_has_both_parts_a_stable_id_and_a_valid_calendar_file(sink: Sink, member: Member) -> None:
    gathering = make_gathering(title='Soup, "bread"; and talk \N{POT OF FOOD}')
    rsvp = make_seat(gathering, member)
    message = member.mail.get()
    send()
    [mail] = sink.mails
    assert mail["Message-ID"] == message.message_id
    assert mail["To"] == member.email
    assert mail["Auto-Submitted"] == "auto-generated"
    assert gathering.title in mail["Subject"]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    for part in (text.get_content(), html.get_content()):
        assert "/m/" in part  # where the seat is given back
        assert "The address comes to you on" in part
        assert "14 Greville Street" not in part
    assert "<style" in html.get_content()
    assert len(mail.as_bytes()) < 60_000
    [file] = mail.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert file.get_filename() == "calendar.ics"
    calendar = Calendar.from_ical(file.get_content())
    assert calendar["METHOD"] == file.get_param("method") == "REQUEST"
    [entry] = calendar.walk("VEVENT")
    assert entry["SUMMARY"] == gathering.title
    assert entry.decoded("DTSTART") == gathering.starts_at
    assert entry.decoded("DTEND") == gathering.ends_at
    assert entry["ATTENDEE"] == f"mailto:{rsvp.member.email}"
    assert entry["LOCATION"] == "Southville, Bristol"
    assert "localhost" not in str(entry["UID"])
    assert entry.decoded("DTSTAMP") <= timezone.now()


def test_calling_off_takes_the_same_entry_out_of_the_calendar(sink: Sink, member: Member, gathering: Gathering) -> None:
    make_seat(gathering, member)
    send()
    gathering.cancel("The oven <b>gave up</b>.")
    send()
    request, cancel = (Calendar.from_ical(next(mail.iter_attachments()).get_content()) for mail in sink.mails)
    [before], [after] = request.walk("VEVENT"), cancel.walk("VEVENT")
    assert (cancel["METHOD"], after["STATUS"]) == ("CANCEL", "CANCELLED")
    assert before["UID"] == after["UID"]
    assert after.decoded("SEQUENCE") > before.decoded("SEQUENCE")
    html = sink.mails[1].get_body(("html",))
    assert html
    assert "The oven &lt;b&gt;gave up&lt;/b&gt;." in html.get_content()
    assert sink.mails[0]["References"] == sink.mails[1]["References"]
