"""The log of a report as moderators read it: its entries hold keys, which are put into words here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.moderation.models import Report
from apps.moderation.people import ANSWER, BAN, KEEP_APART, LET_MEET, REVEAL_GUESTS, SUSPEND, keys_in
from apps.profiles.models import Member
from apps.safety.models import LogEntry

WORDS: dict[str, str | Promise] = {
    "note": gettext_lazy("A note"),
    "ask": gettext_lazy("Wrote to whoever told us"),
    "warn": gettext_lazy("Wrote to them"),
    "remove": gettext_lazy("Took a seat away"),
    "remove picture": gettext_lazy("Took a picture away"),
    KEEP_APART: gettext_lazy("Kept two apart"),
    LET_MEET: gettext_lazy("Let two meet again"),
    BAN: gettext_lazy("Banned"),
    "let back": gettext_lazy("Let back in"),
    "hide": gettext_lazy("Took it out of sight"),
    "show again": gettext_lazy("Brought it back into sight"),
    "call off": gettext_lazy("Called it off"),
    "reveal address": gettext_lazy("Saw the address"),
    REVEAL_GUESTS: gettext_lazy("Saw who is at the table"),
    "reveal who saw the address": gettext_lazy("Saw who was shown the address"),
}


@dataclass(frozen=True)
class Line:
    act: str
    whom: str
    by: str
    at: datetime
    reason: str


def log_of(report: Report) -> list[Line]:
    """What was done about it, the newest last; two queries."""
    entries = list(LogEntry.objects.filter(about__endswith=f"report {report.key}").order_by("at", "pk"))
    names = dict(Member.objects.filter(key__in={entry.by for entry in entries}).values_list("key", "name"))
    left = _("somebody who has left")
    return [
        Line(words_for(entry.act), whom_of(entry, report), names.get(entry.by, left), entry.at, entry.reason)
        for entry in entries
    ]


def words_for(act: str) -> str:
    if act.startswith(SUSPEND):
        day = date.fromisoformat(act.removeprefix(SUSPEND).strip())
        return _("Suspended until %(day)s") % {"day": date_format(day, "j F Y")}
    if act.startswith(ANSWER):
        return _("Answered: %(outcome)s") % {"outcome": Report.Outcome(act.removeprefix(ANSWER).strip()).label}
    return str(WORDS.get(act, act))


def whom_of(entry: LogEntry, report: Report) -> str:
    """By name whom the page names anyway; a guest's name is read for a reason of one's own only."""
    here = (report.about, report.reporter, report.gathering.host if report.gathering else None)
    named = {member.key: member.name for member in here if member}
    return ", ".join(named.get(key, _("a guest")) for key in keys_in(entry))
