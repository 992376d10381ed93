"""Mail about one RSVP: what came of a wish to sit, and what the hosts are told of it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings import calendar
from apps.gatherings.emails import TEMPLATES, is_only_guest, rsvps, seat_mail, show_table, what_to_expect, when
from apps.gatherings.models import Rsvp
from apps.gatherings.party import brings
from apps.outbox.kinds import Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message


def subject_of(message: Message) -> Rsvp | None:
    rsvp: Rsvp | None = message.subject
    return rsvp


def found(message: Message) -> Rsvp:
    rsvp = subject_of(message)
    if rsvp is None:
        raise Rsvp.DoesNotExist
    return rsvp


def is_as_it_was(message: Message) -> bool:
    """Nothing has changed about the RSVP since, and the gathering takes place."""
    rsvp = subject_of(message)
    return rsvp is not None and rsvp.round == message.version and rsvp.gathering.is_published


def own_mail(rsvp: Rsvp, subject: str, kind: str, **context: object) -> Mail:
    """To a guest who has no seat: the area, never the address of a home."""
    gathering = rsvp.gathering
    shown = {"gathering": gathering, "rsvp": rsvp, "when": when(gathering), **context}
    return Mail(subject, f"{TEMPLATES}/{kind}", shown, thread=gathering.key)


def words_of(rsvp: Rsvp) -> dict[str, str]:
    return {"title": rsvp.gathering.title, "when": when(rsvp.gathering), "name": rsvp.member.name}


def seat_confirmed(message: Message) -> Mail:
    rsvp = found(message)
    before = rsvp.history.filter(round=rsvp.round - 1).order_by("-pk").first()
    has_waited = before is not None and before.state == Rsvp.State.WAITLISTED
    return confirmation(rsvp, has_waited=has_waited)


def request_accepted(message: Message) -> Mail:
    rsvp = found(message)
    return confirmation(rsvp, was_asked=True)


def is_the_day_before(rsvp: Rsvp) -> bool:
    opens = rsvp.gathering.day_before_at
    return opens is not None and opens <= rsvp.changed_at


def stands_for(message: Message) -> str:
    rsvp = subject_of(message)
    return "day_before" if rsvp and is_the_day_before(rsvp) else ""


def confirmation(rsvp: Rsvp, has_waited: bool = False, was_asked: bool = False) -> Mail:
    """From the moment of the day-before mail on it is that mail as well, which does not come any more.

    Whoever has just pressed for their seat is not asked whether they come.
    """
    mail = seat_mail(rsvp, _("You have a seat: %(title)s, %(when)s") % words_of(rsvp), f"{TEMPLATES}/seat_confirmed")
    is_the_last = is_the_day_before(rsvp)
    asks = is_the_last and (has_waited or was_asked) and not rsvp.said_yes_at
    mail.context |= {
        "has_waited": has_waited,
        "was_asked": was_asked,
        "is_the_last": is_the_last,
        "is_only_guest": is_the_last and is_only_guest(rsvp),
        "coming_url": link_to("coming", rsvp.member, rsvp.pk, rsvp.round) if asks else "",
        **(what_to_expect(rsvp) if is_the_last else {}),
    }
    return show_table(mail, rsvp.gathering, rsvp)


def seat_offered(message: Message) -> Mail:
    rsvp = found(message)
    until = date_format(rsvp.offered_until_local, "l j F, H:i")
    url = link_to("offer", rsvp.member, rsvp.pk, rsvp.round)
    words = {**words_of(rsvp), "until": date_format(rsvp.offered_until_local, "l, H:i")}
    return own_mail(
        rsvp,
        _("A seat is held for you until %(until)s: %(title)s") % words,
        "seat_offered",
        until=until,
        url=url,
        was_in_line=rsvp.history.filter(state=Rsvp.State.WAITLISTED, round=rsvp.round - 1).exists(),
    )


def offer_lapsed(message: Message) -> Mail:
    rsvp = found(message)
    return own_mail(rsvp, _("No longer held for you: %(title)s") % words_of(rsvp), "offer_lapsed")


def waitlist_joined(message: Message) -> Mail:
    rsvp = found(message)
    was_asked = rsvp.history.filter(state=Rsvp.State.ASKED, round=rsvp.round - 1).exists()
    subject = _("You are on the waitlist: %(title)s, %(when)s") % words_of(rsvp)
    url = link_to("leave", rsvp.member, rsvp.pk, rsvp.round)
    return own_mail(rsvp, subject, "waitlist_joined", place=rsvp.place_in_line, was_asked=was_asked, url=url)


def request_declined(message: Message) -> Mail:
    rsvp = found(message)
    return own_mail(rsvp, _("Not this time: %(title)s") % words_of(rsvp), "request_declined")


def seat_withdrawn(message: Message) -> Mail:
    """With the entry taken out of their calendar, where the seat had been theirs."""
    rsvp = found(message)
    mail = own_mail(rsvp, _("Your place is no longer there: %(title)s, %(when)s") % words_of(rsvp), "seat_withdrawn")
    if rsvp.history.filter(round=rsvp.round - 1, state=Rsvp.State.SEATED).exists():
        mail.calendar, mail.calendar_method = calendar.cancellation(rsvp), "CANCEL"
        mail.context["had_a_seat"] = True
    return mail


def is_a_no(message: Message) -> bool:
    rsvp = subject_of(message)
    return rsvp is not None and rsvp.is_declined and rsvp.round == message.version


# To the hosts


def is_a_host(message: Message, rsvp: Rsvp) -> bool:
    return message.member is not None and rsvp.gathering.is_run_by(message.member)


def is_an_open_request(message: Message) -> bool:
    """They still ask, and the reader still is a host."""
    rsvp = subject_of(message)
    return rsvp is not None and rsvp.is_asked and is_as_it_was(message) and is_a_host(message, rsvp)


def request_received(message: Message) -> Mail:
    rsvp = found(message)
    subject = _("%(name)s would like to come: %(title)s") % words_of(rsvp)
    url = link_to("request", message.member, rsvp.pk, rsvp.round)
    return own_mail(rsvp, subject, "request_received", brings=brings(rsvp.companions.all()), url=url)


def is_still_asked_for_company(message: Message) -> bool:
    rsvp = subject_of(message)
    if rsvp is None or not rsvp.is_open or not rsvp.gathering.is_published:
        return False
    return is_a_host(message, rsvp) and rsvp.companions.filter(is_agreed=False).exists()


def company_asked(message: Message) -> Mail:
    rsvp = found(message)
    subject = _("%(name)s would like to bring somebody: %(title)s") % words_of(rsvp)
    pending = rsvp.companions.filter(is_agreed=False).count()
    url = link_to("company", message.member, rsvp.pk, rsvp.round)
    return own_mail(rsvp, subject, "company_asked", pending=pending, url=url)


def is_running_late(message: Message) -> bool:
    rsvp = subject_of(message)
    return (
        rsvp is not None
        and rsvp.is_seated
        and rsvp.minutes_late is not None
        and rsvp.gathering.is_published
        and is_a_host(message, rsvp)
    )


def running_late(message: Message) -> Mail:
    rsvp = found(message)
    words = {**words_of(rsvp), "minutes": rsvp.minutes_late}
    return own_mail(rsvp, _("%(name)s will be about %(minutes)s minutes late") % words, "running_late")


register(
    "seat_confirmed", is_as_it_was, seat_confirmed, label=_lazy("You have a seat"), load=rsvps, stands_for=stands_for
)
register(
    "request_accepted",
    is_as_it_was,
    request_accepted,
    label=_lazy("A host has said yes to you"),
    load=rsvps,
    stands_for=stands_for,
)
register("seat_offered", is_as_it_was, seat_offered, label=_lazy("A seat is held for you"), load=rsvps)
register("offer_lapsed", is_as_it_was, offer_lapsed, label=_lazy("A seat is no longer held for you"), load=rsvps)
register("waitlist_joined", is_as_it_was, waitlist_joined, label=_lazy("You are on a waitlist"), load=rsvps)
register("request_declined", is_a_no, request_declined, label=_lazy("A host could not say yes"), load=rsvps)
register("seat_withdrawn", is_a_no, seat_withdrawn, load=rsvps)
register(
    "request_received",
    is_an_open_request,
    request_received,
    label=_lazy("Somebody asks for a seat at your table"),
    load=rsvps,
    is_for_hosts=True,
)
register(
    "company_asked",
    is_still_asked_for_company,
    company_asked,
    label=_lazy("A guest would like to bring somebody"),
    load=rsvps,
    is_for_hosts=True,
)
register("running_late", is_running_late, running_late, label=_lazy("A guest runs late"), load=rsvps, is_for_hosts=True)
