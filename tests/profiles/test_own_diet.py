"""What a member eats, kept for themself alone: with their yes, and gone with it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.profiles.diet_forms import CONSENT
from apps.profiles.diets import ALLERGENS, EATS
from apps.profiles.models import Diet, Member
from tests.factories import make_gathering, make_member, make_seat
from tests.odd import FINE, NUL, TIDIED, Page, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/settings/diet/"
TOLD: dict[str, Any] = {"diets": ["vegan"], "allergens": ["nuts", "milk"], "words": "No raw onions"}


def test_it_is_kept_with_the_words_of_the_yes_and_its_time(signed_in: Client, member: Member) -> None:
    page = Page.of(signed_in.get(URL))
    assert "is_agreed" not in page.values  # nothing is chosen for anybody
    assert not {"diets", "allergens"} & set(page.values)
    assert "we ask for your yes" in page.text
    answer = signed_in.post(URL, {**TOLD, "is_agreed": "on"}, follow=True)
    assert "Kept, for you alone." in answer.content.decode()
    diet = Diet.objects.get()
    assert (diet.member, diet.diets, diet.allergens, diet.words) == (member, ["vegan"], ["nuts", "milk"], TOLD["words"])
    assert (diet.consent_words, diet.consented_at is not None) == (str(CONSENT), True)
    again = Page.of(answer)
    assert (again.values["words"], "is_agreed" in again.values) == ("No raw onions", True)


def test_it_offers_the_fourteen_allergens_and_coeliac_as_a_need_of_its_own(signed_in: Client) -> None:
    assert len(ALLERGENS) == 14
    assert {"no-gluten", "coeliac"} <= set(EATS)
    page = Page.of(signed_in.get(URL))
    for words in ("rather no gluten", "coeliac: no gluten, and nothing that met flour", "cereals with gluten", "lupin"):
        assert words in page.text


def test_without_a_yes_nothing_is_kept_and_what_was_typed_stays(signed_in: Client) -> None:
    answer = signed_in.post(URL, TOLD)
    assert_refused(answer, "is_agreed", "We keep it only with your yes.")
    page = Page.of(answer)
    assert page.values["words"] == "No raw onions"
    ticked = {attrs["value"] for tag, attrs in page.elements if tag == "input" and "checked" in attrs}
    assert ticked == {"vegan", "nuts", "milk"}
    assert not Diet.objects.exists()


def test_emptied_it_is_gone_and_a_bare_yes_keeps_nothing(signed_in: Client) -> None:
    signed_in.post(URL, {**TOLD, "is_agreed": "on"})
    for _twice in range(2):
        assert signed_in.post(URL, {"is_agreed": "on"}).status_code == 302
        assert not Diet.objects.exists()


def test_taking_the_yes_back_deletes_all_of_it(signed_in: Client, member: Member) -> None:
    signed_in.post(URL, {**TOLD, "is_agreed": "on"})
    Diet.objects.keep(other := make_member(), "yes", diets=["halal"])
    for _twice in range(2):
        answer = signed_in.post(reverse("meals:take_back_diets"), follow=True)
        assert "All of it is deleted" in answer.content.decode()
    assert [each.member for each in Diet.objects.all()] == [other]
    assert "Delete all of it" not in signed_in.get(URL).content.decode()
    assert Page.of(signed_in.get(URL)).values["words"] == ""


@pytest.mark.parametrize("odd", [{"diets": ["raw"]}, {"allergens": ["plastic"]}, {"words": NUL}, {"words": "x" * 201}])
def test_what_no_list_has_or_no_line_holds_is_refused_and_nothing_kept(signed_in: Client, odd: dict[str, Any]) -> None:
    assert signed_in.post(URL, {**odd, "is_agreed": "on"}).status_code == 422
    assert not Diet.objects.exists()


@pytest.mark.parametrize(("written", "kept"), [*((text, text) for text in FINE), *TIDIED.items()])
def test_what_is_fine_to_write_is_shown_as_it_was_written(signed_in: Client, written: str, kept: str) -> None:
    signed_in.post(URL, {"words": written, "is_agreed": "on"})
    assert Diet.objects.get().words == kept
    assert Page.of(signed_in.get(URL)).shows(kept)


def test_it_takes_no_more_queries_for_many_tables_than_for_one(signed_in: Client, member: Member) -> None:
    from apps.meals.models import ToldDiet

    counts = []
    for more in (1, 6):
        for _ in range(more):
            ToldDiet.objects.tell(make_seat(make_gathering(), member), {None: {"to": "host", "diets": ["vegan"]}})
        signed_in.get("/help/")
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7, counts
