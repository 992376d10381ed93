"""What a vote has come to, told to everyone who has a seat and to the hosts."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings.change_emails import TOLD_APART
from apps.gatherings.emails import seat_mail, show_table, until_morning, when
from apps.gatherings.models import Gathering, Rsvp
from apps.movies.evening import Evening, evening
from apps.movies.models.showing import KIND
from apps.outbox.kinds import Mail, register
from apps.outbox.models import Message
from apps.outbox.templatetags.quoting import quoted

TEMPLATE = "movies/email/vote_closed"


def night_of(message: Message) -> Evening | None:
    """The movie night, if it is still to come and its film is known."""
    gathering = Gathering.objects.for_cards().published().not_over().filter(pk=message.subject_id).first()
    found = evening(gathering) if gathering else None
    return found if found and found.showing.is_closed and found.film else None


def seat_at(night: Evening, message: Message) -> Rsvp | None:
    seats = night.gathering.rsvps.seated().filter(member=message.member).select_related("member")
    rsvp = seats.first()
    if rsvp:
        rsvp.gathering = night.gathering
    return rsvp


def is_theirs(message: Message) -> bool:
    night = night_of(message)
    return night is not None and (seat_at(night, message) is not None or night.gathering.is_run_by(message.member))


def vote_closed(message: Message) -> Mail:
    """To the seated with the gathering's new end in their calendar; to its hosts without."""
    night = night_of(message)
    if night is None or night.film is None:
        raise Gathering.DoesNotExist
    gathering, rsvp = night.gathering, seat_at(night, message)
    words = {"film": night.film, "title": gathering.title}
    subject = _("The film is %(film)s: %(title)s") % words
    context: dict[str, Any] = {"film": night.film, "why": quoted(night.film.why), "to_expect": night.rows}
    if rsvp is None:
        context |= {"gathering": gathering, "when": when(gathering), "is_host": True}
        return Mail(subject, TEMPLATE, context, thread=gathering.key)
    mail = seat_mail(rsvp, subject, TEMPLATE)
    mail.context |= {**context, "is_longer_or_shorter": message.version > 0}
    return show_table(mail, gathering, rsvp)


def rests_until(message: Message) -> Any:
    night = night_of(message)
    return until_morning(night.gathering) if night else None


register(
    KIND,
    is_theirs,
    vote_closed,
    label=_lazy("Which film your table has chosen"),
    rests_until=rests_until,
)
TOLD_APART.append(KIND)  # of the end, which follows from the film
