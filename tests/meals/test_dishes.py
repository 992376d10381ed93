"""Who brings what: taking it, saying more of it, and no longer bringing it by giving the seat back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.models import CoHost, Companion, Gathering
from apps.meals.laid import laid
from apps.meals.models import (
    BringsEnough,
    Dish,
    HostCooks,
    Meal,
    NeedTaken,
    NobodyEats,
    NotAtTheTable,
    TableIsLaden,
)
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.factories import make_gathering, make_member, make_seat
from tests.odd import FINE, INVISIBLE, NUL, TIDIED, Page, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def potluck() -> Gathering:
    return make_gathering(kind="shared-meal", seats=5, most_companions=2)


@pytest.fixture
def guest(potluck: Gathering, member: Member) -> Member:
    make_seat(potluck, member)
    return member


def on_the_table(gathering: Gathering) -> list[str]:
    return [str(dish) for dish in Dish.objects.on_the_table().filter(gathering=gathering).to_read()]


def page_of(client: Client, gathering: Gathering) -> str:
    return " ".join(client.get(gathering.get_absolute_url()).content.decode().split())


def url_of(gathering: Gathering, address: str = "") -> str:
    return f"{gathering.get_absolute_url()}dishes/{address}"


def open_of(gathering: Gathering) -> dict[str, int]:
    return {each.need.key: each.number for each in laid(gathering).open}


# One click, and one's own idea


def test_one_click_takes_what_is_needed_and_twice_takes_it_once(
    signed_in: Client, guest: Member, potluck: Gathering
) -> None:
    assert open_of(potluck)["mains"] == 2
    for _press in range(2):
        page = signed_in.post(url_of(potluck, "take/mains/"), follow=True).content.decode()
        assert "It is on the list: A main dish." in page
    dish = Dish.objects.get()
    assert (dish.bringer, dish.place, dish.serves, dish.is_sure) == (guest, 1, 5, None)
    assert open_of(potluck)["mains"] == 1


def test_what_is_taken_meanwhile_is_said_kindly_and_changes_nothing(
    signed_in: Client, guest: Member, potluck: Gathering
) -> None:
    noor = make_member("Noor")
    make_seat(potluck, noor)
    Dish.objects.take(potluck, noor, "dessert")
    page = signed_in.post(url_of(potluck, "take/dessert/"), follow=True).content.decode()
    assert str(NeedTaken.sentence) in page
    assert Dish.objects.count() == 1


def test_an_idea_of_ones_own_is_three_fields_and_fills_a_need(
    signed_in: Client, guest: Member, potluck: Gathering
) -> None:
    page = Page.of(signed_in.get(url_of(potluck)))
    assert page.values["serves"] == "6"
    said = {"what": "Plum cake", "need": "dessert", "serves": "8"}
    for _press in range(2):
        assert "It is on the list: Plum cake." in signed_in.post(url_of(potluck), said, follow=True).content.decode()
    dish = Dish.objects.get()
    assert (dish.place, dish.serves, dish.allergens, dish.is_sure) == (1, 8, [], None)
    assert "dessert" not in open_of(potluck)
    signed_in.post(url_of(potluck), {**said, "what": "Figs"})  # more than is needed is welcome
    assert list(Dish.objects.values_list("what", "place")) == [("Plum cake", 1), ("Figs", None)]


def test_all_that_is_said_of_a_dish_stands_beside_it(signed_in: Client, guest: Member, potluck: Gathering) -> None:
    said = {
        "what": "Plum cake", "need": "dessert", "serves": "8", "diets": ["vegetarian"],
        "allergens": ["eggs", "milk"], "is_sure": "no", "needs_oven": "on", "needs_fridge": "on",
    }  # fmt: skip
    signed_in.post(url_of(potluck), said)
    page = page_of(signed_in, potluck)
    for words in (
        "Dessert, for about 8. Needs the oven. Needs the fridge. It is: vegetarian. Contains: eggs, milk.",
        "Not sure what else is in it",
        "It informs and promises nothing",
    ):
        assert words in page
    dish = Dish.objects.get()
    again = Page.of(signed_in.get(url_of(potluck, f"{dish.pk}/")))
    assert (again.values["is_sure"], again.values["what"]) == ("no", "Plum cake")
    signed_in.post(url_of(potluck, f"{dish.pk}/"), {"what": "Pears", "need": "sides", "is_sure": "yes"})
    dish.refresh_from_db()
    assert (dish.what, dish.need, dish.serves, dish.diets, dish.is_sure) == ("Pears", "sides", 6, [], True)
    assert "None of the fourteen allergens" in page_of(signed_in, potluck)


def test_what_is_not_said_of_a_dish_is_not_shown_as_none(signed_in: Client, guest: Member, potluck: Gathering) -> None:
    Dish.objects.bring(potluck, guest, "dessert", "Plum cake")
    page = page_of(signed_in, potluck)
    assert "None of the fourteen" not in page
    assert "Contains" not in page
    assert "Dessert. Not said what is in it" in page
    assert "It informs and promises nothing" in page


@pytest.mark.parametrize(
    ("is_sure", "rest"),
    [
        (None, "Not said what else is in it"),
        (False, "Not sure what else is in it"),
        (True, "None of the other allergens"),
    ],
)
def test_a_dish_of_which_all_is_said_reads_otherwise_than_one_of_which_only_some_is(
    signed_in: Client, guest: Member, potluck: Gathering, is_sure: bool | None, rest: str
) -> None:
    Dish.objects.bring(potluck, guest, "dessert", "Plum cake", allergens=["milk"], is_sure=is_sure)
    assert f"Contains: milk. {rest}" in page_of(signed_in, potluck)


def test_help_serves_nobody_and_has_nothing_in_it(signed_in: Client, guest: Member, potluck: Gathering) -> None:
    page = signed_in.post(url_of(potluck, "take/washing-up/"), follow=True).content.decode()
    assert "It is on the list: Washing up." in page
    assert "for about" not in page
    assert "is in it" not in page
    assert Dish.objects.get().serves is None


@pytest.mark.parametrize(
    ("label", "allergen", "words"),
    [
        ("vegan", "milk", "It cannot be “vegan” and contain milk. Which is it?"),
        ("vegetarian", "fish", "It cannot be “vegetarian” and contain fish. Which is it?"),
        ("no-gluten", "gluten", "It cannot be “no gluten ingredients” and contain cereals with gluten. Which is it?"),
        ("apart-from-flour", "gluten", "It cannot be “kept apart from flour” and contain cereals with gluten."),
    ],
)
def test_labels_that_cannot_both_be_true_are_asked_about_and_not_kept(
    signed_in: Client, guest: Member, potluck: Gathering, label: str, allergen: str, words: str
) -> None:
    said = {"what": "Stew", "need": "mains", "diets": [label], "allergens": [allergen]}
    answer = signed_in.post(url_of(potluck), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Page.of(answer).values["what"] == "Stew"
    assert not Dish.objects.exists()
    signed_in.post(url_of(potluck), {**said, "allergens": ["nuts"]})
    assert Dish.objects.get().diets == [label]


@pytest.mark.parametrize("odd", ["0", "-1", "1.5", "51", "1000000000", "six"])
def test_an_odd_number_of_servings_is_refused_in_a_sentence(
    signed_in: Client, guest: Member, potluck: Gathering, odd: str
) -> None:
    answer = signed_in.post(url_of(potluck), {"what": "Soup", "need": "mains", "serves": odd})
    assert_refused(answer, "serves", "A whole number from 1 to 50, please.", kept=odd)
    assert not Dish.objects.exists()


def test_a_number_may_be_written_in_the_figures_of_any_script(
    signed_in: Client, guest: Member, potluck: Gathering
) -> None:
    """As the seats of a gathering may."""
    signed_in.post(url_of(potluck), {"what": "Soup", "need": "mains", "serves": "١٠"})
    assert Dish.objects.get().serves == 10


@pytest.mark.parametrize("odd", [*INVISIBLE, NUL, "x" * 81])
def test_a_dish_without_a_name_or_with_too_long_a_one_is_refused(
    signed_in: Client, guest: Member, potluck: Gathering, odd: str
) -> None:
    answer = signed_in.post(url_of(potluck), {"what": odd, "need": "mains", "serves": "4"})
    assert answer.status_code == 422
    assert Page.of(answer).attributes["what"]["aria-invalid"] == "true"
    assert not Dish.objects.exists()


@pytest.mark.parametrize(("written", "kept"), [*((text, text) for text in FINE), *TIDIED.items()])
def test_what_is_fine_to_write_is_shown_as_it_was_written(
    signed_in: Client, guest: Member, potluck: Gathering, written: str, kept: str
) -> None:
    signed_in.post(url_of(potluck), {"what": written, "need": "mains", "serves": "4"})
    assert Dish.objects.get().what == kept
    assert Page.of(signed_in.get(potluck.get_absolute_url())).shows(kept)


@pytest.mark.parametrize(
    "odd", [{"need": "soup"}, {"diets": "everything"}, {"allergens": "plastic"}, {"is_sure": "perhaps"}]
)
def test_what_no_list_has_is_refused(signed_in: Client, guest: Member, potluck: Gathering, odd: dict[str, str]) -> None:
    answer = signed_in.post(url_of(potluck), {"what": "Soup", "need": "mains", "serves": "4", **odd})
    assert answer.status_code == 422
    assert not Dish.objects.exists()
    assert signed_in.post(url_of(potluck, "take/soup/")).status_code == 404


# Who may


def test_only_the_seated_and_the_hosts_bring_something(signed_in: Client, member: Member, potluck: Gathering) -> None:
    for address in ("", "take/mains/"):
        assert signed_in.post(url_of(potluck, address)).status_code == 404
    with pytest.raises(NotAtTheTable):
        Dish.objects.take(potluck, member, "mains")
    assert Dish.objects.take(potluck, potluck.host, "mains").round == 0
    noor = make_member("Noor")
    helping = CoHost.objects.create(gathering=potluck, email=noor.email, member=noor, accepted_at=timezone.now())
    Dish.objects.take(potluck, noor, "bread")
    assert on_the_table(potluck) == ["A main dish", "Bread"]
    helping.delete()
    assert on_the_table(potluck) == ["A main dish"]


def test_nobody_changes_or_drops_what_another_brings_but_hosts_may_take_it_off(
    client: Client, guest: Member, potluck: Gathering
) -> None:
    dish = Dish.objects.bring(potluck, guest, "dessert", "Plum cake")
    noor = make_member("Noor")
    make_seat(potluck, noor)
    client.force_login(noor)
    assert client.get(url_of(potluck, f"{dish.pk}/")).status_code == 404
    assert client.post(url_of(potluck, f"{dish.pk}/drop/")).status_code == 404
    elsewhere = make_gathering(kind="shared-meal", host=noor)
    assert client.post(url_of(elsewhere, f"{dish.pk}/drop/")).status_code == 404
    client.force_login(potluck.host)
    assert client.get(url_of(potluck, f"{dish.pk}/")).status_code == 404
    client.post(url_of(potluck, f"{dish.pk}/drop/"))
    assert not Dish.objects.exists()


def test_nothing_is_brought_to_what_is_over_called_off_or_cooked_by_the_host(
    guest: Member, potluck: Gathering, gathering: Gathering
) -> None:
    make_seat(gathering, guest)
    with pytest.raises(HostCooks):
        Dish.objects.bring(gathering, guest, "dessert", "Plum cake")
    potluck.cancel("The oven gave up.")
    with pytest.raises(NobodyEats):
        Dish.objects.take(potluck, guest, "mains")


def test_a_guest_brings_three_things_at_most_and_a_table_holds_sixty(guest: Member, potluck: Gathering) -> None:
    for number in range(3):
        Dish.objects.bring(potluck, guest, "dessert", f"Cake {number}")
    with pytest.raises(BringsEnough):
        Dish.objects.bring(potluck, guest, "dessert", "One more cake")
    for number in range(300):
        try:
            Dish.objects.bring(potluck, potluck.host, "dessert", f"Bowl {number}")
        except TableIsLaden:
            break
    assert Dish.objects.count() == 60


def test_a_table_that_holds_sixty_things_still_takes_a_hand(client: Client, guest: Member, potluck: Gathering) -> None:
    for number in range(60):
        Dish.objects.bring(potluck, potluck.host, "dessert", f"Bowl {number}")
    client.force_login(guest)
    answer = client.post(f"{potluck.get_absolute_url()}dishes/take/washing-up/", follow=True)
    assert "It is on the list: Washing up." in answer.content.decode()
    answer = client.post(f"{potluck.get_absolute_url()}dishes/take/bread/", follow=True)
    assert "The table holds sixty things already" in answer.content.decode()
    assert not Dish.objects.filter(need="bread").exists()


def test_who_brings_three_things_is_asked_for_a_hand_and_for_no_fourth(
    client: Client, guest: Member, potluck: Gathering
) -> None:
    client.force_login(guest)
    for number in range(3):
        page = client.get(potluck.get_absolute_url()).content.decode()
        assert "dishes/take/bread/" in page
        assert "I have an idea of my own" in page
        assert "which is plenty" not in page
        Dish.objects.bring(potluck, guest, "dessert", f"Cake {number}")
    page = client.get(potluck.get_absolute_url()).content.decode()
    assert "dishes/take/bread/" not in page
    assert "I have an idea of my own" not in page
    assert "You bring three things already, which is plenty." in page
    assert "dishes/take/washing-up/" in page
    client.force_login(potluck.host)
    assert "dishes/take/bread/" in client.get(potluck.get_absolute_url()).content.decode()


def test_a_hand_is_not_said_anew_into_a_fourth_thing(client: Client, guest: Member, potluck: Gathering) -> None:
    for number in range(3):
        Dish.objects.bring(potluck, guest, "dessert", f"Cake {number}")
    hand = Dish.objects.take(potluck, guest, "washing-up")
    client.force_login(guest)
    said = {"what": "A fourth cake", "need": "dessert", "serves": "6"}
    answer = client.post(f"{potluck.get_absolute_url()}dishes/{hand.pk}/", said)
    assert answer.status_code == 422
    assert "You bring three things already, which is plenty." in answer.content.decode()
    assert (
        client.post(f"{potluck.get_absolute_url()}dishes/{hand.pk}/", said | {"need": "setting-up"}).status_code == 302
    )
    assert Dish.objects.exclude(need="dessert").get().need == "setting-up"


def test_what_a_guest_does_is_not_counted_among_what_they_bring(guest: Member, potluck: Gathering) -> None:
    for number in range(3):
        Dish.objects.bring(potluck, guest, "dessert", f"Cake {number}")
    Dish.objects.take(potluck, guest, "washing-up")
    Dish.objects.take(potluck, guest, "setting-up")
    with pytest.raises(BringsEnough):
        Dish.objects.take(potluck, guest, "bread")
    assert Dish.objects.filter(bringer=guest).count() == 5


# Leaving


def test_whoever_gives_their_seat_back_no_longer_brings_it_even_if_they_come_again(
    guest: Member, potluck: Gathering
) -> None:
    Dish.objects.take(potluck, guest, "dessert")
    assert "dessert" not in open_of(potluck)
    rsvp = potluck.rsvps.get()
    rsvp.bow_out()
    assert on_the_table(potluck) == []
    assert open_of(potluck)["dessert"] == 1
    potluck.seat(guest)
    assert on_the_table(potluck) == []  # they have said nothing of it this time
    noor = make_member("Noor")
    make_seat(potluck, noor)
    assert Dish.objects.take(potluck, noor, "dessert").place == 1
    with pytest.raises(NeedTaken):
        Dish.objects.take(potluck, guest, "dessert")


def test_a_change_of_companions_leaves_the_dish_where_it_is(guest: Member, potluck: Gathering) -> None:
    Dish.objects.take(potluck, guest, "dessert")
    potluck.rsvps.get().bring([Companion(name="Jo")])
    assert on_the_table(potluck) == ["A dessert"]


def test_the_database_itself_refuses_two_in_one_place_and_odd_servings(guest: Member, potluck: Gathering) -> None:
    dish = Dish.objects.take(potluck, guest, "dessert")
    for fields, name in (({}, "dish_one_per_place|UNIQUE"), ({"place": None, "serves": 51}, "dish_serves_some_people")):
        same: dict[str, Any] = {"gathering": potluck, "bringer": guest, "need": "dessert", "place": 1}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Dish.objects.create(**{**same, **fields})
    assert Dish.objects.get() == dish


# What is read of it


def test_the_table_reads_who_brings_what_and_everybody_else_only_what(
    client: Client, guest: Member, potluck: Gathering
) -> None:
    Dish.objects.bring(potluck, guest, "dessert", "Plum cake", serves=8)
    noor, stranger = make_member("Noor"), make_member("Kim")
    make_seat(potluck, noor)
    for reader, is_named in ((potluck.host, True), (noor, True), (stranger, False), (None, False)):
        client.force_login(reader) if reader else client.logout()
        page = page_of(client, potluck)
        assert "Plum cake" in page
        assert ("Robin" in page) is is_named
        assert ("I bring a main dish" in page) is is_named
        assert ("Enough for everybody?" in page) is is_named
        assert "Coming with empty hands is fine." in page
    assert "Main dishes (2), " in page


def test_guests_who_block_one_another_read_the_dish_and_not_the_name(
    signed_in: Client, guest: Member, potluck: Gathering
) -> None:
    zoe = make_member("Zoe")
    make_seat(potluck, zoe)
    Dish.objects.bring(potluck, zoe, "dessert", "Plum cake")
    assert "Zoe" in page_of(signed_in, potluck)
    Block.objects.create(blocker=zoe, blocked=guest)
    page = page_of(signed_in, potluck)
    assert "Plum cake" in page
    assert "Zoe" not in page


def test_what_is_short_is_said_for_the_people_that_come_companions_too(
    signed_in: Client, guest: Member, potluck: Gathering
) -> None:
    potluck.rsvps.get().bring([Companion(name="Jo"), Companion(is_child=True)])
    Dish.objects.bring(potluck, guest, "mains", "Stew", serves=3)
    Dish.objects.bring(potluck, potluck.host, "dessert", "Figs", serves=4)
    page = page_of(signed_in, potluck)
    assert "So far you are 4 people. Not there yet: Starters for 4 more, Main dishes for 1 more," in page
    assert "Dessert for" not in page
    for need in ("starters", "mains", "sides", "drinks", "bread"):
        Dish.objects.bring(potluck, potluck.host, need, need, serves=4)
    assert "So far you are 4 people, and there is enough for everybody." in page_of(signed_in, potluck)


def drawn_dishes(page: str) -> int:
    """Those of the drawing itself; the bowls among the shapes are made of the same."""
    return len(re.findall(r'href="#d-dish-\d" transform', page))


def test_each_dish_is_a_plate_on_the_drawing_and_what_is_done_is_none(
    signed_in: Client, guest: Member, potluck: Gathering
) -> None:
    assert drawn_dishes(page_of(signed_in, potluck)) == 0
    Dish.objects.take(potluck, guest, "washing-up")
    assert drawn_dishes(page_of(signed_in, potluck)) == 0
    for number in range(2):
        Dish.objects.bring(potluck, guest, "dessert", f"Cake {number}")
    page = page_of(signed_in, potluck)
    assert drawn_dishes(page) == 2
    assert "two dishes on the table" in page


def test_after_the_evening_those_who_were_there_read_it_and_nobody_else(
    client: Client, guest: Member, potluck: Gathering
) -> None:
    Dish.objects.bring(potluck, guest, "dessert", "Plum cake")
    Gathering.objects.filter(pk=potluck.pk).update(
        starts_at=timezone.now() - timedelta(hours=4), ends_at=timezone.now() - timedelta(hours=1)
    )
    for reader, is_read in ((guest, True), (make_member("Kim"), False)):
        client.force_login(reader)
        page = page_of(client, potluck)
        assert ("Plum cake" in page) is is_read
        assert "Still needed" not in page
        assert "Not after all" not in page


def test_your_table_names_your_dish(signed_in: Client, guest: Member, potluck: Gathering) -> None:
    assert "You bring" not in signed_in.get("/table/").content.decode()
    Dish.objects.bring(potluck, guest, "dessert", "Plum cake")
    Dish.objects.take(potluck, guest, "bread")
    Dish.objects.take(potluck, guest, "washing-up")
    page = signed_in.get("/table/").content.decode()
    assert "You bring: <strong>Plum cake, Bread</strong>." in page
    assert "You lend a hand: <strong>Washing up</strong>." in page


def test_the_sheet_for_the_kitchen_says_what_is_in_each_and_what_is_not_said(
    client: Client, guest: Member, potluck: Gathering
) -> None:
    said: dict[str, Any] = {"allergens": ["eggs", "milk"], "diets": ["vegetarian"], "is_sure": False}
    Dish.objects.bring(potluck, guest, "dessert", "Plum cake", serves=8, needs_fridge=True, **said)
    Dish.objects.bring(potluck, guest, "mains", "Stew", serves=8)
    Dish.objects.bring(potluck, guest, "sides", "Rice", serves=8, is_sure=True)
    client.force_login(potluck.host)
    page = " ".join(Page.of(client.get(f"{potluck.get_absolute_url()}sheet/")).text.split())
    for words in (
        "Plum cakefor about 8Needs the fridge Robin vegetarian Contains: eggs, milk Not sure what else is in it",
        "Stewfor about 8 Robin Not said what is in it",
        "Ricefor about 8 Robin None of the fourteen allergens",
        "Still needed: Starters, Main dishes, Drinks, Bread, Setting up, Washing up, A welcome for first-timers.",
    ):
        assert words in page


def test_forty_dishes_take_no_more_queries_than_two(client: Client, potluck: Gathering) -> None:
    guest = make_member("Robin")
    make_seat(potluck, guest)
    Meal.objects.choose(potluck, "everyone")
    counts: dict[str, list[int]] = {}
    for more in (2, 38):
        for number in range(more):
            Dish.objects.bring(potluck, potluck.host, "dessert", f"Cake {more} {number}")
        for name, reader in (("stranger", None), ("guest", guest), ("host", potluck.host)):
            client.logout()
            if reader:
                client.force_login(reader)
                client.get("/help/")  # the day of the visit is written once
            with CaptureQueriesContext(connection) as queries:
                client.get(potluck.get_absolute_url())
            counts.setdefault(name, []).append(len(queries))
    assert all(few == many for few, many in counts.values()), counts
    assert counts["stranger"][0] <= 8, counts
