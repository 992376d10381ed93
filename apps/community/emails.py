"""Mail about joining. None can be switched off: each answers its reader's own act, or asks a keeper for theirs."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.outbox.kinds import Mail, register
from apps.outbox.models import Message
from apps.profiles.models import JoinInvitation, Member

TEMPLATES = "community/email"


def url(name: str) -> str:
    return settings.BASE_URL + reverse(name)


def live_invitation(message: Message) -> JoinInvitation | None:
    return JoinInvitation.objects.live().filter(pk=message.subject_id).select_related("inviter").first()


def is_invited(message: Message) -> bool:
    """While it lets somebody in who is not in yet."""
    row = live_invitation(message)
    return row is not None and not Member.objects.filter(email=row.email).exists()


def joining_invited(message: Message) -> Mail:
    row = live_invitation(message)
    assert row is not None  # or it would not be true any more
    words = {"name": row.inviter.name, "community": settings.COMMUNITY_NAME}
    return Mail(
        subject=_("%(name)s invites you to %(community)s") % words,
        template=f"{TEMPLATES}/joining_invited",
        context={"inviter": row.inviter, "link": url("account_login"), "until": row.expires_at},
    )


def somebody_waiting(message: Message) -> Member | None:
    return Member.objects.filter(pk=message.subject_id, is_waiting=True).first()


def is_to_be_answered(message: Message) -> bool:
    return message.member is not None and message.member.is_keeper and somebody_waiting(message) is not None


def joining_asked(message: Message) -> Mail:
    newcomer = somebody_waiting(message)
    assert newcomer is not None  # likewise
    return Mail(
        subject=_("%(name)s would like to join") % {"name": newcomer.name},
        template=f"{TEMPLATES}/joining_asked",
        context={"newcomer": newcomer, "link": url("community:waiting")},
    )


def welcome(message: Message) -> Mail:
    return Mail(
        subject=_("Welcome. You are in"),
        template=f"{TEMPLATES}/welcome",
        context={"link": url("steps:table")},
    )


def not_now(message: Message) -> Mail:
    return Mail(subject=_("About your wish to join"), template=f"{TEMPLATES}/not_now")


register("joining_invited", is_invited, joining_invited)
register("joining_asked", is_to_be_answered, joining_asked)
register("welcome", lambda message: True, welcome)
register("not_now", lambda message: True, not_now)
