from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing, waitlist
from apps.gatherings.models import Gathering
from apps.movies.models.film import Film
from apps.movies.models.refusals import (
    DeadlineHasPassed,
    NothingToShow,
    TooFewFilms,
    VoteIsOpen,
    VoteIsOver,
)
from apps.movies.models.vote import Vote
from apps.outbox.models import Message

KIND, OPENED = "vote_closed", "vote_opened"
LATEST_BEGIN, LONGEST_BREAK, LONGEST_TALK = 120, 60, 120  # minutes
ROUND = timedelta(minutes=5)  # nobody goes home at 22:13


class ShowingQuerySet(models.QuerySet["Showing"]):
    def of(self, gathering: Gathering) -> Showing:
        return self.of_each([gathering])[gathering.pk]

    def of_each(self, gatherings: list[Gathering]) -> dict[int, Showing]:
        """Each with its film, in one query; where the host has said nothing yet it is one that is not saved."""
        known = {each.gathering_id: each for each in self.filter(gathering__in=gatherings).select_related("chosen")}
        found = {each.pk: known.get(each.pk) or Showing(gathering=each) for each in gatherings}
        for each in gatherings:
            found[each.pk].gathering = each
        return found

    def locked(self, gathering: Gathering) -> Showing:
        """With its gathering locked, to be changed. Raises NothingToShow."""
        gathering = Gathering.objects.locked(gathering.pk)
        if not gathering.is_published or gathering.is_over:
            raise NothingToShow
        return self.of(gathering)

    def to_close(self, now: datetime) -> ShowingQuerySet:
        """Votes whose time has come: their deadline, or the start of the gathering if that is sooner."""
        has_come = Q(vote_until__lte=now) | Q(gathering__starts_at__lte=now)
        published = self.filter(gathering__state=Gathering.State.PUBLISHED)
        return published.filter(has_come, vote_until__isnull=False, closed_at=None)

    # Each of these is an act of a host's. They raise a CannotShow.

    def keep_times(self, gathering: Gathering, begins_after: int, break_minutes: int, talk_minutes: int) -> None:
        with transaction.atomic():
            showing = self.locked(gathering)
            showing.begins_after, showing.break_minutes = begins_after, break_minutes
            showing.talk_minutes = talk_minutes
            showing.save()
            showing.settle_end()

    def show(self, film: Film) -> None:
        """This is the film, by the host's own word."""
        with transaction.atomic():
            showing = self.locked(film.gathering)
            if showing.is_open:
                raise VoteIsOpen
            if showing.is_closed:
                raise VoteIsOver
            showing.chosen = Film.objects.of(showing.gathering).get(pk=film.pk)
            showing.save()
            showing.settle_end()

    def open_vote(self, gathering: Gathering, until: datetime) -> None:
        """Let the guests choose; of one that is open, move its end."""
        with transaction.atomic():
            showing = self.locked(gathering)
            if showing.is_closed:
                raise VoteIsOver
            if Film.objects.of(showing.gathering).count() < (1 if showing.is_open else 2):
                raise TooFewFilms
            if not timezone.now() < until <= showing.gathering.starts_at:
                raise DeadlineHasPassed
            was_open = showing.is_open
            showing.vote_until, showing.chosen = until, None
            showing.save()
            if not was_open:
                showing.tell_of_the_vote()

    def close(self, gathering: Gathering, now: datetime) -> None:
        """Count, choose, and tell everyone. Whoever calls holds the lock; a vote that is not due changes nothing.

        Most ticks win; of several the film that was named first, as where nobody has ticked any. Then nobody needs to
        know any more who would have enjoyed what.
        """
        showing = self.to_close(now).filter(gathering=gathering).first()
        if showing is None:
            return
        showing.gathering = gathering
        votes = Vote.objects.filter(film__gathering=gathering)
        counts = Counter(votes.counted().values_list("film", flat=True))
        films = list(Film.objects.of(gathering))
        showing.chosen = max(films, key=lambda film: counts[film.pk]) if films else None  # of equals the first
        showing.closed_at = now
        showing.save()
        votes.delete()
        if showing.chosen and not gathering.is_over:
            showing.tell(version=gathering.sequence if showing.settle_end() else 0)


class Showing(models.Model):
    """How one movie night goes: when the film begins, what comes after it, and how it is chosen."""

    gathering = models.OneToOneField(Gathering, models.CASCADE, related_name="showing")
    begins_after = models.PositiveSmallIntegerField(default=15)  # minutes after the start, so that it moves with it
    break_minutes = models.PositiveSmallIntegerField(_("a break of so many minutes"), default=0)
    talk_minutes = models.PositiveSmallIntegerField(_("minutes to talk after"), default=30)
    vote_until = models.DateTimeField(null=True, blank=True)  # none: the host names the film
    closed_at = models.DateTimeField(null=True, blank=True)
    chosen = models.ForeignKey(Film, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ShowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("showing")
        verbose_name_plural = _("showings")
        constraints = [
            models.CheckConstraint(
                condition=Q(begins_after__lte=LATEST_BEGIN, break_minutes__lte=LONGEST_BREAK)
                & Q(talk_minutes__lte=LONGEST_TALK),
                name="showing_fits_into_an_evening",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(vote_until__isnull=False), name="showing_closes_a_vote"
            ),
            models.CheckConstraint(
                condition=Q(vote_until=None) | Q(closed_at__isnull=False) | Q(chosen=None),
                name="showing_has_no_film_while_it_is_chosen",
            ),
        ]

    def __str__(self) -> str:
        return str(self.chosen or "")

    @property
    def is_open(self) -> bool:
        """Guests choose; or would, but for the minute that the sweep takes after the end."""
        return self.vote_until is not None and self.closed_at is None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def closes_at(self) -> datetime | None:
        return min(self.vote_until, self.gathering.starts_at) if self.vote_until else None

    @property
    def takes_votes(self) -> bool:
        closes_at = self.closes_at
        return self.is_open and closes_at is not None and timezone.now() < closes_at

    @property
    def closes_local(self) -> timing.WallTime | None:
        return timing.on_the_wall(self.closes_at, self.gathering.zone) if self.closes_at else None

    @property
    def begins_local(self) -> timing.WallTime:
        begins = self.gathering.starts_at + timedelta(minutes=self.begins_after)
        return timing.on_the_wall(begins, self.gathering.zone)

    @property
    def ends_at(self) -> datetime | None:
        """When the evening is over, as far as it follows from the film; to five minutes."""
        if self.chosen is None:
            return None
        minutes = self.begins_after + self.chosen.minutes + self.break_minutes + self.talk_minutes
        return self.gathering.starts_at + -(-timedelta(minutes=minutes) // ROUND) * ROUND

    def settle_end(self) -> bool:
        """Set the end of the gathering from its film; says whether it is another. Whoever calls holds the lock.

        Its guests, their calendars and whoever waits are told as of any other change.
        """
        ends_at, gathering = self.ends_at, self.gathering
        if ends_at is None or ends_at <= timezone.now():
            return False
        before, ends = gathering.sequence, timing.on_the_wall(ends_at, gathering.zone)
        gathering.ends = ends.time().replace(fold=0)
        gathering.change(["ends"])
        return gathering.sequence != before

    def tell_of_the_vote(self) -> None:
        """The seated, once. Whoever sits down later reads of it with their seat; a new end of it stands on the page."""
        gathering = self.gathering
        seated = [rsvp.member for rsvp in gathering.rsvps.seated().select_related("member")]
        slot = {"subject_id": gathering.pk, "expires_at": gathering.starts_at, "due_at": waitlist.by_day(gathering)}
        Message.objects.put_all([Message.objects.row(OPENED, member, **slot) for member in seated])

    def tell(self, version: int) -> None:
        """The seated, and the hosts. `version` is the SEQUENCE with which the end has changed, if it has."""
        gathering = self.gathering
        seated = [rsvp.member for rsvp in gathering.rsvps.seated().select_related("member")]
        slot = {"subject_id": gathering.pk, "version": version, "expires_at": gathering.ends_at}
        slot["due_at"] = waitlist.by_day(gathering)
        rows = [Message.objects.row(KIND, member, **slot) for member in [*seated, *gathering.hosts()]]
        Message.objects.put_all(rows)
