from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings import calendar
from apps.gatherings.emails import TEMPLATES, when
from apps.gatherings.models import Rsvp, Series, StandingRsvp
from apps.outbox.kinds import Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message


def dates_ahead(message: Message) -> list[Rsvp]:
    """What the member has on each coming date of the series that the message is about."""
    joined = StandingRsvp.objects.filter(pk=message.subject_id, member=message.member)
    standing = joined.select_related("member").first()
    if not standing:
        return []
    return list(standing.rsvps_ahead().select_related("gathering__town", "gathering__host", "member"))


def comes_to_the_series(message: Message) -> bool:
    return bool(dates_ahead(message))


def what_they_have(rsvp: Rsvp) -> str:
    if rsvp.is_waitlisted:
        return _("place %(number)d on the waitlist") % {"number": rsvp.place_in_line}
    if rsvp.is_asked:
        return _("the host has your request")
    return _("a seat is held for you") if rsvp.is_offered else _("you have a seat")


def series_joined(message: Message) -> Mail:
    ahead = dates_ahead(message)
    first = ahead[0].gathering
    assert first.series
    dates: list[dict[str, Any]] = [
        {
            "gathering": rsvp.gathering,
            "when": when(rsvp.gathering),
            "has": what_they_have(rsvp),
            "address": rsvp.gathering.address_for(rsvp),
        }
        for rsvp in ahead
    ]
    seated = [rsvp for rsvp in ahead if rsvp.is_seated]
    entries = [calendar.Entry(rsvp.gathering, rsvp.gathering.address_for(rsvp), round=rsvp.round) for rsvp in seated]
    return Mail(
        subject=_("You come to the whole series: %(title)s") % {"title": first.title},
        template=f"{TEMPLATES}/series_joined",
        context={
            "gathering": first,
            "dates": dates,
            "rhythm": first.series.in_words,
            "has_entries": bool(entries),
            "has_address_to_come": not all(date["address"] for date in dates),
            "leave_url": link_to("leave_series", message.member, message.subject_id),
        },
        calendar=calendar.publication(entries, ahead[0].member.is_discreet) if entries else b"",
        calendar_method="PUBLISH",
    )


def is_running_out(message: Message) -> bool:
    series = Series.objects.filter(pk=message.subject_id, renewals=message.version).first()
    latest = series.latest() if series else None
    return bool(series and latest and series.is_running_out and message.member in latest.hosts())


def series_ending(message: Message) -> Mail:
    series = Series.objects.get(pk=message.subject_id)
    latest = series.latest()
    assert latest
    return Mail(
        subject=_("Shall it go on? %(title)s") % {"title": latest.title},
        template=f"{TEMPLATES}/series_ending",
        context={
            "gathering": latest,
            "rhythm": series.in_words,
            "last_day": date_format(latest.starts_local, "l j F"),
            "renew_url": link_to("renew_series", message.member, series.pk, series.renewals),
        },
    )


register("series_joined", comes_to_the_series, series_joined, label=_lazy("You come to a whole series"))
register("series_ending", is_running_out, series_ending, label=_lazy("Your series comes to its end"), is_for_hosts=True)
