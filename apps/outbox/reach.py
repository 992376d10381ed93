"""A batch as it is at this moment: its members, their choices, addresses that failed, and what each mail is about."""

import time
from collections.abc import Sequence

from apps.outbox.kinds import KINDS
from apps.outbox.models import Consent, Message, Suppression
from apps.outbox.models.suppression import trace_of
from apps.profiles.models import Member

FRESH = 0.8  # seconds; whoever opts out is heard by the mail that goes a second later


class Reach:
    """Read anew for what is left of the batch whenever it is older than FRESH: some queries, not some a message."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = list(messages)
        self.read_at = float("-inf")

    def read(self) -> None:
        ids = {message.member_id for message in self.messages if message.member_id}
        self.members = Member.objects.in_bulk(ids)
        said = Consent.objects.filter(member__in=ids).values_list("member", "kind", "is_given")
        self.said: dict[tuple[int | None, str], bool] = {(member, kind): is_given for member, kind, is_given in said}
        addresses = [member.email for member in self.members.values()]
        addresses += [message.address.lower() for message in self.messages]
        self.suppressed = set(Suppression.objects.of(*addresses).values_list("address", flat=True))
        self.unread: dict[str, Exception] = {}
        for name in {message.kind for message in self.messages}:
            self.read_subjects(name)
        self.read_at = time.monotonic()

    def read_subjects(self, name: str) -> None:
        """What cannot be read is the trouble of its own kind alone."""
        kind, about = KINDS.get(name), [message for message in self.messages if message.kind == name]
        if not (kind and kind.load):
            return
        try:
            found = kind.load({message.subject_id for message in about})
        except Exception as error:  # whatever it is, mail of other kinds must go
            self.unread[name] = error
            return
        for message in about:
            message.subject = found.get(message.subject_id)

    def refusal(self, message: Message) -> str:
        """Why this message must not go, or nothing. Puts its member in as they are now."""
        if time.monotonic() - self.read_at > FRESH:
            self.read()
        if error := self.unread.get(message.kind):
            raise error
        if message.member_id:
            message.member = self.members.get(message.member_id)
            if message.member is None or not message.member.is_active:
                return "The member is not here any more."
        if not self.is_wanted(message):
            return "The member does not want this kind."
        if self.is_suppressed(message.recipient.lower()) and not KINDS[message.kind].is_first:
            return "The address is suppressed."
        return ""

    def is_suppressed(self, address: str) -> bool:
        """Mostly there are none, and nothing to compute."""
        return bool(self.suppressed) and not self.suppressed.isdisjoint([address, trace_of(address)])

    def is_wanted(self, message: Message) -> bool:
        kind = KINDS[message.kind]
        if not (kind.label or kind.is_opt_in) or self.said.get((message.member_id, kind.name), not kind.is_opt_in):
            return True
        other = kind.stands_for(message) if kind.stands_for else ""
        return bool(other) and self.said.get((message.member_id, other), True)

    def done_with(self, message: Message) -> None:
        self.messages.remove(message)
