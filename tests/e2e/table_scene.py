"""Somebody for each day that *your table* can lie on: the day before, the day, the day after, and nothing ahead."""

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.e2e.stack import Stack

LONDON = ZoneInfo("Europe/London")


def till_ten() -> float:
    """Seconds until it is next ten in the morning in Bristol: then today's evening is today's, whenever this runs."""
    now = datetime.now(LONDON)
    ten = datetime.combine(now.date(), time(10), LONDON)
    return ((ten if ten > now else ten + timedelta(days=1)) - now).total_seconds()


PUT = """
import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo
from django.test import Client
from django.utils import timezone
from apps.gatherings.models import Companion, Plan, Question
from apps.meals.models import Dish

town = Town.objects.get(slug="bristol-gb")
zone = ZoneInfo(town.time_zone)
today = timezone.now().astimezone(zone).date()
long_ago = timezone.now() - timedelta(days=90)
names = "Mei Ash Robin Amara Bahram Chidi Jonas Hana Ines Gwen Tove Una"
people = {
    name: Member.objects.join(f"{name.lower()}@table.example", name, town, pronouns="they/them", joined_at=long_ago)
    for name in names.split()
}
mei = people["Mei"]

def lay(title, host, days, starts=time(18), ends=time(21), **more):
    gathering = Gathering.objects.create(**{
        "host": people[host], "kind": "dinner", "title": title, "words": "We cook, we talk, nobody stays late.",
        "town": town, "area": "Southville", "address": "14 Greville Street, the green door",
        "time_zone": town.time_zone, "day": today + timedelta(days=days), "starts": starts, "ends": ends,
        "visibility": "members",
        "way_in": "Ring twice or send a text.", "contact": "0117 496 0000", **more,
    })
    gathering.publish()
    return gathering

def came(gathering, *guests):
    for guest in guests:
        Rsvp.objects.create(gathering=gathering, member=people[guest], state="seated", round=1)
    gathering.count_seats()

# What was: a few weeks ago, and yesterday.
came(lay("Stew some weeks ago", "Mei", -21), "Robin", "Chidi", "Jonas")
came(lay("Pancakes in spring", "Una", -60), "Tove")
came(lay("Stew last night", "Ines", -1, time(19)), "Bahram", "Jonas")
# What is ahead.
dumplings = lay("Dumpling folding", "Mei", 1, kind="shared-meal", seats_wanted=6)
for guest in ("Robin", "Jonas", "Tove"):
    seat = dumplings.seat(people[guest])
    if guest == "Robin":
        Plan.objects.create(rsvp=seat, sets_off="17:25", sets_off_by="bike with the filling in the blue box")
Dish.objects.bring(dumplings, people["Robin"], "mains", "a vegan filling for six", serves=6)
Dish.objects.bring(dumplings, people["Jonas"], "bread", "Flat bread", serves=8)
soup = lay("Soup this evening", "Gwen", 0, seats_wanted=4, most_companions=1)
Plan.objects.create(rsvp=soup.seat(people["Amara"]), sets_off="17:30", if_nervous="stay twenty minutes, then decide")
question = Question.objects.ask(soup, people["Amara"], "Is there somewhere quiet to sit for a while?")
question.reply(people["Gwen"], "Yes, the back room, for as long as you like.")
quiet = lay("Quiet company", "Una", 4, kind="quiet", visibility="everyone", seats_wanted=3)
quiet.offer(people["Robin"])
by_request = lay("Soup by request", "Hana", 1, asks_first=True)
by_request.seat(people["Gwen"], note="I may be quiet at first.")
Question.objects.ask(by_request, people["Ines"], "May I bring my own cup?")
lay("Noodles, and nobody in a hurry", "Mei", 8, visibility="everyone", seats_wanted=4)

def session_of(member):
    client = Client()
    client.force_login(member)
    return client.cookies["session"].value

print(json.dumps({name: session_of(member) for name, member in people.items()}))
"""


def put_tables(stack: Stack) -> dict[str, str]:
    """The session of each of these members, by name."""
    return dict(json.loads(stack.shell(PUT)))
