"""Mail to hosts and co-hosts."""

from datetime import timedelta

from django.utils import timezone

from apps.community.demo.scenes.stage import dinner, due, evening, in_an_hour_or_two, mail_to, mei, noor, somebody
from apps.gatherings import rhythm
from apps.gatherings.models import Companion, Question, RsvpChange, Series
from apps.meals.models import Dish, Meal, ToldDiet
from apps.outbox.models import Message

NOTE = "I may be quiet at first, and would like to sit near the door."


def request_received() -> Message:
    """Mei says yes to each guest first; Noor asks, and would bring a child."""
    table = dinner(asks_first=True, most_companions=2)
    table.seat(noor(), companions=[Companion(is_child=True, name="Kit")], note=NOTE)
    return mail_to(mei(), "request_received")


def company_asked() -> Message:
    """Noor has a seat, and would like to bring somebody."""
    seat = dinner(asks_first=True, most_companions=2).seat(noor())
    seat.admit()
    seat.bring([Companion(name="Jo")])
    return mail_to(mei(), "company_asked")


def question_asked() -> Message:
    """One of the comfort facts that Mei has not said, with a few words."""
    Question.objects.ask(dinner(), noor(), "I come by wheelchair and can manage one step.", fact="is_step_free")
    return mail_to(mei(), "question_asked")


def host_update() -> Message:
    """Two have come within the hour, one with a friend, and one has given last week’s seat back, and a cake with it."""
    table = dinner(most_companions=2)
    given_back = table.seat(somebody("Temperance"))
    Meal.objects.choose(table, "add")
    Dish.objects.bring(table, somebody("Temperance"), "dessert", "Plum cake", serves=8)
    given_back.history.update(at=timezone.now() - timedelta(weeks=1))
    given_back.bow_out()
    table.seat(noor(), companions=[Companion(name="Jo")])
    table.seat(somebody("Efua"))
    just_now = RsvpChange.objects.filter(rsvp__gathering=table, at__gt=timezone.now() - timedelta(days=1))
    just_now.update(at=timezone.now() - timedelta(minutes=50))
    return due("host_update", mei(), table.pk, version=1)


def host_briefing() -> Message:
    """The day before: who comes, who has said yes, what they want Mei to know and what they eat."""
    table = dinner(1, most_companions=2)
    seat = table.seat(noor(), companions=[Companion(is_child=True, name="Kit")], note=NOTE)
    seat.say_yes()
    efua = table.seat(somebody("Efua"), wants_space=True)
    ToldDiet.objects.tell(seat, {None: {"to": "host", "allergens": ["nuts"], "words": "a trace is too much"}})
    ToldDiet.objects.tell(efua, {None: {"to": "table", "diets": ["vegetarian"]}})
    Meal.objects.choose(table, "add")
    Dish.objects.bring(table, noor(), "dessert", "Plum cake", serves=8, needs_fridge=True, diets=["vegetarian"])
    return due("host_briefing", mei(), table.pk, version=table.moves)


def running_late() -> Message:
    """On the day."""
    dinner(starts=in_an_hour_or_two()).seat(noor()).run_late(15)
    return mail_to(mei(), "running_late")


def too_few() -> Message:
    """The day before, with one guest where Mei wished for three; the briefing is in it."""
    table = dinner(1, least_guests=3)
    table.seat(noor(), note=NOTE)
    return due("too_few", mei(), table.pk, version=table.moves)


def series_ending() -> Message:
    """Less than two weeks before half a year of soup is over."""
    day = evening(3).date()
    first_day = day - timedelta(weeks=25)
    last_day = rhythm.ends_on(first_day, 0)
    series = Series.objects.create(host=mei(), rhythm="weekly", first_day=first_day, last_day=last_day)
    dinner(3, series=series, series_day=day)
    return due("series_ending", mei(), series.pk, version=series.renewals)


SCENES = [
    request_received,
    company_asked,
    question_asked,
    host_update,
    host_briefing,
    running_late,
    too_few,
    series_ending,
]
