"""What time alone brings about for series: new dates, and word to the hosts before one runs out."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import Exists, OuterRef

from apps.gatherings import timing
from apps.gatherings.models import Series
from apps.gatherings.models.series import ASKED_BEFORE
from apps.outbox.models import Message


def sweep(now: datetime) -> None:
    for series in Series.objects.that_need_dates(now.date()):
        series.keep_going(now)
    put_series_ending(now)


def put_series_ending(now: datetime) -> None:
    """Two weeks before a series runs out, once for each time that it does; not where its host has ended it."""
    slot = {"kind": "series_ending", "subject_id": OuterRef("pk"), "version": OuterRef("renewals")}
    runs_out = Series.objects.filter(last_day__gte=now.date(), last_day__lte=now.date() + ASKED_BEFORE)
    for series in runs_out.filter(~Exists(Message.objects.filter(**slot))):
        if series.is_running_out and (latest := series.latest()):
            about = {
                "subject_id": series.pk,
                "version": series.renewals,
                "due_at": timing.not_at_night(now, now + ASKED_BEFORE, latest.zone),
                "expires_at": datetime.combine(series.last_day, time(), UTC) + timedelta(days=1),
            }
            Message.objects.put_all([Message.objects.row("series_ending", host, **about) for host in latest.hosts()])
