from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.gathering import Gathering
from apps.profiles.models import Member


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    def seated(self) -> RsvpQuerySet:
        return self.filter(state=Rsvp.State.SEATED)

    def of(self, member: Member | AnonymousUser) -> RsvpQuerySet:
        return self.filter(member=member) if member.is_authenticated else self.none()


class Rsvp(models.Model):
    """A member's word about one gathering: one row for the two, changed as they change their mind."""

    class State(models.TextChoices):
        SEATED = "seated", _("seated")
        LEFT = "left", _("left")

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="rsvps")
    member = models.ForeignKey(Member, models.CASCADE, related_name="rsvps")
    state = models.CharField(max_length=10, choices=State)
    round = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = RsvpQuerySet.as_manager()

    class Meta:
        verbose_name = _("RSVP")
        verbose_name_plural = _("RSVPs")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "member"], name="rsvp_once_per_member_and_gathering"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_state_display()}"

    @property
    def is_seated(self) -> bool:
        return self.state == self.State.SEATED

    def become(self, state: State) -> None:
        self.state, self.round, self.changed_at = state, self.round + 1, timezone.now()
        self.save()

    def bow_out(self) -> bool:
        """Give the seat back. Doing so twice, or after the end, changes nothing; says whether it did."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.gathering_id)
            self.refresh_from_db()
            if not self.is_seated or gathering.is_over:
                return False
            self.become(self.State.LEFT)
            gathering.seats_taken -= 1
            gathering.seats = max(gathering.seats_wanted, gathering.seats_taken)
            gathering.save(update_fields=["seats_taken", "seats"])
        return True
