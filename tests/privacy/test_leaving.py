"""Leaving for good: at once for others, two weeks to come back, then nothing is left."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import CalendarFeed, CoHost, Gathering, Note, Question, Rsvp, Series, StandingRsvp
from apps.moderation.models import Suspension
from apps.moderation.tasks import hour
from apps.outbox.links import path_to
from apps.outbox.models import Message, Suppression
from apps.outbox.tasks import send
from apps.privacy import erasing, leaving
from apps.privacy.tasks import often
from apps.profiles.models import Member
from tests.factories import mails_to, make_gathering, make_member, make_seat
from tests.pictures import give_picture
from tests.privacy.visits import BACK, LEAVE, leave, sign_in, visit

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NAMELESS = "Somebody who has left"


@pytest.fixture(autouse=True)
def exports_root(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return tmp_path / "exports"


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada Lovelace", email="ada@example.org", pronouns="she/her")


def help_host(gathering: Gathering, member: Member, days_ago: int = 1) -> CoHost:
    since = timezone.now() - timedelta(days=days_ago)
    return CoHost.objects.create(gathering=gathering, email=member.email, member=member, accepted_at=since)


def in_two_weeks() -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=14, minutes=1))


# At once


def test_that_they_have_left_is_said_once_and_to_nobody_else(ada: Member) -> None:
    visitor = leave(ada)
    page = visitor.get("/left/").content.decode()
    assert "You have left. Thank you for having been here." in page
    for other in (visitor, Client(), visit(make_member("Eve"))):
        page = other.get("/left/").content.decode()
        assert "You have left" not in page
        assert "Whoever has left can come back for two weeks" in page


def test_the_page_says_what_happens_and_asks_first_whether_it_is_still_you(ada: Member) -> None:
    own, helped = make_gathering(host=ada, title="Stew"), make_gathering(host=ada, title="Broth")
    help_host(helped, make_member("Noor"))
    make_seat(make_gathering(), ada)
    visitor = visit(ada)
    page = visitor.get(LEAVE).content.decode()
    assert "Your seat is given back" in page
    assert f"“{own.title}” is called off" in page
    assert f"Noor hosts “{helped.title}” from then on" in page
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        for answer in (visitor.get(LEAVE), visitor.post(LEAVE)):
            assert answer["Location"] == "/accounts/again/?next=%2Fsettings%2Fleave%2F"
    ada.refresh_from_db()
    assert ada.is_active


def test_looking_at_the_page_costs_the_same_however_much_there_is(ada: Member, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        help_host(make_gathering(host=ada), make_member())
        make_seat(make_gathering(), ada)
    visitor = visit(ada)
    with django_assert_num_queries(6):  # session, member, and what the page tells
        visitor.get(LEAVE)


def test_whoever_leaves_is_signed_out_and_their_name_is_on_no_page(ada: Member) -> None:
    past = make_gathering(timezone.now() + timedelta(hours=1), host=ada, title="Stew")
    make_seat(past, make_member("Noor", email="noor@example.org"))
    elsewhere = visit(ada)
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=30)):
        assert "Ada Lovelace" in Client().get(past.get_absolute_url()).content.decode()  # control
        visitor = leave(ada)
        for browser in (visitor, elsewhere):
            assert browser.get("/settings/")["Location"].startswith("/accounts/login/")
        for reader in (Client(), visit(Member.objects.get(name="Noor"))):
            page = reader.get(past.get_absolute_url()).content.decode()
            assert "Ada" not in page
            assert NAMELESS in page


def test_a_seat_goes_to_whose_turn_it_is(ada: Member) -> None:
    gathering = make_gathering(seats=1)
    make_seat(gathering, ada)
    noor = make_member("Noor")
    gathering.seat(noor)
    leave(ada)
    assert Rsvp.objects.get(member=noor).is_offered
    assert Rsvp.objects.get(member=ada).state == Rsvp.State.LEFT


def test_an_offer_a_request_and_a_whole_series_end_too(ada: Member) -> None:
    full = make_gathering(seats=1)
    first = make_seat(full)
    full.seat(ada)
    first.bow_out()
    asking = make_gathering(asks_first=True)
    asking.seat(ada)
    series = Series.begin(make_gathering(), "weekly")
    series.join(ada)
    assert set(ada.rsvps.values_list("state", flat=True)) == {"offered", "asked", "seated"}  # control
    leave(ada)
    assert set(ada.rsvps.values_list("state", flat=True)) == {"left"}
    assert not StandingRsvp.objects.exists()


def test_what_they_host_goes_to_whoever_helped_longest_and_their_home_does_not(ada: Member) -> None:
    home: dict[str, Any] = {
        "address": "14 Secret Row",
        "way_in": "two steps up",
        "meeting_point": "at the Secret gate",
        "is_step_free": True,
        "door_width": 90,
    }
    gathering = make_gathering(host=ada, contact="0117 496", seats=3, is_alcohol_free=True, **home)
    help_host(gathering, make_member("Kim"), days_ago=2)
    noor = make_member("Noor", email="noor@example.org")
    help_host(gathering, noor, days_ago=9)
    guest = make_seat(gathering, make_member("Gil"), timezone.now() - timedelta(hours=1)).member
    leave(ada)
    gathering.refresh_from_db()
    assert (gathering.host, gathering.state) == (noor, "published")
    assert gathering.address == "Noor hosts now, and says in time where"
    assert (gathering.way_in, gathering.contact, gathering.meeting_point) == ("", "", "")
    assert (gathering.is_step_free, gathering.door_width, gathering.is_alcohol_free) == (None, None, True)
    assert list(gathering.co_hosts.values_list("member__name", flat=True)) == ["Kim"]
    assert "Secret" not in str(list(gathering.changes.values_list("old", "new")))
    with time_machine.travel(timezone.now().replace(hour=11) + timedelta(days=1)):
        send()
    [word] = [letter for letter in mails_to(noor) if letter.subject.startswith("You host it now")]
    assert "the address is taken out" in str(word.body)
    assert Message.objects.filter(kind="handed_over", member=noor).count() == 1
    [told] = [letter for letter in mails_to(guest) if "has changed" in letter.subject]
    assert "Secret" not in str(told.message())
    assert "Address" in str(told.body)
    assert "Steps to the door, the table or the toilet: nothing said" in str(told.body)


def test_a_public_place_stays_when_it_is_handed_on(ada: Member) -> None:
    gathering = make_gathering(host=ada, address="Café Row", setting="public", way_in="Bus 76", is_step_free=True)
    help_host(gathering, make_member("Noor"))
    leave(ada)
    gathering.refresh_from_db()
    assert (gathering.address, gathering.way_in, gathering.host.name) == ("Café Row", "Bus 76", "Noor")
    assert gathering.is_step_free is True


def test_where_nobody_helps_it_is_called_off_with_kind_words(ada: Member) -> None:
    gathering = make_gathering(host=ada)
    guest = make_seat(gathering).member
    asked = make_member("Not yet")
    CoHost.objects.create(gathering=gathering, email=asked.email)  # has not said yes
    leave(ada)
    gathering.refresh_from_db()
    assert gathering.is_cancelled
    send()
    [letter] = [each for each in mails_to(guest) if each.subject.startswith("Called off")]
    assert "there are other tables" in str(letter.body)
    assert "Ada" not in str(letter.message())


def test_a_series_goes_on_with_another_host_who_is_told_once(ada: Member) -> None:
    series = Series.begin(make_gathering(host=ada), "weekly")
    noor = make_member("Noor")
    for date in series.dates.order_by("day")[1:]:
        help_host(date, noor)
    first = series.dates.order_by("day")[0]
    leave(ada)
    series.refresh_from_db()
    first.refresh_from_db()
    assert (series.host, first.is_cancelled, first.series) == (noor, True, None)
    assert {date.host for date in series.dates.all()} == {noor}
    assert Message.objects.filter(kind="handed_over").count() == 1
    series.keep_going(timezone.now() + timedelta(weeks=2))
    assert {date.host for date in series.dates.all()} == {noor}


def test_a_series_that_nobody_takes_on_makes_no_more_dates(ada: Member) -> None:
    series = Series.begin(make_gathering(host=ada), "weekly")
    leave(ada)
    assert set(series.dates.values_list("state", flat=True)) == {"cancelled"}
    series.refresh_from_db()
    assert series.last_day < timezone.now().date()


def test_calendar_mail_links_words_and_helping_end(ada: Member) -> None:
    other = make_gathering()
    help_host(other, ada)
    seat = make_seat(make_gathering(), ada)
    Question.objects.ask(make_gathering(), ada, "Is there a bus?")
    make_seat(other)
    Note.objects.send(other, ada, "Bring a cup")
    CalendarFeed.objects.renew(ada)
    feed, link = CalendarFeed.objects.get().url, path_to("leave", ada, seat.pk, seat.round)
    assert (Client().get(feed).status_code, Client().get(link).status_code) == (200, 200)  # control
    leave(ada)
    assert (Client().get(feed).status_code, Client().get(link).status_code) == (404, 404)
    assert [model.objects.count() for model in (CoHost, Question, Note)] == [0, 0, 0]


def test_their_picture_is_gone_at_once_with_its_files(
    ada: Member, pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    give_picture(ada)
    assert len(list(pictures.iterdir())) == 3  # control
    with django_capture_on_commit_callbacks(execute=True):
        leave(ada)
    assert list(pictures.iterdir()) == []


def test_one_last_mail_says_until_when_and_no_other_comes(ada: Member) -> None:
    seat = make_seat(make_gathering(), ada)
    leave(ada)
    mail.outbox.clear()
    Message.objects.put("seat_confirmed", ada, subject_id=seat.pk, version=99)
    send()
    [letter] = [each for each in mail.outbox if each.to == ["ada@example.org"]]
    assert letter.subject == "You have left"
    until = (timezone.now() + timedelta(days=14)).strftime("%B")
    assert until in str(letter.body)
    assert Message.objects.get(kind="leaving").state == "sent"


def test_the_only_keeper_is_asked_to_make_another_first(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(is_superuser=True, is_staff=True)
    visitor = visit(ada)
    answer = visitor.post(LEAVE)
    assert answer.status_code == 422
    assert "You are the only keeper" in answer.content.decode()
    make_member(is_superuser=True, is_staff=True)
    assert visitor.post(LEAVE).status_code == 302


def test_what_a_stopped_process_left_undone_the_sweep_does(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    gathering = make_gathering(host=ada)
    with monkeypatch.context() as stopped:
        stopped.setattr(leaving, "let_go", lambda member: None)
        leave(ada)
    gathering.refresh_from_db()
    assert gathering.is_published  # control
    often()
    gathering.refresh_from_db()
    assert gathering.is_cancelled


# Coming back


def test_signing_in_within_two_weeks_leads_to_one_button_that_brings_all_back(ada: Member) -> None:
    seat = make_seat(make_gathering(), ada)
    leave(ada)
    with time_machine.travel(timezone.now() + timedelta(days=13)):
        often()
        visitor, led_to = sign_in("ada@example.org")
        assert led_to == BACK
        page = visitor.get(BACK).content.decode()
        assert "The seats you had are with others now" in page
        assert visitor.get("/settings/").status_code == 302  # not yet
        assert visitor.post(BACK)["Location"] == "/table/"
        ada.refresh_from_db()
        assert (ada.name, ada.pronouns, ada.is_active) == ("Ada Lovelace", "she/her", True)
        assert "Welcome back" in visitor.get("/table/").content.decode()
        assert visitor.get(LEAVE).status_code == 200  # they have just shown that it is them
    seat.refresh_from_db()
    assert seat.state == Rsvp.State.LEFT
    with in_two_weeks():
        often()
    assert Member.objects.filter(pk=ada.pk).exists()


def test_nobody_comes_back_without_having_proved_the_address(ada: Member) -> None:
    leave(ada)
    for visitor in (Client(), visit(make_member("Eve"))):
        assert "Sign in, and once the code has shown that it is you" in visitor.get(BACK).content.decode()
        assert visitor.post(BACK).status_code == 302
    ada.refresh_from_db()
    assert not ada.is_active
    visitor, _led_to = sign_in("ada@example.org")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        visitor.post(BACK)
    ada.refresh_from_db()
    assert not ada.is_active


def test_whoever_was_shut_out_by_a_keeper_cannot_come_back_this_way(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    visitor, led_to = sign_in("ada@example.org")
    assert led_to == BACK
    assert "This account is closed" in visitor.get(BACK).content.decode()
    visitor.post(BACK)
    ada.refresh_from_db()
    assert not ada.is_active


def test_a_suspension_neither_brings_back_nor_is_left_behind(ada: Member) -> None:
    leave(ada)
    Suspension.objects.create(member=ada, until=timezone.now().date() + timedelta(days=1))
    visitor, _led_to = sign_in("ada@example.org")
    assert "Your place here is paused" in visitor.get(BACK).content.decode()
    visitor.post(BACK)
    ada.refresh_from_db()
    assert not ada.is_active
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        hour()
        often()
        ada.refresh_from_db()
        assert not ada.is_active  # it was they who left
    with in_two_weeks():
        often()
    assert not Member.objects.filter(pk=ada.pk).exists()


# For good


def test_what_others_came_to_stays_and_says_nothing_of_who_held_it(ada: Member) -> None:
    said: dict[str, Any] = {"for_whom": "Friends of Ada", "languages": "Ada’s", "door_width": 90, "is_quiet": True}
    said |= {"meeting_point": "Ada’s gate", "in_rain": "In at Ada’s", "pace": "slow"}
    gathering = make_gathering(
        timezone.now() + timedelta(hours=1), host=ada, title="Ada’s stew", words="At Ada’s", **said
    )
    guest = make_seat(gathering).member
    alone = make_gathering(timezone.now() + timedelta(hours=1), host=ada)
    draft = make_gathering(host=ada, is_draft=True)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        leave(ada)
        often()
        assert Member.objects.filter(pk=ada.pk).exists()  # control
        with in_two_weeks():
            often()
            page = visit(guest).get(gathering.get_absolute_url()).content.decode()
    assert not Member.objects.filter(pk=ada.pk).exists()
    assert not Gathering.objects.filter(pk__in=[alone.pk, draft.pk]).exists()
    gathering.refresh_from_db()
    assert (gathering.title, gathering.words, gathering.address) == ("Dinner", "", "")
    assert (gathering.for_whom, gathering.languages, gathering.door_width, gathering.is_quiet) == ("", "", None, None)
    assert (gathering.meeting_point, gathering.in_rain, gathering.pace) == ("", "", "")
    assert gathering.host.name == NAMELESS
    assert gathering.rsvps.get().member == guest
    assert "Ada" not in page


def test_nobody_can_sign_in_as_the_one_who_stands_for_all_who_have_left(ada: Member) -> None:
    other = make_member("Bea", email="bea@example.org")
    for host in (ada, other):
        make_seat(make_gathering(host=host))
        leave(host)
    with in_two_weeks():
        often()
    assert [gathering.host.email for gathering in Gathering.objects.all()] == [erasing.NOBODY] * 2
    nobody = Member.objects.get(email=erasing.NOBODY)
    assert not nobody.is_active


@pytest.mark.parametrize(("reason", "is_kept"), [("asked", True), ("complained", True), ("bounced", False)])
def test_that_an_address_wants_no_mail_is_known_without_the_address(ada: Member, reason: str, is_kept: bool) -> None:
    Suppression.objects.suppress("ada@example.org", reason)
    leave(ada)
    with in_two_weeks():
        often()
        assert "ada@" not in str(list(Suppression.objects.values_list("address", flat=True)))
        assert Suppression.objects.of("Ada@example.org").exists() is is_kept
        Message.objects.put("address_changed", "ada@example.org")
        mail.outbox.clear()
        send()
    assert [letter.to for letter in mail.outbox] == ([] if is_kept else [["ada@example.org"]])


def test_after_that_the_address_is_a_stranger_who_may_join(ada: Member) -> None:
    leave(ada)
    with in_two_weeks():
        often()
        _visitor, led_to = sign_in("ada@example.org")
        assert led_to == "/accounts/introduce/"
