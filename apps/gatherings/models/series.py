from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings import newcomers, rhythm, waitlist
from apps.gatherings.copies import copy_of, usual
from apps.gatherings.models.co_host import CoHost
from apps.gatherings.models.gathering import Gathering
from apps.gatherings.models.queries import GatheringQuerySet
from apps.gatherings.models.refusals import CannotSit, Declined, GatheringNotOpen, HostHasASeat
from apps.gatherings.models.rsvp import Rsvp, RsvpQuerySet
from apps.outbox.models import Message
from apps.profiles.models import Member
from apps.safety.locks import hold_blocks_still

ASKED_BEFORE = timedelta(weeks=2)  # its last day: from then on it may be renewed
KEPT_READY = 8  # dates ahead that are there as rows
SAID_AT_ONCE = ["seat_confirmed", "waitlist_joined"]  # what a member is written on pressing for a seat


class SeriesQuerySet(models.QuerySet["Series"]):
    def locked(self, pk: int) -> Series:
        """The series with its row locked until the transaction ends: before its gatherings, never after them."""
        hold_blocks_still()
        return self.select_for_update(no_key=True).get(pk=pk)  # a gathering may be saved, which points here, meanwhile

    def lock_all(self, keys: models.QuerySet[Any, Any]) -> None:
        """Likewise for several."""
        hold_blocks_still()
        list(self.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))

    def that_need_dates(self, today: date) -> list[Series]:
        """One query."""
        going_on = self.filter(last_day__gte=today, host__is_active=True).annotate(last_made=Max("dates__series_day"))
        return [series for series in going_on if series.last_made and series.days_to_make(series.last_made, today)]


class Series(models.Model):
    """Gatherings that come again and again. Each date is a gathering of its own; the series only makes them.

    Dates are never made anew: one that was called off, or moved, was made.
    """

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        FORTNIGHTLY = "fortnightly", _("every two weeks")
        MONTHLY = "monthly", _("every month, on the same weekday")

    host = models.ForeignKey(Member, models.CASCADE, related_name="series")
    rhythm = models.CharField(_("how often"), max_length=12, choices=Rhythm)
    first_day = models.DateField()
    last_day = models.DateField()  # six months on, unless renewed, or where it was ended
    renewals = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    last_made: date | None  # set by `that_need_dates`

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return f"{self.get_rhythm_display()}, {self.first_day}"

    @property
    def in_words(self) -> str:
        return rhythm.in_words(self.rhythm, self.first_day)

    @property
    def is_ended(self) -> bool:
        """Ended by its host, or gone on in another; not merely run out."""
        return self.last_day < rhythm.ends_on(self.first_day, self.renewals)

    @property
    def is_running_out(self) -> bool:
        """Whether its hosts are asked if it shall go on, or were."""
        return not self.is_ended and self.last_day <= timezone.now().date() + ASKED_BEFORE

    def coming(self) -> GatheringQuerySet:
        return self.dates.published().upcoming().soonest_first()

    def latest(self) -> Gathering | None:
        return self.dates.select_related("host", "town").order_by("-series_day").first()

    def days_to_make(self, last_made: date, today: date) -> list[date]:
        """Of the next eight days those for which there is no date yet."""
        ahead = (day for day in rhythm.days(self.rhythm, self.first_day, self.last_day) if day >= today)
        return [day for day in islice(ahead, KEPT_READY) if day > last_made]

    def has_declined(self, member: Member) -> bool:
        """Whether a host of one of its dates took this member's seat away, or said no to them."""
        return Rsvp.objects.of(member).filter(gathering__series=self, state=Rsvp.State.DECLINED).exists()

    # Verbs of the hosts

    @classmethod
    def begin(cls, gathering: Gathering, how_often: str) -> Series:
        """Make this gathering the first date of a series. Beginning twice changes nothing.

        Raises GatheringNotOpen or NoSeriesYet.
        """
        with transaction.atomic():
            first = Gathering.objects.locked(gathering.pk)
            if first.series:
                return first.series
            if not first.is_published or first.is_over:
                raise GatheringNotOpen
            newcomers.refuse_series(first.host)
            last_day = rhythm.ends_on(first.day, 0)
            series = cls.objects.create(host=first.host, rhythm=how_often, first_day=first.day, last_day=last_day)
            first.series, first.series_day = series, first.day
            first.save(update_fields=["series", "series_day"])
            series.keep_going(timezone.now())
        gathering.refresh_from_db()
        return series

    def keep_going(self, now: datetime) -> None:
        """Make what is missing of the next eight dates, like those before. Running twice makes nothing twice."""
        with transaction.atomic():
            series = Series.objects.locked(self.pk)
            made = list(series.dates.order_by("-series_day")[:KEPT_READY])
            days = series.days_to_make(made[0].series_day, now.date()) if made and made[0].series_day else []
            for day in days:
                series.make(day, usual(made[::-1]), made[0], now)

    def make(self, day: date, like: Gathering, latest: Gathering, now: datetime) -> None:
        """With the co-hosts that both have: whoever stepped down has none of the latest dates any more."""
        shown = {"state": Gathering.State.PUBLISHED, "published_at": now}
        gathering = copy_of(like, day, series=self, series_day=day, **shown)
        if gathering.starts_at <= now:
            return
        gathering.save()
        CoHost.objects.bulk_create(
            CoHost(gathering=gathering, email=each.email, member=each.member, accepted_at=each.accepted_at)
            for each in like.co_hosts.filter(member__co_hosting__gathering=latest).select_related("member")
        )
        self.seat_the_standing(gathering)

    def seat_the_standing(self, gathering: Gathering) -> None:
        """A seat, a place in the line or a request for everyone who comes to the whole series, the longest first."""
        declined = Rsvp.objects.filter(member=OuterRef("member"), gathering__series=self, state=Rsvp.State.DECLINED)
        standing = self.standing.filter(~Exists(declined), member__is_active=True)
        if gathering.is_by_link:  # for those who have been let in to such a date
            by_link = Rsvp.objects.filter(member=OuterRef("member"), gathering__series=self)
            standing = standing.filter(Exists(by_link.filter(gathering__visibility=gathering.visibility)))
        for each in standing.select_related("member").order_by("since", "pk"):
            try:
                rsvp = gathering.seat(each.member)
            except CannotSit:
                continue
            said_at_once(rsvp).update(due_at=waitlist.by_day(gathering))  # they asked for it long ago

    def renew(self, renewals: int) -> bool:
        """Let it go on for six months more. `renewals` is how often it had been renewed when that was asked.

        Says whether anything changed: not twice for one asking, nor before it, nor once its host has ended it.
        """
        today = timezone.now().date()
        with transaction.atomic():
            series = Series.objects.locked(self.pk)
            if series.renewals != renewals or not series.is_running_out:
                return False
            while series.renewals == renewals or series.last_day < today:
                series.renewals += 1
                series.last_day = rhythm.ends_on(series.first_day, series.renewals)
            series.save(update_fields=["renewals", "last_day"])
            series.keep_going(timezone.now())
        self.refresh_from_db()
        return True

    def end(self, before: date | None = None) -> None:
        """Make no more dates from this day on; those that are made stay. Ending twice changes nothing."""
        with transaction.atomic():
            series = Series.objects.locked(self.pk)
            last_day = (before or timezone.now().date()) - timedelta(days=1)
            if last_day < series.last_day:
                series.last_day = last_day
                series.save(update_fields=["last_day"])
        self.refresh_from_db()

    def hand_over(self, member: Member) -> None:
        """Another host's from now on. Dates that are not theirs to host take no part in what is made later."""
        with transaction.atomic():
            series = Series.objects.locked(self.pk)
            left = series.host
            series.host = member
            series.save(update_fields=["host"])
            series.dates.filter(host=left).exclude(co_hosts__member=member).update(series=None)

    # Verbs of the guests

    def join(self, member: Member, seen: Gathering | None = None) -> list[tuple[Gathering, CannotSit]]:
        """Come to the whole series: what there is to have on each coming date, confirmed in one mail.

        These are the dates that they may see, and those that are for the same people as the one they have `seen`.
        Joining twice changes nothing. Returns the dates that were passed over, and why. Raises a CannotSit.
        """
        passed_over = []
        with transaction.atomic():
            series = Series.objects.locked(self.pk)
            may_see = Q(pk__in=Gathering.objects.visible_to(member).values("pk"))
            may_come = may_see | Q(visibility=seen.visibility) if seen else may_see
            dates = list(series.coming().unblocked_for(member).filter(may_come))
            series.refuse(member, dates)
            standing, is_new = series.standing.get_or_create(member=member)
            for gathering in dates if is_new else []:
                try:
                    said_at_once(gathering.seat(member)).delete()
                except CannotSit as refusal:
                    passed_over.append((gathering, refusal))
            slot = {"subject_id": standing.pk, "expires_at": dates[-1].starts_at}
            Message.objects.put("series_joined", member, **slot)
        return passed_over

    def refuse(self, member: Member, dates: list[Gathering]) -> None:
        """Raise the reason why this member cannot come to the whole series, if there is one."""
        if not dates:
            raise GatheringNotOpen
        if self.host_id == member.pk or all(each.is_run_by(member) for each in dates):
            raise HostHasASeat
        if self.has_declined(member):
            raise Declined
        newcomers.refuse_series(member)

    def leave(self, member: Member) -> bool:
        """Come no more: every seat ahead is given back, also where the series went on in another.

        Says whether anything changed.
        """
        standing = self.standing.filter(member=member).first()
        if not standing:
            return False
        with transaction.atomic():
            Series.objects.lock_all(standing.wherever_it_goes_on().values("series"))
            ahead = list(standing.rsvps_ahead())
            left, _of_each = standing.wherever_it_goes_on().delete()
            for rsvp in ahead:
                rsvp.bow_out()
        return bool(left)


class StandingRsvp(models.Model):
    """A member who comes to the whole series: a seat on every date as it is made."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="standing")
    member = models.ForeignKey(Member, models.CASCADE, related_name="standing")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("standing RSVP")
        verbose_name_plural = _("standing RSVPs")
        constraints = [
            models.UniqueConstraint(fields=["series", "member"], name="standing_once_per_series_and_member"),
        ]

    def __str__(self) -> str:
        return str(self.member)

    def wherever_it_goes_on(self) -> models.QuerySet[StandingRsvp]:
        """This and its like in every series that its own came from or went on in: they keep the moment it was said."""
        return StandingRsvp.objects.filter(member=self.member_id, since=self.since)

    def rsvps_ahead(self) -> RsvpQuerySet:
        """What the member has on each date to come, the soonest first."""
        dates = Gathering.objects.published().upcoming().filter(series__in=self.wherever_it_goes_on().values("series"))
        return self.member.rsvps.open().filter(gathering__in=dates).order_by("gathering__starts_at", "gathering")


def said_at_once(rsvp: Rsvp) -> models.QuerySet[Message]:
    """The mail that this very round of the RSVP has brought its member, while it waits to be sent."""
    slot = Q(member=rsvp.member, subject_id=rsvp.pk, version=rsvp.round)
    return Message.objects.waiting().filter(slot, kind__in=SAID_AT_ONCE)
