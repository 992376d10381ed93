from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.outbox.kinds import KINDS, Klass, names_of
from apps.profiles.models import Member


class ConsentQuerySet(models.QuerySet["Consent"]):
    def say(self, member: Member, kind: str, is_given: bool) -> None:
        """Keep what the member has just chosen, with the words beside the switch and the time."""
        said = {"is_given": is_given, "words": str(KINDS[kind].label), "said_at": timezone.now()}
        self.update_or_create(member=member, kind=kind, defaults=said)

    def given(self, *kinds: str) -> ConsentQuerySet:
        return self.filter(kind__in=kinds, is_given=True)


class Consent(models.Model):
    """A member's word about one kind of message. Without one they get what is not opt-in."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=40)
    is_given = models.BooleanField()
    words = models.CharField(max_length=300)  # as they stood beside the switch
    said_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="consent_once_per_member_and_kind")]
        indexes = [models.Index(fields=["kind"], condition=models.Q(is_given=True), name="consent_given_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {'yes' if self.is_given else 'no'}"


def choices_of(member: Member) -> dict[str, bool]:
    """Each kind that has a switch, and whether it is on; one query."""
    said = dict(Consent.objects.filter(member=member).values_list("kind", "is_given"))
    return {name: said.get(name, not kind.is_opt_in) for name, kind in KINDS.items() if kind.label}


def has_chosen_nudges(member: Member) -> bool:
    """Whether they have ever said yes or no to a nudge or a digest where they choose among them."""
    names = [name for name in names_of(Klass.NUDGE, Klass.DIGEST) if not KINDS[name].has_its_own_button]
    return Consent.objects.filter(member=member, kind__in=names).exists()
