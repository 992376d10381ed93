from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.profiles.models import Member


def new_token() -> str:
    return secrets.token_urlsafe(16)  # 128 bits


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def live(self) -> CalendarFeedQuerySet:
        """Those that open: not of members who may not sign in."""
        return self.filter(member__is_active=True).select_related("member")

    def renew(self, member: Member) -> None:
        """A new link for this member; one there was before opens nothing any more."""
        self.update_or_create(member=member, defaults={"token": new_token(), "made_at": timezone.now()})

    def end(self, member: Member) -> None:
        self.filter(member=member).delete()


class CalendarFeed(models.Model):
    """The secret link by which a member's calendar app subscribes to what they come to and host."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")

    def __str__(self) -> str:
        return str(_("calendar link"))  # never the secret

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("gatherings:own_feed", args=[self.token])
