"""What the keeper has settled for the whole community: who may look, who may join, who answers."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ONLY = 1
JOIN_LINK = "join link"  # its salt, and where it lies in the session of whoever came by it
LINK_LASTS = timedelta(days=30)
# A change of one of these is one of what members promise.
PROMISED = ["answered_by", "answered_within", "promise_additions"]


class HouseRulesQuerySet(models.QuerySet["HouseRules"]):
    def now(self) -> HouseRules:
        """As the keeper has settled them; until then, as they are at first. One query, and never from a cache:

        a community that has just been closed is closed in every process at once.
        """
        return self.first() or HouseRules.at_first()

    def closed(self) -> HouseRulesQuerySet:
        """The one row, where only members may look; for a gate to ask within its own query."""
        return self.filter(who_may_look=HouseRules.Look.MEMBERS)


class HouseRules(models.Model):
    """The one row of settings that the keeper edits on a page."""

    class Look(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        MEMBERS = "members", _("Members only")

    class Join(models.TextChoices):
        ANYONE = "anyone", _("Anyone")
        INVITED = "invited", _("Whoever is invited")
        ASKED = "asked", _("Whoever a keeper says yes to")

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    who_may_look = models.CharField(_("who may look"), max_length=10, choices=Look, default=Look.EVERYONE)
    who_may_join = models.CharField(_("who may join"), max_length=10, choices=Join, default=Join.ANYONE)
    members_invite = models.BooleanField(_("members may invite others"), default=False)
    answered_by = models.CharField(_("who answers when something is wrong"), max_length=120, blank=True)
    answered_within = models.CharField(_("within which time"), max_length=60, blank=True)
    crisis_line = models.CharField(_("a crisis line"), max_length=200, blank=True)
    # The one link by which whoever has it may join, while a keeper lets it stand. Only a signature makes it open.
    join_link = models.CharField(max_length=22, blank=True, editable=False)
    join_link_until = models.DateTimeField(null=True, blank=True, editable=False)
    promise_additions = models.TextField(_("what you add to the promise"), max_length=1200, blank=True)
    promise_version = models.PositiveIntegerField(default=1, editable=False)  # raised with each change of its words

    objects = HouseRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("house rules")
        verbose_name_plural = _("house rules")
        constraints = [models.CheckConstraint(condition=models.Q(id=ONLY), name="house_rules_are_one_row")]

    def __str__(self) -> str:
        return str(_("house rules"))

    @classmethod
    def at_first(cls) -> HouseRules:
        """Before a keeper has saved anything."""
        return cls(answered_by=settings.COMMUNITY_ANSWERED_BY, answered_within=settings.COMMUNITY_ANSWERED_WITHIN)

    @property
    def is_closed(self) -> bool:
        """Nothing is to be seen from outside."""
        return self.who_may_look == self.Look.MEMBERS

    @property
    def is_by_invitation(self) -> bool:
        return self.who_may_join == self.Join.INVITED

    def may_invite(self, member: Any) -> bool:
        return bool(member.is_keeper or self.members_invite)

    @property
    def join_path(self) -> str:
        """Where the link that lets one join leads; nothing while there is none, or it has run out."""
        is_live = self.join_link and self.join_link_until and self.join_link_until > timezone.now()
        return reverse("community:join", args=[signing.dumps(self.join_link, salt=JOIN_LINK)]) if is_live else ""

    def is_opened_by(self, token: str) -> bool:
        """Whether this is the signed link of now."""
        try:
            return bool(self.join_path) and signing.loads(token, salt=JOIN_LINK) == self.join_link
        except signing.BadSignature:
            return False

    def lets_in(self, token: str) -> bool:
        """Whether somebody who came by this link, or by none, may join without being asked further."""
        return self.who_may_join == self.Join.ANYONE or self.is_opened_by(token)

    @property
    def added_promises(self) -> list[str]:
        """A line each."""
        return [line.strip() for line in self.promise_additions.splitlines() if line.strip()]

    def make_join_link(self) -> None:
        """A new link; one there was before opens nothing any more."""
        self.change(join_link=secrets.token_urlsafe(16), join_link_until=timezone.now() + LINK_LASTS)

    def end_join_link(self) -> None:
        self.change(join_link="", join_link_until=None)

    def change(self, **said: Any) -> None:
        """What the keeper settles now. Other words of the promise are another version of it, as consents name it."""
        with transaction.atomic():
            before = HouseRules.objects.select_for_update().first() or self.at_first()
            has_changed = any(name in said and said[name] != getattr(before, name) for name in PROMISED)
            said["promise_version"] = before.promise_version + has_changed
            fresh = {field.name: getattr(before, field.name) for field in self._meta.fields if field.name != "id"}
            HouseRules.objects.update_or_create(pk=ONLY, defaults=said, create_defaults={**fresh, **said})
        self.refresh_from_db()


def rules_of(request: HttpRequest) -> HouseRules:
    """The rules as they are for this request: asked once, where they are asked at all."""
    if not hasattr(request, "house_rules"):
        request.house_rules = HouseRules.objects.now()  # type: ignore[attr-defined]
    rules: HouseRules = request.house_rules  # type: ignore[attr-defined]
    return rules
