"""Nudges and the digest, for a Noor who has asked for them. Each has its hour, for which a scene need not wait."""

from datetime import timedelta

from apps.community.demo.scenes.stage import bristol, dinner, due, mei, noor, somebody
from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.models import Consent, Message
from apps.reminders.models import NearWish


def nudge(kind: str, subject_id: int = 0, version: int = 0) -> Message:
    Consent.objects.say(noor(), kind, is_given=True)
    return due(kind, noor(), subject_id, version=version)


def games(days: int) -> Gathering:
    return dinner(
        days, host=somebody("Efua"), kind="games", title="Bring a board game", area="Totterdown", seats_wanted=4
    )


def walk(days: int) -> Gathering:
    title = "A slow walk round the harbour"
    return dinner(days, host=somebody("Temperance"), kind="walk", title=title, setting="public", area="Hotwells")


def came_to_soup() -> Rsvp:
    """Noor came to Mei's table four weeks ago."""
    seat = dinner(1).seat(noor())
    at = seat.gathering
    ago = {name: getattr(at, name) - timedelta(weeks=4) for name in ("day", "starts_at", "ends_at", "day_before_at")}
    Gathering.objects.filter(pk=at.pk).update(**ago)
    return seat


def first_step() -> Message:
    """Two days after joining: three small tables near by."""
    for table in (games, walk, dinner):
        table(4)
    return nudge("first_step", version=1)


def something_near() -> Message:
    """Noor asked to be told; the first table around there has just been laid."""
    NearWish.objects.ask(noor(), bristol(), 10, kind="games")
    return nudge("something_near", NearWish.objects.of(noor()).get().pk, version=games(5).pk)


def try_again() -> Message:
    """Five days after a seat was given back."""
    seat = dinner(2).seat(noor())
    seat.bow_out()
    games(6)
    return nudge("try_again", seat.pk, seat.round)


def keep_showing_up() -> Message:
    """Three weeks without a seat; Mei sets the table again."""
    seat = came_to_soup()
    dinner(6)
    return nudge("keep_showing_up", seat.pk)


def open_the_door() -> Message:
    """Three days before, for somebody who has been here before."""
    came_to_soup()
    seat = dinner(3, host=mei()).seat(noor())
    return nudge("open_the_door", seat.pk, seat.gathering.moves)


def seats_tomorrow() -> Message:
    """The evening before."""
    games(1)
    return nudge("seats_tomorrow")


def weekly_digest() -> Message:
    """On Thursdays at six."""
    for days, table in enumerate((games, walk, dinner), 2):
        table(days)
    return nudge("weekly_digest", version=202648)


SCENES = [something_near, first_step, try_again, keep_showing_up, open_the_door, seats_tomorrow, weekly_digest]
