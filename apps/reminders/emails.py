from apps.gatherings.emails import day_time_title, rsvp_of, seat_mail
from apps.gatherings.models import Rsvp
from apps.outbox.kinds import Mail, register
from apps.outbox.models import Message

TEMPLATES = "reminders/email"


def seat_is_held(message: Message) -> bool:
    """Still seated, still taking place, and not moved since the reminder was put."""
    rsvp = rsvp_of(message)
    return rsvp is not None and rsvp.gathering.is_published and rsvp.gathering.moves == message.version


def seat_of(message: Message) -> Rsvp:
    rsvp = rsvp_of(message)
    if rsvp is None:
        raise Rsvp.DoesNotExist
    return rsvp


def day_before(message: Message) -> Mail:
    rsvp = seat_of(message)
    return seat_mail(rsvp, day_time_title(rsvp.gathering), f"{TEMPLATES}/day_before")


def soon(message: Message) -> Mail:
    rsvp = seat_of(message)
    return seat_mail(rsvp, day_time_title(rsvp.gathering), f"{TEMPLATES}/soon")


register("day_before", seat_is_held, day_before)
register("soon", seat_is_held, soon)
