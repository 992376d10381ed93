from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing, waitlist
from apps.gatherings.models.gathering import Gathering
from apps.gatherings.models.refusals import NothingToChange
from apps.outbox.models import Message
from apps.profiles.models import Member
from apps.safety.models import Block

ON_THE_DAY = timedelta(hours=24)  # before the start: from then on it makes sense to say that one is late


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    def seated(self) -> RsvpQuerySet:
        return self.filter(state=Rsvp.State.SEATED)

    def holding_seats(self) -> RsvpQuerySet:
        """Those who take up room: the seated, and those for whom a seat is held."""
        return self.filter(state__in=[Rsvp.State.SEATED, Rsvp.State.OFFERED])

    def hoping(self) -> RsvpQuerySet:
        """Those whose answer is still to come: asked, waiting, or with an offer."""
        return self.filter(state__in=[Rsvp.State.ASKED, Rsvp.State.WAITLISTED, Rsvp.State.OFFERED])

    def open(self) -> RsvpQuerySet:
        """Everyone whom a change of the gathering concerns."""
        return self.exclude(state__in=[Rsvp.State.LEFT, Rsvp.State.DECLINED])

    def at_the_table(self) -> RsvpQuerySet:
        """The seated with their companions, in the order in which they came to their seats."""
        return self.seated().select_related("member").prefetch_related("companions").order_by("changed_at", "pk")

    def named_for(self, reader: Member | AnonymousUser) -> RsvpQuerySet:
        """Each with `is_named`: whether this reader may know who it is. They count all the same."""
        seen = Member.objects.visible_to(reader)
        return self.annotate(is_named=Exists(seen.filter(pk=OuterRef("member"))))

    def people(self) -> int:
        """How many these are with whom they bring; one query."""
        counted: int = self.aggregate(people=Sum("party", default=0))["people"]
        return counted

    def with_the_table(self) -> RsvpQuerySet:
        """Each with `people_at_the_table`, how many are seated there, and `door_name`, who of them opens the door.

        That name is not for whoever has blocked them, or is blocked by them.
        """
        there = Rsvp.objects.seated().filter(gathering=OuterRef("gathering")).order_by()
        people = there.values("gathering").annotate(people=Sum("party")).values("people")
        block = Block.objects.between(OuterRef("member"), OuterRef(OuterRef("member")))
        door = there.at_the_door().filter(~Exists(block)).values("member__name")[:1]
        return self.annotate(people_at_the_table=Coalesce(Subquery(people), 0), door_name=Subquery(door))

    def in_line(self) -> RsvpQuerySet:
        """The waitlist, first come first."""
        return self.filter(state=Rsvp.State.WAITLISTED).order_by("turn")

    def at_the_door(self) -> RsvpQuerySet:
        """The guest who opens the door; at one table there is one at most."""
        return self.seated().filter(opens_door=True)

    def of(self, member: Member | AnonymousUser) -> RsvpQuerySet:
        return self.filter(member=member) if member.is_authenticated else self.none()

    def on_calendars(self, since: datetime) -> RsvpQuerySet:
        """The seated, and those who have given a seat back since then."""
        had_a_seat = Rsvp.objects.filter(history__round=F("round") - 1, history__state=Rsvp.State.SEATED)
        has_left = Q(state=Rsvp.State.LEFT, changed_at__gt=since) & Exists(had_a_seat.filter(pk=OuterRef("pk")))
        return self.filter(Q(state=Rsvp.State.SEATED) | has_left)

    def who_came(self) -> RsvpQuerySet:
        """Seated at the end, and did not say otherwise."""
        over = {"gathering__state": Gathering.State.PUBLISHED, "gathering__ends_at__lte": timezone.now()}
        return self.seated().filter(**over, has_missed=False)

    def with_first_time(self) -> RsvpQuerySet:
        """Each with `comes_first_time`: not yet been to a gathering that ended before this one starts."""
        came = Rsvp.objects.who_came().filter(gathering__ends_at__lte=OuterRef("gathering__starts_at"))
        return self.annotate(comes_first_time=~Exists(came.filter(member=OuterRef("member"))))


class Rsvp(models.Model):
    """A member's word about one gathering: one row for the two, changed as they change their mind."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked the host")
        SEATED = "seated", _("seated")
        WAITLISTED = "waitlisted", _("on the waitlist")
        OFFERED = "offered", _("offered a seat")
        LEFT = "left", _("left")
        DECLINED = "declined", _("declined")

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="rsvps")
    member = models.ForeignKey(Member, models.CASCADE, related_name="rsvps")
    state = models.CharField(max_length=10, choices=State)
    round = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    party = models.PositiveSmallIntegerField(default=1)  # the member, and companions the host has agreed to
    is_first_time = models.BooleanField(default=False)  # as it was when a seat was given: what kept seats go by
    turn = models.PositiveIntegerField(null=True, blank=True)  # the place in the line, counted up as people join it
    offered_until = models.DateTimeField(null=True, blank=True)
    is_straight_away = models.BooleanField(_("seat me straight away"), default=False)
    note = models.CharField(_("something my host should know"), max_length=300, blank=True)
    wants_space = models.BooleanField(_("leave a space without a chair"), default=False)
    host_words = models.CharField(max_length=300, blank=True)  # with which the host declined
    said_yes_at = models.DateTimeField(null=True, blank=True)
    minutes_late = models.PositiveSmallIntegerField(null=True, blank=True)
    opens_door = models.BooleanField(null=True, blank=True, default=None)  # yes, not this time, or not said
    is_absent = models.BooleanField(default=False)  # the hosts' mark; nothing goes by it
    has_missed = models.BooleanField(default=False)  # the guest's own word

    is_named: bool  # set by `named_for`
    comes_first_time: bool  # set by `with_first_time`
    people_at_the_table: int  # set by `with_the_table`
    door_name: str | None  # likewise

    objects = RsvpQuerySet.as_manager()

    class Meta:
        verbose_name = _("RSVP")
        verbose_name_plural = _("RSVPs")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "member"], name="rsvp_once_per_member_and_gathering"),
            models.UniqueConstraint(fields=["gathering", "turn"], name="rsvp_one_per_turn"),
            models.CheckConstraint(condition=Q(party__gte=1, party__lte=6), name="rsvp_party_is_small"),
            models.CheckConstraint(
                condition=Q(state="waitlisted", turn__isnull=False) | (~Q(state="waitlisted") & Q(turn__isnull=True)),
                name="rsvp_waitlisted_has_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | (~Q(state="offered") & Q(offered_until__isnull=True)),
                name="rsvp_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(is_absent=False, has_missed=False) | Q(state="seated"), name="rsvp_only_the_seated_miss_it"
            ),
        ]
        indexes = [
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="rsvp_offers_by_end"),
            models.Index(fields=["changed_at"], condition=Q(state__in=["left", "declined"]), name="rsvp_given_back"),
            models.Index(fields=["gathering"], condition=Q(has_missed=True), name="rsvp_missed"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_state_display()}"

    @property
    def is_asked(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_seated(self) -> bool:
        return self.state == self.State.SEATED

    @property
    def is_waitlisted(self) -> bool:
        return self.state == self.State.WAITLISTED

    @property
    def is_offered(self) -> bool:
        return self.state == self.State.OFFERED

    @property
    def is_declined(self) -> bool:
        return self.state == self.State.DECLINED

    @property
    def is_open(self) -> bool:
        return self.state not in ("", self.State.LEFT, self.State.DECLINED)

    @property
    def holds_seats(self) -> bool:
        return self.is_seated or self.is_offered

    @property
    def place_in_line(self) -> int:
        """1 for whose turn is next; one query."""
        return Rsvp.objects.in_line().filter(gathering=self.gathering_id, turn__lte=self.turn).count()

    @property
    def offered_until_local(self) -> timing.WallTime:
        assert self.offered_until is not None  # the database's own word for every offer
        return timing.on_the_wall(self.offered_until, self.gathering.zone)

    def is_a_first_time(self) -> bool:
        """Whether the member has not yet come to a gathering that ended before this one starts; one query."""
        came = Rsvp.objects.of(self.member).who_came()
        return not came.filter(gathering__ends_at__lte=self.gathering.starts_at).exists()

    # Verbs

    def begin(self, companions: Iterable[Any] = (), **wish: Any) -> None:
        """Set what they said with their wish to come, nothing of an earlier one; the verb that follows saves it."""
        companions = list(companions)
        self.gathering.refuse_party(1 + len(companions))
        fresh = {"is_straight_away": False, "note": "", "wants_space": False, "host_words": ""}
        for name, value in {**fresh, **wish}.items():
            setattr(self, name, value)
        self.party = 1 + len(companions)
        self.brought = companions

    def become(self, state: State, **fields: Any) -> None:
        """Change the state and keep the change in the history. Whoever calls holds the lock on the gathering."""
        self.state, self.round, self.changed_at = state, self.round + 1, timezone.now()
        cleared = {"turn": None, "offered_until": None, "said_yes_at": None, "minutes_late": None, "opens_door": None}
        for name, value in {**cleared, "is_absent": False, "has_missed": False, **fields}.items():
            setattr(self, name, value)
        self.save()
        self.keep_companions()
        self.history.create(round=self.round, state=state, party=self.party, at=self.changed_at)

    def keep_companions(self) -> None:
        """Write down whom they bring, if that was said just now. Whoever is still brought keeps their row."""
        if (brought := self.__dict__.pop("brought", None)) is not None:
            known = set(self.companions.values_list("pk", flat=True))
            self.companions.filter(pk__in=known - {companion.pk for companion in brought}).delete()
            for companion in brought:
                companion.rsvp, companion.pk = self, companion.pk if companion.pk in known else None
                companion.save()

    def locked(self) -> Rsvp:
        """This RSVP as it is now, its gathering locked."""
        gathering = Gathering.objects.locked(self.gathering_id)
        rsvp = gathering.rsvps.select_related("member").get(pk=self.pk)
        rsvp.gathering = gathering
        return rsvp

    def bow_out(self) -> str:
        """Give back the seat, the offer, the place in the line or the request; whose turn it is moves up.

        Doing so twice, or after the end, changes nothing. Says which state was given up, or nothing.
        """
        with transaction.atomic():
            rsvp = self.locked()
            given_up = rsvp.state if rsvp.is_open and not rsvp.gathering.is_over else ""
            if given_up:
                waitlist.release(rsvp, self.State.LEFT)
        self.refresh_from_db()
        return given_up

    def accept(self) -> None:
        """Take the seat that is held. Taking it twice changes nothing. Raises OfferGone."""
        with transaction.atomic():
            rsvp = self.locked()
            if not rsvp.is_seated:
                waitlist.take_offer(rsvp)
        self.refresh_from_db()

    def admit(self) -> None:
        """The host says yes to a request: a seat if there is one, else a place in the line. Twice changes nothing."""
        with transaction.atomic():
            rsvp = self.locked()
            if rsvp.is_asked and rsvp.gathering.is_published and not rsvp.gathering.has_begun:
                waitlist.seat_or_wait(rsvp, "request_accepted", waitlist.by_day(rsvp.gathering))
        self.refresh_from_db()

    def decline(self, words: str = "") -> bool:
        """The host says no, or takes a seat away; the member may not ask again. Says whether anything changed."""
        with transaction.atomic():
            rsvp = self.locked()
            is_change = rsvp.is_open and rsvp.gathering.is_published and not rsvp.gathering.is_over
            if is_change:
                kind = "request_declined" if rsvp.is_asked else "seat_withdrawn"
                rsvp.host_words = words
                waitlist.release(rsvp, self.State.DECLINED)
                slot = {"subject_id": rsvp.pk, "version": rsvp.round, "due_at": waitlist.by_day(rsvp.gathering)}
                Message.objects.put(kind, rsvp.member, **slot)
        self.refresh_from_db()
        return is_change

    def bring(self, companions: Iterable[Any], **said: Any) -> None:
        """Come with these companions and no others. A party grows only into free seats that nobody waits for.

        Where the host says yes to each guest, those more wait for it. `said` holds the other fields that a guest sets.
        Raises GatheringFull, PartyTooLarge or NothingToChange; then everything stays as it was.
        """
        brought = list(companions)
        with transaction.atomic():
            rsvp = self.locked()
            if not rsvp.is_open:
                raise NothingToChange
            must_ask = rsvp.gathering.asks_first and not rsvp.is_asked
            for companion in brought[rsvp.party - 1 :]:
                companion.is_agreed = not must_ask
            agreed = sum(companion.is_agreed for companion in brought)
            if len(brought) > rsvp.party - 1:
                rsvp.gathering.refuse_party(1 + len(brought))
            waitlist.refuse_growth(rsvp, 1 + agreed - rsvp.party)
            is_new = len(brought) > max(agreed, rsvp.companions.count())
            for name, value in {**said, "brought": brought}.items():
                setattr(rsvp, name, value)
            change = waitlist.grow(rsvp, agreed)
            if is_new:
                waitlist.tell_hosts(rsvp, "company_asked", version=change.pk)
        self.refresh_from_db()

    def agree(self) -> None:
        """The host says yes to whom this guest would like to bring besides. Raises GatheringFull."""
        with transaction.atomic():
            rsvp = self.locked()
            if more := rsvp.companions.filter(is_agreed=False).count():
                waitlist.refuse_growth(rsvp, more)
                rsvp.companions.update(is_agreed=True)
                waitlist.grow(rsvp, rsvp.party - 1 + more)
        self.refresh_from_db()

    # What the seated say. None of these touches a seat.

    def say_yes(self) -> None:
        """ "Yes, I'm coming": told to the hosts, and of no consequence to whoever does not say it."""
        Rsvp.objects.seated().filter(pk=self.pk, said_yes_at=None).update(said_yes_at=timezone.now())

    def say_about_the_door(self, is_yes: bool) -> None:
        """ "I open the door", or not this time. Whoever says yes first does; the answer may change until the start."""
        with transaction.atomic():
            rsvp = self.locked()
            is_taken = is_yes and rsvp.gathering.rsvps.at_the_door().exclude(pk=rsvp.pk).exists()
            if rsvp.gathering.is_seat(rsvp) and not rsvp.gathering.has_begun and not is_taken:
                rsvp.opens_door = is_yes
                rsvp.save(update_fields=["opens_door"])
        self.refresh_from_db()

    @property
    def may_run_late(self) -> bool:
        """From the day before until the end."""
        return self.gathering.is_seat(self) and self.gathering.starts_within(ON_THE_DAY) and not self.gathering.is_over

    def run_late(self, minutes: int) -> bool:
        """Tell the hosts, at most once a minute; says whether there was somebody to tell."""
        if not self.may_run_late:
            return False
        with transaction.atomic():
            Rsvp.objects.seated().filter(pk=self.pk).update(minutes_late=minutes)
            this_minute = int(timezone.now().timestamp()) // 60
            slot = {"subject_id": self.pk, "version": this_minute, "expires_at": self.gathering.ends_at}
            slot["due_at"] = waitlist.by_day(self.gathering)
            hosts = self.gathering.hosts()
            Message.objects.put_all([Message.objects.row("running_late", host, **slot) for host in hosts])
        return True

    def say_missed(self, has_missed: bool = True) -> bool:
        """The guest's own word, after the end, that they did not come; or that they did, and it was a slip."""
        if not self.gathering.is_over:
            return False
        return bool(Rsvp.objects.seated().filter(pk=self.pk).update(has_missed=has_missed))

    def mark_absent(self, is_absent: bool) -> None:
        """The hosts' mark, after the end, that this guest could not make it. Nothing goes by it."""
        Rsvp.objects.seated().filter(pk=self.pk, gathering__ends_at__lte=timezone.now()).update(is_absent=is_absent)
