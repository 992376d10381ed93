"""Seats and blocks change one after the other, so that neither is decided by what the other is just making untrue.

A seat is given after a look at who has blocked whom, a block is followed by a look at who sits with whom. Both looks
would miss what is not committed yet. SQLite lets one transaction write at a time, so there is nothing to do there.
"""

from django.db import connection

# One number of ours, for all of both: blocks are rare, and seats only wait for them, not for one another.
FOR_SEATS = "SELECT pg_advisory_xact_lock_shared(5101957)"
FOR_BLOCKS = "SELECT pg_advisory_xact_lock(5101957)"


def hold_blocks_still() -> None:
    """Until the transaction ends nobody is blocked or kept apart. Taken before any row is locked, always."""
    lock(FOR_SEATS)


def hold_seats_still() -> None:
    """Until the transaction ends no seat is given or taken; those that were being given are there by now. Likewise."""
    lock(FOR_BLOCKS)


def lock(statement: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement)
