"""What tests of series share: a table on every Thursday from the first one of November on."""

from datetime import UTC, date, datetime, timedelta

from django.test import Client

from apps.gatherings.models import (
    Gathering,
    Series,
)
from apps.profiles.models import Member

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)  # a Monday
FIRST = datetime(2026, 11, 5, 19, tzinfo=UTC)  # the Thursday after, the first of its month
FIRST_DAY = FIRST.date()
WEEK = timedelta(weeks=1)


def dates_of(series: Series) -> list[Gathering]:
    return list(series.dates.order_by("series_day"))


def days_of(series: Series) -> list[date]:
    return [each.day for each in dates_of(series)]


def thursdays(number: int, start: date = FIRST_DAY) -> list[date]:
    return [start + WEEK * week for week in range(number)]


def states(member: Member, series: Series) -> list[str]:
    return [rsvp.state for rsvp in member.rsvps.filter(gathering__series=series).order_by("gathering__series_day")]


def text_of(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())
