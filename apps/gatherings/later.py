""" "This date and later": one edit, or one calling off, for all that is left of a series."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice

from django.db import transaction
from django.utils import timezone

from apps.gatherings import rhythm
from apps.gatherings.copies import GROUPS, facts
from apps.gatherings.models import MOST_SEATS, Gathering, Series, StandingRsvp


def change(gathering: Gathering, fields: Iterable[str], how_often: str) -> None:
    """Save an edit made to this instance, and make it at every later date, too.

    The series ends the day before, and goes on from here as another one with the same guests. A date that was edited
    alone keeps what was edited there.
    """
    with transaction.atomic():
        series = locked_series(gathering)
        before = Gathering.objects.get(pk=gathering.pk)
        if not series or not before.series_day or before.series_id != series.pk:
            gathering.change(fields)  # somebody else did the same just now
            return
        dates = [before, *series.dates.filter(series_day__gt=before.series_day).order_by("series_day")]
        goes_on = new_series(series, before, gathering.day, how_often)
        days = move(dates, goes_on, is_anew=is_anew(series, before, gathering.day, how_often))
        gathering.series, gathering.series_day = goes_on, days[0]
        gathering.change(fields)
        for each, day in zip(dates[1:], days[1:], strict=True):
            change_as_well(each, before, gathering, day)
        goes_on.keep_going(timezone.now())


def cancel(gathering: Gathering, words: str) -> None:
    """Call off this date and all that are left after it, and end the series."""
    with transaction.atomic():
        series = locked_series(gathering)
        gathering.cancel(words)
        if series and gathering.series_day and gathering.series_id == series.pk:
            later = series.dates.published().not_over().filter(series_day__gt=gathering.series_day)
            for each in later.order_by("series_day"):
                each.cancel(words)
            series.end(before=gathering.series_day)


def locked_series(gathering: Gathering) -> Series | None:
    return Series.objects.locked(gathering.series_id) if gathering.series_id else None


def is_anew(series: Series, before: Gathering, day: date, how_often: str) -> bool:
    """Whether the days have to be reckoned anew. Otherwise they stay, also where this date had moved alone."""
    return day != before.day or how_often != series.rhythm


def new_series(series: Series, before: Gathering, day: date, how_often: str) -> Series:
    assert before.series_day is not None
    goes_on = Series(host=series.host, rhythm=how_often)
    if is_anew(series, before, day, how_often):
        goes_on.first_day = day if day != before.day else before.series_day
        goes_on.last_day = rhythm.ends_on(goes_on.first_day, 0)
    else:
        goes_on.first_day, goes_on.last_day, goes_on.renewals = series.first_day, series.last_day, series.renewals
    goes_on.save()
    StandingRsvp.objects.bulk_create(
        StandingRsvp(series=goes_on, member_id=each.member_id, since=each.since) for each in series.standing.all()
    )
    series.end(before=before.series_day)
    return goes_on


def move(dates: list[Gathering], series: Series, is_anew: bool) -> list[date]:
    """Make these the dates of that series, in their order, and return the days that it has for them."""
    days = [each.series_day for each in dates if each.series_day]
    if is_anew:
        days = list(islice(rhythm.days(series.rhythm, series.first_day, date.max), len(dates)))
    for each, day in zip(dates, days, strict=True):
        Gathering.objects.filter(pk=each.pk).update(series=series, series_day=day)
    return days


def change_as_well(each: Gathering, before: Gathering, after: Gathering, day: date) -> None:
    """Make an edit at a later date, as far as that was still as the edited one had been."""
    changed = set()
    for group in GROUPS:
        if facts(after, group) != facts(before, group) == facts(each, group):
            for name in group:
                setattr(each, name, getattr(after, name))
            changed |= set(group)
    if each.day == each.series_day != day:
        each.day = day
        changed.add("day")
    each.is_larger = each.is_larger or each.seats_taken > MOST_SEATS  # nobody loses their seat by it
    each.settle()
    if changed and each.is_published and not each.has_begun:
        each.change(changed)
        if "visibility" in changed and each.is_by_link and not each.link:
            each.make_link()
