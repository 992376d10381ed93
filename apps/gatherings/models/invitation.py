from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.gatherings import waitlist
from apps.gatherings.models.gathering import Gathering
from apps.outbox.models import Message
from apps.profiles.models import HouseRules, JoinInvitation, Member

MOST_A_DAY = 10
A_DAY = timedelta(hours=24)


class CannotInvite(Exception):
    """Why we do not write to somebody: a fact, with a sentence for the host who asked for it."""

    sentence: Any = _("We cannot write to them about this gathering.")


class NotNow(CannotInvite):
    sentence = _("It is too late to ask anybody new to this gathering.")


class NoLink(CannotInvite):
    sentence = _("Its link has ended, so nobody could open it. Make a new one first.")


class InvitedAlready(CannotInvite):
    def __init__(self, email: str) -> None:
        words = _("We have written to %s about this gathering already, and write once only. Please take it out.")
        self.sentence = words % email


class TooManyToday(CannotInvite):
    def __init__(self, left: int) -> None:
        more = ngettext("There is room for one more today.", "There is room for %(left)s more today.", left)
        words = more % {"left": left} if left else _("For today they are used up; tomorrow there is room again.")
        self.sentence = _("We write to ten addresses a day for you at most. %s") % words


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def left_today(self, inviter: Member) -> int:
        """To how many more addresses this member may have us write, whichever gathering it is about."""
        return max(0, MOST_A_DAY - self.filter(inviter=inviter, at__gt=timezone.now() - A_DAY).count())


class Invitation(models.Model):
    """That a host asked us to write to somebody about a gathering, once."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="invitations")
    inviter = models.ForeignKey(Member, models.CASCADE, related_name="invitations_sent")
    email = models.EmailField(_("e-mail"), max_length=254)
    at = models.DateTimeField(default=timezone.now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "email"], name="invitation_once_per_gathering_and_email"),
        ]
        indexes = [models.Index(fields=["inviter", "at"], name="invitation_by_inviter_and_time")]

    def __str__(self) -> str:
        return f"{self.email} {self.at:%Y-%m-%d}"

    @classmethod
    def send(cls, gathering: Gathering, inviter: Member, emails: list[str]) -> None:
        """Write to each of these addresses, the same to members and strangers; to all of them or to none.

        Raises a CannotInvite.
        """
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            Member.objects.hold(inviter)
            refuse(gathering, inviter, emails)
            lets_in = HouseRules.objects.now().may_invite(inviter)
            for email in emails:
                if lets_in:  # whoever is asked to a table must find the door open
                    JoinInvitation.objects.invite(inviter, email)
                row = cls.objects.create(gathering=gathering, inviter=inviter, email=email)
                slot: dict[str, Any] = {"subject_id": row.pk, "expires_at": gathering.starts_at}
                slot["due_at"] = waitlist.by_day(gathering)
                Message.objects.put("invitation", Member.objects.with_email(email) or email, **slot)


def takes_invitations(gathering: Gathering) -> bool:
    return gathering.is_published and not gathering.has_begun


def refuse(gathering: Gathering, inviter: Member, emails: list[str]) -> None:
    """Raise the reason why these invitations may not be sent now, if there is one."""
    if not takes_invitations(gathering):
        raise NotNow
    if not way_to(gathering):
        raise NoLink
    known = set(gathering.invitations.filter(email__in=emails).values_list("email", flat=True))
    for email in emails:
        if email in known:
            raise InvitedAlready(email)
    left = Invitation.objects.left_today(inviter)
    if len(emails) > left:
        raise TooManyToday(left)


def way_to(gathering: Gathering) -> str:
    """Where whoever is invited finds it, with scheme and host; nothing while its link has ended.

    What is for members only is reached through the sign-in page: without an account the plain address leads nowhere.
    """
    path = gathering.get_absolute_url()
    if gathering.is_by_link:
        return settings.BASE_URL + gathering.invitation_url if gathering.link else ""
    if gathering.visibility == Gathering.Visibility.MEMBERS:
        path = f"{reverse('account_login')}?{urlencode({'next': path})}"
    return settings.BASE_URL + path
