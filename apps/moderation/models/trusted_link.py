from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering, Rsvp

AROUND = timedelta(hours=24)  # before the start, and after the end


def new_token() -> str:
    return secrets.token_urlsafe(16)  # 128 bits


class TrustedLinkQuerySet(models.QuerySet["TrustedLink"]):
    def standing(self) -> TrustedLinkQuerySet:
        """Those whose seat is still the one they were made for: given up and taken again, it is another."""
        return self.filter(
            rsvp__state=Rsvp.State.SEATED,
            rsvp__round=F("round"),
            rsvp__member__is_active=True,
            rsvp__gathering__state=Gathering.State.PUBLISHED,
        )

    def showing(self) -> TrustedLinkQuerySet:
        """Those that show something now."""
        now = timezone.now()
        around = {"rsvp__gathering__starts_at__lte": now + AROUND, "rsvp__gathering__ends_at__gte": now - AROUND}
        return self.standing().filter(**around).select_related("rsvp__gathering__town", "rsvp__member")

    def renew(self, rsvp: Rsvp) -> TrustedLink:
        """A new link for this seat; one there was before shows nothing any more."""
        fresh = {"token": new_token(), "round": rsvp.round, "made_at": timezone.now()}
        return self.update_or_create(rsvp=rsvp, defaults=fresh)[0]

    def end(self, rsvp: Rsvp) -> None:
        self.filter(rsvp=rsvp).delete()


class TrustedLink(models.Model):
    """By which somebody whom a guest trusts can see where and when they are: no other guest, and only around it."""

    rsvp = models.OneToOneField(Rsvp, models.CASCADE, related_name="trusted_link")
    round = models.PositiveIntegerField()
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TrustedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link for somebody trusted")
        verbose_name_plural = _("links for somebody trusted")

    def __str__(self) -> str:
        return str(_("link for somebody trusted"))  # never the secret

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("moderation:trusted_open", args=[self.token])
