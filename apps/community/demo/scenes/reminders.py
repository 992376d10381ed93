"""Reminders of a seat one has."""

from datetime import time

from apps.afterwards.models import Felt, Reflection
from apps.community.demo.scenes.stage import dinner, due, in_an_hour_or_two, noor, somebody
from apps.gatherings.models import Plan
from apps.meals.models import Dish, Meal, TableRequest
from apps.outbox.models import Message


def day_before() -> Message:
    """With the address, the guest's own plan, dish and last line, what Mei asks of the table, and who comes out."""
    # The address may be seen at once: from the day before would mean, in the morning, not yet.
    Reflection.objects.keep(noor(), dinner(-6, title="Dumplings"), Felt.AMONG, "Sitting near the kitchen helped.")
    table = dinner(1, address_from="now", met_from=time(18, 45), met_by="Ada in a green coat")
    seat = table.seat(noor())
    table.seat(somebody("Efua"))
    Meal.objects.choose(table, "add")
    Dish.objects.bring(table, noor(), "dessert", "Plum cake", serves=8)
    TableRequest.objects.ask(table, "Please, no nuts tonight.")
    Plan.objects.create(rsvp=seat, sets_off="18:15", sets_off_by="bike", if_nervous="stay twenty minutes, then decide")
    return due("day_before", noor(), seat.pk, version=table.moves)


def day_before_as_the_only_guest() -> Message:
    """Nobody else has a seat, and they have said that they come."""
    table = dinner(1, address_from="now")
    seat = table.seat(noor())
    seat.say_yes()
    return due("day_before", noor(), seat.pk, version=table.moves)


def soon() -> Message:
    """With how to reach the host on the day."""
    table = dinner(starts=in_an_hour_or_two())
    seat = table.seat(noor())
    table.seat(somebody("Efua"))
    return due("soon", noor(), seat.pk, version=table.moves)


SCENES = [day_before, day_before_as_the_only_guest, soon]
