"""What mails about a series link to: let it go on, come no more. GET shows, POST acts."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.gatherings.models import Gathering, Series, StandingRsvp
from apps.outbox import links
from apps.profiles.models import Member
from apps.profiles.requests import Request


def renew_series(request: Request, link: links.Link) -> HttpResponse:
    series = Series.objects.filter(pk=link.subject_id).first()
    latest = series.latest() if series else None
    if not series or not latest or link.member not in latest.hosts():
        raise Member.DoesNotExist  # which ends the link
    if request.method == "POST":
        series.renew(link.version)
        return redirect(request.path)
    is_asked = series.renewals == link.version and series.is_running_out
    context = asked(series, latest) if is_asked else answered(series, latest)
    return render(request, "outbox/link.html", context)


def asked(series: Series, latest: Gathering) -> dict[str, object]:
    words = {"title": latest.title, "day": date_format(series.last_day, "l j F")}
    return {
        "title": _("Shall it go on?"),
        "lead": _("“%(title)s” makes no new dates after %(day)s.") % words,
        "words": _("Letting it go on adds six months. Letting it end is just as fine; then there is nothing to do."),
        "button": _("Let it go on"),
        "gathering": latest,
    }


def answered(series: Series, latest: Gathering) -> dict[str, object]:
    words = {"title": latest.title, "day": date_format(series.last_day, "l j F Y")}
    if series.is_ended:
        lead = _("“%(title)s” was ended, or goes on with other dates. Its page shows how it stands.") % words
        return {"title": _("This series has ended"), "lead": lead, "gathering": latest}
    return {
        "title": _("It goes on"),
        "lead": _("“%(title)s” now goes on until %(day)s. New dates appear by themselves.") % words,
        "gathering": latest,
    }


def leave_series(request: Request, link: links.Link) -> HttpResponse:
    rows = StandingRsvp.objects.select_related("series", "member")
    standing = rows.filter(pk=link.subject_id, member=link.member).first()
    if not standing:
        words = _("Your seats are free again. That is fine; you may come to any single date.")
        return render(request, "outbox/link.html", {"title": _("You have left the series"), "words": words})
    if request.method == "POST":
        standing.series.leave(link.member)
        return redirect(request.path)
    ahead = standing.rsvps_ahead().select_related("gathering__series").first()
    words = _("That is fine; no reason needed. Somebody else can sit down, and you can still come to any single date.")
    context = {
        "title": _("Leave the series?"),
        "lead": ((ahead and ahead.gathering.series) or standing.series).in_words,
        "words": words,
        "button": _("Leave the series"),
        "gathering": ahead.gathering if ahead else None,
    }
    return render(request, "outbox/link.html", context)


links.register("renew_series", renew_series)
links.register("leave_series", leave_series)
