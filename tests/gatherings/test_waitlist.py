"""The line for a seat: whose turn it is, what a turn brings, and how it ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from apps.gatherings.models import (
    GatheringFull,
    OfferGone,
    PartyTooLarge,
    Rsvp,
)
from apps.gatherings.tasks import minute
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.gatherings.lines import NOW, full_table, party, somebody_leaves, states

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_whoever_finds_a_full_table_waits_in_the_order_of_coming() -> None:
    gathering = full_table()
    line = [gathering.seat(make_member()) for _ in range(3)]
    assert [rsvp.place_in_line for rsvp in line] == [1, 2, 3]
    assert gathering.seat(line[1].member) == line[1]
    line[0].bow_out()
    assert [rsvp.place_in_line for rsvp in line[1:]] == [1, 2]


def test_a_freed_seat_is_held_for_the_first_in_line_and_they_take_it() -> None:
    gathering = full_table()
    first, second = gathering.seat(make_member()), gathering.seat(make_member())
    somebody_leaves(gathering)
    assert states(first, second) == ["offered", "waitlisted"]
    gathering.refresh_from_db()
    assert gathering.seats_taken == 1
    first.accept()
    first.accept()
    assert states(first) == ["seated"]
    kinds = [message.kind for message in first.member.mail.order_by("pk")]
    assert kinds == ["waitlist_joined", "seat_offered", "seat_confirmed"]


def test_whoever_ticked_it_is_seated_straight_away_but_not_in_the_last_two_days() -> None:
    for days, becomes in [(2.1, "seated"), (2, "offered")]:
        gathering = full_table(days)
        waiting = gathering.seat(make_member(), is_straight_away=True)
        somebody_leaves(gathering)
        assert states(waiting) == [becomes]


@pytest.mark.parametrize(
    ("made_at", "starts_in", "ends_after"),
    [
        (datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(days=5), timedelta(hours=12)),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(hours=9), timedelta(hours=3)),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(minutes=30), timedelta(minutes=15)),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(minutes=10), timedelta(minutes=10)),
        # Made at 23:00, its clock starts at 09:00; not so when it starts within twelve hours.
        (datetime(2026, 11, 20, 23, tzinfo=UTC), timedelta(days=5), timedelta(hours=22)),
        (datetime(2026, 11, 20, 23, tzinfo=UTC), timedelta(hours=12), timedelta(hours=4)),
    ],
)
def test_an_offer_lasts_as_long_as_is_fair(
    clock: time_machine.Traveller, made_at: datetime, starts_in: timedelta, ends_after: timedelta
) -> None:
    clock.move_to(made_at)
    gathering = make_gathering(made_at + starts_in, seats=1)
    make_seat(gathering)
    waiting = gathering.seat(make_member())
    somebody_leaves(gathering)
    waiting.refresh_from_db()
    assert waiting.offered_until == made_at + ends_after
    is_night = made_at.hour == 23 and starts_in > timedelta(hours=12)
    due = Message.objects.get(kind="seat_offered").due_at
    assert due == (datetime(2026, 11, 21, 9, tzinfo=UTC) if is_night else made_at)


def test_an_offer_that_has_lapsed_promises_nothing_about_the_seat(clock: time_machine.Traveller) -> None:
    """Nobody else waits: the seat is free again, and did not go on to anybody."""
    gathering = full_table()
    waiting = gathering.seat(make_member())
    somebody_leaves(gathering)
    clock.shift(timedelta(hours=12))
    minute()
    clock.shift(timedelta(hours=9))  # by then it is morning
    send()
    gathering.refresh_from_db()
    assert gathering.seats_left == 1
    email = next(each for each in mail.outbox if each.subject.startswith("No longer held for you"))
    assert email.to == [waiting.member.email]
    for words in (str(email.body), html_of(email)):
        assert "the page shows what there is: a seat, or a place in the line." in words
        assert "went on" not in words


@pytest.mark.parametrize("way", ["took", "asked for", "waited for"])
def test_a_confirmation_says_how_its_reader_came_to_the_seat(member: Member, way: str) -> None:
    if way == "waited for":
        gathering = full_table()
        gathering.seat(member, is_straight_away=True)
        somebody_leaves(gathering)
    else:
        rsvp = make_seat(make_gathering(NOW + timedelta(days=5), asks_first=way == "asked for"), member)
        rsvp.admit()
    send()
    email = next(each for each in mail.outbox if each.to == [member.email] and "You have a seat" in each.subject)
    for words in (str(email.body), html_of(email)):
        assert f"You get this because you {way} a seat. The calendar entry is attached." in words


def test_an_offer_that_nobody_takes_passes_on_once(clock: time_machine.Traveller) -> None:
    gathering = full_table()
    first, second = gathering.seat(make_member()), gathering.seat(make_member())
    somebody_leaves(gathering)
    clock.shift(timedelta(hours=11, minutes=59))
    minute()
    assert states(first, second) == ["offered", "waitlisted"]
    clock.shift(timedelta(minutes=1))
    minute()
    minute()
    assert states(first, second) == ["left", "offered"]
    assert Message.objects.filter(kind="offer_lapsed").count() == 1
    with pytest.raises(OfferGone):
        first.accept()
    assert gathering.seat(first.member).place_in_line == 1


def test_promoted_left_and_offered_again_is_told_each_time() -> None:
    gathering = full_table()
    waiting = gathering.seat(make_member())
    somebody_leaves(gathering)
    waiting.accept()
    waiting.bow_out()
    make_seat(gathering)
    gathering.seat(waiting.member)
    gathering.rsvps.seated().get().bow_out()
    assert states(waiting) == ["offered"]
    assert waiting.member.mail.filter(kind="seat_offered").count() == 2


def test_a_party_too_big_keeps_its_turn_and_nobody_overtakes_it() -> None:
    gathering = full_table(seats=3, most_companions=3)
    pair, single = gathering.seat(make_member(), companions=party(2)), gathering.seat(make_member())
    somebody_leaves(gathering)
    assert states(pair, single) == ["waitlisted", "waitlisted"]
    assert gathering.seat(make_member()).is_waitlisted
    somebody_leaves(gathering)
    assert states(pair, single) == ["offered", "waitlisted"]
    gathering.refresh_from_db()
    assert (gathering.seats_taken, gathering.seats_left) == (3, 0)


def test_the_host_may_hold_a_free_seat_for_somebody_further_down() -> None:
    gathering = full_table(seats=2, most_companions=1)
    pair, single = gathering.seat(make_member(), companions=party(2)), gathering.seat(make_member())
    somebody_leaves(gathering)
    with pytest.raises(GatheringFull):
        gathering.offer(pair.member)
    gathering.offer(single.member)
    assert states(pair, single) == ["waitlisted", "offered"]


def test_the_host_offers_a_member_a_seat_and_never_seats_them() -> None:
    gathering, member = make_gathering(NOW + timedelta(days=5), seats=1), make_member()
    rsvp = gathering.offer(member)
    assert gathering.offer(member) == rsvp
    assert states(rsvp) == ["offered"]
    assert [message.kind for message in member.mail.all()] == ["seat_offered"]
    with pytest.raises(GatheringFull):
        gathering.offer(make_member())
    assert gathering.seat(member).is_seated


def test_more_seats_bring_in_exactly_as_many_as_fit() -> None:
    gathering = full_table(seats=1)
    line = [gathering.seat(make_member(), is_straight_away=True) for _ in range(4)]
    gathering.refresh_from_db()
    gathering.seats_wanted = 3
    gathering.change(["seats_wanted"])
    assert states(*line) == ["seated", "seated", "waitlisted", "waitlisted"]
    assert Message.objects.filter(kind="seat_confirmed", member__in=[rsvp.member for rsvp in line]).count() == 2


def test_fewer_seats_evict_nobody_and_nobody_moves_up_until_there_is_room() -> None:
    gathering = full_table(seats=3)
    waiting = gathering.seat(make_member())
    gathering.refresh_from_db()
    gathering.seats_wanted = 1
    gathering.change(["seats_wanted"])
    for left in (2, 1):
        somebody_leaves(gathering)
        assert states(waiting) == ["waitlisted"]
        assert gathering.rsvps.seated().count() == left
    somebody_leaves(gathering)
    assert states(waiting) == ["offered"]


def test_a_seat_taken_away_moves_the_line_and_tells_the_guest_neutrally() -> None:
    gathering = full_table()
    waiting = gathering.seat(make_member())
    guest = gathering.rsvps.seated().get()
    guest.decline()
    assert states(guest, waiting) == ["declined", "offered"]
    mail.outbox.clear()
    send()
    [withdrawn] = [each for each in mail.outbox if each.to == [guest.member.email]]
    assert "Your place is no longer there" in withdrawn.subject
    assert "14 Greville Street" not in withdrawn.body
    [file] = withdrawn.attachments
    assert "METHOD:CANCEL" in file.get_payload(decode=True).decode()


def test_a_party_grows_only_into_free_seats_that_nobody_waits_for() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=3, most_companions=2)
    rsvp, other = make_seat(gathering), make_seat(gathering)
    rsvp.bring(party(2))
    with pytest.raises(GatheringFull):
        other.bring(party(2))
    with pytest.raises(PartyTooLarge):
        rsvp.bring(party(4))
    gathering.refresh_from_db()
    assert (gathering.seats_taken, other.party, rsvp.companions.count()) == (3, 1, 1)
    waiting = gathering.seat(make_member(), companions=party(2))
    rsvp.bring([])
    assert states(waiting) == ["waitlisted"]
    with pytest.raises(GatheringFull):
        rsvp.bring(party(2))
    other.bow_out()
    assert states(waiting) == ["offered"]


def test_every_change_of_an_rsvp_is_kept_in_its_history() -> None:
    gathering = full_table()
    rsvp = gathering.seat(make_member())
    somebody_leaves(gathering)
    rsvp.accept()
    rsvp.bow_out()
    assert list(rsvp.history.order_by("pk").values_list("round", "state")) == [
        (1, "waitlisted"), (2, "offered"), (3, "seated"), (4, "left"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"turn": 7}, "rsvp_waitlisted_has_a_turn"),
        ({"state": "waitlisted"}, "rsvp_waitlisted_has_a_turn"),
        ({"state": "offered"}, "rsvp_offer_has_an_end"),
        ({"offered_until": NOW}, "rsvp_offer_has_an_end"),
        ({"party": 0}, "rsvp_party_is_small"),
        ({"party": 7}, "rsvp_party_is_small"),
        ({"state": "left", "is_absent": True}, "rsvp_only_the_seated_miss_it"),
    ],
)
def test_the_database_itself_refuses_what_must_never_be(fields: dict[str, object], name: str) -> None:
    rsvp = make_seat(make_gathering(NOW + timedelta(days=5)))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Rsvp.objects.filter(pk=rsvp.pk).update(**fields)


def test_two_cannot_stand_at_one_place_in_the_line() -> None:
    gathering = full_table()
    first, second = gathering.seat(make_member()), gathering.seat(make_member())
    with pytest.raises(IntegrityError), transaction.atomic():
        Rsvp.objects.filter(pk=second.pk).update(turn=first.turn)


def test_the_page_says_where_one_stands_and_offers_the_one_thing_to_do(client: Client, member: Member) -> None:
    gathering = full_table()
    url = gathering.get_absolute_url()
    assert "Wait for a seat" in client.get(url).content.decode()
    client.force_login(member)
    page = client.get(url).content.decode()
    assert "You would be the first in line." in page
    page = client.post(f"{url}rsvp/", follow=True).content.decode()
    assert "You are on the waitlist." in page
    assert "It is your turn next." in page
    somebody_leaves(gathering)
    page = client.get(url).content.decode()
    assert "A seat is held for you." in page
    assert "It is yours until Saturday, 00:00." in page
    assert "14 Greville Street" not in page
    page = client.post(f"{url}accept/", follow=True).content.decode()
    assert "You have a seat." in page


def test_an_offer_is_taken_or_passed_on_from_the_mail(client: Client) -> None:
    gathering = full_table(seats=2)
    first, second = gathering.seat(make_member()), gathering.seat(make_member())
    somebody_leaves(gathering)
    somebody_leaves(gathering)
    mail.outbox.clear()
    send()
    for rsvp, act, state, says in [
        (first, "yes", "seated", "You have a seat"),
        (second, "no", "left", "The seat goes on to whose turn it is."),
    ]:
        [offer] = [each for each in mail.outbox if each.to == [rsvp.member.email] and "is held" in each.subject]
        path = offer.body.split("/m/")[1].split("/")[0]
        assert "Take it" in client.get(f"/m/{path}/").content.decode()
        assert states(rsvp) == ["offered"]
        assert says in client.post(f"/m/{path}/", {"act": act}, follow=True).content.decode()
        assert states(rsvp) == [state]
        assert says in client.get(f"/m/{path}/").content.decode()
        client.post(f"/m/{path}/", {"act": "yes"})
        assert states(rsvp) == [state]


def test_a_party_that_the_whole_table_could_not_take_lets_others_pass() -> None:
    gathering = full_table(seats=3, most_companions=2)
    three, single = gathering.seat(make_member(), companions=party(3)), gathering.seat(make_member())
    gathering.refresh_from_db()
    gathering.seats_wanted = 2
    gathering.change(["seats_wanted"])
    somebody_leaves(gathering)
    somebody_leaves(gathering)
    assert states(three, single) == ["waitlisted", "offered"]
