from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering
from apps.movies.content import CONTENT, Captions
from apps.movies.models.refusals import FilmIsVotedOn, LastFilm, SevenAlready, VoteIsOver

MOST_FILMS = 7
FIRST_YEAR, LAST_YEAR = 1880, 2200  # which a form narrows to what can be: a film of next year may be shown already
LONGEST = 420  # minutes


class FilmQuerySet(models.QuerySet["Film"]):
    def of(self, gathering: Gathering) -> FilmQuerySet:
        """The one named first comes first."""
        return self.filter(gathering=gathering).order_by("pk")

    def add(self, gathering: Gathering, **said: Any) -> Film:
        """Put it on the list. The same film twice is one. Raises a CannotShow."""
        from apps.movies.models.showing import Showing  # that module imports this one

        with transaction.atomic():
            showing = Showing.objects.locked(gathering)
            films = self.of(showing.gathering)
            if same := films.filter(title=said["title"], year=said.get("year")).first():
                return same
            if showing.is_closed:
                raise VoteIsOver
            held = set(films.values_list("place", flat=True))
            place = next((number for number in range(1, MOST_FILMS + 1) if number not in held), None)
            if place is None:
                raise SevenAlready
            return self.create(gathering=showing.gathering, place=place, **said)


class Film(models.Model):
    """One film that a host has named for one gathering."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="films")
    place = models.PositiveSmallIntegerField()  # one of seven, so that there are never more; it says nothing of order
    title = models.CharField(_("title"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    language = models.CharField(_("language"), max_length=60, blank=True)
    captions = models.CharField(_("to read along"), max_length=10, choices=Captions, blank=True)
    captions_language = models.CharField(_("in which language"), max_length=60, blank=True)
    why = models.CharField(_("why this one"), max_length=200, blank=True)
    content = models.JSONField(_("what it holds"), default=list, blank=True)
    content_words = models.CharField(_("in your words"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = FilmQuerySet.as_manager()

    class Meta:
        verbose_name = _("film")
        verbose_name_plural = _("films")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "place"], name="film_one_per_place"),
            models.CheckConstraint(condition=Q(place__range=(1, MOST_FILMS)), name="film_is_one_of_seven"),
            models.CheckConstraint(condition=Q(minutes__range=(1, LONGEST)), name="film_ends_the_same_evening"),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="film_is_of_a_year_with_films"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title

    @property
    def content_said(self) -> list[Any]:
        return [words for key, words in CONTENT.items() if key in self.content]

    @property
    def has_content_said(self) -> bool:
        return bool(self.content_said or self.content_words)

    # Verbs

    def change(self, **said: Any) -> None:
        """Say it anew. What others vote on stays the film that they voted on. Raises a CannotShow."""
        from apps.movies.models.showing import Showing  # likewise

        with transaction.atomic():
            showing = Showing.objects.locked(self.gathering)
            now = Film.objects.get(pk=self.pk)
            if showing.is_open and any(said.get(name, getattr(now, name)) != getattr(now, name) for name in NAME):
                raise FilmIsVotedOn
            for name, value in said.items():
                setattr(self, name, value)
            self.save(update_fields=list(said))
            if showing.chosen_id == self.pk:
                showing.chosen = self
                showing.settle_end()

    def take_out(self) -> None:
        """Off the list, with whatever was ticked of it. Twice changes nothing. Raises a CannotShow."""
        from apps.movies.models.showing import Showing  # likewise

        with transaction.atomic():
            showing = Showing.objects.locked(self.gathering)
            others = Film.objects.of(showing.gathering).exclude(pk=self.pk)
            if showing.is_closed:
                raise VoteIsOver
            if showing.is_open and not others.exists():
                raise LastFilm
            Film.objects.filter(pk=self.pk).delete()


NAME = ["title", "year"]
