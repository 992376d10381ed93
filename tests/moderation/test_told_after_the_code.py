"""What somebody reads who signs in and may not: a place that is paused or has ended; and nobody else reads of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.moderation.models import Suspension
from apps.privacy.tasks import often
from apps.profiles.models import Member
from tests.factories import make_member
from tests.privacy.visits import BACK, CODE, LOGIN, leave, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WORDS = "Please leave others room to speak."
PAUSED, ENDED = "Your place here is paused", "Your place here has ended"


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada Lovelace", email="ada@example.org")


def read(visitor: Client) -> str:
    answer = visitor.get(BACK)
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_a_suspended_member_reads_until_when_what_was_written_to_them_and_whom_to_write(
    ada: Member, settings: Any
) -> None:
    until = timezone.now().date() + timedelta(days=20)
    Suspension.objects.impose(ada, until, WORDS)
    visitor, led_to = sign_in("ada@example.org")
    assert led_to == BACK
    page = read(visitor)
    for said in (PAUSED, f"{until:%A} {until.day} {until:%B %Y}", WORDS, f"mailto:{settings.COMMUNITY_EMAIL}"):
        assert said in page
    assert ENDED not in page
    assert visitor.get("/table/").status_code == 302


def test_a_banned_member_reads_that_it_has_ended_and_whom_to_write(ada: Member, settings: Any) -> None:
    Suspension.objects.impose(ada, None, WORDS)
    page = read(sign_in("ada@example.org")[0])
    for said in (ENDED, WORDS, f"mailto:{settings.COMMUNITY_EMAIL}"):
        assert said in page
    assert PAUSED not in page


def test_without_words_of_the_moderators_there_is_no_place_for_them(ada: Member) -> None:
    Suspension.objects.impose(ada, None)
    assert "What the moderators write to you" not in read(sign_in("ada@example.org")[0])


@pytest.mark.parametrize(("days", "said"), [(60, PAUSED), (None, ENDED)])
def test_so_does_whoever_had_left_and_whose_account_is_gone(
    ada: Member, days: int | None, said: str, time_machine: Any
) -> None:
    leave(ada)
    Suspension.objects.impose(ada, timezone.now().date() + timedelta(days=days) if days else None, WORDS)
    time_machine.move_to(timezone.now() + timedelta(days=15))
    often()
    visitor, led_to = sign_in("ada@example.org")
    assert led_to == BACK
    assert said in read(visitor)


def test_nothing_is_told_before_the_code_nor_to_anybody_else_nor_later(ada: Member, time_machine: Any) -> None:
    """The same to the byte as for an address that nobody has, but for its token; and as for a stranger."""
    stranger = read(Client())
    Suspension.objects.impose(ada, None, WORDS)
    answers = []
    for email in ("ada@example.org", "nobody@example.org"):
        visitor = Client()
        asked = visitor.post(LOGIN, {"email": email})
        wrong = visitor.post(CODE, {"code": "WRONG1"})
        answers.append((asked.status_code, asked["Location"], wrong.status_code))
        assert ENDED not in wrong.content.decode()
        assert read(visitor) == stranger
    assert answers[0] == answers[1]
    other = sign_in(make_member("Eve").email)[0]
    assert not any(said in read(other) for said in (PAUSED, ENDED, WORDS))
    visitor, _led_to = sign_in("ada@example.org")
    assert ENDED in read(visitor)
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    assert read(visitor) == stranger


def test_whoever_is_let_back_reads_nothing_of_it_any_more(ada: Member) -> None:
    Suspension.objects.impose(ada, None, WORDS)
    visitor, _led_to = sign_in("ada@example.org")
    Suspension.objects.lift(ada)
    assert read(visitor) == read(Client())
