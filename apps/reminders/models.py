from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.gatherings.browse import Search
from apps.gatherings.models import Gathering
from apps.outbox.models import Consent, Message
from apps.places.cells import RADII
from apps.places.models import Town
from apps.profiles.models import Member

SOMETHING_NEAR = "something_near"
LASTS = timedelta(days=90)  # after that their evenings will have changed; they can ask anew
MOST = 10  # towns that one member hears of; the oldest goes


def also_of(search: Search) -> str:
    """All that is looked for but where, how far and which kind, which have columns; and when, as days go by."""
    return urlencode({name: value for name, value in search.lasting.items() if name != "kind"})


class NearWishQuerySet(models.QuerySet["NearWish"]):
    def of(self, member: Member) -> NearWishQuerySet:
        return self.filter(member=member)

    def open(self, now: datetime | None = None) -> NearWishQuerySet:
        return self.filter(until__gt=now or timezone.now())

    def untold(self) -> NearWishQuerySet:
        """Of which no mail has gone, or waits to go; one that was dropped told them nothing."""
        put = Message.objects.filter(kind=SOMETHING_NEAR, member=OuterRef("member"), subject_id=OuterRef("pk"))
        return self.filter(~Exists(put.exclude(state=Message.State.DROPPED)))

    def listed(self) -> NearWishQuerySet:
        return self.select_related("member", "town").order_by("town__name", "town")

    def ask(self, member: Member, town: Town, km: int, kind: str = "", also: str = "") -> None:
        """A press of the button: this town anew, and the consent with the words beside it.

        Whoever had stopped these mails had stopped what they had asked for before.
        """
        with transaction.atomic():
            Member.objects.hold(member)
            own, asked = self.of(member), Consent.objects.given(SOMETHING_NEAR).filter(member=member)
            (own.filter(town=town) if asked.exists() else own).delete()
            self.create(member=member, town=town, km=km, kind=kind, also=also, until=timezone.now() + LASTS)
            own.exclude(pk__in=own.order_by("-asked_at", "-pk").values_list("pk", flat=True)[:MOST]).delete()
            Consent.objects.say(member, SOMETHING_NEAR, is_given=True)


class NearWish(models.Model):
    """ "Tell me when there is": a town around which nothing was, and a member who would like to hear of the first."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="near_wishes")
    town = models.ForeignKey(Town, models.CASCADE, related_name="+")
    km = models.PositiveSmallIntegerField(choices=[(km, str(km)) for km in RADII])
    kind = models.CharField(max_length=12, choices=Gathering.Kind, blank=True)  # none: any
    # What else was looked for, on any day, as the address of a search says it: quiet=1&q=soup
    also = models.TextField(blank=True, default="", db_default="")
    asked_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    objects = NearWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish to hear of something near")
        verbose_name_plural = _("wishes to hear of something near")
        constraints = [models.UniqueConstraint(fields=["member", "town"], name="near_wish_once_per_member_and_town")]

    def __str__(self) -> str:
        return f"{self.town} {self.km} km"

    @property
    def asked_local(self) -> datetime:
        """By the clock of whoever asked."""
        return self.asked_at.astimezone(ZoneInfo(self.member.time_zone))

    @property
    def until_local(self) -> datetime:
        return self.until.astimezone(ZoneInfo(self.member.time_zone))

    @property
    def search(self) -> Search:
        return replace(Search.of(self.town, QueryDict(self.also)), km=self.km, kind=self.kind)

    @property
    def words(self) -> str:
        """What it is that they look for; nothing where it is anything at all."""
        return ", ".join(self.search.lasting_words)

    def may_fit(self, gathering: Gathering) -> bool:
        """Whether this one, which is near enough, is new since they asked, and of the kind that they asked for.

        What they asked for besides, the database says: `offers.fitting`.
        """
        is_new = gathering.published_at is not None and gathering.published_at >= self.asked_at
        return is_new and self.kind in ("", gathering.kind) and gathering.host_id != self.member_id
