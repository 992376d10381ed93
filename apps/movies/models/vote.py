from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering, Rsvp
from apps.movies.models.film import Film
from apps.movies.models.refusals import NotOnTheList, NotSeated, NoVote, TooLate
from apps.profiles.models import Member


class VoteQuerySet(models.QuerySet["Vote"]):
    def counted(self) -> VoteQuerySet:
        """Those of guests who still have the seat that they voted with."""
        there = {"gathering": OuterRef("film__gathering"), "member": OuterRef("voter")}
        return self.filter(Exists(Rsvp.objects.seated().filter(round=OuterRef("round"), **there)))

    def of(self, member: Member, gathering: Gathering) -> VoteQuerySet:
        return self.counted().filter(voter=member, film__gathering=gathering)

    def cast(self, gathering: Gathering, member: Member, films: Iterable[int]) -> None:
        """These films this guest would enjoy, and no others; as often as they like. Raises a CannotVote."""
        from apps.movies.models.showing import Showing  # that module imports this one

        films = set(films)
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            showing = Showing.objects.of(gathering)
            if not gathering.is_published or showing.vote_until is None:
                raise NoVote
            if not showing.takes_votes:
                raise TooLate
            seat = gathering.rsvps.seated().filter(member=member).first()
            if seat is None or gathering.is_run_by(member):
                raise NotSeated
            if films - set(Film.objects.of(gathering).values_list("pk", flat=True)):
                raise NotOnTheList
            self.filter(voter=member, film__gathering=gathering).delete()
            Vote.objects.bulk_create(Vote(film_id=pk, voter=member, round=seat.round) for pk in sorted(films))


class Vote(models.Model):
    """That one guest would enjoy one film. Nobody reads it but themself, and it is gone once the vote is over."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(Member, models.CASCADE, related_name="votes")
    round = models.PositiveIntegerField()  # of the seat it was given with
    at = models.DateTimeField(default=timezone.now)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["film", "voter"], name="vote_once_per_film")]

    def __str__(self) -> str:
        return f"{self.voter_id} {self.film_id}"
