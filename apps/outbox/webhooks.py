"""What a mail service tells of mail that came back or was not wanted. anymail checks that it is the service who tells.

The same word may come twice or late: an address is suppressed once, and stays so until its reader says otherwise.
"""

from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from django.dispatch import receiver

from apps.outbox.models import Suppression

FOR_GOOD = {"bounced", "invalid"}  # a mailbox that is full or a server that is busy may be well again tomorrow
Reason = Suppression.Reason


@receiver(tracking, dispatch_uid="outbox")
def hear(sender: object, event: AnymailTrackingEvent, **_: Any) -> None:
    if not event.recipient:
        return
    if event.event_type == "complained":
        Suppression.objects.suppress(event.recipient, Reason.COMPLAINED)
    elif event.event_type == "unsubscribed":
        Suppression.objects.suppress(event.recipient, Reason.ASKED)
    elif event.event_type in ("bounced", "rejected") and is_for_good(event):
        Suppression.objects.suppress(event.recipient, Reason.BOUNCED)


def is_for_good(event: AnymailTrackingEvent) -> bool:
    """Some services call it a bounce, too, when the other server has said 4xx: not now."""
    return event.reject_reason in FOR_GOOD and not (event.mta_response or "").startswith("4")
