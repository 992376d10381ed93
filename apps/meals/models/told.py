"""What guests have told of what they eat: a copy for one gathering, for whom they chose, and soon gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Companion, Gathering, Rsvp, RsvpChange
from apps.meals.models.refusals import NobodyEats, NotAtTheTable
from apps.profiles.models import Diet, Member
from apps.profiles.own_diet import Eats

LONGEST_REQUEST = 200
ENDED = [Rsvp.State.LEFT, Rsvp.State.DECLINED]


class ToldDietQuerySet(models.QuerySet["ToldDiet"]):
    def standing(self) -> ToldDietQuerySet:
        """Of those whose seat, place in the line or request stands, and has stood since they told it.

        Whoever leaves takes it away, and whoever comes again has told nothing yet.
        """
        since = RsvpChange.objects.filter(rsvp=OuterRef("rsvp"), round__gt=OuterRef("round"), state__in=ENDED)
        return self.exclude(rsvp__state__in=ENDED).filter(~Exists(since))

    def to_hosts(self) -> ToldDietQuerySet:
        """What hosts and co-hosts may know; they are at the table, too."""
        return self.filter(to__in=[ToldDiet.To.HOST, ToldDiet.To.TABLE])

    def to_the_table(self) -> ToldDietQuerySet:
        """What everyone with a seat may know: only what guests who have one have told the table themselves."""
        is_there = Q(companion=None) | Q(companion__is_agreed=True)
        return self.filter(is_there, to=ToldDiet.To.TABLE, rsvp__state=Rsvp.State.SEATED)

    def for_guest(self, rsvp: Rsvp) -> ToldDietQuerySet:
        """All that one guest may know on a page: what they have told, and, if they have a seat, what the table was."""
        told = ToldDiet.objects.to_the_table() if rsvp.is_seated else ToldDiet.objects.none()
        return self.filter(Q(rsvp=rsvp) | Q(pk__in=told.values("pk")))

    def of(self, rsvp: Rsvp) -> dict[int | None, ToldDiet]:
        """What this guest has told: by companion, their own under None."""
        return {each.companion_id: each for each in self.standing().filter(rsvp=rsvp)}

    def to_read(self, gatherings: Iterable[Gathering]) -> ToldDietQuerySet:
        """With whom it is about, guests in the order of their seats, each before whom they bring."""
        found = self.standing().filter(rsvp__gathering__in=gatherings)
        found = found.select_related("rsvp__member", "companion")
        return found.order_by("rsvp__changed_at", "rsvp", models.F("companion").asc(nulls_first=True))

    def named_for(self, reader: Member) -> ToldDietQuerySet:
        """Each with `is_named`: whether this reader may know whose it is."""
        return self.annotate(is_named=Exists(Member.objects.visible_to(reader).filter(pk=OuterRef("rsvp__member"))))

    def tell(self, rsvp: Rsvp, told: Mapping[int | None, Mapping[str, Any]]) -> None:
        """All that the guest says of themself and of whom they bring, in one. What is told to nobody is not kept.

        Raises NobodyEats or NotAtTheTable. A companion who comes no more is passed over.
        """
        with transaction.atomic():
            rsvp = rsvp.locked()
            if not rsvp.gathering.is_published or rsvp.gathering.is_over:
                raise NobodyEats
            if not rsvp.is_open:
                raise NotAtTheTable
            known = {None, *rsvp.companions.values_list("pk", flat=True)}
            self.filter(rsvp=rsvp).delete()
            of_this_seat: dict[str, Any] = {"rsvp": rsvp, "round": rsvp.round}
            said = {pk: each for pk, each in told.items() if pk in known}
            self.bulk_create([self.model(companion_id=pk, **of_this_seat, **each) for pk, each in said.items()])

    def take_back(self, member: Member) -> None:
        """All that they have ever told, at every table, and what is kept with their account."""
        with transaction.atomic():
            self.filter(rsvp__member=member).delete()
            Diet.objects.withdraw(member)


class ToldDiet(Eats):
    """What a guest told of themself, or of somebody whom they bring, and to whom."""

    class To(models.TextChoices):
        HOST = "host", _("Tell the host")
        TABLE = "table", _("Tell the table")
        NOBODY = "nobody", _("Tell nobody")

    rsvp = models.ForeignKey(Rsvp, models.CASCADE, related_name="told_diets")
    companion = models.ForeignKey(Companion, models.CASCADE, null=True, blank=True, related_name="told_diets")
    round = models.PositiveIntegerField()  # of the RSVP when it was told
    to = models.CharField(max_length=6, choices=To)
    at = models.DateTimeField(default=timezone.now)

    is_named: bool  # set by `named_for`

    objects = ToldDietQuerySet.as_manager()

    class Meta:
        verbose_name = _("told diet")
        verbose_name_plural = _("told diets")
        constraints = [
            models.UniqueConstraint(fields=["rsvp"], condition=Q(companion=None), name="told_diet_once_per_guest"),
            models.UniqueConstraint(fields=["companion"], name="told_diet_once_per_companion"),
            models.CheckConstraint(
                condition=~Q(to="nobody") | Q(diets=[], allergens=[], words=""), name="told_diet_of_nobody_says_nothing"
            ),
            models.CheckConstraint(
                condition=Q(to__in=["host", "table", "nobody"]), name="told_diet_is_told_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(_("told diet"))  # what stands in it is for nobody's list

    @property
    def is_for_the_table(self) -> bool:
        return self.to == self.To.TABLE

    @property
    def is_told(self) -> bool:
        return self.to != self.To.NOBODY


class TableRequestQuerySet(models.QuerySet["TableRequest"]):
    def words_of(self, gatherings: Iterable[Gathering]) -> dict[int, str]:
        """What is asked for at each of these, where anything is; one query."""
        return dict(self.filter(gathering__in=gatherings).values_list("gathering", "words"))

    def ask(self, gathering: Gathering, words: str) -> None:
        """In place of what was asked for before; without words nothing is. Raises NobodyEats."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            if not gathering.is_published or gathering.is_over:
                raise NobodyEats
            if words:
                self.update_or_create(gathering=gathering, defaults={"words": words, "at": timezone.now()})
            else:
                self.filter(gathering=gathering).delete()


class TableRequest(models.Model):
    """What the hosts ask of their table, in their own words: "Please, no nuts tonight". No other date has it."""

    gathering = models.OneToOneField(Gathering, models.CASCADE, related_name="table_request")
    words = models.CharField(_("in your own words"), max_length=LONGEST_REQUEST)
    at = models.DateTimeField(default=timezone.now)

    objects = TableRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to the table")
        verbose_name_plural = _("requests to the table")

    def __str__(self) -> str:
        return self.words
