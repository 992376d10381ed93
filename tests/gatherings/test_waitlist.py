"""The line for a seat: whose turn it is, what a turn brings, and how it ends."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from apps.gatherings import sweep, waitlist
from apps.gatherings.models import (
    Companion,
    Declined,
    Gathering,
    GatheringFull,
    NothingToChange,
    OfferGone,
    PartyTooLarge,
    Rsvp,
)
from apps.gatherings.tasks import minute
from apps.outbox.links import path_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def full_table(days: float = 5, seats: int = 1, **more: object) -> Gathering:
    gathering = make_gathering(NOW + timedelta(days=days), seats=seats, **more)  # type: ignore[arg-type]  # of any kind
    for _ in range(seats):
        make_seat(gathering, make_member())
    return gathering


def party(size: int) -> list[Companion]:
    return [Companion() for _ in range(size - 1)]


def states(*rsvps: Rsvp) -> list[str]:
    for rsvp in rsvps:
        rsvp.refresh_from_db()
    return [rsvp.state for rsvp in rsvps]


def somebody_leaves(gathering: Gathering) -> None:
    gathering.rsvps.seated().order_by("pk")[0].bow_out()


def who_came_before(name: str = "") -> Member:
    """A member who has been at a table already, so no first-timer."""
    member = make_member(name)
    with time_machine.travel(NOW - timedelta(days=9)):
        make_seat(make_gathering(NOW - timedelta(days=7)), member)
    return member


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


def test_kept_seats_are_for_first_timers_until_two_days_before(clock: time_machine.Traveller) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=4, seats_kept=2)
    for _ in range(2):
        assert gathering.seat(who_came_before()).is_seated
    known = gathering.seat(who_came_before())
    assert states(known) == ["waitlisted"]
    newcomer = gathering.seat(make_member())
    assert states(newcomer) == ["seated"]
    gathering.refresh_from_db()
    assert (gathering.seats_left, gathering.seats_kept_now) == (1, 1)
    clock.move_to(gathering.starts_at - timedelta(hours=48, minutes=1))
    minute()
    assert states(known) == ["waitlisted"]
    clock.shift(timedelta(minutes=1))
    minute()
    assert states(known) == ["offered"]


def test_while_only_kept_seats_are_free_it_is_the_first_waiting_first_timers_turn() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, seats_kept=1)
    first_timer = gathering.seat(make_member())
    assert gathering.seat(who_came_before()).is_seated
    known, newcomer = gathering.seat(who_came_before()), gathering.seat(make_member())
    first_timer.bow_out()
    assert states(known, newcomer) == ["waitlisted", "offered"]


def test_a_first_timers_whole_party_may_use_the_kept_seats() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=4, seats_kept=2, most_companions=2)
    assert gathering.seat(who_came_before(), companions=party(2)).is_seated
    assert gathering.seat(make_member(), companions=party(2)).is_seated
    gathering.refresh_from_db()
    assert (gathering.seats_left, gathering.kept_left) == (0, 0)


def test_a_bow_out_does_not_make_anybody_less_of_a_first_timer() -> None:
    member = make_member()
    with time_machine.travel(NOW - timedelta(days=9)):
        make_seat(make_gathering(NOW - timedelta(days=7)), member).bow_out()
    gathering = make_gathering(NOW + timedelta(days=5))
    assert gathering.seat(member).is_first_time
    assert not gathering.seat(who_came_before()).is_first_time


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


def test_whoever_asks_waits_for_the_hosts_yes_and_a_full_table_for_a_seat() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=1, asks_first=True)
    first, second = gathering.seat(make_member()), gathering.seat(make_member())
    assert states(first, second) == ["asked", "asked"]
    assert Message.objects.filter(kind="request_received", member=gathering.host).count() == 2
    first.admit()
    first.admit()
    second.admit()
    assert states(first, second) == ["seated", "waitlisted"]
    assert [message.kind for message in first.member.mail.all()] == ["request_accepted"]
    assert [message.kind for message in second.member.mail.all()] == ["waitlist_joined"]


def test_a_declined_member_may_not_ask_again_here_but_the_host_may_think_again() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), asks_first=True)
    rsvp = gathering.seat(make_member())
    assert rsvp.decline("We are six already.")
    assert not rsvp.decline()
    with pytest.raises(Declined):
        gathering.seat(rsvp.member)
    assert not rsvp.bow_out()
    assert states(gathering.offer(rsvp.member)) == ["offered"]
    assert make_gathering(NOW + timedelta(days=6), asks_first=True).seat(rsvp.member).is_asked


def test_a_no_carries_the_hosts_own_words_and_no_address() -> None:
    rsvp = make_gathering(NOW + timedelta(days=5), asks_first=True).seat(make_member())
    rsvp.decline("We are six already.\nSee the details: https://elsewhere.example")
    assert Message.objects.filter(kind="request_declined", member=rsvp.member).count() == 1
    send()
    [declined] = [each for each in mail.outbox if each.to == [rsvp.member.email]]
    assert declined.subject == f"Not this time: {rsvp.gathering.title}"
    assert "> We are six already.\n> See the details: https://elsewhere.example\n" in declined.body
    assert "14 Greville Street" not in declined.body + html_of(declined)


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


def test_where_the_host_says_yes_first_one_more_waits_for_it_too() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, most_companions=1, asks_first=True)
    rsvp = gathering.seat(make_member())
    rsvp.admit()
    rsvp.bring(party(2))
    assert (rsvp.party, rsvp.companions.filter(is_agreed=False).count()) == (1, 1)
    assert Message.objects.filter(kind="company_asked", member=gathering.host).count() == 1
    rsvp.agree()
    rsvp.agree()
    gathering.refresh_from_db()
    assert (rsvp.party, gathering.seats_taken) == (2, 2)


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


def test_the_host_who_begins_to_say_yes_first_is_asked_about_the_line_and_the_one_who_ceases_lets_it_move() -> None:
    gathering = full_table(seats=2)
    waiting = gathering.seat(make_member(), is_straight_away=True)
    gathering.refresh_from_db()
    gathering.asks_first = True
    gathering.change(["asks_first"])
    assert states(waiting) == ["asked"]
    assert Message.objects.filter(kind="request_received", member=gathering.host).count() == 1
    somebody_leaves(gathering)
    assert states(waiting) == ["asked"]
    gathering.refresh_from_db()
    gathering.asks_first = False
    gathering.change(["asks_first"])
    assert states(waiting) == ["seated"]


def test_a_party_that_the_whole_table_could_not_take_lets_others_pass() -> None:
    gathering = full_table(seats=3, most_companions=2)
    three, single = gathering.seat(make_member(), companions=party(3)), gathering.seat(make_member())
    gathering.refresh_from_db()
    gathering.seats_wanted = 2
    gathering.change(["seats_wanted"])
    somebody_leaves(gathering)
    somebody_leaves(gathering)
    assert states(three, single) == ["waitlisted", "offered"]


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


def test_how_many_kept_seats_are_left_is_nowhere_to_be_read(client: Client) -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=6, seats_kept=2)
    before = client.get(gathering.get_absolute_url()).content.decode()
    assert "Your first time? This seat is kept for you." in before
    newcomer = gathering.seat(make_member())
    with_a_first_timer = client.get(gathering.get_absolute_url()).content.decode()
    newcomer.bow_out()
    gathering.seat(who_came_before())
    with_somebody_known = client.get(gathering.get_absolute_url()).content.decode()
    token = re.compile('name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub("", with_a_first_timer) == token.sub("", with_somebody_known)


def test_a_yes_to_company_is_one_press_from_the_mail(client: Client) -> None:
    """For whoever hosts it still; twice is once, and what there is no room for is said and changes nothing."""
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, most_companions=2, asks_first=True)
    rsvp = gathering.seat(make_member("Noor"))
    rsvp.admit()
    rsvp.bring(party(2))
    send()
    [email] = [each for each in mail.outbox if "would like to bring" in each.subject]
    [path] = re.findall(r"Answer them: \S+?(/m/\S+)", str(email.body))
    assert "Noor would like to bring one more person." in client.get(path).content.decode()
    assert Rsvp.objects.get(pk=rsvp.pk).party == 1
    stranger = path_to("company", make_member(), rsvp.pk, rsvp.round)
    assert client.post(stranger).status_code == 404
    somebody = gathering.seat(make_member())
    somebody.admit()
    assert str(GatheringFull.sentence) in client.post(path).content.decode()
    assert Rsvp.objects.get(pk=rsvp.pk).party == 1
    somebody.bow_out()
    for _twice in range(2):
        assert "Noor comes with one more." in client.post(path, follow=True).content.decode()
    assert Rsvp.objects.get(pk=rsvp.pk).party == 2


def test_where_the_host_says_yes_first_each_request_for_company_reaches_them() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=5, most_companions=2, asks_first=True)
    rsvp = gathering.seat(make_member())
    rsvp.admit()
    rsvp.bring(party(2))
    rsvp.bring(party(2), note="the same, with a word")
    rsvp.agree()
    rsvp.bring(party(3))
    assert Message.objects.filter(kind="company_asked", member=gathering.host).count() == 2
    assert (rsvp.party, rsvp.note) == (2, "the same, with a word")


def test_a_note_is_kept_also_while_company_is_asked_for_and_the_table_is_full() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=2, most_companions=1, asks_first=True)
    rsvp, other = gathering.seat(make_member()), gathering.seat(make_member())
    for each in (rsvp, other):
        each.admit()
    rsvp.bring(party(2))
    rsvp.bring(party(2), note="hello")
    assert (rsvp.note, rsvp.party) == ("hello", 1)
    with pytest.raises(GatheringFull):
        rsvp.agree()


def test_also_whoever_waits_asks_before_bringing_more_where_the_host_says_yes_first() -> None:
    gathering = make_gathering(NOW + timedelta(days=5), seats=4, most_companions=3, asks_first=True)
    for _ in range(4):
        gathering.seat(make_member()).admit()
    waiting = gathering.seat(make_member())
    waiting.admit()
    waiting.bring(party(4))
    assert (states(waiting), waiting.party) == (["waitlisted"], 1)
    waiting.agree()
    assert waiting.party == 4
