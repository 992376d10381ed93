from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.gatherings import newcomers, waitlist
from apps.gatherings.comfort import FACTS
from apps.gatherings.details import FIELDS as DETAILS
from apps.gatherings.models.comforts import NARROWEST_DOOR, WIDEST_DOOR, Comforts
from apps.gatherings.models.details import Details
from apps.gatherings.models.placed import Placed
from apps.gatherings.models.queries import GatheringQuerySet
from apps.gatherings.models.refusals import (
    Declined,
    GatheringFull,
    GatheringHasBegun,
    GatheringNotOpen,
    HostHasASeat,
    PartyTooLarge,
)
from apps.gatherings.models.seated import MOST_COMPANIONS, MOST_SEATS, MOST_SEATS_OF_A_LARGER, Seated
from apps.outbox.models import Message
from apps.profiles.keys import new_key
from apps.profiles.models import Member

if TYPE_CHECKING:
    from apps.gatherings.models.rsvp import Rsvp

ADDRESS_STAYS = timedelta(hours=24)  # after the end
CONTACT_FROM = timedelta(hours=2)  # before the start
# A change of one of these is one that guests, and their calendars, are told of.
TOLD = [
    "title", "day", "starts", "ends", "time_zone", "arrive_from", "setting", "town_id", "area", "address", "way_in",
    "met_from", "met_by", "seats_wanted", "cost", *FACTS, "door_width", "languages", "for_whom",
    *DETAILS,
]  # fmt: skip
PLACE = ["has_own_point", "latitude", "longitude", "time_zone"]  # which a host sets together with the town
DERIVED = [
    "starts_at", "ends_at", "latitude", "longitude", "has_own_point", "time_zone", "cell_small", "cell_medium",
    "cell_large", "moves", "moved_at", "day_before_at", "sequence", "seats", "asks_first", "goes_ahead",
]  # fmt: skip


class Gathering(Placed, Seated, Comforts, Details):
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

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("called off")

    class Visibility(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        MEMBERS = "members", _("Members only")
        LINK = "link", _("Only those who have its link")

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    host = models.ForeignKey(Member, models.PROTECT, related_name="hosted", verbose_name=_("host"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    visibility = models.CharField(_("who may see it"), max_length=10, choices=Visibility, default=Visibility.EVERYONE)
    link = models.CharField(max_length=22, blank=True, editable=False)  # 128 bits; empty: there is no link
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("a sentence in your own words"), max_length=600, blank=True)

    cost = models.CharField(_("what it costs"), max_length=120, blank=True)

    series = models.ForeignKey("Series", models.SET_NULL, null=True, blank=True, related_name="dates", editable=False)
    series_day = models.DateField(null=True, blank=True, editable=False)  # as the series made it, wherever it moved
    # Of which it is a copy, or a copy of a copy: a date of its series, or an evening that is hosted again.
    origin = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies", editable=False)

    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_words = models.TextField(max_length=600, blank=True, editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)  # by a moderator

    metres: int | None  # set by `near`
    edited_at: datetime | None  # set by `with_last_edit`
    is_full_up: int  # set by `marked_full`
    found_company: list[Rsvp]  # set by `company`

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
                condition=Q(door_width=None) | Q(door_width__range=(NARROWEST_DOOR, WIDEST_DOOR)),
                name="gathering_door_is_one_to_go_through",
            ),
            models.CheckConstraint(
                condition=Q(pace__in=["", *Details.Pace.values]), name="gathering_pace_is_one_of_ours"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="gathering_published_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False),
                name="gathering_cancelled_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(seats_kept__lte=F("seats_wanted") / 2), name="gathering_keeps_half_its_seats_at_most"
            ),
            models.CheckConstraint(
                condition=Q(most_companions__lte=MOST_COMPANIONS), name="gathering_companions_are_few"
            ),
            models.CheckConstraint(
                condition=Q(asks_first=True) | ~Q(address_from="asked"), name="gathering_asked_address_asks_first"
            ),
            models.UniqueConstraint(fields=["series", "series_day"], name="gathering_once_per_series_and_day"),
        ]
        indexes = [
            models.Index(fields=["cell_small", "starts_at"], condition=Q(state="published"), name="gathering_small"),
            models.Index(fields=["cell_medium", "starts_at"], condition=Q(state="published"), name="gathering_medium"),
            models.Index(fields=["cell_large", "starts_at"], condition=Q(state="published"), name="gathering_large"),
            models.Index(fields=["starts_at"], condition=Q(state="published"), name="gathering_by_start"),
            models.Index(fields=["ends_at"], condition=Q(state="published"), name="gathering_by_end"),
            models.Index(fields=["cancelled_at"], condition=Q(state="cancelled"), name="gathering_called_off"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        if not kwargs.get("update_fields"):
            self.settle()
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("gatherings:detail", args=[self.key])

    @property
    def invitation_url(self) -> str:
        """Its address for those who are to come by its link; the plain one where it has none."""
        return self.get_absolute_url() + (f"?{urlencode({'link': self.link})}" if self.link else "")

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
    def is_by_link(self) -> bool:
        return self.visibility == self.Visibility.LINK

    def is_seat(self, rsvp: Rsvp | None) -> bool:
        return rsvp is not None and rsvp.is_seated and rsvp.gathering_id == self.pk and self.is_published

    def address_for(self, rsvp: Rsvp | None, is_host: bool = False) -> str:
        """The address if the holder of this RSVP may see it now, else an empty string."""
        return self.address if self.is_public_place or is_host or self.is_open_to(rsvp) else ""

    def is_open_to(self, rsvp: Rsvp | None) -> bool:
        """Whether the holder of this RSVP may see the address of a home now."""
        return self.is_seat(rsvp) and self.address_opens_at <= timezone.now() <= self.ends_at + ADDRESS_STAYS

    def contact_for(self, rsvp: Rsvp | None, is_host: bool = False) -> str:
        """How to reach the host on the day: for the seated, from two hours before the start until the end."""
        is_time = self.starts_at - CONTACT_FROM <= timezone.now() < self.ends_at
        return self.contact if is_host or (self.is_seat(rsvp) and is_time) else ""

    def is_run_by(self, member: Any) -> bool:
        """Whether this reader is the host or a co-host."""
        if not member.is_authenticated:
            return False
        return self.host_id == member.pk or self.co_hosts.filter(member=member).exists()

    @cached_property
    def named_co_hosts(self) -> list[Member]:
        """Who stands beside the host on its page, in the order in which they said yes; one query."""
        return list(Member.objects.filter(co_hosting__gathering=self).order_by("co_hosting__accepted_at", "co_hosting"))

    def hosts(self) -> list[Member]:
        """The host and every co-host: whoever is written to about the guests."""
        return [self.host, *self.co_hosting_members()]

    def co_hosting_members(self) -> list[Member]:
        return list(Member.objects.filter(co_hosting__gathering=self, is_active=True))

    # Verbs

    def settle(self) -> None:
        """Derive what follows from wall time, point and wanted seats. Called before every save of an edit."""
        self.settle_time()
        self.settle_place()
        self.seats = max(self.seats_wanted, self.seats_taken)
        self.kept_left = self.seats_kept if self._state.adding else self.kept_left
        self.asks_first = self.asks_first or self.address_from == self.AddressFrom.ASKED

    def publish(self) -> None:
        """Show a draft to everyone it is for. Publishing twice changes nothing. Raises HostsEnough."""
        with transaction.atomic():
            if Gathering.objects.locked(self.pk).is_draft:
                newcomers.refuse_table(self.host)
                self.state, self.published_at = self.State.PUBLISHED, timezone.now()
                self.save(update_fields=["state", "published_at"])

    def change(self, fields: Iterable[str]) -> None:
        """Save an edit made to this instance; what calendars and reminders go by is raised, and the guests are told.

        More seats go to those who wait; fewer take nobody's away. Raises GatheringNotOpen if it is called off by now.
        """
        fields = list(fields)
        with transaction.atomic():
            before = Gathering.objects.locked(self.pk)
            if before.is_cancelled:
                raise GatheringNotOpen
            self.take_over(before, set(fields))
            self.settle()
            has_moved = self.starts_at != before.starts_at
            self.moves = before.moves + has_moved
            self.moved_at = timezone.now() if has_moved else before.moved_at
            self.goes_ahead = before.goes_ahead and not has_moved
            told = [name for name in before.what_is_told() if getattr(self, name) != getattr(before, name)]
            self.sequence = before.sequence + bool(told)
            super().save(update_fields={*fields, *DERIVED})
            if has_moved:
                self.rsvps.update(
                    said_yes_at=None, minutes_late=None, opens_door=None
                )  # it was said to another evening
                self.rsvps.filter(offered_until__gt=self.starts_at).update(offered_until=self.starts_at)
            self.count_seats()
            if self.asks_first != before.asks_first:
                waitlist.ask_anew(self)
            waitlist.move_up(self)
            if told and self.is_published:
                self.changes.keep(before, self, told)
                self.questions.answer_by_the_card(told)

    def what_is_told(self) -> list[str]:
        """How to reach the host is told once guests can see it; until then they get it two hours before."""
        return [*TOLD, "contact"] if self.starts_within(CONTACT_FROM) else TOLD

    def take_over(self, now: Gathering, besides: set[str]) -> None:
        """Take what is not being changed from the row as it is now: this instance may be older than that."""
        own = besides | (set(PLACE) if besides & {"town", "town_id"} else set())
        for field in self._meta.concrete_fields:
            if not own & {field.name, field.attname}:
                setattr(self, field.attname, getattr(now, field.attname))

    def cancel(self, words: str) -> None:
        """Call it off and tell all guests, those who hoped for a seat, and the co-hosts. Twice changes nothing."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.pk)
            if not gathering.is_published:
                return
            gathering.state, gathering.cancelled_at = self.State.CANCELLED, timezone.now()
            gathering.cancel_words, gathering.sequence = words, gathering.sequence + 1
            gathering.save(update_fields=["state", "cancelled_at", "cancel_words", "sequence"])
            guests = [rsvp.member for rsvp in gathering.rsvps.open().select_related("member")]
            slot = {"subject_id": gathering.pk, "version": gathering.sequence}
            Message.objects.put_all(
                [
                    Message.objects.row("gathering_cancelled", member, **slot)
                    for member in [*guests, *gathering.co_hosting_members()]
                ]
            )
            waitlist.send_home(gathering)
        self.refresh_from_db()

    def seat(self, member: Member, **wish: Any) -> Rsvp:
        """The member wishes to come: a seat if it is their turn, else a place in the line or a question to the host.

        `wish` holds fields of their RSVP, and `companions`. Whoever has said so already keeps what they have; an offer
        is taken. They are told by mail. Raises a CannotSit that says why it is none of these.
        """
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.pk)
            rsvp = gathering.rsvps.filter(member=member).first() or gathering.rsvps.model(member=member)
            rsvp.gathering = gathering
            if not gathering.is_published:
                raise GatheringNotOpen
            if rsvp.is_offered:
                waitlist.take_offer(rsvp)
            elif not rsvp.is_open:
                gathering.refuse(member, rsvp)
                newcomers.refuse_seat(member, gathering)
                rsvp.begin(**wish)
                waitlist.ask(rsvp) if gathering.asks_first else waitlist.seat_or_wait(rsvp)
        return rsvp

    def offer(self, member: Member) -> Rsvp:
        """The host would like this member to come: a free seat is held for them, whoever waits. Theirs is the yes.

        Raises a CannotSit.
        """
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.pk)
            rsvp = gathering.rsvps.filter(member=member).first() or gathering.rsvps.model(member=member)
            rsvp.gathering = gathering
            if rsvp.holds_seats:
                return rsvp
            gathering.refuse(member)
            if not rsvp.is_open:
                rsvp.begin()
            if rsvp.party > gathering.seats_left or waitlist.kept_out(gathering, [member.pk]):
                raise GatheringFull
            waitlist.offer_seat(rsvp)
        return rsvp

    def refuse(self, member: Member, rsvp: Rsvp | None = None) -> None:
        """Raise the reason why this member cannot hope for a seat now, if there is one."""
        if not self.is_published or self.hidden_at:
            raise GatheringNotOpen
        if self.is_run_by(member):
            raise HostHasASeat
        if not Gathering.objects.unblocked_for(member).filter(pk=self.pk).exists():
            raise GatheringNotOpen  # which is what whoever finds no page of it would read
        if self.has_begun:
            raise GatheringHasBegun
        if rsvp and rsvp.is_declined:
            raise Declined

    def refuse_party(self, party: int) -> None:
        if party > min(self.seats, 1 + self.most_companions):
            raise PartyTooLarge

    def make_link(self) -> None:
        """A new secret link; one there was before opens nothing any more."""
        self.link = secrets.token_urlsafe(16)
        self.save(update_fields=["link"])

    def revoke_link(self) -> None:
        self.link = ""
        self.save(update_fields=["link"])

    def hide(self) -> None:
        """A moderator's act: nobody new finds it or takes a seat; those who have an RSVP there keep it."""
        self.hidden_at = timezone.now()
        self.save(update_fields=["hidden_at"])

    def show_again(self) -> None:
        self.hidden_at = None
        self.save(update_fields=["hidden_at"])

    def go_ahead(self) -> None:
        """The host's word that it takes place with however few."""
        self.goes_ahead = True
        self.save(update_fields=["goes_ahead"])
