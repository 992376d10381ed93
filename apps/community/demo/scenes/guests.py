"""Mail to guests, and to those who would like to be."""

from datetime import time, timedelta

from django.utils import timezone

from apps.community.demo.scenes.stage import DOMAIN, dinner, mail_to, mei, noor, somebody
from apps.gatherings import parting, sweep
from apps.gatherings.models import CoHost, Companion, Gathering, Invitation, Note, Question, Rsvp, Series
from apps.movies.models import Film, Showing, Vote
from apps.outbox.models import Message
from apps.profiles.models import Member

REGRET = "I have caught a cold and would rather not share it. We will find another evening."


def sign_in_code() -> Message:
    """To whoever gave this address, with or without an account."""
    in_time = timezone.now() + timedelta(minutes=15)
    Message.objects.put("sign_in_code", f"noor@{DOMAIN}", secret="KTPL-RWHX", expires_at=in_time)
    code: Message = Message.objects.get(kind="sign_in_code", address=f"noor@{DOMAIN}")
    return code


def address_changed() -> Message:
    """To the address that an account had until now."""
    Message.objects.put("address_changed", f"noor.before@{DOMAIN}")
    word: Message = Message.objects.get(kind="address_changed")
    return word


def seat_confirmed() -> Message:
    """A seat taken some days ahead, before the address is to be seen."""
    dinner().seat(noor())
    return mail_to(noor(), "seat_confirmed")


def seat_confirmed_with_the_address() -> Message:
    """A seat for two, taken when the address is to be seen."""
    dinner(address_from="now", most_companions=2).seat(noor(), companions=[Companion(name="Jo")])
    return mail_to(noor(), "seat_confirmed")


def seat_confirmed_after_waiting() -> Message:
    """Noor had asked to be seated straight away, and a seat came free."""
    table = dinner(seats_wanted=1)
    first = table.seat(somebody("Efua"))
    table.seat(noor(), is_straight_away=True)
    first.bow_out()
    return mail_to(noor(), "seat_confirmed")


def request_accepted() -> Message:
    """The host says yes to each guest first, and has."""
    dinner(asks_first=True).seat(noor()).admit()
    return mail_to(noor(), "request_accepted")


def request_declined() -> Message:
    """The host could not say yes, and has added a few words."""
    dinner(asks_first=True).seat(noor()).decline("We are eight with the neighbours already. Another time, gladly.")
    return mail_to(noor(), "request_declined")


def waitlist_joined() -> Message:
    """A full table, and one other guest in line."""
    table = dinner(seats_wanted=1)
    for guest in (somebody("Efua"), somebody("Priya"), noor()):
        table.seat(guest)
    return mail_to(noor(), "waitlist_joined")


def held_for_noor() -> Rsvp:
    """Somebody has given their seat back, and it is Noor's turn."""
    table = dinner(seats_wanted=1)
    first, waiting = table.seat(somebody("Efua")), table.seat(noor())
    first.bow_out()
    waiting.refresh_from_db()
    return waiting


def seat_offered() -> Message:
    """A seat has come free, and is held until the deadline."""
    held_for_noor()
    return mail_to(noor(), "seat_offered")


def offer_lapsed() -> Message:
    """The deadline has passed without an answer."""
    offer, now = held_for_noor(), timezone.now()
    Rsvp.objects.filter(pk=offer.pk).update(offered_until=now)
    sweep.end_offers(Gathering.objects.locked(offer.gathering_id), now)
    return mail_to(noor(), "offer_lapsed")


def seat_withdrawn() -> Message:
    """The host has taken a seat away."""
    dinner().seat(noor()).decline("My sister comes to stay that week, and the table is small.")
    return mail_to(noor(), "seat_withdrawn")


def blocked_at_table() -> Message:
    """Somebody whom Noor has blocked has taken a seat at the same table."""
    table = dinner()
    table.seat(noor())
    parting.block(noor(), somebody("Priya"))
    table.seat(somebody("Priya"))
    return mail_to(noor(), "blocked_at_table")


def gathering_cancelled() -> Message:
    """The host has called it off; two others are near by."""
    table = dinner()
    table.seat(noor())
    others = {"title": "Bring a board game", "kind": "games", "area": "Totterdown", "host": somebody("Efua")}
    dinner(6, **others)
    dinner(8, title="A slow walk round the harbour", kind="walk", setting="public", host=somebody("Temperance"))
    table.cancel(REGRET)
    return mail_to(noor(), "gathering_cancelled")


def note_from_host() -> Message:
    """A few words to everyone with a seat."""
    table = dinner()
    table.seat(noor())
    Note.objects.send(
        table, mei(), "The floor is cold: bring slippers.\nAnd tell me if you would like to sit by the door."
    )
    return mail_to(noor(), "note_from_host")


def question_answered() -> Message:
    """The answer to a question in the guest's own words."""
    Question.objects.ask(dinner(), noor(), "Is there somewhere quiet to sit for a while?").reply(
        mei(), "Yes, the back room. There is an armchair in it and a lamp, and nobody will ask."
    )
    return mail_to(noor(), "question_answered")


def question_answered_about_steps() -> Message:
    """The answer to what the card did not say."""
    Question.objects.ask(dinner(), noor(), fact="is_step_free").reply(mei(), "Two, with a rail.", fact_answer=False)
    return mail_to(noor(), "question_answered")


def series_joined() -> Message:
    """Every Thursday or so: a seat on each date but the second, which is full."""
    first = dinner(seats_wanted=2)
    series = Series.begin(first, "weekly")
    second = series.coming()[1]
    for guest in ("Efua", "Priya"):
        second.seat(somebody(guest))
    series.join(noor())
    return mail_to(noor(), "series_joined")


def gathering_changed() -> Message:
    """Mei has moved the soup by half an hour, and says that there are no animals."""
    table = dinner()
    table.seat(noor()).history.update(at=timezone.now() - timedelta(days=1))
    table.starts, table.is_animal_free = time(19, 30), True
    table.change(["starts", "is_animal_free"])
    return mail_to(noor(), "gathering_changed")


def vote_opened() -> Message:
    """The guests are to choose their film."""
    film_night()
    Vote.objects.all().delete()
    return mail_to(noor(), "vote_opened")


def vote_closed() -> Message:
    """The guests have chosen their film, and the evening ends as it does."""
    night = film_night()
    night.seat(somebody("Efua"))
    return close_the_vote(night, noor())


def vote_closed_to_the_host() -> Message:
    """The same, to Mei."""
    return close_the_vote(film_night(), mei())


def film_night() -> Gathering:
    night = dinner(kind=Gathering.Kind.MOVIE_NIGHT, title="A film and a sofa", words="Blankets are in the basket.")
    night.seat(noor())
    Film.objects.add(night, title="The Lady Vanishes", year=1938, minutes=96, language="English")
    film = Film.objects.add(
        night,
        title="Paddington 2",
        year=2017,
        minutes=103,
        language="English",
        captions="captions",
        captions_language="English",
        why="Two hours of kindness, and marmalade.",
        content=["shocks"],
        content_words="A bear is in danger once, and is well after it.",
    )
    Showing.objects.keep_times(night, begins_after=20, break_minutes=10, talk_minutes=30)
    Showing.objects.open_vote(night, timezone.now() + timedelta(days=1))
    Vote.objects.cast(night, noor(), [film.pk])
    return night


def close_the_vote(night: Gathering, member: Member) -> Message:
    """As the sweep does, a day later."""
    night = Gathering.objects.locked(night.pk)
    Showing.objects.close(night, timezone.now() + timedelta(days=1))
    return mail_to(member, "vote_closed")


def invitation() -> Message:
    """From a host, to somebody who has an account."""
    Invitation.send(dinner(), mei(), [noor().email])
    return mail_to(noor(), "invitation")


def invitation_to_a_stranger() -> Message:
    """From a host, to an address that nobody here has."""
    Invitation.send(dinner(), mei(), [f"jo@{DOMAIN}"])
    invitation: Message = Message.objects.get(kind="invitation", address=f"jo@{DOMAIN}")
    return invitation


def cohost_invited() -> Message:
    """Mei asks Noor for help."""
    CoHost.invite(dinner(), noor().email)
    return mail_to(noor(), "cohost_invited")


SCENES = [
    sign_in_code,
    address_changed,
    seat_confirmed,
    seat_confirmed_with_the_address,
    seat_confirmed_after_waiting,
    request_accepted,
    request_declined,
    waitlist_joined,
    seat_offered,
    offer_lapsed,
    seat_withdrawn,
    blocked_at_table,
    gathering_changed,
    vote_opened,
    vote_closed,
    vote_closed_to_the_host,
    gathering_cancelled,
    note_from_host,
    question_answered,
    question_answered_about_steps,
    series_joined,
    invitation,
    invitation_to_a_stranger,
    cohost_invited,
]
