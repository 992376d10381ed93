"""The table drawing in a mail: a part of what is read, missed by nobody who does not see it."""

import email
from email.message import Message as Mime
from typing import Any

import pytest
from django.core import mail

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.outbox.tasks import send
from tests.factories import make_member, make_seat

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


def confirmed(gathering: Gathering, **member: Any) -> Mime:
    """The mail that says that they have a seat, as it goes over the wire."""
    make_seat(gathering, make_member(**member))
    Message.objects.exclude(kind="seat_confirmed").delete()
    send()
    [sent] = mail.outbox
    return email.message_from_bytes(sent.message().as_bytes())


def kinds_of(part: Any) -> Any:
    inside, kind = part.get_payload(), part.get_content_type()
    return (kind, [kinds_of(each) for each in inside]) if isinstance(inside, list) else kind


def test_the_picture_belongs_to_the_words_and_the_calendar_stands_beside_them(gathering: Gathering) -> None:
    related = ("multipart/related", ["text/html", "image/png"])
    alternative = ("multipart/alternative", ["text/plain", related])
    assert kinds_of(confirmed(gathering)) == ("multipart/mixed", [alternative, "text/calendar"])


def test_the_words_show_that_very_picture_and_say_what_is_in_it(gathering: Gathering) -> None:
    parts = {part.get_content_type(): part for part in confirmed(gathering).walk()}
    png, html = (parts[kind].get_payload(decode=True) for kind in ("image/png", "text/html"))
    assert isinstance(png, bytes)
    assert png.startswith(PNG)
    assert isinstance(html, bytes)
    assert f'src="cid:{parts["image/png"]["Content-ID"][1:-1]}"'.encode() in html
    assert b'alt="Five seats, one taken, four free, and that one is yours"' in html


def test_the_whole_mail_is_small(gathering: Gathering) -> None:
    assert len(confirmed(gathering).as_bytes()) < 40_000


def test_a_discreet_member_gets_none(gathering: Gathering) -> None:
    whole = confirmed(gathering, is_discreet=True)
    assert kinds_of(whole) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html"]), "text/calendar"],
    )
    assert b"cid:" not in whole.as_bytes()


def test_who_sits_at_one_table_is_sent_one_picture(gathering: Gathering) -> None:
    """No name, no initials, and so nothing in it that some may see and others not."""
    for _ in range(2):
        make_seat(gathering)
    Message.objects.exclude(kind="seat_confirmed").delete()
    send()
    first, second = (email.message_from_bytes(each.message().as_bytes()) for each in mail.outbox)
    pictures = [
        [part.get_payload() for part in each.walk() if part.get_content_type() == "image/png"]
        for each in (first, second)
    ]
    assert pictures[0] == pictures[1] != []
