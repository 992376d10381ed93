"""What a vote has come to, told to everyone who has a seat and to the hosts."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings.change_emails import TOLD_APART
from apps.gatherings.emails import seat_mail, show_table, until_morning, when
from apps.gatherings.models import Gathering, Rsvp
from apps.movies.evening import Evening, evening, in_words
from apps.movies.models import Vote
from apps.movies.models.showing import KIND, OPENED
from apps.outbox.kinds import Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.outbox.templatetags.quoting import quoted

TEMPLATE, OF_THE_VOTE = "movies/email/vote_closed", "movies/email/vote_opened"


def night_to_come(message: Message) -> Evening | None:
    gathering = Gathering.objects.for_cards().published().not_over().filter(pk=message.subject_id).first()
    return evening(gathering) if gathering else None


def night_of(message: Message) -> Evening | None:
    """The movie night, if it is still to come and its film is known."""
    found = night_to_come(message)
    return found if found and found.showing.is_closed and found.film else None


def has_a_vote(message: Message) -> bool:
    """Whether its reader has a seat there, and could still choose, and has not."""
    night = night_to_come(message)
    if night is None or not night.showing.takes_votes or seat_at(night, message) is None:
        return False
    return message.member is not None and not Vote.objects.of(message.member, night.gathering).exists()


def vote_opened(message: Message) -> Mail:
    """Once, to those who had a seat when it was opened: what there is to choose from, and until when."""
    night = night_to_come(message)
    rsvp = seat_at(night, message) if night else None
    if night is None or rsvp is None:
        raise Gathering.DoesNotExist
    words = {"title": night.gathering.title, "until": night.until}
    context = {
        "gathering": night.gathering,
        "rsvp": rsvp,
        "when": when(night.gathering),
        "until": night.until,
        "films": [(film, in_words(film)) for film in night.films],
        "leave_url": link_to("leave", rsvp.member, rsvp.pk, rsvp.round),
    }
    subject = _("Which film? You choose with the others until %(until)s: %(title)s") % words
    return Mail(subject, OF_THE_VOTE, context, thread=night.gathering.key)


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
    night = night_to_come(message)
    return until_morning(night.gathering) if night else None


register(
    KIND,
    is_theirs,
    vote_closed,
    label=_lazy("Which film your table has chosen"),
    rests_until=rests_until,
)
register(
    OPENED,
    has_a_vote,
    vote_opened,
    label=_lazy("That your table chooses its film, and until when"),
    rests_until=rests_until,
)
TOLD_APART.append(KIND)  # of the end, which follows from the film
