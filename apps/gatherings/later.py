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
    alone keeps what was edited there. Another rhythm is for the dates that are still to be made: people have seats at
    those that are there.
    """
    with transaction.atomic():
        series = locked_series(gathering)
        before = Gathering.objects.get(pk=gathering.pk)
        if not series or not before.series_day or before.series_id != series.pk:
            gathering.change(fields)  # somebody else did the same just now
            return
        dates = [before, *series.dates.filter(series_day__gt=before.series_day).order_by("series_day")]
        moved_to = gathering.day if gathering.day != before.day else None
        goes_on = new_series(series, before.series_day, how_often, moved_to)
        days = move(dates, series, goes_on, moved_to)
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


def new_series(series: Series, since: date, how_often: str, moved_to: date | None) -> Series:
    """The one that a series goes on in. Its days are reckoned anew only where the edit has changed them."""
    goes_on = Series(host=series.host, rhythm=how_often, first_day=series.first_day, last_day=series.last_day)
    if moved_to or how_often != series.rhythm:
        goes_on.first_day = moved_to or since
        # One that its host has ended stays ended, whatever dates it has.
        goes_on.last_day = goes_on.first_day if series.is_ended else rhythm.ends_on(goes_on.first_day, 0)
    else:
        goes_on.renewals = series.renewals
    goes_on.save()
    StandingRsvp.objects.bulk_create(
        StandingRsvp(series=goes_on, member_id=each.member_id, since=each.since) for each in series.standing.all()
    )
    series.end(before=since)
    return goes_on


def move(dates: list[Gathering], series: Series, goes_on: Series, moved_to: date | None) -> list[date]:
    """Make these the dates of that series, in their order, and return the days that it has for them."""
    days = [each.series_day for each in dates if each.series_day]
    if moved_to:
        days = moved(days, series, moved_to)
    for each, day in zip(dates, days, strict=True):
        Gathering.objects.filter(pk=each.pk).update(series=goes_on, series_day=day)
    return days


def moved(days: list[date], series: Series, to: date) -> list[date]:
    """From the first Thursdays to the first Fridays; by as many days where they come from several rhythms."""
    in_rhythm = [day for day in rhythm.days(series.rhythm, series.first_day, days[-1]) if day >= days[0]]
    if days == in_rhythm:
        return list(islice(rhythm.days(series.rhythm, to, date.max), len(days)))
    return [day + (to - days[0]) for day in days]


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
