"""Leaving, joining, accepting, lapsing, calling off, fewer and more seats: at once, in hundreds of orders."""

import pytest

from tests.faults import orders, scenes
from tests.faults.controls import breaks
from tests.faults.hand import Drill

pytestmark = pytest.mark.faults


def play(drill: Drill, many: int) -> list[str]:
    """Everything that went wrong in so many orders."""
    return drill.do(orders.play, drill.port, drill.do(scenes.people, orders.CAST), many)


def test_whatever_happens_in_whichever_order_everyone_is_where_they_were_told(drill: Drill, is_full_size: bool) -> None:
    wrong = play(drill, 500 if is_full_size else 40)
    assert not wrong, "\n".join(wrong[:50])


def test_without_the_lock_the_orders_break(unlocked: Drill) -> None:
    assert breaks(lambda: play(unlocked, 4))
