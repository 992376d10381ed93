"""Codes are guessed by nobody, asked for by anybody, and keep nobody out."""

import os
import time

import pytest
from django.core import mail
from django.test import Client

from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles import codes
from apps.profiles.models import Member
from tests.factories import make_member
from tests.profiles.test_sign_in import CODE, JOINING, LOGIN, code_from_mail

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
IS_FULL = os.environ.get("FAULTS_SIZE") == "full"
GUESSES, PLACES = (10_000, 100) if IS_FULL else (180, 6)


TEN_MINUTES = 600


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada", email="ada@example.org")


def test_an_inbox_gets_six_codes_in_ten_minutes_and_the_newest_opens_the_door(client: Client) -> None:
    answers = [client.post(LOGIN, JOINING).status_code for _ in range(8)]
    assert answers == [302] * 8
    assert Message.objects.filter(kind="sign_in_code").count() == 6
    assert client.post(CODE, {"code": code_from_mail()})["Location"] == "/table/"


def test_a_code_opens_the_door_once(ada: Member) -> None:
    visitors = [Client() for _ in range(9)]
    for visitor in visitors:
        visitor.post(LOGIN, {"email": ada.email})
    code = code_from_mail()
    assert visitors[-1].post(CODE, {"code": code})["Location"] == "/table/"
    late = Client()
    answer = late.post(LOGIN, {"email": ada.email})
    assert (answer.status_code, "several codes already" in answer.content.decode()) == (422, True)


def attack(ada: Member, places: int, guesses: int) -> tuple[int, int]:
    """From so many addresses, each beginning anew as often as it is let. How many guesses were weighed, and got in."""
    weighed = got_in = 0
    for place in range(places):
        visitor = Client(REMOTE_ADDR=f"203.0.113.{place}")
        for _guess in range(guesses // places):
            answer = visitor.post(CODE, {"code": "BCDF-GHJK"})
            if answer.status_code == 302:  # no code is asked for here, or no more
                visitor.post(LOGIN, {"email": ada.email})
                answer = visitor.post(CODE, {"code": "BCDF-GHJK"})
            weighed += answer.status_code == 422
            got_in += "_auth_user_id" in visitor.session
    return weighed, got_in


def test_guesses_from_many_addresses_let_nobody_in_and_keep_nobody_out(ada: Member) -> None:
    """Ten thousand from a hundred, at full size."""
    began = time.monotonic()
    weighed, got_in = attack(ada, PLACES, GUESSES)
    windows = 1 + int((time.monotonic() - began) / TEN_MINUTES)  # ten thousand may take longer than one
    assert got_in == 0
    assert weighed <= PLACES * 21  # each place has its twenty, whatever it begins anew
    send()
    assert 6 <= len(mail.outbox) <= 6 * windows  # and that is all that Ada's inbox has seen of it
    at_home = Client(REMOTE_ADDR="198.51.100.7")
    at_home.post(LOGIN, {"email": ada.email})
    assert at_home.post(CODE, {"code": code_from_mail()})["Location"] == "/table/"


def test_without_a_limit_for_each_place_every_guess_would_be_weighed(
    ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    monkeypatch.setattr(codes, "may_guess", lambda request, email: True)
    assert attack(ada, 1, 30)[0] > 21
