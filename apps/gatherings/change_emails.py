"""What has changed about a gathering, told to everyone with a seat or the hope of one."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings.comfort import ALL, Fact
from apps.gatherings.details import FOR_ALL as DETAILS
from apps.gatherings.details import HIDDEN_WITH_THE_ADDRESS
from apps.gatherings.emails import TEMPLATES, fact_in_words, seat_mail, show_table, until_morning, when
from apps.gatherings.models import Change, Gathering, Rsvp
from apps.gatherings.models.change import KIND
from apps.outbox.kinds import Mail, register
from apps.outbox.models import Message, choices_of

# Kinds of higher floors, each of whose mails tells the one change of its version by itself.
TOLD_APART: list[str] = []


class Line(NamedTuple):
    """One thing that has changed, in words; `old` is empty where it is better not said."""

    label: str
    new: str
    old: str = ""


# What everybody may know, in words, of a gathering as it is or was


def time(gathering: Gathering) -> str:
    until = date_format(gathering.ends_local, "H:i")
    return _("%(start)s to %(end)s") % {"start": when(gathering), "end": until}


def arrival(gathering: Gathering) -> str:
    from_ = gathering.arrive_from
    return _("from %(time)s") % {"time": time_format(from_, "H:i")} if from_ else ""


def place(gathering: Gathering) -> str:
    return f"{gathering.where}, {gathering.get_setting_display()}"


def said(fact: Fact) -> Callable[[Gathering], str]:
    return lambda gathering: fact_in_words(gathering, fact)


def door(gathering: Gathering) -> str:
    return _("%(width)s cm") % {"width": gathering.door_width} if gathering.door_width else ""


# And what only those with a seat may


def welcome(gathering: Gathering) -> str:
    if not gathering.met_from:
        return ""
    who = gathering.met_by or gathering.host.name
    return _("%(who)s waits outside from %(time)s") % {"who": who, "time": time_format(gathering.met_from, "H:i")}


FOR_ALL = [
    (_lazy("It is called"), lambda gathering: gathering.title),
    (_lazy("When"), time),
    (_lazy("Arrive"), arrival),
    (_lazy("Where"), place),
    (_lazy("Seats"), lambda gathering: str(gathering.seats_wanted)),
    (_lazy("Costs"), lambda gathering: gathering.cost),
    (_lazy("Whom it is for"), lambda gathering: gathering.for_whom),
    (_lazy("Languages"), lambda gathering: gathering.languages),
    *((fact.name, said(fact)) for fact in ALL),
    (_lazy("Narrowest door"), door),
    *((detail.label, detail.in_words) for detail in DETAILS),
]
FOR_THE_SEATED = [
    (_lazy("The way in"), lambda gathering: gathering.way_in),
    (_lazy("At the door"), welcome),
]


GUARDED = [
    (_lazy("Address"), "address"),
    *((detail.label, detail.field) for detail in HIDDEN_WITH_THE_ADDRESS),
]


def news(message: Message, rsvp: Rsvp) -> list[Line]:
    """What is other now than the reader knows it: nothing where an edit was taken back."""
    now = rsvp.gathering
    before = as_they_know_it(message, rsvp)
    words = [*FOR_ALL, *(FOR_THE_SEATED if rsvp.is_seated else [])]
    pairs = [(str(label), in_words(now), in_words(before)) for label, in_words in words]
    lines = [Line(label, new or _("nothing said"), old) for label, new, old in pairs if new != old]
    for label, name in GUARDED:
        if getattr(now, name) != getattr(before, name):
            lines.append(guarded(str(label), name, rsvp, before))
    if now.contact != before.contact and (contact := now.contact_for(rsvp)):
        lines.append(Line(_("On the day"), contact))
    return lines


def guarded(label: str, name: str, rsvp: Rsvp, before: Gathering) -> Line:
    """Of a home only to whoever may see it by now, the old one as well; others read when it comes to them."""
    gathering = rsvp.gathering
    shown = getattr(gathering, name)
    if not shown or gathering.address_for(rsvp):
        return Line(label, shown or _("nothing said"), getattr(before, name) if gathering.is_open_to(rsvp) else "")
    if rsvp.is_seated:
        day = date_format(gathering.address_opens_local, "l j F, H:i")
        return Line(label, _("has changed; it comes to you on %(day)s") % {"day": day})
    return Line(label, _("has changed; it comes to whoever has a seat, in time"))


def as_they_know_it(message: Message, rsvp: Rsvp) -> Gathering:
    """The gathering as it was when the reader last acted on it, or was last told of a change."""
    told = Message.objects.filter(kind=KIND, member=rsvp.member, subject_id=message.subject_id)
    told = told.filter(state=Message.State.SENT, version__lt=message.version)
    last = told.aggregate(last=Max("version"))["last"] or 0
    since = knows_since(rsvp)
    before = copy(rsvp.gathering)
    changes = Change.objects.filter(gathering=before, sequence__gt=last, at__gt=since)
    for change in changes.exclude(sequence__in=told_apart(rsvp)).order_by("-sequence", "pk"):
        change.undo(before)
    before.settle_time()
    return before


def told_apart(rsvp: Rsvp) -> list[int]:
    """The SEQUENCE of each change that another mail has told this reader, or is about to."""
    rows = list(Message.objects.filter(kind__in=TOLD_APART, member=rsvp.member, subject_id=rsvp.gathering_id))
    is_wanted = choices_of(rsvp.member) if rows else {}
    sent, waiting = Message.State.SENT, Message.State.WAITING
    return [row.version for row in rows if row.state == sent or (row.state == waiting and is_wanted[row.kind])]


def knows_since(rsvp: Rsvp) -> datetime:
    """When they last said something themselves, with the gathering before their eyes: they came, or took an offer.

    A request admitted and a turn in the line are nothing that they did.
    """
    state, since = "", rsvp.changed_at
    for row in rsvp.history.order_by("pk"):
        has_come = state in ("", Rsvp.State.LEFT, Rsvp.State.DECLINED)
        if has_come or (state == Rsvp.State.OFFERED and row.state == Rsvp.State.SEATED):
            since = row.at
        state = row.state
    return since


def reader_of(message: Message) -> Rsvp | None:
    """Whoever has a seat or hopes for one, if this is about the last edit: its mail tells those before it, too."""
    rsvps = Rsvp.objects.open().filter(gathering=message.subject_id, member=message.member)
    rsvp = rsvps.select_related("gathering__town", "gathering__host", "member").first()
    is_last = rsvp is not None and rsvp.gathering.is_published and rsvp.gathering.sequence == message.version
    return rsvp if is_last else None


def has_news(message: Message) -> bool:
    rsvp = reader_of(message)
    return rsvp is not None and bool(news(message, rsvp))


def rests_until(message: Message) -> datetime | None:
    rsvp = reader_of(message)
    return until_morning(rsvp.gathering) if rsvp else None


def gathering_changed(message: Message) -> Mail:
    rsvp = reader_of(message)
    if rsvp is None:
        raise Rsvp.DoesNotExist
    words = {"title": rsvp.gathering.title, "when": when(rsvp.gathering)}
    mail = seat_mail(rsvp, _("This has changed: %(title)s, %(when)s") % words, f"{TEMPLATES}/gathering_changed")
    mail.context["lines"] = news(message, rsvp)
    if not rsvp.is_seated:  # who has no seat has no entry in their calendar, either
        mail.calendar, mail.calendar_method = b"", ""
    return show_table(mail, rsvp.gathering, rsvp)


register(
    KIND,
    has_news,
    gathering_changed,
    label=_lazy("Something has changed about a gathering of yours"),
    rests_until=rests_until,
)
