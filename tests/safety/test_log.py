"""The log of what moderators do is added to, and nothing else can be done to it: by our code, or beside it."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from apps.profiles.models import Member
from apps.safety.models import LogEntry, LogIsKept
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def entry(member: Member) -> LogEntry:
    return LogEntry.objects.add(member, "warn", make_member("Quin"), "Twice in a week.")


def kept() -> list[tuple[str, ...]]:
    return list(LogEntry.objects.values_list("by", "act", "about", "reason"))


def test_an_entry_says_who_did_what_about_whom_why_and_when(member: Member, entry: LogEntry) -> None:
    quin = Member.objects.get(name="Quin")
    assert kept() == [(member.key, "warn", f"member {quin.key}", "Twice in a week.")]
    assert LogEntry.objects.add(member, "hide", "gathering abc").about == "gathering abc"


def save(entry: LogEntry) -> None:
    entry.reason = "Never."
    entry.save()


CHANGES: dict[str, Callable[[LogEntry], object]] = {
    "save": save,
    "save a field": lambda entry: entry.save(update_fields=["reason"]),
    "delete": lambda entry: entry.delete(),
    "update several": lambda entry: LogEntry.objects.filter(pk=entry.pk).update(reason="Never."),
    "update each": lambda entry: LogEntry.objects.bulk_update([entry], ["reason"]),
    "delete several": lambda entry: LogEntry.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_our_own_code_cannot_change_it(entry: LogEntry, change: str) -> None:
    before = kept()
    with pytest.raises(LogIsKept):
        CHANGES[change](entry)
    assert kept() == before


STATEMENTS = [
    "UPDATE safety_logentry SET reason = 'Never.'",
    "UPDATE safety_logentry SET at = at",
    "DELETE FROM safety_logentry",
    """
    INSERT INTO safety_logentry (id, "by", act, about, reason, at)
    SELECT id, "by", act, about, 'Never.', at FROM safety_logentry WHERE true
    ON CONFLICT (id) DO UPDATE SET reason = 'Never.'
    """,
]


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_it_too(entry: LogEntry, statement: str) -> None:
    before = kept()
    with pytest.raises(DatabaseError, match="the log is only added to"):
        run(statement)
    assert kept() == before


@pytest.mark.parametrize("statement", STATEMENTS)
def test_control_without_its_triggers_the_database_would_change_it(entry: LogEntry, statement: str) -> None:
    before = kept()
    for trigger in {"sqlite": ["update", "delete"], "postgresql": ["is_kept"]}[connection.vendor]:
        on_table = " ON safety_logentry" if connection.vendor == "postgresql" else ""
        run(f"DROP TRIGGER safety_logentry_{trigger}{on_table}")
    run(statement)
    assert kept() != before or "at = at" in statement


def test_whoever_is_deleted_stays_in_it(entry: LogEntry) -> None:
    before = kept()
    Member.objects.all().delete()
    assert kept() == before
