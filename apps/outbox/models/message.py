from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.outbox import secret
from apps.outbox.kinds import KINDS
from apps.profiles.keys import new_key
from apps.profiles.models import Member

LEASE = timedelta(seconds=90)  # kept up while a batch is being sent, so that a killed worker's rows are soon free
LASTS = timedelta(days=5)  # what nothing else makes useless is tried for as long as mail servers do (RFC 5321, 4.5.4.1)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

# Once for every mail, and so by hand: Django takes longer to put this into words than the database to do it. What was
# not sent costs its reader nothing of their week.
MARK = """
    UPDATE outbox_message
    SET state = %s, done_at = %s, last_error = %s, secret = '', leased_until = NULL,
        budget_week = CASE WHEN %s = 'sent' THEN budget_week END
    WHERE id = %s AND lease = %s AND state = 'waiting'
"""


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> MessageQuerySet:
        return self.filter(state=Message.State.WAITING)

    def due(self, now: datetime) -> MessageQuerySet:
        """Waiting, its moment come, and leased by nobody (a lease that has run out counts as none)."""
        return self.waiting().filter(due_at__lte=now).filter(Q(leased_until=None) | Q(leased_until__lte=now))

    def lease(self, most: int) -> list[Message]:
        """Take up to `most` due messages for oneself, the longest due first.

        No two callers are given the same message while its lease lasts.
        """
        now, lease = timezone.now(), new_key()
        with transaction.atomic():
            due = self.due(now).order_by("rank", "due_at").select_for_update(skip_locked=True)
            ids = list(due.values_list("pk", flat=True)[:most])
            self.filter(pk__in=ids).update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
        return list(self.filter(pk__in=ids, lease=lease).order_by("rank", "due_at"))


class MessageManager(models.Manager.from_queryset(MessageQuerySet)):  # type: ignore[misc]  # django-stubs cannot follow from_queryset
    def put(self, kind: str, recipient: Member | str, **slot: Any) -> None:
        """Put a message into the outbox, inside the transaction of whatever caused it; once per slot.

        `slot` holds `subject_id` and `version`, and may hold `due_at`, `expires_at`, `budget_week` and `secret` (kept
        encrypted).
        """
        self.put_all([self.row(kind, recipient, **slot)])

    def put_all(self, rows: list[Message]) -> None:
        """Rows whose slot is filled already are passed over. In one order, so that no two sweeps lock each other."""
        rows.sort(key=lambda row: (row.kind, row.member_id or 0, row.address, row.subject_id, row.version))
        self.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        if rows:
            from apps.outbox.tasks import wake  # the task module imports this one

            transaction.on_commit(partial(wake))

    def row(self, kind: str, recipient: Member | str, **slot: Any) -> Message:
        member, address = (None, recipient) if isinstance(recipient, str) else (recipient, "")
        due_at = slot.get("due_at") or timezone.now()
        return Message(
            kind=kind,
            rank=KINDS[kind].rank if kind in KINDS else 1,
            member=member,
            address=address,
            subject_id=slot.get("subject_id", 0),
            version=slot.get("version", 0),
            secret=secret.encrypt(slot["secret"]) if slot.get("secret") else "",
            due_at=due_at,
            expires_at=slot.get("expires_at") or due_at + LASTS,
            budget_week=slot.get("budget_week"),
            state=slot.get("state", Message.State.WAITING),
        )


class Message(models.Model):
    """One mail to one person. It names facts; the words are composed at the moment of sending."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("dropped, no longer true or useful")
        DEAD = "dead", _("could not be sent")

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    kind = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(
        default=1, db_default=1
    )  # what goes first where much waits; see `Kind.rank`
    member = models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="mail")
    address = models.EmailField(max_length=254, blank=True, help_text=_("Where there is no member yet."))
    subject_id = models.BigIntegerField(default=0, help_text=_("What it is about; the kind says of which model."))
    version = models.BigIntegerField(default=0)
    secret = models.TextField(blank=True, help_text=_("Encrypted; wiped once sent."))
    due_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    lease = models.CharField(max_length=10, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    # Year and ISO week (202648) that a nudge or digest is charged to: there is one a week for each member.
    budget_week = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = MessageManager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "member", "subject_id", "version"],
                condition=Q(member__isnull=False),
                name="message_once_per_member_and_slot",
            ),
            models.UniqueConstraint(
                fields=["kind", "address", "subject_id", "version"],
                condition=Q(member__isnull=True),
                name="message_once_per_address_and_slot",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, address="") | (Q(member__isnull=True) & ~Q(address="")),
                name="message_has_one_recipient",
            ),
            models.UniqueConstraint(fields=["member", "budget_week"], name="message_one_nudge_a_week"),
        ]
        indexes = [
            models.Index(fields=["rank", "due_at"], condition=Q(state="waiting"), name="message_waiting_by_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @cached_property
    def subject(self) -> Any:
        """What it is about, or None where there is no such row any more. Read anew before its batch is sent."""
        load = KINDS[self.kind].load
        return load([self.subject_id]).get(self.subject_id) if load else None

    @property
    def recipient(self) -> str:
        return self.member.email if self.member else self.address

    @property
    def message_id(self) -> str:
        """The same on every attempt, so that a mail program shows a repeated mail once."""
        return f"<{self.key}@{settings.BASE_HOST}>"

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def mark(self, state: State, error: str = "") -> bool:
        """Close the row, if this lease still holds it; says whether it did."""
        with connection.cursor() as cursor:
            cursor.execute(MARK, [state, timezone.now(), error[:300], state, self.pk, self.lease])
            return bool(cursor.rowcount)

    def take_back(self, state: State, error: str) -> None:
        """Of what was marked as sent beforehand, and then was not. It may have arrived, so the week stays charged."""
        Message.objects.filter(pk=self.pk, lease=self.lease, state=self.State.SENT).update(
            state=state, last_error=error[:300]
        )

    def keep_lease(self) -> bool:
        """Hold this message for LEASE from now on; says whether it was still held."""
        self.leased_until = timezone.now() + LEASE
        held = Message.objects.waiting().filter(pk=self.pk, lease=self.lease)
        return bool(held.update(leased_until=self.leased_until))

    def rest(self, until: datetime) -> None:
        """Not yet: its reader sleeps."""
        Message.objects.filter(pk=self.pk, lease=self.lease).update(due_at=until, leased_until=None)

    def put_off(self, error: str) -> None:
        """Try again later: waits that double up to an hour, with some jitter so that many do not return at once."""
        wait = min(FIRST_WAIT * 2 ** min(self.attempts - 1, 10), LONGEST_WAIT) * random.uniform(0.75, 1.25)
        Message.objects.filter(pk=self.pk, lease=self.lease).update(
            leased_until=timezone.now() + wait, last_error=error[:300]
        )
