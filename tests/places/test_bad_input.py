"""Looking for towns with what is no town's name, on both databases."""

import pytest
from django.test import Client

from apps.places.models import Town
from tests.odd import FINE, INVISIBLE, MEGABYTE, NUL, TIDIED, Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("bristol")]
ODD = [
    *FINE,
    *INVISIBLE,
    *TIDIED,
    NUL,
    MEGABYTE,
    "%",
    "_",
    "\\",
    ",",
    ",,,",
    "*",
    "\U0010ffff",
    "a" + "\u0301\u0327" * 250_000,
]


@pytest.mark.parametrize("typed", ODD, ids=lambda text: ascii(text)[:24])
def test_what_is_no_town_is_an_empty_and_harmless_answer(client: Client, typed: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get("/places/towns/", {"q": typed, "hx-get": "/x", "limit": "1000000000"}, headers=headers)
        assert answer.status_code == 200
        page = Page.of(answer)
        assert page.is_harmless
        assert page.text.strip() == ""
    assert Town.objects.best_match(typed) is None


def test_the_last_of_several_questions_counts(client: Client) -> None:
    assert "Bristol" in client.get("/places/towns/", {"q": ["Atlantis", "bristol"]}).content.decode()
    assert "Bristol" not in client.get("/places/towns/", {"q": ["bristol", "Atlantis"]}).content.decode()
