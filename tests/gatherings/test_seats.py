"""Taking a seat and giving it back, through the verbs and through the pages."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import (
    Gathering,
    GatheringHasBegun,
    GatheringNotOpen,
    HostHasASeat,
    Rsvp,
)
from apps.outbox.models import Message
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_seat_is_counted_and_confirmed_once(gathering: Gathering, member: Member) -> None:
    rsvp = gathering.seat(member)
    assert gathering.seat(member) == rsvp
    gathering.refresh_from_db()
    assert (gathering.seats_taken, gathering.seats_left) == (1, 4)
    assert [(mail.kind, mail.subject_id) for mail in member.mail.all()] == [("seat_confirmed", rsvp.pk)]


def test_the_last_seat_goes_to_one_and_the_next_waits_and_is_told(member: Member) -> None:
    gathering = make_gathering(seats=1)
    make_seat(gathering)
    assert gathering.seat(member).is_waitlisted
    assert Rsvp.objects.seated().count() == 1
    assert [mail.kind for mail in member.mail.all()] == ["waitlist_joined"]


def test_a_seat_given_back_is_free_again_and_may_be_taken_again(member: Member) -> None:
    gathering = make_gathering(seats=1)
    rsvp = gathering.seat(member)
    rsvp.bow_out()
    rsvp.bow_out()
    gathering.refresh_from_db()
    assert gathering.seats_taken == 0
    again = gathering.seat(member)
    assert (again.pk, again.round, again.is_seated) == (rsvp.pk, 3, True)
    assert Message.objects.filter(kind="seat_confirmed", member=member).count() == 2


def test_no_seat_at_a_draft_a_cancelled_or_a_begun_gathering_nor_for_its_host(member: Member) -> None:
    with pytest.raises(GatheringNotOpen):
        make_gathering(is_draft=True).seat(member)
    called_off = make_gathering()
    called_off.cancel("")
    with pytest.raises(GatheringNotOpen):
        called_off.seat(member)
    with pytest.raises(GatheringHasBegun):
        make_gathering(timezone.now() - timedelta(minutes=2)).seat(member)
    gathering = make_gathering()
    with pytest.raises(HostHasASeat):
        gathering.seat(gathering.host)
    assert not Rsvp.objects.exists()


def test_the_database_itself_refuses_a_seat_too_many() -> None:
    gathering = make_gathering(seats=1)
    with pytest.raises(IntegrityError, match="gathering_seats_never_oversold"), transaction.atomic():
        Gathering.objects.filter(pk=gathering.pk).update(seats_taken=2)


def test_fewer_seats_than_are_taken_evicts_nobody_and_sinks_as_guests_leave() -> None:
    gathering = make_gathering(seats=3)
    seats = [make_seat(gathering) for _ in range(3)]
    gathering.refresh_from_db()
    gathering.seats_wanted = 1
    gathering.change(["seats_wanted"])
    gathering.refresh_from_db()
    assert (gathering.seats, gathering.seats_taken, gathering.is_full) == (3, 3, True)
    seats[0].bow_out()
    gathering.refresh_from_db()
    assert (gathering.seats, gathering.seats_taken, gathering.is_full) == (2, 2, True)


def test_a_change_of_start_is_a_move_and_a_change_of_words_is_none(gathering: Gathering) -> None:
    gathering.words = "Soup and bread."
    gathering.change(["words"])
    assert (gathering.moves, gathering.sequence) == (0, 0)
    gathering.day += timedelta(days=1)
    gathering.change(["day"])
    assert (gathering.moves, gathering.sequence) == (1, 1)
    gathering.address = "15 Greville Street"
    gathering.change(["address"])
    assert (gathering.moves, gathering.sequence) == (1, 2)


def test_calling_off_tells_the_seated_once_and_nobody_else(gathering: Gathering, member: Member) -> None:
    make_seat(gathering, member)
    make_seat(gathering).bow_out()
    gathering.cancel("The oven gave up.")
    gathering.cancel("Again.")
    told = Message.objects.filter(kind="gathering_cancelled")
    assert [mail.member for mail in told] == [member]
    assert gathering.cancel_words == "The oven gave up."


def test_one_click_seats_a_member(signed_in: Client, member: Member, gathering: Gathering) -> None:
    page = signed_in.post(f"/gatherings/{gathering.key}/rsvp/", follow=True)
    assert "You have a seat." in page.content.decode()
    assert gathering.rsvps.seated().filter(member=member).exists()


def test_whoever_presses_for_a_seat_that_has_just_gone_waits_and_is_told_so(signed_in: Client) -> None:
    gathering = make_gathering(seats=1)
    make_seat(gathering)
    page = signed_in.post(f"/gatherings/{gathering.key}/rsvp/", follow=True).content.decode()
    assert "No seat is free for you just now, so you are on the waitlist." in page
    assert "It is your turn next." in page
    assert gathering.rsvps.in_line().count() == 1


def test_a_seat_is_given_back_by_a_post_and_a_get_changes_nothing(
    signed_in: Client, member: Member, gathering: Gathering
) -> None:
    rsvp = make_seat(gathering, member)
    assert signed_in.get(f"/gatherings/{gathering.key}/leave/").status_code == 200
    rsvp.refresh_from_db()
    assert rsvp.is_seated
    page = signed_in.post(f"/gatherings/{gathering.key}/leave/", follow=True)
    assert not Rsvp.objects.seated().exists()
    assert "That is fine" in page.content.decode()


def test_nobody_leaves_for_somebody_else(signed_in: Client, gathering: Gathering) -> None:
    rsvp = make_seat(gathering, make_member())
    assert signed_in.post(f"/gatherings/{gathering.key}/leave/").status_code == 404
    rsvp.refresh_from_db()
    assert rsvp.is_seated


def test_a_get_to_the_rsvp_changes_nothing(signed_in: Client, gathering: Gathering) -> None:
    assert signed_in.get(f"/gatherings/{gathering.key}/rsvp/").status_code == 405
    assert not Rsvp.objects.exists()


def test_why_it_was_called_off_is_for_those_who_had_a_seat(
    client: Client, gathering: Gathering, member: Member
) -> None:
    make_seat(gathering, member)
    gathering.cancel("My mother is ill.")
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert "My mother is ill." not in page
    client.force_login(member)
    assert "My mother is ill." in client.get(gathering.get_absolute_url()).content.decode()


def test_what_is_called_off_is_not_changed_by_a_page_that_was_open_before(client: Client, gathering: Gathering) -> None:
    """A change would raise the SEQUENCE, and the word of the cancellation would no longer be true."""
    make_seat(gathering)
    stale = Gathering.objects.get(pk=gathering.pk)
    gathering.cancel("The oven gave up.")
    stale.area = "Elsewhere"
    with pytest.raises(GatheringNotOpen):
        stale.change(["area"])
    client.force_login(gathering.host)
    page = client.post(f"{gathering.get_absolute_url()}edit/", {"title": "Other"}, follow=True)
    assert "it can no longer be changed" in page.content.decode()
    gathering.refresh_from_db()
    assert Message.objects.get(kind="gathering_cancelled").version == gathering.sequence
