"""One evening on which everything happens at once, in any order: what the people do, and the players of it.

Runs in a hand's process: people press buttons over HTTP, and time, which has no button, ends offers in the database
through the app's own sweep.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from apps.gatherings.models import Rsvp
from apps.gatherings.sweep import sweep
from tests.faults import ledger, scenes
from tests.faults.apps import Moment
from tests.faults.clients import Browser, Press
from tests.faults.hand import troubles_of_the_sweep
from tests.faults.scenes import Guest, Person, Table

TABLES, HANDS = 3, 6  # that are played at the same time; that press at one of them
CAST = 12
FINISHED = 302  # every button leads on to a page


@dataclass(frozen=True)
class Order:
    """What happens at one table: the seed decides what and in which order."""

    port: int
    table: Table
    cast: list[Person]
    seed: int
    form: dict[str, str]  # the host's, as its page gave it


@dataclass(frozen=True)
class Act:
    """What somebody does; gives the status it was answered by."""

    name: str
    do: Callable[[], int]


def tables(cast: list[Person], many: int) -> list[Table]:
    """Each with four seats of which one is on offer, a line of three, and two who have been and left.

    In the order of the cast: the host; seated, seated with a friend; offered; waiting three times; left twice.
    """
    scenes.clear()
    return [evening(cast) for _ in range(many)]


def evening(cast: list[Person]) -> Table:
    host, first, second, offered, third, fourth, fifth, gone, fresh = cast[:9]
    at = scenes.table(host, seats=4, most_companions=3)
    scenes.seat(at, [Guest(first), Guest(second, party=2), Guest(gone), Guest(offered)])
    scenes.seat(at, [Guest(third, is_straight_away=True), Guest(fourth, party=2), Guest(fifth), Guest(fresh)])
    with Moment.is_short():
        for who in (gone, fresh):
            Rsvp.objects.get(gathering=at.pk, member=who.pk).bow_out()
    return at


def play(port: int, cast: list[Person], many: int) -> list[str]:
    """So many orders, some tables at a time; everything that went wrong."""
    laid, heard = tables(cast, many), troubles_of_the_sweep()
    form = host_form(port, laid[0])
    orders = [Order(port, table, cast, seed, form) for seed, table in enumerate(laid)]
    with ThreadPoolExecutor(TABLES) as pool:
        return [wrong for wrongs in pool.map(play_one, orders) for wrong in wrongs] + heard


def play_one(order: Order) -> list[str]:
    """Let it all happen, and see what the answers and the books say of it."""
    with ThreadPoolExecutor(HANDS) as pool:
        statuses = list(pool.map(lambda act: (act, act.do()), script(order)))
    wrong = [f"{act.name} was answered by {status}" for act, status in statuses if status != FINISHED]
    wrong += ledger.wrongs(order.table.pk, gave_back=[who.pk for who in order.cast])
    connection.close()
    return [f"order {order.seed}: {what}" for what in wrong]


def script(order: Order) -> list[Act]:
    """Eight or more of what may happen, in an order of chance; in every second one the host calls it off."""
    chance, at = random.Random(order.seed), order.table
    host, first, second, offered, third, fourth, fifth, gone, fresh, *newcomers = order.cast

    def pressing(who: Person, act: str, **fields: str) -> Act:
        button = Press(who.pk, who.session, f"{at.path}{act}/", fields)
        return Act(act, lambda: press(order.port, button))

    acts = [pressing(who, "leave") for who in (first, second, fourth, gone)]
    acts += [pressing(who, "rsvp") for who in (gone, fresh, fifth, *newcomers)]
    acts += [pressing(offered, "accept"), pressing(offered, "leave"), pressing(third, "leave")]
    acts += [Act("lapse", lambda: lapse(at))] * 2
    for seats in (chance.randint(2, 3), 6):
        acts.append(pressing(host, "edit", **{**order.form, "seats": str(seats), "area": f"Room {seats}"}))
    acts = chance.sample(acts, chance.randint(8, len(acts)))
    if chance.random() < 0.5:
        acts.append(pressing(host, "cancel", words="The oven gave up."))
    chance.shuffle(acts)
    return acts


def press(port: int, press: Press) -> int:
    browser = Browser(port)
    try:
        return browser.press(press).status
    finally:
        browser.close()


def host_form(port: int, at: Table) -> dict[str, str]:
    """What the host's page would send if nothing were changed on it, except that nobody brings anybody any more."""
    browser = Browser(port)
    try:
        return {**browser.form(f"{at.path}edit/", at.host.session), "most_companions": "0"}
    finally:
        browser.close()


def lapse(at: Table) -> int:
    """The time of every offer at this table runs out, and the minute's sweep comes by.

    One by one: time takes no lock of the table, and two rows of it at once might be taken crosswise to the app.
    """
    now = timezone.now()
    offers = Rsvp.objects.filter(gathering=at.pk, state=ledger.OFFERED)
    try:
        for pk in list(offers.values_list("pk", flat=True)):
            offers.filter(pk=pk).update(offered_until=now - timedelta(seconds=1))
        sweep(now)
    except DatabaseError:
        return 500  # as a page would answer
    finally:
        connection.close()
    return FINISHED
