"""Comfort facts: yes, no, or not said; in the host's form, on the card, as filters, and asked for."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import browse
from apps.gatherings.comfort import ALL, DECIDING, FACTS, OTHERS, UNDER_MORE, facts_for
from apps.gatherings.models import Gathering, Question, queries
from apps.gatherings.models.comforts import Comforts
from apps.profiles.models import Member
from tests.factories import make_gathering
from tests.gatherings.test_hosting import typed
from tests.odd import MEGABYTE, NUL, PLAIN_AND_HTMX, SCRIPT, Page, all_rows, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

KINDS = Gathering.Kind.values


def words_of(page: Page) -> str:
    return " ".join(page.text.split())


def found(client: Client, **asked: str) -> list[str]:
    days = client.get("/near/bristol-gb/", asked).context["days"]
    return [each.title for day in days for each in day.cards]


# What is declared


def test_every_column_that_is_yes_no_or_not_said_is_a_fact_and_every_fact_has_one() -> None:
    columns = [field for field in Comforts._meta.get_fields() if isinstance(field, models.BooleanField)]
    assert [field.name for field in columns] == list(FACTS)
    assert all(field.null and field.default is None for field in columns)


def test_kinds_that_a_fact_is_for_are_kinds_of_gatherings() -> None:
    assert {kind for fact in ALL for kind in fact.kinds} <= set(KINDS)
    assert {fact.field for fact in facts_for("walk")} < {fact.field for fact in facts_for("dinner")}


def test_every_fact_can_be_searched_for_by_a_name_of_its_own() -> None:
    names = [answer.switch for fact in ALL for answer in (fact.yes, fact.no) if answer.switch]
    assert all(fact.yes.switch for fact in ALL)
    taken = {*browse.EVENING, *browse.SEATS, *browse.FIRST, *browse.PUBLIC}
    assert len(set(names) | taken) == len(names) + len(taken)


# Searching


@pytest.mark.parametrize(
    ("name", "fact", "is_so"),
    [
        (answer.switch, fact.field, is_so)
        for fact in ALL
        for is_so, answer in ((True, fact.yes), (False, fact.no))
        if answer.switch
    ],
)
def test_what_is_not_said_passes_no_filter_and_neither_does_the_opposite(
    client: Client, name: str, fact: str, is_so: bool
) -> None:
    said: dict[str, Any] = {fact: is_so}
    otherwise: dict[str, Any] = {fact: not is_so}
    make_gathering(title="Said so", kind=(FACTS[fact].kinds or ["dinner"])[0], **said)
    make_gathering(title="Said otherwise", **otherwise)
    make_gathering(title="Not said")
    assert found(client, **{name: "1"}) == ["Said so"]
    assert len(found(client, **{name: "0"})) == len(found(client)) == 3


def test_a_filter_that_lets_the_unsaid_pass_would_be_seen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    make_gathering(title="Not said")
    lenient = ("Quiet", lambda gatherings: gatherings.exclude(is_quiet=False))
    monkeypatch.setitem(browse.SWITCHES, "quiet", lenient)
    assert found(client, quiet="1") == ["Not said"]


def test_a_public_place_is_one_by_its_setting(client: Client) -> None:
    make_gathering(title="Home")
    make_gathering(title="Café", setting="public")
    make_gathering(title="Rooms", setting="community")
    assert found(client, public="1") == ["Café"]


def test_languages_are_found_with_the_words(client: Client) -> None:
    make_gathering(title="Soup", languages="English, Polski")
    make_gathering(title="Stew")
    assert found(client, q="polski") == ["Soup"]


@pytest.mark.parametrize("typed", ["Polish", "polski", "POLSKI", "pol", "some Polish"])
def test_a_language_is_found_by_either_of_its_names_where_its_host_has_said_it(client: Client, typed: str) -> None:
    make_gathering(title="Pierogi", languages="English, Polski" if typed != "some Polish" else "English, some Polish")
    make_gathering(title="Polish the silver", languages="English")
    make_gathering(title="Polski film", words="Polish with captions.")
    assert found(client, speaks=typed) == ["Pierogi"]
    assert found(client, speaks=typed, q="nothing of the sort") == []
    assert found(client, speaks="English", q="silver") == ["Polish the silver"]


def test_control_a_language_looked_for_in_all_words_would_be_found_elsewhere(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SPOKEN", queries.SAID)
    make_gathering(title="Polski film")
    assert found(client, speaks="Polski") == ["Polski film"]


def test_a_door_as_wide_or_wider_passes_and_one_that_is_not_said_never_does(client: Client) -> None:
    for width in (79, 80, 90, 110, None):
        make_gathering(title=f"{width}", door_width=width)
    assert sorted(found(client, door="80")) == ["110", "80", "90"]
    assert sorted(found(client, door="90")) == ["110", "90"]
    assert len(found(client, door="30")) == 5
    page = client.get("/near/bristol-gb/?door=80&quiet=1").context["search"]
    chips = {chip.label: (chip.url, chip.is_chosen) for chip in page.more_comfort_chips}
    assert chips["Door 80 cm or wider"] == ("/near/bristol-gb/?quiet=1", True)
    assert chips["Door 90 cm or wider"] == ("/near/bristol-gb/?door=90&quiet=1", False)
    assert page.has_more_comfort


def test_language_and_door_cost_no_query_more(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_gathering(languages="English", door_width=90)
    with django_assert_max_num_queries(4):
        assert len(found(client, speaks="English", door="80", q="soup")) == 1


def test_more_comforts_are_folded_until_one_is_chosen(client: Client) -> None:
    make_gathering(has_vegan=True)
    for asked, is_open in (({}, False), ({"quiet": "1"}, False), ({"vegan": "1"}, True), ({"public": "1"}, True)):
        page = Page.of(client.get("/near/bristol-gb/", asked))
        [fold, *_others] = [attrs for tag, attrs in page.elements if tag == "details"]
        assert ("open" in fold) == is_open
        assert "Vegan possible" in page.text


# Cards


def test_a_small_card_says_three_facts_at_most_and_none_that_is_not_so(client: Client) -> None:
    make_gathering(is_step_free=False, is_alcohol_free=True, is_quiet=True, is_scent_free=True, has_vegan=True)
    card = client.get("/near/bristol-gb/").content.decode().split("<article", 1)[1].split("</article", 1)[0]
    said = [fact.brief for fact in ALL if fact.brief and f"<span>{fact.brief}</span>" in card]
    assert said == ["no alcohol", "quiet", "scent-free"]


def test_a_card_says_that_it_costs_nothing_unless_the_host_says_more(client: Client) -> None:
    gathering = make_gathering(is_costless=True)
    assert "costs nothing" in client.get("/near/bristol-gb/").content.decode()
    Gathering.objects.filter(pk=gathering.pk).update(cost="Nothing, really")
    page = client.get("/near/bristol-gb/").content.decode()
    assert "cost: Nothing, really" in page
    assert "costs nothing" not in page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_so", [True, False])
def test_the_page_shows_every_fact_as_it_was_said(client: Client, kind: str, is_so: bool) -> None:
    said: dict[str, Any] = {fact.field: is_so for fact in facts_for(kind)}
    gathering = make_gathering(kind=kind, **said)
    page = words_of(Page.of(client.get(gathering.get_absolute_url())))
    for fact in facts_for(kind):
        assert str(fact.answer(is_so).words) in page
    assert "not said" not in page.lower().partition("know before you go")[2]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_said_is_shown_so_with_one_ask_each(signed_in: Client, kind: str) -> None:
    page = Page.of(signed_in.get(make_gathering(kind=kind).get_absolute_url()))
    for fact in DECIDING:
        assert f"{fact.topic}: not said" in words_of(page)
    links = [attrs.get("href", "") for tag, attrs in page.elements if tag == "a"]
    assert [href.partition("?fact=")[2] for href in links if "?fact=" in href] == [
        fact.field for fact in facts_for(kind)
    ]
    assert "Not said: scents" in words_of(page) or "Not said: captions" in words_of(page)


def test_a_cost_in_words_is_a_cost_that_is_said(client: Client) -> None:
    page = Page.of(client.get(make_gathering(cost="Two pounds").get_absolute_url()))
    assert "fact=is_costless" not in str(page.elements)


def test_the_host_reads_what_is_not_said_without_a_button(signed_in: Client, member: Member) -> None:
    page = Page.of(signed_in.get(make_gathering(host=member).get_absolute_url()))
    assert "Not said: scents" in words_of(page)
    assert "?fact=" not in str(page.elements)


def test_languages_door_and_whom_it_is_for_stand_on_the_page(client: Client) -> None:
    said: dict[str, Any] = {"languages": "English & Polish", "for_whom": "Anyone who likes soup", "door_width": 82}
    page = words_of(Page.of(client.get(make_gathering(**said).get_absolute_url())))
    for words in ("English & Polish", "Anyone who likes soup", "82 cm at the narrowest door"):
        assert words in page


# Asking


def test_any_fact_can_be_asked_for_and_its_answer_fills_the_card(signed_in: Client, member: Member) -> None:
    gathering = make_gathering()
    signed_in.post(f"{gathering.get_absolute_url()}ask/", {"fact": "has_halal"})
    question = Question.objects.get()
    host = Client()
    host.force_login(gathering.host)
    url = f"{gathering.get_absolute_url()}questions/{question.pk}/"
    page = Page.of(host.get(url))
    assert "Is halal food possible?" in page.text
    assert not page.values.get("fact")
    host.post(url, {"fact": "yes"})
    gathering.refresh_from_db()
    assert gathering.has_halal is True
    assert "Halal possible" in Page.of(signed_in.get(gathering.get_absolute_url())).text


def test_a_fact_of_another_kind_is_not_asked_for(signed_in: Client) -> None:
    walk = make_gathering(kind="walk")
    signed_in.post(f"{walk.get_absolute_url()}ask/", {"fact": "has_halal", "words": "Is there tea?"})
    assert [(each.fact, each.words) for each in Question.objects.all()] == [("", "Is there tea?")]


# The host's form


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_asks_what_concerns_its_kind_and_nothing_is_preselected(signed_in: Client, kind: str) -> None:
    page = signed_in.get(f"/host/{kind}/")
    asked = [name for name in page.context["form"].fields if name in FACTS]
    assert asked == [fact.field for fact in UNDER_MORE if fact.is_for(kind)]
    assert not [name for name in asked if Page.of(page).values.get(name)]


def test_what_a_host_says_is_kept_through_the_preview_and_changed_later(signed_in: Client, member: Member) -> None:
    said = {"is_quiet": "yes", "is_softly_lit": "no", "has_vegan": "unsaid", "has_captions": "yes"}
    said |= {"door_width": "82", "languages": "English", "for_whom": "Anyone"}
    signed_in.post("/host/dinner/", typed(**said))
    gathering = Gathering.objects.get()
    signed_in.post(f"{gathering.get_absolute_url()}publish/", {"is_step_free": "yes"})
    gathering.refresh_from_db()
    assert (gathering.is_quiet, gathering.is_softly_lit, gathering.has_vegan) == (True, False, None)
    assert gathering.has_captions is None  # there is no film at a dinner
    assert (gathering.door_width, gathering.languages, gathering.for_whom) == (82, "English", "Anyone")
    url = f"{gathering.get_absolute_url()}edit/"
    page = Page.of(signed_in.get(url))
    assert [page.values[name] for name in ("is_quiet", "is_softly_lit", "has_vegan")] == ["yes", "no", "unsaid"]
    signed_in.post(url, typed(is_quiet="unsaid", is_softly_lit="yes", door_width=""))
    gathering.refresh_from_db()
    assert (gathering.is_quiet, gathering.is_softly_lit, gathering.door_width) == (None, True, None)


def test_a_draft_that_says_nothing_has_nothing_chosen(signed_in: Client, member: Member) -> None:
    draft = make_gathering(host=member, is_draft=True, is_quiet=True)
    page = Page.of(signed_in.get(f"{draft.get_absolute_url()}edit/"))
    assert page.values["is_quiet"] == "yes"
    assert not page.values.get("is_scent_free")


@pytest.mark.parametrize("width", ["39", "301", "0", "-1", "1000000000"])
def test_a_door_is_one_to_go_through(signed_in: Client, width: str) -> None:
    before = all_rows()
    for headers in PLAIN_AND_HTMX:
        answer = signed_in.post("/host/dinner/", typed(door_width=width), headers=headers)
        assert_refused(answer, "door_width", "Somewhere between 40 and 300, please.", width)
    assert all_rows() == before


@pytest.mark.parametrize("width", [39, 301])
def test_the_database_knows_no_other_door(width: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_gathering(door_width=width)


@pytest.mark.parametrize("said", ["maybe", "True", NUL, SCRIPT, MEGABYTE], ids=lambda said: said[:8])
def test_a_fact_that_is_no_answer_keeps_no_draft_and_opens_what_is_folded(signed_in: Client, said: str) -> None:
    before = all_rows()
    answer = signed_in.post("/host/dinner/", typed(is_quiet=said, is_scent_free="yes"))
    assert answer.status_code == 422
    page = Page.of(answer)
    assert page.words["id_is_quiet_error"].strip()
    assert page.values["is_scent_free"] == "yes"
    assert any("open" in attrs for tag, attrs in page.elements if tag == "details")
    assert all_rows() == before


def test_an_edit_by_whoever_is_not_asked_leaves_the_facts_as_they_are(signed_in: Client, member: Member) -> None:
    said = {fact.field: True for fact in OTHERS}
    gathering = make_gathering(timezone.now() + timedelta(days=3), host=member, **said)
    signed_in.post(f"{gathering.get_absolute_url()}edit/", typed())
    gathering.refresh_from_db()
    assert {name: getattr(gathering, name) for name in said} == said
