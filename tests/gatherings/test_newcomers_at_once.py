"""A newcomer under several hands at once, with a real lock: on Postgres alone; SQLite writes one at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from apps.gatherings.models import CannotSit, Gathering, HostsEnough, Rsvp
from apps.profiles.models import MemberManager
from tests.factories import make_gathering, make_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
HANDS = 6


def all_at_once(acts: list[Callable[[], object]]) -> None:
    together = Barrier(len(acts))

    def one(act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            together.wait(10)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        list(hands.map(one, acts))


def quietly(act: Callable[[], object]) -> Callable[[], object]:
    def tried() -> None:
        with suppress(CannotSit, HostsEnough):
            act()

    return tried


def seats_of_a_newcomer_who_presses_everywhere_at_once() -> int:
    ada = make_member("Ada", joined_at=timezone.now())
    tables = [make_gathering() for _ in range(HANDS)]
    all_at_once([quietly(lambda table=table: table.seat(ada)) for table in tables])  # type: ignore[misc]
    return Rsvp.objects.of(ada).seated().count()


def test_a_newcomer_who_presses_everywhere_at_once_has_two_seats() -> None:
    for _ in range(5):
        assert seats_of_a_newcomer_who_presses_everywhere_at_once() == 2


def test_a_newcomer_who_publishes_all_at_once_hosts_two() -> None:
    ada = make_member("Ada", joined_at=timezone.now())
    drafts = [make_gathering(host=ada, is_draft=True) for _ in range(HANDS)]
    all_at_once([quietly(draft.publish) for draft in drafts])
    assert Gathering.objects.published().count() == 2


def test_control_without_the_lock_on_the_member_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemberManager, "hold", lambda _self, _member: None)
    assert max(seats_of_a_newcomer_who_presses_everywhere_at_once() for _ in range(10)) > 2
