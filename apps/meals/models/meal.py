from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering
from apps.meals.needs import BY_KIND, MOST_OF_ONE, NEEDS, SHARED, How, sensible, wanted


class MealQuerySet(models.QuerySet["Meal"]):
    def of(self, gathering: Gathering) -> Meal:
        return self.of_each([gathering])[gathering.pk]

    def of_each(self, gatherings: Iterable[Gathering]) -> dict[int, Meal]:
        """How the food comes to each of these; two queries at most, however many they are.

        What a host has chosen for one date of a series holds for those after it, until they choose anew; likewise for
        an evening that is hosted again. Where nothing was chosen it follows from the kind, and the meal is one that is
        not saved.
        """
        gatherings = list(gatherings)
        series = {each.series_id for each in gatherings if each.series_id}
        origins = {each.origin_id or each.pk for each in gatherings}
        copies = Q(gathering__in=origins) | Q(gathering__origin__in=origins)
        chosen = self.filter(copies | Q(gathering__series__in=series))
        chosen = chosen.select_related("gathering").prefetch_related("adjustments")
        found = list(chosen.order_by("gathering__starts_at", "pk"))
        return {each.pk: last_choice(each, found) for each in gatherings}

    def choose(self, gathering: Gathering, how: str) -> Meal:
        """Other needs follow from another choice, so what was added to those of the last one is forgotten."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            meal = self.of(gathering)
            meal.keep(how, meal.more if meal.how == how else {})
        return meal

    def adjust(self, gathering: Gathering, numbers: Mapping[str, int]) -> Meal:
        """The host says how many of each the table needs. Only what differs from the sensible is kept."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            meal = self.of(gathering)
            usual = sensible(meal.how, gathering.seats)
            meal.keep(meal.how, {key: number - usual[key] for key, number in numbers.items() if number != usual[key]})
        return meal


def last_choice(gathering: Gathering, found: Sequence[Meal]) -> Meal:
    """Its own, else that of the last one before it that is its like, as a meal of this gathering."""
    before = [
        meal
        for meal in found
        if is_its_like(gathering, meal.gathering) and meal.gathering.starts_at < gathering.starts_at
    ]
    own = [meal for meal in found if meal.gathering_id == gathering.pk]
    meal = Meal(gathering=gathering, how=BY_KIND.get(gathering.kind, How.COOK))
    for last in (own or before)[-1:]:
        meal = last if own else Meal(gathering=gathering, how=last.how)
        meal.more = {each.need: each.more for each in last.adjustments.all()}
        meal.is_said = True
    meal.gathering = gathering
    return meal


def is_its_like(gathering: Gathering, other: Gathering) -> bool:
    """Whether both are dates of one series, or the one is a copy of the other, or both are of a third."""
    is_of_its_series = gathering.series_id is not None and gathering.series_id == other.series_id
    return is_of_its_series or (gathering.origin_id or gathering.pk) == (other.origin_id or other.pk)


class Meal(models.Model):
    """How the food comes to one gathering, where its host has chosen."""

    gathering = models.OneToOneField(Gathering, models.CASCADE, related_name="meal")
    how = models.CharField(_("how the food comes"), max_length=8, choices=How)

    objects = MealQuerySet.as_manager()

    class Meta:
        verbose_name = _("meal")
        verbose_name_plural = _("meals")
        constraints = [models.CheckConstraint(condition=Q(how__in=How.values), name="meal_comes_in_a_known_way")]

    more: dict[str, int]  # what the host has added to each need, or taken away
    is_said: bool  # whether the host has chosen, here or for the last one like it; else it is what is usual

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.more, self.is_said = {}, False

    def __str__(self) -> str:
        return str(self.get_how_display())

    @property
    def is_shared(self) -> bool:
        """Whether guests bring something."""
        return self.how in SHARED

    @property
    def wanted(self) -> dict[str, int]:
        return wanted(self.how, self.gathering.seats, self.more)

    def keep(self, how: str, more: Mapping[str, int]) -> None:
        """Whoever calls holds the lock on the gathering."""
        self.how, self.more = how, dict(more)
        self.save()
        self.adjustments.all().delete()
        Adjustment.objects.bulk_create(Adjustment(meal=self, need=key, more=number) for key, number in more.items())


class Adjustment(models.Model):
    """So many more of a need than is sensible, or fewer, as the host would have it."""

    meal = models.ForeignKey(Meal, models.CASCADE, related_name="adjustments")
    need = models.CharField(max_length=12, choices=[(key, need.label) for key, need in NEEDS.items()])
    more = models.SmallIntegerField()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.UniqueConstraint(fields=["meal", "need"], name="adjustment_once_per_need"),
            models.CheckConstraint(
                condition=Q(more__range=(-MOST_OF_ONE, MOST_OF_ONE)) & ~Q(more=0), name="adjustment_is_small"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} {self.more:+}"
