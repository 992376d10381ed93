"""How somebody new comes in where not everybody does: invited by mail, or let in by a keeper."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.gatherings import wish
from apps.gatherings.models.invitation import A_DAY, CannotInvite
from apps.outbox.models import Message
from apps.profiles.models import JoinInvitation, Member
from apps.safety.locks import hold_blocks_still

MOST_A_DAY, MOST_A_DAY_OF_A_KEEPER = 10, 100


class TooManyJoinToday(CannotInvite):
    def __init__(self, left: int) -> None:
        more = ngettext("There is room for one more today.", "There is room for %(left)s more today.", left)
        words = more % {"left": left} if left else _("For today they are used up; tomorrow there is room again.")
        self.sentence = _("We do not write to so many addresses a day for you. %s") % words


def left_today(inviter: Member) -> int:
    """To how many more addresses this member may have us write today."""
    most = MOST_A_DAY_OF_A_KEEPER if inviter.is_keeper else MOST_A_DAY
    return max(0, most - inviter.invited_to_join.filter(at__gt=timezone.now() - A_DAY).count())


def invite(inviter: Member, emails: list[str]) -> None:
    """Let whoever has these addresses join, and write to each; members and strangers alike, so that it tells nothing.

    Raises a CannotInvite; then nobody is written to.
    """
    with transaction.atomic():
        Member.objects.hold(inviter)
        left = left_today(inviter)
        if len(emails) > left:
            raise TooManyJoinToday(left)
        for email in emails:
            row = JoinInvitation.objects.invite(inviter, email)
            slot = {"subject_id": row.pk, "version": int(row.at.timestamp()), "expires_at": row.expires_at}
            Message.objects.put("joining_invited", email, **slot)


def say_yes(member: Member) -> None:
    """They are a member now, and have the seat they wished for if there is one. Twice changes nothing."""
    with transaction.atomic():
        hold_blocks_still()  # before any row is locked, since the wish may become a seat
        if member.welcome():
            Message.objects.put("welcome", member, subject_id=member.pk)
            wish.grant_kept(member)


def say_no(member: Member) -> None:
    """Not now: they are told kindly, and nothing of them is kept. Whoever is a member stays one."""
    with transaction.atomic():
        waiting = Member.objects.select_for_update().filter(pk=member.pk, is_waiting=True).first()
        if waiting:
            Message.objects.put("not_now", waiting.email, subject_id=waiting.pk)
            waiting.delete()


def tell_keepers(sender: Any, request: Any, user: Member, **_kwargs: Any) -> None:
    """Once for each newcomer, at whichever sign-in it is."""
    if user.is_waiting:
        keepers = Member.objects.filter(is_staff=True, is_superuser=True, is_active=True)
        Message.objects.put_all([Message.objects.row("joining_asked", each, subject_id=user.pk) for each in keepers])


def listen() -> None:
    user_logged_in.connect(tell_keepers, dispatch_uid="tell keepers who would like to join")
