from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.gathering import Gathering
from apps.profiles.models import Member

if TYPE_CHECKING:
    from apps.gatherings.models.rsvp import Rsvp


class RevealQuerySet(models.QuerySet["Reveal"]):
    def address(self, gathering: Gathering, rsvp: Rsvp | None, is_host: bool) -> str:
        """For a page: the address that its reader may see now. That of a home is written down before it is shown."""
        address = gathering.address_for(rsvp, is_host)
        if address and rsvp and not gathering.is_public_place and not is_host:
            self.write_down(gathering, rsvp.member_id)
        return address

    def write_down(self, gathering: Gathering, member_id: int) -> None:
        """Once a day; a further look asks only. Of two tabs at once both may write, and one row is there."""
        today = {"gathering": gathering, "member_id": member_id, "day": timezone.now().date()}
        if not self.filter(**today).exists():
            Reveal.objects.bulk_create([Reveal(**today)], ignore_conflicts=True)


class Reveal(models.Model):
    """That a guest was shown the address of a home, on a page or in a calendar file: once a day (UTC).

    It is one of the two things that a GET may write; the other is the day of a member's last visit.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="reveals")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="reveals")
    day = models.DateField()

    objects = RevealQuerySet.as_manager()

    class Meta:
        verbose_name = _("address that was shown")
        verbose_name_plural = _("addresses that were shown")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "gathering", "day"], name="reveal_once_per_member_gathering_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"  # neither who nor where
