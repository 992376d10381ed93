"""What a table needs follows from its seats and from what its host says."""

import pytest
from django.test import Client

from apps.gatherings.later import change
from apps.gatherings.models import CoHost, Gathering, Series
from apps.meals.models import Dish, Meal
from apps.meals.needs import MOST_OF_ONE, NEEDS, How, sensible, wanted
from tests.factories import make_gathering, make_member, make_seat
from tests.odd import Page, assert_refused

HANDS = {"setting-up": 1, "welcome": 1}  # beside the washing-up, wherever there are three people
# seats, how, and what is sensible; what is not named is not needed
TABLE: list[tuple[int, How, dict[str, int]]] = [
    (1, How.EVERYONE, {"mains": 1, "dessert": 1, "drinks": 1}),
    (2, How.EVERYONE, {"mains": 1, "sides": 1, "dessert": 1, "drinks": 1, "washing-up": 1, **HANDS}),
    (4, How.EVERYONE, {"mains": 1, "sides": 1, "dessert": 1, "drinks": 1, "bread": 1, "washing-up": 1, **HANDS}),
    (5, How.EVERYONE,
     {"starters": 1, "mains": 2, "sides": 1, "dessert": 1, "drinks": 1, "bread": 1, "washing-up": 1, **HANDS}),
    (8, How.EVERYONE,
     {"starters": 1, "mains": 2, "sides": 2, "dessert": 1, "drinks": 2, "bread": 1, "washing-up": 2, **HANDS}),
    (12, How.EVERYONE,
     {"starters": 2, "mains": 3, "sides": 3, "dessert": 2, "drinks": 3, "bread": 2, "washing-up": 2, **HANDS}),
    (40, How.EVERYONE,
     {"starters": 5, "mains": 9, "sides": 7, "dessert": 5, "drinks": 7, "bread": 5, "washing-up": 6,
      "setting-up": 2, "welcome": 2}),
    (5, How.ADD, {"sides": 1, "dessert": 1, "drinks": 1, "bread": 1, "washing-up": 1, **HANDS}),
    (8, How.ADD, {"sides": 2, "dessert": 1, "drinks": 2, "bread": 1, "washing-up": 2, **HANDS}),
    (5, How.COOK, {}),
    (5, How.SNACKS, {"snacks": 2, "drinks": 1}),
    (1, How.SNACKS, {"snacks": 1, "drinks": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("seats", "how", "needed"), TABLE)
def test_so_many_seats_need_so_much(seats: int, how: How, needed: dict[str, int]) -> None:
    assert {key: number for key, number in sensible(how, seats).items() if number} == needed


@pytest.mark.parametrize("seats", range(1, 41))
@pytest.mark.parametrize("how", How)
def test_whoever_takes_all_of_it_feeds_everybody_and_it_grows_with_the_seats(seats: int, how: How) -> None:
    for key, number in sensible(how, seats).items():
        assert 0 <= number <= MOST_OF_ONE
        assert number == 0 or not NEEDS[key].is_food or number * NEEDS[key].each >= seats + 1
        assert number <= sensible(how, seats + 1)[key]


def test_what_the_host_adds_or_takes_away_goes_on_following_the_seats() -> None:
    more = {"mains": 1, "starters": -1, "ice": 2, "bread": -5}
    for seats, mains, starters in ((5, 3, 0), (12, 4, 1)):
        found = wanted("everyone", seats, more)
        assert (found["mains"], found["starters"], found["ice"], found["bread"]) == (mains, starters, 2, 0)
    assert {key for key, number in wanted("cook", 5, {**more, "setting-up": 1}).items() if number} == {"setting-up"}


# By the pages


@pytest.fixture
def potluck(db: None) -> Gathering:
    return make_gathering(kind="shared-meal", seats=5)


@pytest.fixture
def hosting(client: Client, potluck: Gathering) -> Client:
    client.force_login(potluck.host)
    return client


def page_of(client: Client, gathering: Gathering) -> str:
    return " ".join(client.get(gathering.get_absolute_url()).content.decode().split())


def test_at_a_dinner_the_host_cooks_until_they_say_otherwise(client: Client, gathering: Gathering) -> None:
    client.force_login(gathering.host)
    assert "Let your guests bring something, or help" in page_of(client, gathering)
    url = f"{gathering.get_absolute_url()}food/"
    page = client.post(url, {"how": "add"}, follow=True).content.decode()
    assert "What the table needs" in page
    page = page_of(client, gathering)
    assert "You cook, and guests add what they like." in page
    assert "I bring a side or a salad" in page
    assert "I bring a main dish" not in page
    client.post(url, {"how": "cook"})
    assert "Still needed" not in page_of(client, gathering)


def test_only_meals_have_food_of_their_own(hosting: Client, potluck: Gathering) -> None:
    walk = make_gathering(kind="walk", host=potluck.host)
    for address in ("food/", "dishes/"):
        assert hosting.get(f"{walk.get_absolute_url()}{address}").status_code == 404
    assert 'id="food"' not in page_of(hosting, walk)


def typed(**numbers: object) -> dict[str, object]:
    return {**sensible("everyone", 5), **numbers}


def test_the_host_changes_what_is_needed_and_more_seats_change_it_further(hosting: Client, potluck: Gathering) -> None:
    url = f"{potluck.get_absolute_url()}food/needs/"
    hosting.post(url, typed(mains=3, starters=0, ice=1))
    for seats, mains in ((5, 3), (11, 4)):
        potluck.seats_wanted = seats
        potluck.change(["seats_wanted"])
        assert Page.of(hosting.get(f"{potluck.get_absolute_url()}food/")).values["mains"] == str(mains)
    page = page_of(hosting, potluck)
    assert "I bring ice" in page
    hosting.post(url, typed(mains=3, starters=0, ice=0) | sensible("everyone", 11))
    assert not Meal.objects.get().adjustments.exists()  # what is sensible is not kept


@pytest.mark.parametrize("odd", ["-1", "13", "1.5", "1000000000", "", "many"])
def test_an_odd_number_of_a_need_is_refused_in_a_sentence(hosting: Client, potluck: Gathering, odd: str) -> None:
    answer = hosting.post(f"{potluck.get_absolute_url()}food/needs/", typed(mains=odd))
    assert_refused(answer, "mains", "A whole number from 0 to 12, please.", kept=odd)
    assert not Meal.objects.exists()


@pytest.mark.django_db
def test_a_dry_table_asks_for_drinks_without_alcohol(client: Client) -> None:
    for is_dry, words in ((True, "Drinks without alcohol"), (False, "Drinks"), (None, "Drinks")):
        gathering = make_gathering(kind="shared-meal", is_alcohol_free=is_dry)
        page = page_of(client, gathering)
        assert words in page
        assert ("Drinks without alcohol" in page) is (is_dry is True)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_what_was_chosen_for_one_date_holds_for_the_later_ones_of_its_series(client: Client) -> None:
    first = make_gathering()
    Series.begin(first, "weekly")
    second, third, *_later = Gathering.objects.exclude(pk=first.pk).order_by("starts_at")
    client.force_login(first.host)
    client.post(f"{second.get_absolute_url()}food/", {"how": "everyone"})
    client.post(f"{second.get_absolute_url()}food/needs/", typed(ice=2))
    first.refresh_from_db()
    assert [Meal.objects.of(each).how for each in (first, second, third)] == ["cook", "everyone", "everyone"]
    assert Meal.objects.of(third).wanted["ice"] == 2
    Meal.objects.choose(third, "everyone")
    assert Meal.objects.of(third).wanted["ice"] == 2
    Meal.objects.choose(third, "add")
    assert [Meal.objects.of(each).how for each in (second, third)] == ["everyone", "add"]


def test_a_co_host_may_choose_and_nothing_is_chosen_after_the_end(client: Client, potluck: Gathering) -> None:
    noor = make_member("Noor")
    CoHost.objects.create(gathering=potluck, email=noor.email, member=noor, accepted_at=potluck.created_at)
    client.force_login(noor)
    url = f"{potluck.get_absolute_url()}food/"
    assert client.post(url, {"how": "add"}).status_code == 302
    assert Meal.objects.get().how == "add"
    potluck.cancel("The oven gave up.")
    assert "nothing to bring any more" in client.post(url, {"how": "cook"}, follow=True).content.decode()
    assert Meal.objects.get().how == "add"


def test_dishes_brought_before_the_host_cooks_after_all_stay_on_the_list(client: Client, potluck: Gathering) -> None:
    guest = make_member("Noor")
    make_seat(potluck, guest)
    Dish.objects.bring(potluck, guest, "dessert", "Plum cake")
    Meal.objects.choose(potluck, "cook")
    assert "Plum cake" in page_of(client, potluck)


@pytest.mark.django_db
def test_where_the_host_cooks_they_may_ask_for_a_helping_hand_and_for_nothing_else(client: Client) -> None:
    dinner, guest = make_gathering(), make_member("Noor")
    make_seat(dinner, guest)
    client.force_login(dinner.host)
    url = f"{dinner.get_absolute_url()}food/needs/"
    fields = Page.of(client.get(f"{dinner.get_absolute_url()}food/")).values
    roles = {"lift", "cooking", "setting-up", "washing-up", "welcome"}
    assert roles <= set(fields)
    assert "mains" not in fields
    client.post(url, {**dict.fromkeys(roles, 0), "welcome": 1, "mains": 3})
    client.force_login(guest)
    page = page_of(client, dinner)
    assert "I look after whoever comes for the first time" in page
    assert "I bring" not in page
    page = client.post(f"{dinner.get_absolute_url()}dishes/take/welcome/", follow=True).content.decode()
    assert "Thank you. It is on the list: A welcome for first-timers." in page
    assert "Noor" in page_of(client, dinner)
    assert (
        "so there is nothing to bring"
        in client.post(f"{dinner.get_absolute_url()}dishes/take/mains/", follow=True).content.decode()
    )


@pytest.mark.django_db
def test_a_film_asks_for_snacks_and_drinks_and_for_a_meal_only_where_its_host_would_have_one(client: Client) -> None:
    night, guest = make_gathering(kind="movie-night", seats=5), make_member("Noor")
    make_seat(night, guest)
    client.force_login(guest)
    page = page_of(client, night)
    assert "I bring snacks" in page
    assert "Something to nibble and to drink, if you like to bring it." in page
    assert "I bring a main dish" not in page
    client.force_login(night.host)
    url = f"{night.get_absolute_url()}food/"
    assert "only snacks and drinks" in client.get(url).content.decode()
    assert (
        "only snacks and drinks"
        not in client.get(f"{make_gathering(host=night.host).get_absolute_url()}food/").content.decode()
    )
    assert client.post(url, {"how": "everyone"}).status_code == 302
    assert Meal.objects.of(night).wanted["mains"] == 2


@pytest.mark.django_db
@pytest.mark.both_databases
def test_hosted_again_the_food_comes_as_it_did_and_so_it_does_the_time_after(client: Client) -> None:
    first = make_gathering(kind="dinner")
    Meal.objects.choose(first, "add")
    Meal.objects.adjust(first, {**Meal.objects.of(first).wanted, "ice": 2})
    client.force_login(first.host)
    last = first
    for _time in range(2):
        last.cancel("A cold.")
        client.post(f"{last.get_absolute_url()}again/")
        last = Gathering.objects.latest("pk")
        last.publish()
        meal = Meal.objects.of(last)
        assert (meal.how, meal.wanted["ice"], meal.pk is None) == ("add", 2, True)  # asked for, not copied
    Meal.objects.choose(last, "everyone")
    assert Meal.objects.of(first).how == "add"
    assert Meal.objects.of(make_gathering(host=first.host)).how == "cook"  # another evening of theirs


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_series_that_goes_on_as_another_keeps_how_its_food_comes(client: Client) -> None:
    first = make_gathering(kind="dinner")
    Series.begin(first, "weekly")
    Meal.objects.choose(first, "everyone")
    dates = list(Gathering.objects.filter(series=first.series_id or Series.objects.get()).order_by("starts_at"))
    later = dates[2]
    later.title = "Another soup"
    change(later, ["title"], "weekly")
    later.refresh_from_db()
    assert later.series != dates[0].series
    assert Meal.objects.of(later).how == "everyone"


@pytest.mark.django_db
def test_a_host_is_led_on_to_how_the_food_comes_until_they_have_said_it(client: Client) -> None:
    potluck = make_gathering(kind="shared-meal")
    client.force_login(potluck.host)
    assert "So far this is only what is usual." in page_of(client, potluck)
    client.post(f"{potluck.get_absolute_url()}food/", {"how": "everyone"})
    assert "So far this is only what is usual." not in page_of(client, potluck)


@pytest.mark.django_db
def test_a_hand_that_is_asked_for_stands_apart_from_what_is_eaten(client: Client) -> None:
    potluck, guest = make_gathering(kind="shared-meal"), make_member("Noor")
    make_seat(potluck, guest)
    client.force_login(guest)
    food, hands = page_of(client, potluck).split("A helping hand would be welcome</h3>")
    assert "I bring a main dish" in food
    assert "I have an idea of my own" in food
    assert "I have an idea of my own" not in hands
    for offer in ("I help to set up", "I help with the washing-up", "I look after whoever comes for the first time"):
        assert offer in hands
        assert offer not in food
    client.post(f"{potluck.get_absolute_url()}dishes/take/setting-up/")
    client.post(f"{potluck.get_absolute_url()}dishes/take/bread/")
    food, hands = page_of(client, potluck).split("Who lends a hand</h3>")
    assert "<strong>Bread</strong>" in food
    assert "<strong>Setting up</strong>" in hands


@pytest.mark.django_db
def test_an_idea_of_ones_own_has_its_place_where_nothing_is_needed_any_more(client: Client) -> None:
    potluck, guest = make_gathering(kind="shared-meal"), make_member("Noor")
    make_seat(potluck, guest)
    nothing = dict.fromkeys(NEEDS, 0)
    Meal.objects.adjust(potluck, nothing)
    client.force_login(guest)
    page = page_of(client, potluck)
    assert page.count("I have an idea of my own") == 1
    assert "Still needed" not in page
    Meal.objects.adjust(potluck, nothing | {"washing-up": 1})
    page = page_of(client, potluck)
    assert page.index("I have an idea of my own") < page.index("A helping hand would be welcome")
    assert "Still needed" not in page
