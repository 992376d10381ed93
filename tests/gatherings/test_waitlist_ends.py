"""How waiting, asking and offers end: at the start, with the evening, at night, and on pages that were open before."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.gatherings import sweep, waitlist
from apps.gatherings.models import (
    Gathering,
    NothingToChange,
    OfferGone,
    Rsvp,
)
from apps.gatherings.tasks import minute
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat
from tests.gatherings.lines import NOW, full_table, party, somebody_leaves, states

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_asking_waiting_and_offers_end_at_the_start(clock: time_machine.Traveller) -> None:
    gathering = full_table(seats=2)
    offered, waiting = gathering.seat(make_member()), gathering.seat(make_member())
    clock.move_to(gathering.starts_at - timedelta(minutes=5))
    somebody_leaves(gathering)
    asking_first = make_gathering(gathering.starts_at, asks_first=True)
    asked = asking_first.seat(make_member())
    assert states(offered, waiting, asked) == ["offered", "waitlisted", "asked"]
    clock.move_to(gathering.starts_at)
    minute()
    assert states(offered, waiting, asked) == ["left", "left", "left"]
    gathering.refresh_from_db()
    assert gathering.seats_taken == 1


def test_calling_off_tells_everybody_who_hoped_and_ends_their_hoping() -> None:
    gathering = full_table(seats=2)
    offered, waiting = gathering.seat(make_member()), gathering.seat(make_member())
    somebody_leaves(gathering)
    gathering.cancel("The oven gave up.")
    assert states(offered, waiting) == ["left", "left"]
    told = Message.objects.filter(kind="gathering_cancelled")
    assert {message.member for message in told} == {
        offered.member,
        waiting.member,
        gathering.rsvps.seated().get().member,
    }
    mail.outbox.clear()
    send()
    assert all("Called off" in each.subject for each in mail.outbox)
    assert len(mail.outbox) == 3


def test_whoever_may_not_sign_in_any_more_gets_no_turn_and_no_mail() -> None:
    gathering = full_table()
    gone, next_one = gathering.seat(make_member()), gathering.seat(make_member())
    Member.objects.filter(pk=gone.member_id).update(is_active=False)
    mail.outbox.clear()
    somebody_leaves(gathering)
    assert states(gone, next_one) == ["waitlisted", "offered"]
    send()
    assert gone.member.email not in {each.to[0] for each in mail.outbox}


def test_what_is_not_an_answer_waits_for_the_morning(clock: time_machine.Traveller) -> None:
    gathering = full_table()
    waiting, taken = gathering.seat(make_member()), gathering.rsvps.seated().get()
    clock.move_to(datetime(2026, 11, 21, 2, tzinfo=UTC))
    taken.decline()
    morning = datetime(2026, 11, 21, 9, tzinfo=UTC)
    for kind in ("seat_withdrawn", "seat_offered"):
        assert Message.objects.get(kind=kind).due_at == morning
    Rsvp.objects.filter(pk=waiting.pk).update(offered_until=datetime(2026, 11, 21, 2, 30, tzinfo=UTC))
    clock.move_to(datetime(2026, 11, 21, 3, tzinfo=UTC))
    minute()
    assert Message.objects.get(kind="offer_lapsed").due_at == morning


def test_an_offer_is_no_more_after_the_start_whoever_presses(clock: time_machine.Traveller) -> None:
    gathering = full_table(seats=1)
    offered = gathering.seat(make_member())
    somebody_leaves(gathering)
    clock.move_to(gathering.starts_at + timedelta(seconds=5))
    with pytest.raises(OfferGone):
        gathering.seat(offered.member)
    with pytest.raises(OfferGone):
        offered.accept()


def test_an_offer_of_an_evening_that_moves_nearer_ends_at_its_start() -> None:
    gathering = full_table()
    offered = gathering.seat(make_member())
    somebody_leaves(gathering)
    gathering.refresh_from_db()
    gathering.day, gathering.starts, gathering.ends = NOW.date(), time(15), time(17)
    gathering.change(["day", "starts", "ends"])
    offered.refresh_from_db()
    assert offered.offered_until == gathering.starts_at


def test_after_a_calling_off_nobody_is_told_anything_else(client: Client, member: Member) -> None:
    gathering = make_gathering(NOW + timedelta(days=5))
    rsvp = make_seat(gathering, member)
    gathering.cancel("")
    assert not rsvp.decline()
    client.force_login(member)
    page = client.post(f"{gathering.get_absolute_url()}rsvp/", follow=True).content.decode()
    assert "This gathering is not taking place" in page
    assert "You have a seat. We have sent" not in page


def test_a_page_that_was_open_before_takes_nothing_back_of_what_was_changed_since() -> None:
    gathering = full_table(seats=2)
    stale = Gathering.objects.get(pk=gathering.pk)
    gathering.refresh_from_db()
    gathering.seats_wanted, gathering.area = 6, "Elsewhere"
    gathering.change(["seats_wanted", "area"])
    stale.is_step_free = True
    stale.change(["is_step_free"])
    gathering.refresh_from_db()
    assert (gathering.seats, gathering.seats_wanted, gathering.area) == (6, 6, "Elsewhere")
    assert gathering.is_step_free


def test_a_line_of_an_evening_put_off_in_the_last_moment_does_not_end(clock: time_machine.Traveller) -> None:
    gathering = full_table()
    waiting = gathering.seat(make_member())
    clock.move_to(gathering.starts_at)
    gathering.refresh_from_db()
    gathering.day += timedelta(days=1)
    gathering.change(["day"])
    sweep.end_line(Gathering.objects.get(pk=gathering.pk))
    assert states(waiting) == ["waitlisted"]


def test_what_was_given_back_is_not_changed_by_a_page_that_was_open_before() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), most_companions=2)
    rsvp = make_seat(gathering)
    rsvp.bow_out()
    with pytest.raises(NothingToChange):
        rsvp.bring(party(2))
    rsvp.refresh_from_db()
    assert rsvp.party == 1


def test_one_failing_table_stops_no_other(monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller) -> None:
    tables = [full_table(), full_table()]
    offers = [table.seat(make_member()) for table in tables]
    for table in tables:
        somebody_leaves(table)
    release = waitlist.release

    def fails_once(rsvp: Rsvp, state: Rsvp.State) -> None:
        if rsvp.pk == offers[0].pk:
            raise RuntimeError
        release(rsvp, state)

    monkeypatch.setattr(waitlist, "release", fails_once)
    clock.shift(timedelta(hours=13))
    minute()
    assert states(*offers) == ["offered", "left"]
