from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.gatherings import calendar, timing
from apps.gatherings.comfort import Fact
from apps.gatherings.drawing import seating_of, sentence
from apps.gatherings.drawing.picture import picture
from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.kinds import Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.safety.models import Block

TEMPLATES = "gatherings/email"
PICTURE_WIDTH = 480  # twice as many pixels as it is shown with, for fine screens


def when(gathering: Gathering) -> str:
    """Day and time in the gathering's own wall time: "Thursday 26 November, 19:00"."""
    return date_format(gathering.starts_local, "l j F, H:i")


def day_time_title(gathering: Gathering) -> str:
    """ "Tomorrow at 19:00: Soup and good bread" """
    time = date_format(gathering.starts_local, "H:i")
    return _("%(day)s at %(time)s: %(title)s") % {
        "day": gathering.day_word or date_format(gathering.starts_local, "l"),
        "time": time,
        "title": gathering.title,
    }


def until_morning(gathering: Gathering) -> datetime | None:
    """Until when a mail about it must wait, as its reader sleeps; None if it may go now."""
    now = timezone.now()
    at = timing.not_at_night(now, gathering.starts_at, gathering.zone)
    return at if at > now else None


def rsvps(ids: Collection[int]) -> dict[int, Rsvp]:
    """What messages are about, each with all that its mail tells of it; guests of one table share what is theirs."""
    told = Rsvp.objects.with_the_table().select_related("member", "plan")
    return told.prefetch_related(Prefetch("gathering", Gathering.objects.for_cards())).in_bulk(ids)


def rsvp_of(message: Message) -> Rsvp | None:
    """The RSVP a message is about, if it is still the member's and seated."""
    rsvp: Rsvp | None = message.subject
    is_theirs = rsvp is not None and rsvp.is_seated and rsvp.member_id == message.member_id
    return rsvp if is_theirs else None


def is_only_guest(rsvp: Rsvp) -> bool:
    return rsvp.people_at_the_table == 1


def fact_in_words(gathering: Gathering, fact: Fact) -> str:
    """A comfort fact as its host has said it; empty where it is not said."""
    is_so: bool | None = getattr(gathering, fact.field)
    return "" if is_so is None else str(fact.answer(is_so).words)


def comforts(gathering: Gathering) -> list[tuple[Any, str]]:
    """What its host has said of it beforehand: what people decide by in rows of its own, the rest in one."""
    said = gathering.facts_said
    rows: list[tuple[Any, str]] = [(each.fact.name, str(each.words)) for each in said if each.fact.is_deciding]
    others = [str(each.words) for each in said if not each.fact.is_deciding]
    rows.append((_("Languages"), gathering.languages))
    return [*rows, (_("Good to know"), ", ".join(others))]


def what_to_expect(rsvp: Rsvp) -> dict[str, Any]:
    """What is told to the seated once the day is near: how many they are, what was said of it, who lets them in."""
    words = {"people": rsvp.people_at_the_table, "host": rsvp.gathering.host.name}
    people = "" if is_only_guest(rsvp) else _("%(people)s guests, you among them, and %(host)s") % words
    details = [(detail.label, words) for detail, words in rsvp.gathering.details_said]
    rows = [(_("At the table"), people), *details, *comforts(rsvp.gathering)]
    return {"to_expect": [(label, said) for label, said in rows if said], "door_name": rsvp.door_name}


def seat_mail(rsvp: Rsvp, subject: str, template: str) -> Mail:
    """What every mail to the holder of a seat carries: the gathering, the address in time, the calendar entry."""
    gathering = rsvp.gathering
    address = gathering.address_for(rsvp)
    return Mail(
        subject=subject,
        template=template,
        context={
            "gathering": gathering,
            "rsvp": rsvp,
            "when": when(gathering),
            "address": address,
            "contact": gathering.contact_for(rsvp),
            "leave_url": link_to("leave", rsvp.member, rsvp.pk, rsvp.round),
        },
        calendar=calendar.invitation(rsvp, address),
        calendar_method="REQUEST",
        thread=gathering.key,
    )


def show_table(mail: Mail, gathering: Gathering, rsvp: Rsvp | None = None) -> Mail:
    """With the table drawing, for templates that show it. Nobody in it has a name; one's own seat is ringed."""
    seating = seating_of(gathering, rsvp)
    mail.picture, mail.picture_words = picture(seating, PICTURE_WIDTH), sentence(seating)
    return mail


def is_called_off(message: Message) -> bool:
    """Also to whoever a host has blocked meanwhile, so that nobody stands before a closed door; who has blocked a host
    does not wish to read of it.
    """
    gathering = Gathering.objects.filter(pk=message.subject_id).first()
    if gathering is None or not gathering.is_cancelled or gathering.sequence != message.version:
        return False
    assert message.member is not None  # put into the outbox for the seated, who are members
    return not Block.objects.made_by(message.member).filter(blocked__in=gathering.hosts()).exists()


def gathering_cancelled(message: Message) -> Mail:
    gathering = Gathering.objects.for_cards().get(pk=message.subject_id)
    member = message.member
    assert member is not None  # put into the outbox for guests and co-hosts, who are members
    words = {"title": gathering.title, "when": when(gathering)}
    others = Gathering.objects.visible_to(member).listed().published().upcoming().with_seats_free()
    others = others.exclude(host=member).exclude(pk__in=Rsvp.objects.of(member).open().values("gathering"))
    others = others.near(gathering.latitude, gathering.longitude, 25).for_cards().soonest_first()[:2]
    seat = gathering.rsvps.seated().filter(member=member).first()
    return Mail(
        subject=_("Called off: %(title)s, %(when)s") % words,
        template=f"{TEMPLATES}/gathering_cancelled",
        context={
            "gathering": gathering,
            "when": when(gathering),
            "others": [(other, when(other)) for other in others],
            "had_a_seat": seat is not None,
            "is_a_host": gathering.is_run_by(member),
        },
        calendar=calendar.cancellation(seat) if seat else b"",  # whoever waited has no entry to take out
        calendar_method="CANCEL",
        thread=gathering.key,
    )


register("gathering_cancelled", is_called_off, gathering_cancelled)

from apps.gatherings import (  # noqa: E402  they need what stands above, and register their own kinds
    asking_emails,  # noqa: F401
    block_emails,  # noqa: F401
    change_emails,  # noqa: F401
    inviting_emails,  # noqa: F401
    rsvp_emails,  # noqa: F401
    series_emails,  # noqa: F401
)
