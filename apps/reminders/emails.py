"""What a guest is reminded of. What their hosts are told is in `host_emails`."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from apps.afterwards.models import Reflection
from apps.gatherings.emails import (
    day_time_title,
    is_only_guest,
    rsvp_of,
    rsvps,
    seat_mail,
    show_table,
    until_morning,
    what_to_expect,
)
from apps.gatherings.models import Gathering, Plan, Rsvp
from apps.meals.models import Dish, TableRequest
from apps.movies.evening import evenings
from apps.outbox.kinds import Klass, Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message

TEMPLATES = "reminders/email"
MAP = "https://www.openstreetmap.org/search"
LATE = timedelta(minutes=15)
HOW_TO_GET_IN = re.compile(r"[:;(\n]")  # what stands before it is the address itself


def seat_is_held(message: Message) -> bool:
    """Still seated, still taking place, and not moved since the reminder was put."""
    rsvp = rsvp_of(message)
    return rsvp is not None and rsvp.gathering.is_published and rsvp.gathering.moves == message.version


def seats(ids: Collection[int]) -> dict[int, Rsvp]:
    """Each with what its guest brings and wrote last, what the hosts ask of the table, and what is shown."""
    found = rsvps(ids)
    brought = Dish.objects.of_seats(found.values())
    gatherings = {rsvp.gathering for rsvp in found.values()}
    asked, nights = TableRequest.objects.words_of(gatherings), evenings(gatherings)
    lines = Reflection.objects.last_lines({rsvp.member_id for rsvp in found.values()})
    for rsvp in found.values():
        rsvp.brought = brought[rsvp.pk]
        rsvp.last_line = lines.get(rsvp.member_id, "")  # type: ignore[attr-defined]  # of a higher floor
        rsvp.asked = asked.get(rsvp.gathering_id, "")  # type: ignore[attr-defined]  # of a higher floor
        if night := nights.get(rsvp.gathering_id):
            rsvp.film_rows = night.rows  # type: ignore[attr-defined]  # likewise
    return found


def seat_of(message: Message) -> Rsvp:
    rsvp = rsvp_of(message)
    if rsvp is None:
        raise Rsvp.DoesNotExist
    return rsvp


def rests_if_late(gathering: Gathering) -> datetime | None:
    """The moment itself is never in the night, but for its edge; only what comes late may be."""
    moment = gathering.day_before_at
    is_on_time = moment is not None and timezone.now() - moment <= LATE
    return None if is_on_time else until_morning(gathering)


def seat_rests_until(message: Message) -> datetime | None:
    return rests_if_late(seat_of(message).gathering)


def gives(rsvp: Rsvp) -> dict[str, list[str]]:
    """What they bring, and what they lend a hand with, in words."""
    brought: list[Dish] = getattr(rsvp, "brought", [])
    return {
        "dishes": [str(dish.name) for dish in brought if not dish.kind.is_role],
        "hands": [str(dish.name) for dish in brought if dish.kind.is_role],
    }


def day_before(message: Message) -> Mail:
    """With the guest's own plan, read back to them, and one tap to say yes."""
    rsvp = seat_of(message)
    mail = seat_mail(rsvp, day_time_title(rsvp.gathering), f"{TEMPLATES}/day_before")
    plan: Plan | None = getattr(rsvp, "plan", None)
    mail.context["plan"] = plan.lines if plan else []
    mail.context["last_time"] = getattr(rsvp, "last_line", "")
    mail.context["has_plan_for_nerves"] = bool(plan and plan.if_nervous)
    mail.context |= gives(rsvp)
    mail.context["asked"] = getattr(rsvp, "asked", "")
    mail.context["is_only_guest"] = is_only_guest(rsvp)
    mail.context |= what_to_expect(rsvp)
    mail.context["to_expect"] = [*getattr(rsvp, "film_rows", []), *mail.context["to_expect"]]
    show_table(mail, rsvp.gathering, rsvp)
    mail.context["coming_url"] = "" if rsvp.said_yes_at else link_to("coming", rsvp.member, rsvp.pk, rsvp.round)
    return mail


def soon(message: Message) -> Mail:
    rsvp = seat_of(message)
    mail = seat_mail(rsvp, day_time_title(rsvp.gathering), f"{TEMPLATES}/soon")
    mail.context["is_only_guest"] = is_only_guest(rsvp)
    mail.context |= gives(rsvp)
    mail.context["asked"] = getattr(rsvp, "asked", "")
    mail.context["door_name"] = rsvp.door_name
    mail.context["to_expect"] = getattr(rsvp, "film_rows", [])
    mail.context["late_url"] = link_to("late", rsvp.member, rsvp.pk, rsvp.round)
    mail.context["directions_url"] = directions(rsvp)
    return mail


def directions(rsvp: Rsvp) -> str:
    """A plain link that the reader may follow; nothing of the map is in the mail itself.

    A map knows the street and the number, and nothing of "the green door" that a host writes after them.
    """
    address = HOW_TO_GET_IN.split(rsvp.gathering.address_for(rsvp), maxsplit=1)[0].strip()
    return f"{MAP}?{urlencode({'query': f'{address}, {rsvp.gathering.town.name}'})}" if address else ""


register(
    "day_before",
    seat_is_held,
    day_before,
    klass=Klass.REMINDER,
    label=_lazy("The day before, with the address"),
    load=seats,
    rests_until=seat_rests_until,
)
# Within twelve hours of the start, so at any hour.
register("soon", seat_is_held, soon, klass=Klass.REMINDER, label=_lazy("Two hours before"), load=seats)

from apps.reminders import host_emails, nudge_emails  # noqa: E402, F401  they need what stands above, and register their own kinds
