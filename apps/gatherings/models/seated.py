from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing
from apps.gatherings.models.timed import Timed

MOST_SEATS, MOST_SEATS_OF_A_LARGER = 12, 40
MOST_COMPANIONS = 5
KEPT_UNTIL = timedelta(hours=48)  # before the start; then seats kept for first-timers are as any other


class Seated(Timed):
    """The seats of a gathering, and on which terms they are given."""

    seats = models.PositiveSmallIntegerField(_("seats"), default=5, editable=False)
    seats_wanted = models.PositiveSmallIntegerField(_("seats"), default=5)
    seats_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    is_larger = models.BooleanField(_("a larger gathering"), default=False)
    seats_kept = models.PositiveSmallIntegerField(_("seats kept for first-timers"), default=0)
    # Of the kept seats, how many no first-timer holds. What is free may be less.
    kept_left = models.PositiveSmallIntegerField(default=0, editable=False)
    most_companions = models.PositiveSmallIntegerField(_("how many a guest may bring"), default=0)
    asks_first = models.BooleanField(_("the host says yes to each guest first"), default=False)
    least_guests = models.PositiveSmallIntegerField(_("goes ahead with at least"), null=True, blank=True)
    goes_ahead = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def seats_left(self) -> int:
        return max(0, self.seats - self.seats_taken)

    @property
    def is_full(self) -> bool:
        return self.seats_left <= 0

    @property
    def seats_kept_now(self) -> int:
        """How many of the free seats are for first-timers alone; none from 48 hours before the start."""
        if not self.kept_left or self.starts_within(KEPT_UNTIL):
            return 0
        return min(self.kept_left, self.seats_left)

    @property
    def welcomes_first_timers(self) -> bool:
        """What everybody may know of the kept seats. How many are left would tell who comes for the first time."""
        return bool(self.seats_kept and self.seats_left) and not self.starts_within(KEPT_UNTIL)

    @property
    def keeps_seats_until(self) -> timing.WallTime:
        return timing.on_the_wall(self.starts_at - KEPT_UNTIL, self.zone)

    def seats_open_to(self, is_first_time: bool) -> int:
        """How many of the free seats are there for somebody who comes for the first time, or who does not."""
        return self.seats_left if is_first_time else self.seats_left - self.seats_kept_now

    def count_seats(self) -> None:
        """Count anew from the RSVPs, with the row locked, after one has changed.

        `seats` only ever sinks here, to what the host wants: one seat too many then meets the database's own check.
        """
        held = self.rsvps.holding_seats().aggregate(  # type: ignore[attr-defined]  # of Rsvp
            taken=Sum("party", default=0), first=Sum("party", default=0, filter=Q(is_first_time=True))
        )
        self.seats_taken = held["taken"]
        self.seats = min(self.seats, max(self.seats_wanted, self.seats_taken))
        self.kept_left = max(0, self.seats_kept - held["first"])
        self.save(update_fields=["seats_taken", "seats", "kept_left"])
