"""Word to whoever has blocked somebody that both have a seat at one table. It names nobody."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings.emails import TEMPLATES, rsvp_of, rsvps, when
from apps.gatherings.models import Rsvp
from apps.outbox.kinds import Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message


def still_sits_with_them(message: Message) -> bool:
    """The reader has the seat that it is about, the block stands, and so does the other's seat."""
    rsvp = rsvp_of(message)
    if rsvp is None or rsvp.round != message.version or not rsvp.gathering.is_published or rsvp.gathering.is_over:
        return False
    return rsvp.gathering.rsvps.seated().filter(member__blocks_met__blocker=rsvp.member).exists()


def blocked_at_table(message: Message) -> Mail:
    rsvp = rsvp_of(message)
    if rsvp is None:
        raise Rsvp.DoesNotExist
    words = {"title": rsvp.gathering.title, "when": when(rsvp.gathering)}
    return Mail(
        subject=_("About your seat: %(title)s, %(when)s") % words,  # the rest is for no one who looks over a shoulder
        template=f"{TEMPLATES}/blocked_at_table",
        context={
            "gathering": rsvp.gathering,
            "when": when(rsvp.gathering),
            "leave_url": link_to("leave", rsvp.member, rsvp.pk, rsvp.round),
        },
        thread=rsvp.gathering.key,
    )


register(
    "blocked_at_table",
    still_sits_with_them,
    blocked_at_table,
    label=_lazy("Somebody you have blocked has a seat at your table"),
    load=rsvps,
)
