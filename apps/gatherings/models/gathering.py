from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing
from apps.outbox.models import Message
from apps.places.cells import cells_of, cells_within
from apps.places.distance import metres_from
from apps.places.models import Town
from apps.profiles.keys import new_key
from apps.profiles.models import Member

if TYPE_CHECKING:
    from apps.gatherings.models.rsvp import Rsvp

MOST_SEATS, MOST_SEATS_OF_A_LARGER = 12, 40
ADDRESS_STAYS = timedelta(hours=24)


class CannotSit(Exception):
    """Why somebody cannot take a seat, as a sentence for them."""

    sentence = _("You cannot take a seat here.")


class GatheringFull(CannotSit):
    sentence = _("The last seat has just gone. Nothing was booked for you.")


class GatheringHasBegun(CannotSit):
    sentence = _("This gathering has begun already, so seats can no longer be taken.")


class GatheringNotOpen(CannotSit):
    sentence = _("This gathering is not taking place, so there is no seat to take.")


class HostHasASeat(CannotSit):
    sentence = _("You are the host: your own seat is always yours.")


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """The questions that are asked of gatherings. `visible_to` comes first in every one a reader sees."""

    def visible_to(self, member: Member | AnonymousUser) -> GatheringQuerySet:
        """What this reader may know of; a draft is its host's alone."""
        shown = Q(state__in=[Gathering.State.PUBLISHED, Gathering.State.CANCELLED])
        if not member.is_authenticated:
            return self.filter(shown, visibility=Gathering.Visibility.EVERYONE)
        return self.filter(shown | Q(host=member))

    def hosted_by(self, member: Member) -> GatheringQuerySet:
        return self.filter(host=member)

    def published(self) -> GatheringQuerySet:
        return self.filter(state=Gathering.State.PUBLISHED)

    def upcoming(self, now: datetime | None = None) -> GatheringQuerySet:
        return self.filter(starts_at__gt=now or timezone.now())

    def not_over(self, now: datetime | None = None) -> GatheringQuerySet:
        return self.filter(ends_at__gt=now or timezone.now())

    def with_seats_free(self) -> GatheringQuerySet:
        return self.filter(seats_taken__lt=F("seats"))

    def still_open(self, now: datetime | None = None) -> GatheringQuerySet:
        """What a host may still do something about: not over, or a draft, whose day may have passed."""
        return self.filter(Q(ends_at__gt=now or timezone.now()) | Q(state=Gathering.State.DRAFT))

    def soonest_first(self) -> GatheringQuerySet:
        return self.order_by("starts_at", "pk")

    def near(self, latitude: float, longitude: float, km: int) -> GatheringQuerySet:
        """Those whose public point lies within `km` (one of RADII) of this one, with their distance in `metres`."""
        cell, within = cells_within(latitude, longitude, km)
        metres = metres_from(latitude, longitude)
        return self.filter(**{f"{cell}__in": within}).annotate(metres=metres).filter(metres__lte=km * 1000)

    def for_cards(self) -> GatheringQuerySet:
        return self.select_related("town", "host")

    def locked(self, pk: int) -> Gathering:
        """The gathering with its row locked until the transaction ends; every change of seats comes through here."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class Gathering(models.Model):
    """A dinner, a walk, a movie night: a time, a place and a few seats."""

    class Kind(models.TextChoices):
        DINNER = "dinner", _("Dinner")
        SHARED_MEAL = "shared-meal", _("Shared meal")
        MOVIE_NIGHT = "movie-night", _("Movie night")
        WALK = "walk", _("Walk")
        TEA = "tea", _("Tea or coffee")
        GAMES = "games", _("Games")
        MAKING = "making", _("Making")
        QUIET = "quiet", _("Quiet company")
        OTHER = "other", _("Something else")

    class Setting(models.TextChoices):
        HOME = "home", _("at home")
        PUBLIC = "public", _("in a public place")
        COMMUNITY = "community", _("in our community’s rooms")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("called off")

    class Visibility(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        MEMBERS = "members", _("Members only")

    class AddressFrom(models.TextChoices):
        NOW = "now", _("At once, with their seat")
        DAY_BEFORE = "day-before", _("From the day before")

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    host = models.ForeignKey(Member, models.PROTECT, related_name="hosted", verbose_name=_("host"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    setting = models.CharField(_("setting"), max_length=10, choices=Setting, default=Setting.HOME)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    visibility = models.CharField(_("who may see it"), max_length=10, choices=Visibility, default=Visibility.EVERYONE)
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("a sentence in your own words"), max_length=600, blank=True)

    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    arrive_from = models.TimeField(_("come from"), null=True, blank=True)
    moves = models.PositiveIntegerField(default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    town = models.ForeignKey(Town, models.PROTECT, verbose_name=_("town"))
    area = models.CharField(_("area"), max_length=60, blank=True)
    has_own_point = models.BooleanField(default=False, editable=False)
    latitude = models.FloatField(editable=False)
    longitude = models.FloatField(editable=False)
    cell_small = models.BigIntegerField(editable=False)
    cell_medium = models.BigIntegerField(editable=False)
    cell_large = models.BigIntegerField(editable=False)
    address = models.CharField(_("address"), max_length=300)
    way_in = models.CharField(_("nearest stop and way in"), max_length=300, blank=True)
    address_from = models.CharField(
        _("when guests see the address"), max_length=12, choices=AddressFrom, default=AddressFrom.DAY_BEFORE
    )

    seats = models.PositiveSmallIntegerField(_("seats"), default=5, editable=False)
    seats_wanted = models.PositiveSmallIntegerField(_("seats"), default=5)
    seats_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    is_larger = models.BooleanField(_("a larger gathering"), default=False)

    cost = models.CharField(_("what it costs"), max_length=120, blank=True)
    # Yes, no, or not said. The default lets a form that does not ask leave them as they are.
    is_step_free = models.BooleanField(_("no steps"), null=True, blank=True, default=None)
    is_alcohol_free = models.BooleanField(_("no alcohol"), null=True, blank=True, default=None)
    is_animal_free = models.BooleanField(_("no animals"), null=True, blank=True, default=None)

    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_words = models.TextField(max_length=600, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    metres: float | None  # set by `near`

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        constraints = [
            models.CheckConstraint(condition=Q(seats_taken__lte=F("seats")), name="gathering_seats_never_oversold"),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=MOST_SEATS)
                | Q(is_larger=True, seats__gte=1, seats__lte=MOST_SEATS_OF_A_LARGER),
                name="gathering_seats_are_few",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="gathering_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="gathering_published_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False),
                name="gathering_cancelled_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["cell_small", "starts_at"], condition=Q(state="published"), name="gathering_small"),
            models.Index(fields=["cell_medium", "starts_at"], condition=Q(state="published"), name="gathering_medium"),
            models.Index(fields=["cell_large", "starts_at"], condition=Q(state="published"), name="gathering_large"),
            models.Index(fields=["starts_at"], condition=Q(state="published"), name="gathering_by_start"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        if not kwargs.get("update_fields"):
            self.settle()
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("gatherings:detail", args=[self.key])

    # What follows from what is stored

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
    def seats_left(self) -> int:
        return self.seats - self.seats_taken

    @property
    def is_full(self) -> bool:
        return self.seats_left <= 0

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_public_place(self) -> bool:
        return self.setting == self.Setting.PUBLIC

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def where(self) -> str:
        """What everybody may see of the place."""
        return f"{self.area}, {self.town.name}" if self.area else self.town.name

    @property
    def day_word(self) -> str:
        """ "Today", "Tomorrow", or nothing, as the gathering's town reads the calendar now."""
        words = {0: gettext("Today"), 1: gettext("Tomorrow")}
        return words.get(timing.days_until(self.starts_at, self.zone), "")

    @property
    def address_opens_local(self) -> timing.WallTime:
        return timing.on_the_wall(self.address_opens_at, self.zone)

    @property
    def address_opens_at(self) -> datetime:
        """From when the seated may see the address of a home (UTC)."""
        if self.address_from == self.AddressFrom.NOW:
            return self.created_at
        return timing.day_before(self.starts_at, self.zone)

    def address_for(self, rsvp: Rsvp | None, is_host: bool = False) -> str:
        """The address if the holder of this RSVP may see it now, else an empty string."""
        if self.is_public_place or is_host:
            return self.address
        now = timezone.now()
        is_time = self.address_opens_at <= now <= self.ends_at + ADDRESS_STAYS
        is_seated = rsvp is not None and rsvp.is_seated and rsvp.gathering_id == self.pk
        return self.address if is_seated and is_time and self.is_published else ""

    # Verbs

    def settle(self) -> None:
        """Derive what follows from wall time, point and wanted seats. Called before every save of an edit."""
        next_day = timedelta(days=1 if self.ends <= self.starts else 0)
        self.starts_at = timing.moment(self.day, self.starts, self.zone)
        self.ends_at = timing.moment(self.day + next_day, self.ends, self.zone)
        if not self.has_own_point:
            self.latitude, self.longitude = self.town.point
        self.cell_small, self.cell_medium, self.cell_large = cells_of(self.latitude, self.longitude)
        self.seats = max(self.seats_wanted, self.seats_taken)

    def publish(self) -> None:
        """Show a draft to everyone it is for. Publishing twice changes nothing."""
        if self.is_draft:
            self.state, self.published_at = self.State.PUBLISHED, timezone.now()
            self.save(update_fields=["state", "published_at"])

    def change(self, fields: Iterable[str]) -> None:
        """Save an edit made to this instance; a new start or place raises what calendars and reminders go by."""
        with transaction.atomic():
            before = Gathering.objects.locked(self.pk)
            self.seats_taken = before.seats_taken
            self.settle()
            self.moves = before.moves + (self.starts_at != before.starts_at)
            told = ["starts_at", "ends_at", "area", "town_id", "address", "setting"]
            is_other = any(getattr(self, name) != getattr(before, name) for name in told)
            self.sequence = before.sequence + is_other
            derived = ["starts_at", "ends_at", "latitude", "longitude", "has_own_point", "time_zone", "seats"]
            derived += ["cell_small", "cell_medium", "cell_large", "moves", "sequence"]
            super().save(update_fields={*fields, *derived})

    def cancel(self, words: str) -> None:
        """Call it off and tell everyone who holds a seat. Calling off twice changes nothing."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.pk)
            if not gathering.is_published:
                return
            gathering.state, gathering.cancelled_at = self.State.CANCELLED, timezone.now()
            gathering.cancel_words, gathering.sequence = words, gathering.sequence + 1
            gathering.save(update_fields=["state", "cancelled_at", "cancel_words", "sequence"])
            seated = gathering.rsvps.seated().select_related("member")
            Message.objects.put_all(
                [
                    Message.objects.row(
                        "gathering_cancelled",
                        rsvp.member,
                        subject_id=gathering.pk,
                        version=gathering.sequence,
                    )
                    for rsvp in seated
                ]
            )
        self.refresh_from_db()

    def seat(self, member: Member) -> Rsvp:
        """Give the member a seat and tell them by mail. A seat they hold already stays as it is.

        Raises a CannotSit that says why there is none.
        """
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.pk)
            rsvp = gathering.rsvps.filter(member=member).first()
            if rsvp is None:
                rsvp = gathering.rsvps.model(gathering=gathering, member=member)
            elif rsvp.is_seated:
                return rsvp
            gathering.refuse(member)
            gathering.seats_taken += 1
            gathering.save(update_fields=["seats_taken"])
            rsvp.become(rsvp.State.SEATED)
            Message.objects.put(
                "seat_confirmed",
                member,
                subject_id=rsvp.pk,
                version=rsvp.round,
                expires_at=gathering.starts_at,
            )
        return rsvp

    def refuse(self, member: Member) -> None:
        """Raise the reason why this member cannot be seated now, if there is one."""
        if not self.is_published:
            raise GatheringNotOpen
        if self.host_id == member.pk:
            raise HostHasASeat
        if self.has_begun:
            raise GatheringHasBegun
        if self.is_full:
            raise GatheringFull
