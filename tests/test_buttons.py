"""An address that only takes what a button sends leads whoever comes there otherwise to the page of the button."""

import re
from urllib.parse import urljoin

import pytest
from django.test import Client

from tests.factories import make_gathering

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "page"),
    [("rsvp/", ""), ("afterwards/answer/", "afterwards/"), ("food/needs/", "food/"), ("missed/", "")],
)
def test_the_page_of_a_button_is_named(signed_in: Client, address: str, page: str) -> None:
    at = make_gathering().get_absolute_url()
    answer = signed_in.get(f"{at}{address}")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "please send it once more" in answer.content.decode()
    [way] = re.findall(r'href="([^"]*)">Go to its page', answer.content.decode())
    assert urljoin(f"{at}{address}", way) == f"{at}{page}"


def test_what_is_sent_to_a_page_that_takes_nothing_is_answered_as_before(client: Client) -> None:
    answer = client.post("/robots.txt")
    assert (answer.status_code, answer.content) == (405, b"")
