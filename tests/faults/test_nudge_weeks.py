"""Ten thousand member-weeks of nudges: no rule of the budget is broken, and each is as soon as its guard is out.

Without the processes of the other drills: what is tried is what sweeps find and what is sent, not how it gets there.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from apps.gatherings import timing
from apps.reminders import budget, nudges
from apps.reminders.nudges import DUE
from tests.faults.controls import breaks
from tests.reminders.weeks import lived

pytestmark = [pytest.mark.faults, pytest.mark.django_db]


def test_ten_thousand_member_weeks_break_no_rule(is_full_size: bool) -> None:
    life = lived(seed=11, members=1020 if is_full_size else 30, weeks=10 if is_full_size else 4)
    print(f"{life.member_weeks:.0f} member-weeks, sent: {dict(life.kinds)}")
    assert life.wrong == []
    assert not is_full_size or (life.member_weeks > 10_000 and set(life.kinds) == set(DUE))


def every_day_a_week(local: datetime) -> int:
    return 100_000 + local.toordinal()


GUARDS: dict[str, tuple[Any, str, Any]] = {
    "two in a week": (budget, "week_of", every_day_a_week),
    "less than three days apart": (budget, "APART", timedelta(0)),
    "too near a seat": (budget, "AROUND_A_SEAT", timedelta(0)),
    "a third without a visit": (budget.Budget, "unanswered", 0),
    "at night": (timing, "is_night", lambda local: False),
    "out of order": (nudges, "ORDER", budget.ORDER[::-1]),
}


@pytest.mark.parametrize("rule", GUARDS)
def test_without_its_guard_the_rule_is_broken(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*GUARDS[rule])
    if rule == "two in a week":  # the three days keep most of them apart, and only with them out is it seen at once
        monkeypatch.setattr(budget, "APART", timedelta(0))
    seeds = count(1)
    assert breaks(lambda: [wrong for wrong in lived(next(seeds), members=25, weeks=3).wrong if wrong.startswith(rule)])
