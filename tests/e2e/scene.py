"""One scene with everything that comes between a wish to sit and a seat, for the pages that show it."""

import json

from tests.e2e.stack import Stack

# Only members see these tables, so that whoever looks for one as a stranger finds those of the demo town alone.
PUT = """
import json
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.conf import settings
from django.utils import timezone
from apps.gatherings import parting
from apps.gatherings.models import CoHost, Companion, Gathering, Plan, Question, Rsvp, Series
from apps.gatherings.models.note import Note
from apps.meals.models import Dish, Meal, TableRequest, ToldDiet
from apps.movies.models import Film, Showing
from apps.outbox.links import link_to
from apps.profiles.models import Needs, ProfileAnswer

now = timezone.now()
long_ago = now - timedelta(days=30)  # whoever has only just joined has but two seats and two tables
town = Town.objects.get(slug="bristol-gb")
robin, mei, sam = (Member.objects.get(email=f"{who}@example.org") for who in ("guest", "host", "keeper"))
ines, *people = (
    Member.objects.join(f"{name.lower()}@scene.example", name, town, pronouns="they/them", joined_at=long_ago)
    for name in "Ines Amara Bahram Chidi Dara Eleni Farah Gwen Hana".split()
)
amara, bahram, chidi, dara, eleni, farah, gwen, hana = people
LONG = "I come by wheelchair and on my own, am shy with many people, and would rather sit near the door if I may."

def lay(title, host, hours, **more):
    begins = (now + timedelta(hours=hours)).astimezone(ZoneInfo(town.time_zone)).replace(second=0, microsecond=0)
    gathering = Gathering.objects.create(**{
        "host": host, "kind": "dinner", "title": title, "words": "I cook, we talk, nobody stays late.", "town": town,
        "address": "14 Greville Street, the green door", "area": "Southville", "time_zone": town.time_zone,
        "day": begins.date(), "starts": begins.time(), "ends": (begins + timedelta(hours=2)).time(),
        "visibility": "members", "address_from": "now", "way_in": "Bus 76 to the bridge, then two steps up.",
        "contact": "0117 496 0000", "met_from": begins.time(), "met_by": "Ada in a green coat", **more,
    })
    gathering.publish()
    return gathering

# What Robin has, and where.
offered = lay("Soup with an offer", ines, 200)
offered.offer(robin)
full = lay("Soup to wait for", ines, 220, seats_wanted=2, most_companions=1)
for guest in (amara, bahram, chidi):
    full.seat(guest)
full.seat(robin, companions=[Companion(is_child=True, name="Kit")], note=LONG)
asked = lay("Soup by request", ines, 240, asks_first=True, most_companions=2)
asked.seat(robin, companions=[Companion(name="Jo", needs="No nuts")])
declined = lay("Soup without", ines, 260)
declined.seat(robin).decline("The kitchen is small this time.")
seated = lay("Soup this evening", ines, 8, seats_wanted=6, most_companions=2)
seat = seated.seat(robin, companions=[Companion(is_child=True), Companion(name="Jo", needs="No nuts")], note=LONG)
Plan.objects.create(rsvp=seat, sets_off="18:15", sets_off_by="bike", if_nervous="stay twenty minutes, then decide")
seated.seat(amara)
Meal.objects.choose(seated, "everyone")
labels = {"serves": 8, "allergens": ["eggs", "milk", "gluten"], "diets": ["vegetarian"], "is_sure": False}
dish = Dish.objects.bring(seated, robin, "dessert", "Plum cake from the tree behind the house", **labels)
Dish.objects.take(seated, amara, "mains")
jo = seat.companions.get(name="Jo")
ToldDiet.objects.tell(seat, {
    None: {"to": "host", "diets": ["coeliac"], "words": "A trace of flour is too much; I would rather not explain."},
    jo.pk: {"to": "table", "allergens": ["nuts", "sesame"]},
})
TableRequest.objects.ask(seated, "Please, no nuts tonight, and keep the flour away from the salad.")
alone = lay("Soup for one", ines, 9)
alone.seat(robin)
kept = lay("Soup for the first time", ines, 280, seats_wanted=2, seats_kept=1, most_companions=1)
kept.seat(robin).bow_out()
kept.seat(amara)
Question.objects.ask(asked, robin, "Is there somewhere quiet to sit for a while?")
Question.objects.ask(asked, robin, fact="is_alcohol_free")
asked.questions.get(fact="").reply(ines, "Yes, the back room.")

# What Mei has to do with it.
over = lay("Soup last week", mei, -150)
for guest in (robin, amara, gwen):
    Rsvp.objects.create(gathering=over, member=guest, state="seated", is_absent=guest == gwen)
over.count_seats()
potluck = lay("Soup and what you bring", mei, 470, kind="shared-meal", seats_wanted=10)
Dish.objects.bring(potluck, mei, "bread", "Two loaves", **labels)
for guest, eats in ((gwen, {"diets": ["vegan"], "allergens": ["nuts"]}), (hana, {"diets": ["vegetarian"]})):
    ToldDiet.objects.tell(potluck.seat(guest), {None: {"to": "host", **eats}})
table = lay("Soup with everything", mei, 480, seats_wanted=6, most_companions=2, asks_first=True, least_guests=5)
CoHost.invite(table, "asked@scene.example")
CoHost.invite(table, sam.email)
table.co_hosts.get(email=sam.email).accept(sam)
first = table.seat(amara, companions=[Companion(is_child=True, name="Kit", needs="A high chair")], note=LONG)
first.admit()
first.bring([*first.companions.order_by("pk"), Companion(name="Jo")])
first.say_yes()
second = table.seat(bahram, wants_space=True)
second.admit()
Rsvp.objects.filter(pk=second.pk).update(minutes_late=15)
table.offer(gwen)
for guest, companions in ((chidi, [Companion(), Companion(is_child=True)]), (dara, [])):
    table.seat(guest, companions=companions).admit()
for guest, companions in ((eleni, [Companion(needs="No nuts, no dairy, and a seat near the door")]), (farah, [])):
    table.seat(guest, companions=companions, note=LONG)
Note.objects.send(table, mei, "Bring slippers; the floor is cold.")
question = Question.objects.ask(table, hana, fact="is_step_free", words="I use a chair.")
Question.objects.ask(table, hana, "May I bring my own cup?")
table.questions.get(fact="").reply(mei, "Please do.")
by_link = lay("Soup for friends", mei, 490, visibility="link")
by_link.make_link()
plain = lay("Soup, plainly", mei, 500)
weekly = lay("Soup every week", mei, 510)
series = Series.begin(weekly, "weekly")
series.join(robin)
series.join(amara)
series.last_day = (now + timedelta(days=10)).date()
series.save(update_fields=["last_day"])


# Films: none named yet, some to choose from, one that is shown.
unchosen, voting, showing = (lay(f"A sofa and {what}", mei, 520, kind="movie-night", seats_wanted=8) for what in
                             ("no film yet", "three films", "one film"))
said = {"year": 2017, "minutes": 103, "language": "English", "captions": "captions", "captions_language": "English",
        "why": "Two hours of kindness, and marmalade for whoever would like some.",
        "content": ["shocks", "suicide", "illness"], "content_words": "A bear is in danger once, and is well after it."}
ProfileAnswer.objects.keep(amara, [("arriving", LONG), ("ask-me", "moss"), ("a-meal", "rice on a roof, with " * 9)])
Member.objects.filter(pk=amara.pk).update(languages="Igbo, English, some French and a little of the sign for soup")
Needs.objects.keep(robin, LONG, "yes")
films = [Film.objects.add(voting, title=title, **said) for title in ("Paddington 2", "Totoro", "The Lady Vanishes")]
Showing.objects.open_vote(voting, now + timedelta(days=3))
Showing.objects.show(Film.objects.add(showing, title="Paddington 2", **said))
for night in (voting, showing):
    night.seat(robin)

for blocker in (robin, mei):
    parting.block(blocker, Member.objects.join(f"blocked-by-{blocker.key}@scene.example", "Iris", town))

def link(purpose, member, subject, version=0):
    return link_to(purpose, member, subject.pk, version).removeprefix(settings.BASE_URL)

found = {name: value.key for name, value in {
    "offered": offered, "waitlisted": full, "asked": asked, "declined": declined, "seated": seated, "alone": alone,
    "kept": kept, "been": over, "table": table, "by_link": by_link, "plain": plain, "weekly": weekly,
    "potluck": potluck, "unchosen": unchosen, "voting": voting, "showing": showing,
    "amara": amara, "robin": robin, "eleni": eleni, "ines": ines, "sam": sam,
}.items()}
offer = offered.rsvps.get(member=robin)
found |= {
    "question": question.pk,
    "dish": dish.pk,
    "film": films[0].pk,
    "offer_link": link("offer", robin, offer, offer.round),
    "leave_link": link("leave", robin, seat, seat.round),
    "coming_link": link("coming", robin, seat, seat.round),
    "late_link": link("late", robin, seat, seat.round),
    "go_ahead_link": link("go_ahead", mei, table, table.moves),
    "cohost_link": link("cohost", None, table.co_hosts.get(email="asked@scene.example")),
    "answer_link": link("answer_question", mei, question),
    "renew_link": link("renew_series", mei, series, series.renewals),
    "leave_series_link": link("leave_series", robin, series.standing.get(member=robin)),
}
print(json.dumps(found))
"""


def put_a_scene(stack: Stack) -> dict[str, str]:
    """Keys of its gatherings and members by name, and the addresses that its mails link to."""
    return {name: str(value) for name, value in json.loads(stack.shell(PUT)).items()}
