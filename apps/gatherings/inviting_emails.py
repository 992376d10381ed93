"""Mail to those who are asked to come, or to help. It is the same whether or not they have an account."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings.emails import TEMPLATES, when
from apps.gatherings.models import CoHost, Gathering, Invitation
from apps.gatherings.models.co_host import KIND, takes_co_hosts
from apps.gatherings.models.invitation import takes_invitations, way_to
from apps.outbox.kinds import Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.profiles.models import Member


def invitation_of(message: Message) -> Invitation | None:
    rows = Invitation.objects.select_related("gathering__town", "gathering__host", "inviter")
    return rows.filter(pk=message.subject_id).first()


def is_invited(message: Message) -> bool:
    """While it can be opened, by whom it is for, and whoever asked us to write still hosts it."""
    row = invitation_of(message)
    if not row or not takes_invitations(row.gathering):
        return False
    return row.gathering.is_run_by(row.inviter) and bool(way_to(row.gathering)) and may_know_of(message, row.gathering)


def may_know_of(message: Message, gathering: Gathering) -> bool:
    """Not where there is a block between the reader and a host. Of whoever has no account nothing is known."""
    member = message.member or Member.objects.with_email(message.address)
    return member is None or Gathering.objects.unblocked_for(member).filter(pk=gathering.pk).exists()


def invitation(message: Message) -> Mail:
    row = invitation_of(message)
    assert row is not None  # or it would not be true any more
    words = {"name": row.inviter.name, "title": row.gathering.title, "when": when(row.gathering)}
    return Mail(
        subject=_("%(name)s invites you: %(title)s, %(when)s") % words,
        template=f"{TEMPLATES}/invitation",
        context={"gathering": row.gathering, "inviter": row.inviter, "link": way_to(row.gathering)},
        thread=row.gathering.key,
    )


def asked(message: Message) -> CoHost | None:
    """The open row of whom the message is to: it may be another one than when it was put into the outbox."""
    rows = CoHost.objects.select_related("gathering__town", "gathering__host")
    return rows.filter(gathering=message.subject_id, email=message.recipient, accepted_at=None).first()


def is_asked(message: Message) -> bool:
    row = asked(message)
    return row is not None and takes_co_hosts(row.gathering) and may_know_of(message, row.gathering)


def cohost_invited(message: Message) -> Mail:
    row = asked(message)
    assert row is not None  # likewise
    words = {"host": row.gathering.host.name, "title": row.gathering.title}
    return Mail(
        subject=_("%(host)s asks: would you co-host “%(title)s”?") % words,
        template=f"{TEMPLATES}/cohost_invited",
        context={"gathering": row.gathering, "link": link_to("cohost", message.member, row.pk)},
        thread=row.gathering.key,
    )


register("invitation", is_invited, invitation, label=_lazy("Somebody invites you"))
register(KIND, is_asked, cohost_invited, label=_lazy("Somebody asks you to co-host"))
