from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing


class Timed(models.Model):
    """When a gathering is: wall time and zone are the truth, the UTC moments follow from them."""

    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    arrive_from = models.TimeField(_("come from"), null=True, blank=True)
    moves = models.PositiveIntegerField(default=0, editable=False)
    # When guests are reminded the day before, and by default may see the address. Those long over have none.
    day_before_at = models.DateTimeField(null=True, blank=True, editable=False)
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def starts_local(self) -> timing.WallTime:
        return timing.on_the_wall(self.starts_at, self.zone)

    @property
    def ends_local(self) -> timing.WallTime:
        return timing.on_the_wall(self.ends_at, self.zone)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def day_word(self) -> str:
        """ "Yesterday", "Today", "Tomorrow", or nothing, as the gathering's town reads the calendar now."""
        words = {-1: gettext("Yesterday"), 0: gettext("Today"), 1: gettext("Tomorrow")}
        return words.get(timing.days_until(self.starts_at, self.zone), "")

    @property
    def is_today(self) -> bool:
        return timing.days_until(self.starts_at, self.zone) == 0

    def starts_within(self, length: timedelta) -> bool:
        return self.starts_at - timezone.now() <= length

    def settle_time(self) -> None:
        next_day = timedelta(days=1 if self.ends <= self.starts else 0)
        self.starts_at = timing.moment(self.day, self.starts, self.zone)
        self.ends_at = timing.moment(self.day + next_day, self.ends, self.zone)
        if self.ends_at <= self.starts_at:  # the clocks skip the start, which moves past the end: that moves as far
            self.ends_at += timing.gap(self.day, self.starts, self.zone)
        self.day_before_at = timing.day_before(self.starts_at, self.zone)
