"""The morning after, words of thanks, and that two would like to meet again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.afterwards.evening import lately
from apps.afterwards.models import Match, Thanks
from apps.gatherings import timing
from apps.gatherings.emails import when
from apps.gatherings.models import Gathering
from apps.outbox.kinds import Klass, Mail, register
from apps.outbox.models import Message
from apps.outbox.templatetags.quoting import quoted
from apps.profiles.models import Member

TEMPLATES = "afterwards/email"


def reader_of(message: Message) -> Member:
    assert message.member is not None  # all of these are put for members
    return message.member


def until_morning(gathering: Gathering) -> datetime | None:
    """None of these is so urgent that it should wake anybody."""
    local = timezone.now().astimezone(gathering.zone)
    return timing.morning_after(local) if timing.is_night(local) else None


def rests_until(message: Message) -> datetime | None:
    """Of what is about an evening, or about something that has one."""
    about: Any = message.subject
    return until_morning(about if isinstance(about, Gathering) else about.gathering) if about else None


def mail_about(gathering: Gathering, subject: str, kind: str, **context: Any) -> Mail:
    shown = {"gathering": gathering, "when": when(gathering), **context}
    return Mail(subject, f"{TEMPLATES}/{kind}", shown, thread=gathering.key)


# The morning after


def evenings(ids: Collection[int]) -> dict[int, Gathering]:
    return Gathering.objects.for_cards().in_bulk(ids)


def were_there(message: Message) -> bool:
    """They came or hosted, nothing has come between, and it is about the evening as it took place."""
    there = lately(reader_of(message)).filter(pk=message.subject_id, moves=message.version)
    return there.exists()


def afterwards(message: Message) -> Mail:
    gathering: Gathering = message.subject
    subject = _("The morning after: %(title)s") % {"title": gathering.title}
    return mail_about(gathering, subject, "afterwards", is_host=gathering.is_run_by(reader_of(message)))


# Thanks


def thanks(ids: Collection[int]) -> dict[int, Thanks]:
    return Thanks.objects.select_related("gathering__town", "gathering__host", "writer").in_bulk(ids)


def are_to_be_read(message: Message) -> bool:
    return Thanks.objects.read_by(reader_of(message)).filter(pk=message.subject_id).exists()


def thanks_mail(message: Message) -> Mail:
    row: Thanks = message.subject
    subject = _("%(name)s thanks you") % {"name": row.writer.name}
    return mail_about(row.gathering, subject, "thanks", writer=row.writer, words=row.words, quoted=quoted(row.words))


# Two who would like to meet again


def matches(ids: Collection[int]) -> dict[int, Match]:
    return Match.objects.select_related("gathering__town", "gathering__host", "other").in_bulk(ids)


def is_a_match(message: Message) -> bool:
    return bool(Match.objects.of(reader_of(message)).filter(pk=message.subject_id).exists())


def match(message: Message) -> Mail:
    row: Match = message.subject
    subject = _("You and %(name)s would like to meet again") % {"name": row.other.name}
    words = {"contact_quoted": quoted(row.contact), "given_quoted": quoted(row.given)}
    return mail_about(row.gathering, subject, "match", match=row, other=row.other, **words)


register(
    "afterwards",
    were_there,
    afterwards,
    klass=Klass.REMINDER,
    label=_lazy("The morning after: one question, for you alone"),
    load=evenings,
    rests_until=rests_until,
)
register(
    "thanks",
    are_to_be_read,
    thanks_mail,
    label=_lazy("Somebody thanks you"),
    load=thanks,
    rests_until=rests_until,
)
register(
    "match",
    is_a_match,
    match,
    label=_lazy("Somebody whom you would like to see again would like that, too"),
    load=matches,
    rests_until=rests_until,
)
