"""The words of nudges and of the digest: one small step each, and why it was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings import timing
from apps.gatherings.drawing.seating import in_words
from apps.gatherings.emails import show_table, when
from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.kinds import Klass, Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.profiles.models import Member
from apps.reminders import offers
from apps.reminders.budget import Budget, budgets
from apps.reminders.models import NearWish
from apps.reminders.nudges import is_due
from apps.steps.tables import first_steps, of_the_same

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TEMPLATES = "reminders/email"


def reader(message: Message) -> Member:
    assert message.member is not None  # nudges are put for members
    return message.member


def budget_of(message: Message) -> Budget:
    """As if this message had not been put."""
    return budgets(Member.objects.filter(pk=message.member_id), timezone.now(), besides=message)[reader(message).pk]


def is_worth_sending(message: Message) -> bool:
    """Its moment is still there, and the budget of the week that it is charged to allows it."""
    budget = budget_of(message)
    return budget.allows and budget.week == message.budget_week and is_due(message, timezone.now())


def until_morning(message: Message) -> datetime | None:
    local = timezone.now().astimezone(ZoneInfo(reader(message).time_zone))
    return timing.morning_after(local) if timing.is_night(local) else None


def nudge(message: Message, subject: str, tables: list[Gathering], **context: Any) -> Mail:
    shown = {
        "tables": [(table, when(table)) for table in tables],
        "table": tables[0],
        "when": when(tables[0]),
        "near": near_path(reader(message)),
        "is_last": budget_of(message).is_last,
        **context,
    }
    return Mail(subject, f"{TEMPLATES}/{message.kind}", shown)


def near_path(member: Member) -> str:
    return reverse("gatherings:near", args=[member.town.slug]) if member.town else reverse("gatherings:browse")


def own_rsvp(message: Message) -> Rsvp | None:
    """What it is about; None where there is a block between its reader and a host there by now."""
    rsvps = Rsvp.objects.of(reader(message)).select_related("gathering__town", "gathering__host")
    return rsvps.filter(pk=message.subject_id, gathering__in=Gathering.objects.unblocked_for(reader(message))).first()


# Each is dropped where there is no table left to name


def something_near(message: Message) -> Mail | None:
    wish = NearWish.objects.select_related("member", "town").filter(pk=message.subject_id).first()
    tables = list(offers.for_wish(wish, timezone.now()).filter(pk=message.version)) if wish else []
    if not wish or not tables:
        return None
    subject = _("Something is on near %(town)s") % {"town": wish.town.name}
    near = reverse("gatherings:near", args=[wish.town.slug])
    return show_table(nudge(message, subject, tables, wish=wish, near=near), tables[0])


def first_step(message: Message) -> Mail | None:
    tables = first_steps(reader(message), timezone.now())
    subject = _("A small table near you") if len(tables) == 1 else _("Small tables near you")
    return nudge(message, subject, tables) if tables else None


def try_again(message: Message) -> Mail | None:
    rsvp = own_rsvp(message)
    if rsvp is None:
        return None
    tables = offers.smaller(reader(message), timezone.now(), than=rsvp.gathering)
    context = {"last": rsvp.gathering, "has_missed": rsvp.has_missed}
    return nudge(message, _("Another evening, if you like"), tables, **context) if tables else None


def keep_showing_up(message: Message) -> Mail | None:
    rsvp = own_rsvp(message)
    if rsvp is None:
        return None
    last = rsvp.gathering
    tables = of_the_same(reader(message), timezone.now(), last)
    if not tables:
        return None
    is_same_host = tables[0].host_id == last.host_id
    subject = _("%(host)s sets the table again") if is_same_host else _("The next one: %(title)s")
    subject %= {"host": tables[0].host.name, "title": tables[0].title}
    return nudge(message, subject, tables, last=last, is_same_host=is_same_host)


def open_the_door(message: Message) -> Mail | None:
    rsvp = own_rsvp(message)
    if rsvp is None:
        return None
    subject = _("Would you like to open the door on %(day)s?")
    subject %= {"day": date_format(rsvp.gathering.starts_local, "l")}
    url = link_to("door", reader(message), rsvp.pk, rsvp.round)
    mail = nudge(message, subject, [rsvp.gathering], url=url)
    mail.thread = rsvp.gathering.key
    return mail


def seats_tomorrow(message: Message) -> Mail | None:
    tables = offers.tomorrow_near(reader(message), timezone.now())
    if not tables:
        return None
    subject = capfirst(_("%(count)s seats are free tomorrow.") % {"count": in_words(tables[0].seats_left)})
    return show_table(nudge(message, subject, tables), tables[0])


def weekly_digest(message: Message) -> Mail | None:
    tables = offers.this_week(reader(message), timezone.now())
    return nudge(message, _("This week near you"), tables) if tables else None


def register_nudge(
    compose: Callable[[Message], Mail | None], label: _StrPromise, klass: Klass = Klass.NUDGE, **more: Any
) -> None:
    words = {"klass": klass, "label": label, **more}
    register(compose.__name__, is_worth_sending, compose, rests_until=until_morning, **words)


register_nudge(
    first_step, _lazy("Small tables near you: 2, 9 and 23 days after you joined, until you have been to one")
)
register_nudge(try_again, _lazy("One small table near you: five days after you gave a seat back, or did not make it"))
register_nudge(
    keep_showing_up, _lazy("The next evening of a host you have been to: once you have had no seat for three weeks")
)
register_nudge(
    open_the_door, _lazy("Whether you would like to open the door: three days before, where you have been before")
)
register_nudge(
    seats_tomorrow, _lazy("A table near you with seats free tomorrow: the evening before, once a week at most")
)
register_nudge(
    weekly_digest,
    _lazy("This week near you: up to seven tables, on Thursdays at six in the evening"),
    klass=Klass.DIGEST,
)
register_nudge(
    something_near,
    _lazy("A mail when something is on near a town that you asked about. Once, for what you last asked for there."),
    klass=Klass.DIGEST,
    has_its_own_button=True,
)
