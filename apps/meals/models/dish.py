from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import CoHost, Gathering, Rsvp
from apps.meals.models.meal import Meal
from apps.meals.models.refusals import (
    BringsEnough,
    HostCooks,
    NeedTaken,
    NobodyEats,
    NotAtTheTable,
    TableIsLaden,
)
from apps.meals.needs import NEEDS, ROLES, Need, is_asked_for, label_of, single_of
from apps.profiles.diets import ALLERGENS, DIETS
from apps.profiles.models import Member

MOST_EACH, MOST_ON_A_TABLE = 3, 60
MOST_SERVED = 50


class DishQuerySet(models.QuerySet["Dish"]):
    def on_the_table(self) -> DishQuerySet:
        """What counts: a dish whose bringer still has the seat they took it with, or hosts.

        Whoever gives up their seat brings nothing from that moment on, and nobody needs to be told here.
        """
        there = {"gathering": OuterRef("gathering"), "member": OuterRef("bringer")}
        seated = Rsvp.objects.seated().filter(round=OuterRef("round"), **there)
        helping = CoHost.objects.accepted().filter(**there)
        return self.filter(Q(Exists(seated)) | Q(gathering__host=F("bringer")) | Q(Exists(helping)))

    def named_for(self, reader: Member | AnonymousUser) -> DishQuerySet:
        """Each with `is_named`: whether this reader may know who brings it."""
        return self.annotate(is_named=Exists(Member.objects.visible_to(reader).filter(pk=OuterRef("bringer"))))

    def to_read(self) -> DishQuerySet:
        return self.select_related("bringer").order_by("at", "pk")

    def of_seats(self, rsvps: Iterable[Rsvp]) -> dict[int, list[Dish]]:
        """What each of these guests brings; one query, however many they are."""
        seats = {(rsvp.gathering_id, rsvp.member_id): rsvp for rsvp in rsvps}
        found: dict[int, list[Dish]] = {rsvp.pk: [] for rsvp in seats.values()}
        gatherings = {rsvp.gathering_id: rsvp.gathering for rsvp in seats.values()}
        for dish in self.on_the_table().filter(gathering__in=gatherings).order_by("at", "pk"):
            if rsvp := seats.get((dish.gathering_id, dish.bringer_id)):
                dish.gathering = gatherings[dish.gathering_id]
                found[rsvp.pk].append(dish)
        return found

    def gone_with(self, rsvps: Iterable[Rsvp]) -> dict[int, list[Dish]]:
        """By member: what went with a seat that they have given back, unless somebody else brings it by now."""
        left = {(rsvp.gathering_id, rsvp.member_id, rsvp.round - 1) for rsvp in rsvps}
        members = {member for _gathering, member, _round in left}
        found: dict[int, list[Dish]] = {}
        for dish in self.filter(bringer__in=members, gathering__in={each for each, *_rest in left}):
            if (dish.gathering_id, dish.bringer_id, dish.round) in left:
                found.setdefault(dish.bringer_id, []).append(dish)
        return found

    def take(self, gathering: Gathering, member: Member, need: str) -> Dish:
        """One click: one of what the table needs, described later or never. Pressing twice takes one.

        Raises a CannotBring.
        """
        with transaction.atomic():
            seat = Bringing(gathering, member, need)
            if same := seat.dishes.filter(bringer=member, need=need, what="").first():
                return same
            seat.refuse_more()
            place = seat.place_for(need)
            if place is None:
                raise NeedTaken
            return self.create(**seat.fields(need), place=place, serves=NEEDS[need].serves)

    def bring(self, gathering: Gathering, member: Member, need: str, what: str, **said: Any) -> Dish:
        """Somebody's own idea, whether the table still needs one of it or not. Raises a CannotBring."""
        with transaction.atomic():
            seat = Bringing(gathering, member, need)
            if same := seat.dishes.filter(bringer=member, need=need, what=what).first():
                return same
            seat.refuse_more()
            return self.create(**seat.fields(need), place=seat.place_for(need), what=what, **said)


class Dish(models.Model):
    """What somebody brings to a gathering, or does there."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="dishes")
    bringer = models.ForeignKey(Member, models.CASCADE, related_name="dishes")
    round = models.PositiveIntegerField(default=0)  # of the seat it was taken with; 0 for hosts
    need = models.CharField(_("what it is"), max_length=12, choices=[(key, need.label) for key, need in NEEDS.items()])
    place = models.PositiveSmallIntegerField(null=True, blank=True)  # which one of that need; none: one more than that
    what = models.CharField(_("what you bring"), max_length=80, blank=True)
    serves = models.PositiveSmallIntegerField(_("for how many"), null=True, blank=True)  # only of what is eaten
    diets = models.JSONField(default=list, blank=True)
    allergens = models.JSONField(default=list, blank=True)
    is_sure = models.BooleanField(null=True, blank=True)  # that these are all; False: not sure; None: not said
    needs_oven = models.BooleanField(_("needs the oven"), default=False)
    needs_fridge = models.BooleanField(_("needs the fridge"), default=False)
    at = models.DateTimeField(default=timezone.now)

    is_named: bool  # set by `named_for`

    objects = DishQuerySet.as_manager()

    class Meta:
        verbose_name = _("dish")
        verbose_name_plural = _("dishes")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "need", "place"], name="dish_one_per_place"),
            models.CheckConstraint(condition=Q(place=None) | Q(place__gte=1), name="dish_place_counts_from_one"),
            models.CheckConstraint(
                condition=Q(serves=None) | Q(serves__range=(1, MOST_SERVED)), name="dish_serves_some_people"
            ),
        ]

    def __str__(self) -> str:
        return self.what or str(single_of(self.kind, is_dry=False))

    @property
    def kind(self) -> Need:
        return NEEDS[self.need]

    @property
    def label(self) -> Any:
        """The need it meets."""
        return label_of(self.kind, is_dry=bool(self.gathering.is_alcohol_free))

    @property
    def name(self) -> Any:
        """In the words of whoever brings it; without any, what one of its need is called."""
        return self.what or single_of(self.kind, is_dry=bool(self.gathering.is_alcohol_free))

    @property
    def diets_said(self) -> list[Any]:
        return [words for key, words in DIETS.items() if key in self.diets]

    @property
    def allergens_said(self) -> list[Any]:
        return [words for key, words in ALLERGENS.items() if key in self.allergens]

    @property
    def rest_said(self) -> Any:
        """What is said of all that no label names: silence never reads as "none"."""
        if not self.kind.is_food:
            return ""
        is_labelled = bool(self.diets or self.allergens)
        if self.is_sure is None:
            return _("Not said what else is in it") if is_labelled else _("Not said what is in it")
        if not self.is_sure:
            return _("Not sure what else is in it") if is_labelled else _("Not sure what is in it")
        return _("None of the other allergens") if self.allergens else _("None of the fourteen allergens")

    def change(self, need: str, **said: Any) -> None:
        """Say it anew; another need takes a place of that one, if there is one. Raises a CannotBring."""
        with transaction.atomic():
            seat = Bringing(self.gathering, self.bringer, need)
            if not seat.dishes.filter(pk=self.pk).exists():
                raise NotAtTheTable
            if (need in ROLES) != self.kind.is_role:
                seat.refuse_more()
            if need != self.need:
                self.place = seat.place_for(need)
            for name, value in {"need": need, **said}.items():
                setattr(self, name, value)
            self.save(update_fields=["need", "place", *said])

    def take_back(self) -> None:
        """It is brought no longer, and its place is free. Twice changes nothing."""
        Dish.objects.filter(pk=self.pk).delete()


class Bringing:
    """One member about to bring something, with the gathering locked: two cannot have one place."""

    def __init__(self, gathering: Gathering, member: Member, need: str) -> None:
        """Raises why they cannot."""
        self.gathering, self.member, self.need = Gathering.objects.locked(gathering.pk), member, need
        self.meal = Meal.objects.of(self.gathering)
        if not self.gathering.is_published or self.gathering.is_over:
            raise NobodyEats
        self.is_host = self.gathering.is_run_by(member)
        rsvp = None if self.is_host else self.gathering.rsvps.seated().filter(member=member).first()
        if not self.is_host and rsvp is None:
            raise NotAtTheTable
        if not is_asked_for(self.meal.how, NEEDS[need]):
            raise HostCooks
        self.round = rsvp.round if rsvp else 0
        self.dishes = Dish.objects.on_the_table().filter(gathering=self.gathering)

    def fields(self, need: str) -> dict[str, Any]:
        return {"gathering": self.gathering, "bringer": self.member, "round": self.round, "need": need}

    def refuse_more(self) -> None:
        """What somebody does is counted apart from what they bring: washing up takes no cake off the table."""
        alike = self.dishes.filter(need__in=ROLES) if self.need in ROLES else self.dishes.exclude(need__in=ROLES)
        if alike.count() >= MOST_ON_A_TABLE:
            raise TableIsLaden
        if not self.is_host and alike.filter(bringer=self.member).count() >= MOST_EACH:
            raise BringsEnough

    def place_for(self, need: str) -> int | None:
        """The first place of this need that is free; what stands there of somebody who has left is put away."""
        held = list(self.dishes.filter(need=need).values_list("place", flat=True))
        if len(held) >= self.meal.wanted[need]:
            return None
        place = next(number for number in range(1, len(held) + 2) if number not in held)
        left = Dish.objects.filter(gathering=self.gathering, need=need, place=place)
        left.exclude(pk__in=self.dishes.values("pk")).delete()
        return place
