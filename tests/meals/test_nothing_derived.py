"""Nothing is derived for others, over 5,000 generated tables.

At each table somebody's diet was told to the host, or to nobody, or is kept with their account alone. What another
guest is given is made with it and without it, and compared byte by byte: of every table what its page says of the food
(which is all of the page that asks for dishes or diets); of a share of them, through their addresses and as they are
sent, the whole page of the gathering, one's own table, the form of one's own diet and of a dish, the calendar file, the
calendar one subscribes to, and the mails of the seat, the day before and two hours before, as text, HTML and calendar.
Only the token that each form carries, which is drawn anew for every page, is left out.

Then the host asks in their own words, and there is a difference: the words, and nothing else.

In every run it is 400 tables, 20 of them whole; FAULTS_SIZE=full makes it 5,000, and 400.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.mime.base import MIMEBase
from functools import partial
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Template
from django.test import Client, RequestFactory

from apps.gatherings.models import CalendarFeed, Companion, Gathering, Rsvp
from apps.meals.models import Dish, Meal, TableRequest, ToldDiet
from apps.meals.models.told import TableRequestQuerySet, ToldDietQuerySet
from apps.outbox.envelope import envelope
from apps.outbox.kinds import KINDS
from apps.outbox.models import Message
from apps.profiles.diets import ALLERGENS, DIETS, EATS
from apps.profiles.models import Diet
from tests.factories import make_gathering, make_member

pytestmark = pytest.mark.django_db
IS_FULL = os.environ.get("FAULTS_SIZE") == "full"
TABLES, WHOLE = (5000, 400) if IS_FULL else (400, 20)
GUESTS = 6
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
MAILS = ("seat_confirmed", "day_before", "soon")
TOKEN = re.compile(r'value="\w{64}"')
FOOD = Template("{% load meals %}{% laid_table gathering as table %}{% dish_list table %}")
ASKED = "Please, no canary seed tonight"


Person = tuple[Rsvp, Companion | None]


@dataclass
class Table:
    """One table, its hosts and guests; what is brought to it and told at it is another thing each time."""

    gathering: Gathering
    people: list[Person]
    rng: Random

    @property
    def seats(self) -> list[Rsvp]:
        return [seat for seat, companion in self.people if companion is None]

    def lay(self) -> tuple[ToldDiet, Rsvp]:
        """Other dishes and tellings. Gives what one more person tells to others than the table, and who is to read."""
        rng = self.rng
        Dish.objects.all().delete()
        ToldDiet.objects.all().delete()
        Meal.objects.update(how=rng.choice(["add", "everyone", "everyone", "cook"]))
        Dish.objects.bulk_create(self.dish(at) for at in range(rng.randint(0, 6)))
        one = rng.choice(self.people)
        others = [person for person in self.people if person != one and rng.random() < 0.5]
        ToldDiet.objects.bulk_create([self.told(person, rng.choice(["host", "table", "nobody"])) for person in others])
        reader = rng.choice([seat for seat in self.seats if seat != one[0]])
        return self.told(one, rng.choice(["host", "host", "nobody"])), reader

    def dish(self, at: int) -> Dish:
        rng, seat = self.rng, self.rng.choice([None, *self.seats])
        return Dish(
            gathering=self.gathering,
            bringer=seat.member if seat else self.gathering.host,
            round=seat.round if seat else 0,
            need=rng.choice(["starters", "mains", "sides", "dessert", "drinks", "bread", "ice"]),
            what=f"Dish {at}",
            serves=rng.randint(1, 9),
            diets=some(rng, DIETS),
            allergens=some(rng, ALLERGENS),
            is_sure=rng.choice([True, False, None]),
        )

    def told(self, person: Person, to: str) -> ToldDiet:
        eats: dict[str, Any] = {}
        if to != "nobody":
            eats = {"diets": some(self.rng, EATS), "allergens": some(self.rng, ALLERGENS), "words": "a canary’s diet"}
        return ToldDiet(rsvp=person[0], companion=person[1], round=person[0].round, to=to, **eats)


def say(told: ToldDiet) -> None:
    """At the table, and to themself."""
    told.save(force_insert=True)
    Diet.objects.keep(told.rsvp.member, "yes", diets=["vegan"], allergens=["nuts"], words="a canary’s own")


def unsay(told: ToldDiet) -> None:
    told.delete()
    Diet.objects.withdraw(told.rsvp.member)


def some(rng: Random, of: Any) -> list[str]:
    return rng.sample(list(of), rng.randint(0, 3))


@pytest.fixture
def table() -> Iterator[Table]:
    """Tomorrow, so that the mail of the seat is that of the day before as well; nothing waits for the clock."""
    with time_machine.travel(NOW, tick=False):
        gathering = make_gathering(NOW + timedelta(hours=20), kind="shared-meal", seats=12, most_companions=2)
        for at in range(GUESTS):
            brought = [Companion(name=f"Jo {at}"), Companion(is_child=True)][: at % 3]
            gathering.seat(make_member(f"Guest {at}"), companions=brought)
        Meal.objects.choose(gathering, "everyone")
        people: list[Person] = []
        for seat in gathering.rsvps.at_the_table():
            seat.gathering = gathering
            people += [(seat, None), *((seat, companion) for companion in seat.companions.order_by("pk"))]
        yield Table(gathering, people, Random("nothing is derived"))


def food_of(table: Table, reader: Rsvp) -> dict[str, str]:
    """What the page says of the food to this guest."""
    request = RequestFactory().get("/")
    request.user = reader.member
    gathering = Gathering.objects.for_cards().get(pk=table.gathering.pk)
    shown = {"gathering": gathering, "rsvp": reader, "is_host": False, "user": reader.member, "request": request}
    return {"the food": FOOD.render(Context(shown))}


class Everything:
    """All that one guest is given: pages, calendars, mails, each by its name."""

    def __init__(self, table: Table) -> None:
        self.table, self.browsers = table, {}
        for seat in table.seats:
            self.browsers[seat.pk] = browser = Client()
            browser.force_login(seat.member)
            CalendarFeed.objects.renew(seat.member)
        self.feeds = dict(CalendarFeed.objects.values_list("member", "token"))

    def of(self, reader: Rsvp) -> dict[str, bytes]:
        cache.clear()
        page, browser = self.table.gathering.get_absolute_url(), self.browsers[reader.pk]
        paths = [
            page,
            "/table/",
            f"{page}diet/",
            f"{page}dishes/",
            f"{page}seat/",
            f"{page}calendar.ics",
            "/settings/diet/",
        ]
        paths.append(f"/calendar/{self.feeds[reader.member_id]}.ics")
        found = {path: without_token(browser.get(path)) for path in paths}
        return found | {kind: mail_of(reader, kind) for kind in MAILS}


def without_token(answer: Any) -> bytes:
    if answer.status_code == 302:  # where the host cooks, there is nothing to bring
        return str(answer["Location"]).encode()
    assert answer.status_code == 200
    return TOKEN.sub("", answer.content.decode()).encode()


def mail_of(reader: Rsvp, kind: str) -> bytes:
    """As the outbox would send it; who it is to and when it was sent aside."""
    row = Message(kind=kind, member=reader.member, subject_id=reader.pk, version=reader.round)
    row.key = "k" * 10  # else drawn at random
    mail = KINDS[kind].compose(row)
    assert mail is not None
    email = envelope(row, KINDS[kind], mail)
    assert isinstance(email, EmailMultiAlternatives)
    parts = [str(email.subject), str(email.body), *(str(each[0]) for each in email.alternatives)]
    parts += [each.as_string() for each in email.attachments if isinstance(each, MIMEBase)]
    assert "BEGIN:VCALENDAR" in parts[-1]
    return "\n".join(parts).encode()


def differences(table: Table, read: Callable[[Rsvp], dict[str, Any]], tables: int) -> list[str]:
    """Where a guest would be given something else, were it not for what somebody has told to others."""
    found = []
    for number in range(tables):
        told, reader = table.lay()
        without = read(reader)
        say(told)
        with_it = read(reader)
        unsay(told)
        found += [f"table {number}: {name}" for name in without if with_it[name] != without[name]]
    return found


def test_nothing_but_a_diet_makes_a_difference_here(table: Table) -> None:
    everything = Everything(table)
    for seat in table.seats:
        assert everything.of(seat) == everything.of(seat)


def test_of_every_table_what_a_guest_reads_of_the_food_is_the_same(table: Table) -> None:
    assert differences(table, partial(food_of, table), TABLES) == []


def test_so_are_their_pages_calendars_and_mails(table: Table) -> None:
    assert differences(table, Everything(table).of, WHOLE) == []


def test_until_the_host_asks_in_their_own_words_and_then_it_is_these_words(table: Table) -> None:
    everything = Everything(table)
    for _ in range(WHOLE // 10):
        TableRequest.objects.ask(table.gathering, "")
        told, reader = table.lay()
        say(told)
        before = everything.of(reader)
        TableRequest.objects.ask(table.gathering, ASKED)
        after = everything.of(reader)
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {table.gathering.get_absolute_url(), *MAILS}
        assert all(ASKED.encode() in after[name] and ASKED.encode() not in before[name] for name in changed)
        unsay(told)
        assert everything.of(reader) == after  # whoever it was about


def test_control_were_the_table_told_what_the_hosts_are_it_would_be_found(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ToldDietQuerySet, "to_the_table", ToldDietQuerySet.to_hosts)
    assert len(differences(table, partial(food_of, table), 40)) > 10
    page = table.gathering.get_absolute_url()
    assert any(each.endswith(f": {page}") for each in differences(table, Everything(table).of, 10))


def test_control_were_a_request_derived_from_it_every_mail_would_tell(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def derived(_requests: Any, gatherings: Any) -> dict[int, str]:
        told = ToldDiet.objects.to_hosts().standing().count()
        return {gathering.pk: f"{told} of you eat not everything" for gathering in gatherings}

    monkeypatch.setattr(TableRequestQuerySet, "words_of", derived)
    found = differences(table, Everything(table).of, 10)
    for name in (table.gathering.get_absolute_url(), *MAILS):
        assert any(each.endswith(f": {name}") for each in found), name
