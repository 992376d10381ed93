"""Whom an act may be about: those whom the report names, and guests once their names were revealed for a reason."""

from __future__ import annotations

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.gatherings.models import Reveal, Rsvp
from apps.moderation.models import Report
from apps.profiles.models import Member
from apps.safety.models import KeepApart, LogEntry

REVEAL_GUESTS, KEEP_APART, LET_MEET = "reveal guests", "keep apart", "let meet again"
SUSPEND, BAN, ANSWER = "suspend until", "ban", "answer:"
KEYS = re.compile(r"members? (\w{10})(?: and (\w{10}))?, ")


def named(report: Report) -> dict[str, tuple[Member, str]]:
    """Whom the report itself names, by key, with who they are in it: whom it is about comes first."""
    found: dict[str, tuple[Member, str]] = {}
    if report.about:
        found[report.about.key] = (report.about, _("whom it is about"))
    if report.gathering:
        for member in [*report.gathering.named_co_hosts, report.gathering.host]:
            found.setdefault(member.key, (member, _("hosts it")))
    return found


def at_the_table(report: Report) -> list[Rsvp]:
    """Everyone who has an RSVP that stands."""
    if not report.gathering:
        return []
    return list(report.gathering.rsvps.open().select_related("member").order_by("member__name", "pk"))


def shown_the_address(report: Report) -> list[Reveal]:
    """Who has looked, and when: a row for each guest and day, the newest first."""
    if not report.gathering:
        return []
    return list(report.gathering.reveals.select_related("member").order_by("-day", "member__name", "pk"))


def about_report(report: Report) -> str:
    return f"gathering {report.gathering.key if report.gathering else ''}, report {report.key}"


def has_revealed(moderator: Member, report: Report) -> bool:
    revealed = LogEntry.objects.filter(by=moderator.key, act=REVEAL_GUESTS, about=about_report(report))
    return report.gathering is not None and revealed.exists()


def people_of(moderator: Member, report: Report) -> dict[str, tuple[Member, str]]:
    """For a form to choose from: never the moderator themself, nor whoever reported."""
    found = named(report)
    if has_revealed(moderator, report):
        for rsvp in at_the_table(report):
            found.setdefault(rsvp.member.key, (rsvp.member, _("guest")))
    out = {moderator.pk, report.reporter_id}
    return {key: (member, role) for key, (member, role) in found.items() if member.pk not in out}


def kept_apart(moderator: Member, report: Report) -> dict[str, KeepApart]:
    """By a key: the pairs of whom both stand in what this moderator may read of the report."""
    known = [member.pk for member, _role in others_of(moderator, report).values()]
    known += parted_by(moderator, report)
    return {f"{pair.first.key}-{pair.second.key}": pair for pair in KeepApart.objects.among(known)}


def parted_by(moderator: Member, report: Report) -> list[int]:
    """Whom this moderator has kept apart because of this report, also when it has cost one of them their seat."""
    acts = LogEntry.objects.filter(by=moderator.key, act=KEEP_APART, about__endswith=f", report {report.key}")
    keys = [key for entry in acts for key in keys_in(entry)]
    return list(Member.objects.filter(key__in=keys).values_list("pk", flat=True))


def keys_in(entry: LogEntry) -> list[str]:
    """Of the members whom an act has met, as `Case.log` writes them down."""
    found = KEYS.match(entry.about)
    return [key for key in found.groups() if key] if found else []


def shut_out(moderator: Member, report: Report) -> dict[str, tuple[Member, str]]:
    """Who may not sign in: of those whom the report names, and whoever was suspended or banned because of it."""
    acts = LogEntry.objects.filter(about__endswith=f", report {report.key}")
    acts = acts.filter(Q(act=BAN) | Q(act__startswith=SUSPEND))
    keys = [key for entry in acts for key in keys_in(entry)]
    known = [*people_of(moderator, report), *keys]
    members = Member.objects.filter(key__in=known, suspension__isnull=False).exclude(pk=moderator.pk)
    return {member.key: (member, _("may not sign in")) for member in members.order_by("name", "pk")}


def others_of(moderator: Member, report: Report) -> dict[str, tuple[Member, str]]:
    """From whom somebody is to be kept apart: whoever reported comes first."""
    first = {report.reporter.key: (report.reporter, _("told us"))} if report.reporter else {}
    return {**first, **people_of(moderator, report)}
