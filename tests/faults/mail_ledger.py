"""What was to be sent, held against what the mail server took."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tests.faults.sink import Taken

if TYPE_CHECKING:
    from apps.outbox.models import MessageQuerySet


OF_A_SEAT = ("seat_confirmed", "day_before", "soon")  # whose subject is an RSVP


@dataclass(frozen=True)
class Row:
    kind: str
    is_nudge: bool
    to: str
    message_id: str
    state: str
    expires_at: datetime
    last_error: str
    attempts: int
    starts_at: datetime | None  # of the gathering it is about


def rows() -> list[Row]:
    """All of the outbox; runs in a hand's process."""
    from apps.gatherings.models import Rsvp
    from apps.outbox.kinds import KINDS
    from apps.outbox.models import Message

    starts = dict(Rsvp.objects.values_list("pk", "gathering__starts_at"))
    found = Message.objects.select_related("member")
    return [
        Row(
            row.kind, KINDS[row.kind].is_opt_in, row.recipient, row.message_id, row.state, row.expires_at,
            row.last_error, row.attempts, starts.get(row.subject_id) if row.kind in OF_A_SEAT else None,
        )
        for row in found
    ]  # fmt: skip


def put() -> int:
    return messages().count()


def waiting() -> int:
    return messages().waiting().count()


def untried() -> int:
    """How many wait and have not failed yet."""
    return messages().waiting().filter(last_error="").count()


def errors() -> dict[str, int]:
    """How many wait, by the name of what last went wrong."""
    found = messages().waiting().values_list("last_error", flat=True)
    return dict(Counter(error.partition("(")[0] for error in found))


def messages() -> "MessageQuerySet":
    from apps.outbox.models import Message

    return Message.objects.all()


def suppressed() -> set[str]:
    from apps.outbox.models import Suppression

    return set(Suppression.objects.values_list("address", flat=True))


@dataclass
class Outcome:
    """What came of the rows of a drill."""

    rows: Sequence[Row]
    taken: Sequence[Taken]

    @cached_property
    def times(self) -> Counter[str]:
        return Counter(mail.message_id for mail in self.taken)

    def lost(self) -> list[Row]:
        """Nudges may be: at most once is their promise."""
        return [row for row in self.rows if not row.is_nudge and not self.times[row.message_id]]

    def twice(self) -> list[Row]:
        return [row for row in self.rows if self.times[row.message_id] > 1]

    def repeats(self) -> int:
        return sum(self.times[row.message_id] - 1 for row in self.twice())

    def strange(self) -> list[Taken]:
        """What nobody was to be sent: under another Message-ID, or to another reader."""
        known = {(row.message_id, row.to) for row in self.rows}
        return [mail for mail in self.taken if (mail.message_id, mail.to) not in known]
