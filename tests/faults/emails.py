"""A nudge that depends on nothing but its row, so that a drill may put as many as it likes."""

from apps.outbox.kinds import Klass, Mail, register
from apps.outbox.models import Message

NUDGE = "drill_nudge"  # as in `mail_scenes`


def nudge(message: Message) -> Mail:
    return Mail(f"A nudge, number {message.version}", "faults/nudge")


register(NUDGE, lambda message: True, nudge, klass=Klass.NUDGE, label="A nudge for a drill")
