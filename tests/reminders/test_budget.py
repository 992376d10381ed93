"""The nudge budget, over some members' weeks lived at random. Ten thousand: tests/faults/test_nudge_weeks.py."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from apps.outbox.models import Consent
from apps.profiles.models import Member
from apps.reminders import budget
from apps.reminders.tasks import minute
from tests.factories import make_gathering, make_member
from tests.reminders.weeks import lived

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_weeks_lived_at_random_break_no_rule() -> None:
    life = lived(seed=3, members=40, weeks=2)
    assert life.wrong == []
    assert life.member_weeks > 70
    assert set(life.kinds) >= {"first_step", "seats_tomorrow", "weekly_digest"}


@pytest.mark.parametrize(("apart", "sent"), [(timedelta(days=3), 1), (timedelta(0), 2)])
def test_without_the_three_days_a_second_one_goes_in_the_next_week(
    monkeypatch: pytest.MonkeyPatch, apart: timedelta, sent: int
) -> None:
    monkeypatch.setattr(budget, "APART", apart)
    with time_machine.travel(FRIDAY - timedelta(days=9), tick=False) as clock:
        member = make_member()
        for kind in ("weekly_digest", "first_step"):
            Consent.objects.say(member, kind, True)
        make_gathering(FRIDAY + timedelta(days=6))
        clock.move_to(FRIDAY)
        minute()
        monday = FRIDAY + timedelta(days=2, hours=17)
        Member.objects.filter(pk=member.pk).update(joined_at=monday - timedelta(days=2))
        clock.move_to(monday)
        minute()
    assert len([email for email in mail.outbox if email.to == [member.email]]) == sent
