"""Two guests of one series, of whom one has blocked the other: they are told once, and not of each date."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.gatherings import parting, waitlist
from apps.gatherings.models import Gathering, Rsvp, Series
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import mails_to, make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def series(db: None) -> Series:
    return Series.begin(make_gathering(timezone.now() + timedelta(days=2)), "weekly")


@pytest.fixture
def quin(db: None) -> Member:
    return make_member("Quincy")


def told(member: Member) -> list[str]:
    """The titles of what they were told of."""
    rows = Message.objects.filter(kind="blocked_at_table", member=member).order_by("pk")
    return list(Rsvp.objects.filter(pk__in=rows.values("subject_id")).values_list("gathering__key", flat=True))


def first_date(series: Series) -> Gathering:
    return series.dates.order_by("day")[0]


def test_whoever_blocks_somebody_with_whom_they_share_a_series_is_told_once(
    series: Series, member: Member, quin: Member
) -> None:
    series.join(member)
    series.join(quin)
    assert Rsvp.objects.of(member).seated().count() == Rsvp.objects.of(quin).seated().count() == 8
    parting.block(member, quin)
    assert (told(member), told(quin)) == ([first_date(series).key], [])
    send()
    [sent] = [each for each in mails_to(member) if "About your seat" in each.subject]
    assert "Should you both come to other dates of this series, it is so there, too." in str(sent.body)


def test_who_joins_a_series_of_somebody_blocked_is_told_once_and_of_later_dates_no_more(
    series: Series, member: Member, quin: Member
) -> None:
    parting.block(member, quin)
    for joins in (quin, member):
        series.join(joins)
    assert told(member) == [first_date(series).key]
    series.keep_going(timezone.now() + timedelta(weeks=3))
    assert series.dates.count() > 8
    assert len(told(member)) == 1


def test_of_another_whom_they_have_blocked_they_are_told_as_well(series: Series, member: Member, quin: Member) -> None:
    other = make_member("Ottoline")
    series.join(member)
    make_seat(series.dates.order_by("day")[1], quin)
    make_seat(series.dates.order_by("day")[2], other)
    for blocked in (quin, other):
        parting.block(member, blocked)
    assert len(told(member)) == 2


def test_once_they_no_longer_share_the_date_they_read_of_they_are_told_anew(
    series: Series, member: Member, quin: Member
) -> None:
    series.join(member)
    make_seat(first_date(series), quin)
    parting.block(member, quin)
    Rsvp.objects.of(quin).seated().get().bow_out()
    make_seat(series.dates.order_by("day")[1], quin)
    assert len(told(member)) == 2


def test_control_without_asking_there_is_one_for_each_date(
    series: Series, member: Member, quin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waitlist, "is_told_by_the_series", lambda _seat, _other: False)
    series.join(member)
    series.join(quin)
    parting.block(member, quin)
    assert len(told(member)) == 8
