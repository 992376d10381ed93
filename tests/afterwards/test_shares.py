"""What the keeper is told of the private answers: tenths, of twenty people at least, over whole months, made once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from apps.afterwards.models import Felt, Reflection, Shares
from apps.afterwards.tasks import night
from tests.afterwards.evenings import browser_of, make_evening
from tests.factories import make_member
from tests.test_gates import World, world  # noqa: F401  a fixture is found by its name

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OCTOBER = datetime(2026, 10, 15, 19, tzinfo=UTC)
CLOSED = datetime(2026, 12, 2, 3, 37, tzinfo=UTC)  # 31 days after the end of October


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CLOSED, tick=False) as traveller:
        yield traveller


def answers(felt: list[Felt], starts: datetime = OCTOBER) -> None:
    gathering, _people = make_evening(starts=starts)
    for each in felt:
        Reflection.objects.keep(make_member(), gathering, each, "")


def made() -> list[tuple[date, date, list[int]]]:
    night()
    return [(each.since, each.until, [getattr(each, name) for name in Felt.values]) for each in
            Shares.objects.order_by("since")]  # fmt: skip


def test_twenty_people_are_told_in_tenths_and_nineteen_are_not() -> None:
    answers([Felt.HOME] * 12 + [Felt.EDGE] * 7)
    assert made() == []
    answers([Felt.EDGE])
    assert made() == [(date(2026, 10, 1), date(2026, 11, 1), [0, 4, 0, 0, 6])]


def test_one_person_who_answers_twenty_times_is_one() -> None:
    member = make_member()
    for _ in range(20):
        gathering, _people = make_evening(starts=OCTOBER)
        Reflection.objects.keep(member, gathering, Felt.HOME, "")
    assert made() == []


def test_a_month_is_told_once_none_of_its_answers_can_change_any_more(clock: time_machine.Traveller) -> None:
    answers([Felt.HOME] * 20)
    clock.move_to(datetime(2026, 12, 1, 0, tzinfo=UTC) - timedelta(seconds=1))
    assert made() == []
    clock.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    assert len(made()) == 1


def test_what_was_told_never_changes_whoever_leaves_or_answers_anew() -> None:
    answers([Felt.HOME] * 20)
    before = made()
    Reflection.objects.all().delete()
    answers([Felt.APART] * 40)
    assert made() == before


def test_months_with_too_few_wait_for_the_next_and_none_is_told_twice(clock: time_machine.Traveller) -> None:
    answers([Felt.HOME] * 10)
    answers([Felt.APART] * 10, OCTOBER + timedelta(days=30))
    assert made() == []
    clock.move_to(datetime(2027, 1, 1, tzinfo=UTC))
    assert made() == [(date(2026, 10, 1), date(2026, 12, 1), [5, 0, 0, 0, 5])]
    answers([Felt.EDGE] * 20, OCTOBER + timedelta(days=60))
    clock.move_to(datetime(2027, 2, 2, tzinfo=UTC))
    assert [each[:2] for each in made()][1:] == [(date(2026, 12, 1), date(2027, 1, 1))]


def test_that_all_chose_one_word_is_told_without_a_number() -> None:
    answers([Felt.HOME] * 20)
    night()
    assert Shares.objects.get().in_words[-1] == ("At home", "nearly everybody")
    assert Shares.objects.get().in_words[0] == ("Apart", "hardly anybody")


def test_the_keeper_reads_it_and_nobody_else(world: World) -> None:  # noqa: F811
    answers([Felt.HOME] * 14 + [Felt.AMONG] * 6)
    assert "Nothing to tell yet" in world.readers["keeper"].get("/keeper/").content.decode()
    night()
    page = world.readers["keeper"].get("/keeper/").content.decode()
    assert "about 7 in 10" in page
    assert "about 3 in 10" in page
    assert "20 " not in page.split("How connected")[1]
    assert browser_of(world.members["moderator"]).get("/keeper/").status_code == 404
