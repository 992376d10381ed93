"""What guests and hosts are told of the food: their own dish, what comes, what went with a seat."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.gatherings.models import Gathering
from apps.meals.models import Dish, TableRequest, ToldDiet
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.tasks import minute
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)  # a Thursday


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(STARTS - timedelta(days=3, hours=5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def potluck(clock: time_machine.Traveller) -> Gathering:
    return make_gathering(STARTS, kind="shared-meal", title="Potluck", seats=5)


def guest_with(potluck: Gathering, name: str, need: str, what: str) -> Member:
    guest = make_member(name)
    make_seat(potluck, guest)
    Dish.objects.bring(potluck, guest, need, what, serves=4, needs_oven=True)
    return guest


def told(member: Member, at: datetime, clock: time_machine.Traveller) -> list[str]:
    """What they are sent at that moment, each mail as text and as HTML."""
    before = len(mails_to(member))
    clock.move_to(at)
    minute()
    return [part for mail in mails_to(member)[before:] for part in (str(mail.body), html_of(mail))]


def test_the_day_before_and_on_the_day_guests_are_reminded_of_their_own_dish(
    clock: time_machine.Traveller, potluck: Gathering
) -> None:
    noor = guest_with(potluck, "Noor", "dessert", "Plum cake")
    Dish.objects.take(potluck, noor, "bread")
    Dish.objects.take(potluck, noor, "washing-up")
    ada = make_member("Ada")
    make_seat(potluck, ada)
    minute()
    for before in (timedelta(days=1), timedelta(hours=2)):
        mails = told(noor, STARTS - before, clock)
        assert len(mails) == 2
        for mail in mails:
            assert "You bring: Plum cake, Bread. You lend a hand: Washing up." in mail
            assert "coming with empty hands is fine" in mail
    assert all("Plum cake" not in str(mail.body) for mail in mails_to(ada))
    assert all("You bring" not in str(mail.body) for mail in mails_to(ada))


def test_whoever_came_back_without_their_dish_is_not_reminded_of_it(
    clock: time_machine.Traveller, potluck: Gathering
) -> None:
    noor = guest_with(potluck, "Noor", "dessert", "Plum cake")
    potluck.rsvps.get().bow_out()
    potluck.seat(noor)
    minute()
    assert all("Plum cake" not in mail for mail in told(noor, STARTS - timedelta(days=1), clock))


def test_the_briefing_says_what_comes_and_what_is_still_needed(
    clock: time_machine.Traveller, potluck: Gathering
) -> None:
    guest_with(potluck, "Noor", "dessert", "Plum cake")
    guest_with(potluck, "Ada", "mains", "Stew")
    minute()
    mails = [" ".join(mail.split()) for mail in told(potluck.host, STARTS - timedelta(days=1), clock)]
    assert len(mails) == 2
    for mail in mails:
        assert "Plum cake (Dessert), for about 4: Noor. Needs the oven" in mail
        needed = "Starters, Main dishes, Sides and salads, Drinks, Bread, Setting up, Washing up"
        assert f"Still needed: {needed}, A welcome for first-timers." in mail
        assert "For 3 people it would take: Starters for 3 more, Sides and salads for 3 more" in mail


def test_the_briefing_of_a_host_alone_counts_one_person(clock: time_machine.Traveller, potluck: Gathering) -> None:
    minute()
    mails = [" ".join(mail.split()) for mail in told(potluck.host, STARTS - timedelta(days=1), clock)]
    assert all("For 1 person it would take: Starters for 1 more" in mail for mail in mails)
    assert len(mails) == 2


def test_a_dinner_that_the_host_cooks_is_briefed_without_it(clock: time_machine.Traveller) -> None:
    dinner = make_gathering(STARTS, title="Soup")
    make_seat(dinner)
    minute()
    [text, html] = told(dinner.host, STARTS - timedelta(days=1), clock)
    assert "What comes to the table" not in text + html


def test_hosts_are_told_which_dish_went_with_a_seat(clock: time_machine.Traveller, potluck: Gathering) -> None:
    guest_with(potluck, "Noor", "dessert", "Plum cake")
    told(potluck.host, STARTS - timedelta(days=2), clock)
    potluck.rsvps.get().bow_out()
    mails = told(potluck.host, STARTS - timedelta(days=2) + timedelta(hours=1, minutes=1), clock)
    assert len(mails) == 2
    for mail in mails:
        assert "Noor has given their seat back. No longer on the list: Plum cake." in mail


def test_reminders_to_a_table_of_ten_ask_no_more_than_to_one_of_two(clock: time_machine.Traveller) -> None:
    counts = []
    for guests in (2, 10):
        gathering = make_gathering(STARTS, kind="shared-meal", seats=12)
        for number in range(guests):
            guest_with(gathering, f"Guest {number}", "dessert", f"Cake {number}")
        send()
        rsvps = gathering.rsvps.select_related("member")
        for rsvp in rsvps:
            Message.objects.put("day_before", rsvp.member, subject_id=rsvp.pk, version=gathering.moves)
        with CaptureQueriesContext(connection) as queries:
            send()
        counts.append(len([query for query in queries if "meals_" in query["sql"]]))
    assert counts == [2, 2]  # what they bring, and what is asked of the table


# What guests eat


def tell(potluck: Gathering, name: str, to: str, **eats: object) -> Member:
    guest = make_member(name)
    ToldDiet.objects.tell(make_seat(potluck, guest), {None: {"to": to, **eats}})
    return guest


def test_the_briefing_says_exactly_who_eats_what_and_what_suits_them(
    clock: time_machine.Traveller, potluck: Gathering
) -> None:
    tell(potluck, "Ines", "host", allergens=["nuts"], words="a trace is too much")
    tell(potluck, "Vera", "table", diets=["vegan"])
    tell(potluck, "Kim", "nobody")
    Dish.objects.bring(potluck, potluck.host, "mains", "Stew", serves=4, diets=["vegan"], is_sure=False)
    minute()
    mails = [" ".join(mail.split()) for mail in told(potluck.host, STARTS - timedelta(days=1), clock)]
    assert len(mails) == 2
    for mail in mails:
        assert "Ines: no nuts, “a trace is too much”" in mail
        assert "Nothing yet without nuts for one guest, Ines, since they told you." in mail
        assert "By what is said of them, these suit Vera: Stew." in mail
        assert "Nothing yet that is vegan among: Starters, Sides and salads, Dessert, Bread." in mail
        assert "It informs and promises nothing." in mail
        assert "Kim:" not in mail


def test_a_briefing_to_which_nobody_told_anything_says_nothing_of_it(
    clock: time_machine.Traveller, potluck: Gathering
) -> None:
    tell(potluck, "Kim", "nobody")
    minute()
    [text, html] = told(potluck.host, STARTS - timedelta(days=1), clock)
    assert "what they eat" not in text + html


def test_what_the_host_asks_of_the_table_is_in_the_mails_before_it_and_in_none_of_another(
    clock: time_machine.Traveller, potluck: Gathering
) -> None:
    guest = tell(potluck, "Kim", "nobody")
    other = make_gathering(STARTS, kind="shared-meal")
    elsewhere = make_member("Lou")
    make_seat(other, elsewhere)
    TableRequest.objects.ask(potluck, "Please, no nuts & no lilies tonight")
    minute()
    for before in (timedelta(days=1), timedelta(hours=2)):
        text, html = told(guest, STARTS - before, clock)
        assert "Mei asks of the table:\n> Please, no nuts & no lilies tonight" in text
        assert "Please, no nuts &amp; no lilies tonight" in html
    assert all("asks of the table" not in str(mail.body) + html_of(mail) for mail in mails_to(elsewhere))
    late = make_member("Ada")  # for whom the mail of the seat is that of the day before
    make_seat(potluck, late)
    send()
    [mail] = mails_to(late)
    assert "> Please, no nuts & no lilies tonight" in str(mail.body)
    assert "Please, no nuts &amp; no lilies tonight" in html_of(mail)
