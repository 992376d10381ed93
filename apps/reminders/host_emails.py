"""What hosts and co-hosts are told of their table: who came and went, who comes tomorrow, and that few do."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from apps.gatherings.company import Company, company
from apps.gatherings.emails import day_time_title, until_morning, when
from apps.gatherings.models import Gathering, Rsvp
from apps.gatherings.party import brings
from apps.meals.eaters import for_hosts
from apps.meals.laid import laid_each
from apps.meals.models import Dish
from apps.movies.evening import evenings
from apps.outbox.kinds import Klass, Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message, choices_of
from apps.outbox.templatetags.quoting import quoted
from apps.profiles.models import Member
from apps.reminders import due
from apps.reminders.emails import TEMPLATES, rests_if_late
from apps.reminders.news import KIND as HOST_UPDATE
from apps.reminders.news import News, news
from apps.reminders.rows import hosts_of, with_hosts


def host_of(message: Message) -> Member:
    assert message.member is not None  # these are put for hosts, who are members
    return message.member


def tables(ids: Collection[int]) -> dict[int, Gathering]:
    """What messages are about, if it is still to come, each with its hosts."""
    return with_hosts(ids).published().upcoming().select_related("town").in_bulk()


def tables_and_guests(ids: Collection[int]) -> dict[int, Gathering]:
    """Each with who comes, what is brought, what guests have told of what they eat, and what is shown."""
    found = with_hosts(ids).published().upcoming().select_related("town").prefetch_related(company()).in_bulk()
    tables = laid_each(found.values())
    eaters = for_hosts(tables.values()) if tables else {}
    for pk, table in tables.items():
        found[pk].table, found[pk].eaters = table, eaters[pk]  # type: ignore[attr-defined]  # of a higher floor
    for pk, night in evenings(found.values()).items():
        found[pk].film_rows = night.rows  # type: ignore[attr-defined]  # likewise
    return found


def table_of(message: Message) -> Gathering | None:
    """What the message is about, if it is still to come and the reader still hosts it."""
    gathering: Gathering | None = message.subject
    return gathering if gathering and host_of(message) in hosts_of(gathering) else None


def found(message: Message) -> Gathering:
    gathering = table_of(message)
    if gathering is None:
        raise Gathering.DoesNotExist
    return gathering


def table_mail(message: Message, kind: str, subject: str, **context: Any) -> Mail:
    gathering = found(message)
    shown = {
        "gathering": gathering,
        "when": when(gathering),
        "is_the_host": gathering.host_id == host_of(message).pk,
        **context,
    }
    return Mail(subject, f"{TEMPLATES}/{kind}", shown, thread=gathering.key)


# Who came and went


def has_news(message: Message) -> bool:
    gathering = table_of(message)
    return gathering is not None and bool(news(message, gathering))


def host_update(message: Message) -> Mail:
    gathering = found(message)
    told = news(message, gathering)
    words = {"title": gathering.title, "when": when(gathering)}
    return table_mail(
        message,
        "host_update",
        _("News from your table: %(title)s, %(when)s") % words,
        news=told,
        joined=[(rsvp.member.name, brings(rsvp.companions.all())) for rsvp in told.joined],
        first_words=first_words(told),
        left=[(rsvp.member.name, gone_with(rsvp)) for rsvp in told.left],
    )


def gone_with(rsvp: Rsvp) -> str:
    """What the table loses with a seat that was given back."""
    return ", ".join(str(dish) for dish in Dish.objects.gone_with([rsvp]).get(rsvp.member_id, []))


def first_words(told: News) -> str:
    """ "2 of them come for the first time." """
    if not told.first_timers:
        return ""
    if len(told.joined) == 1:
        return _("They come for the first time.")
    if told.first_timers == len(told.joined):
        return _("All of them come for the first time.")
    words = ngettext(
        "One of them comes for the first time.", "%(count)s of them come for the first time.", told.first_timers
    )
    return words % {"count": told.first_timers}


def update_rests_until(message: Message) -> datetime | None:
    return until_morning(found(message))


# The day before


def is_to_be_briefed(message: Message) -> bool:
    """The table has not moved since, and no other mail of that moment says who comes."""
    gathering = table_of(message)
    if gathering is None or gathering.moves != message.version:
        return False
    return not (gathering.least_guests and is_told_of_few(message))


def is_told_of_few(message: Message) -> bool:
    """Whether `too_few`, which briefs its reader as well, has gone to them or is about to."""
    slot = {"member": message.member, "subject_id": message.subject_id, "version": message.version}
    row = Message.objects.filter(kind="too_few", **slot).first()
    if row is None or row.state == Message.State.SENT:
        return row is not None
    return row.state == Message.State.WAITING and is_too_small(message) and choices_of(host_of(message))["too_few"]


def host_briefing(message: Message) -> Mail:
    return table_mail(message, "host_briefing", day_time_title(found(message)), **guests_of(message))


def guests_of(message: Message) -> dict[str, Any]:
    gathering = found(message)
    company, table = Company(gathering), getattr(gathering, "table", None)
    if table:
        table.people = company.people + len(hosts_of(gathering))
    guests = [(party, quoted(party.rsvp.note)) for party in company.seated]
    besides = {"film": getattr(gathering, "film_rows", []), "eaters": getattr(gathering, "eaters", None)}
    return {"company": company, "guests": guests, "table": table, **besides}


def briefing_rests_until(message: Message) -> datetime | None:
    return rests_if_late(found(message))


def is_too_small(message: Message) -> bool:
    """Still below the floor, undecided, not moved, and the reader still hosts it."""
    small = due.below_their_floor(Gathering.objects.filter(pk=message.subject_id, moves=message.version))
    return small.run_by(host_of(message)).exists()


def too_few(message: Message) -> Mail:
    """The briefing of a table below its floor, with the question what its hosts would like to do."""
    gathering, member = found(message), host_of(message)
    return table_mail(
        message,
        "too_few",
        _("Few guests so far: %(title)s") % {"title": gathering.title},
        **guests_of(message),
        url=link_to("go_ahead", member, gathering.pk, gathering.moves),
        call_off_url=link_to("call_off", member, gathering.pk, gathering.moves),
    )


register(
    HOST_UPDATE,
    has_news,
    host_update,
    label=_lazy("Who takes a seat at your table, and who gives one back"),
    is_for_hosts=True,
    load=tables,
    rests_until=update_rests_until,
)
register(
    "host_briefing",
    is_to_be_briefed,
    host_briefing,
    klass=Klass.REMINDER,
    label=_lazy("The day before you host: who comes"),
    is_for_hosts=True,
    load=tables_and_guests,
    rests_until=briefing_rests_until,
)
register(
    "too_few",
    is_too_small,
    too_few,
    label=_lazy("Few guests so far, and the choice is yours"),
    is_for_hosts=True,
    load=tables_and_guests,
    rests_until=briefing_rests_until,
)
