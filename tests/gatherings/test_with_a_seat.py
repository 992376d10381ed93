"""What a guest says with their seat: companions, a note, a plan, yes, late, and that they did not make it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.gatherings.models import Companion, Gathering, Rsvp
from apps.outbox.links import path_to
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.privacy.tasks import night
from apps.profiles.models import Member
from apps.reminders.tasks import minute
from tests.factories import mails_to, make_gathering, make_member, make_seat
from tests.odd import FINE, MEGABYTE, Page, assert_refused

pytestmark = [pytest.mark.django_db]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(STARTS - timedelta(days=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def table() -> Gathering:
    return make_gathering(STARTS, most_companions=2, contact="0117 496 0000", met_by="Ada", met_from="18:45")


def two_more(**more: str) -> dict[str, str]:
    return {
        "companion0-who": "child",
        "companion0-name": "Minnow",
        "companion0-needs": "a high chair",
        "companion1-who": "adult",
        **more,
    }


def test_one_takes_a_seat_together_with_whom_one_brings(signed_in: Client, member: Member, table: Gathering) -> None:
    url = table.get_absolute_url()
    page = signed_in.post(f"{url}seat/", two_more(note="I may be quiet at first", wants_space="on"), follow=True)
    assert "You have 3 seats." in page.content.decode()
    rsvp = table.rsvps.get()
    assert (rsvp.party, rsvp.note, rsvp.wants_space) == (3, "I may be quiet at first", True)
    form = Page.of(signed_in.get(f"{url}seat/"))
    assert form.values["companion0-name"] == "Minnow"
    assert form.values["companion1-who"] == "adult"


def test_the_table_learns_of_a_child_and_the_host_of_all_that_was_said(
    client: Client, member: Member, table: Gathering
) -> None:
    client.force_login(member)
    client.post(f"{table.get_absolute_url()}seat/", two_more(note="I may be quiet at first"))
    guest = make_seat(table).member
    client.force_login(guest)
    page = client.get(table.get_absolute_url()).content.decode()
    assert "A child is coming." in page
    assert "with a child and one more" in page
    for private in ("Minnow", "a high chair", "I may be quiet at first"):
        assert private not in page
    client.force_login(table.host)
    for address in ("guests/", "sheet/"):
        page = client.get(table.get_absolute_url() + address).content.decode()
        for said in ("Minnow", "a high chair", "I may be quiet at first"):
            assert said in page


def test_a_party_that_does_not_fit_keeps_what_it_has_and_the_field_says_why(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(STARTS, seats=2, most_companions=1)
    rsvp = make_seat(gathering, member)
    make_seat(gathering)
    answer = signed_in.post(f"{gathering.get_absolute_url()}seat/", {"companion0-who": "adult", "note": "hello"})
    assert answer.status_code == 422
    assert "There is no free seat for that just now." in answer.content.decode()
    assert Page.of(answer).values["note"] == "hello"
    rsvp.refresh_from_db()
    assert (rsvp.party, rsvp.note) == (1, "")


def test_nobody_brings_more_than_the_host_allows(signed_in: Client, member: Member, gathering: Gathering) -> None:
    url = f"{gathering.get_absolute_url()}seat/"
    assert "companion0" not in signed_in.get(url).content.decode()
    signed_in.post(url, two_more())
    assert gathering.rsvps.get().party == 1


@pytest.mark.parametrize("words", FINE)
def test_what_is_said_to_the_host_is_kept_to_the_letter(
    signed_in: Client, client: Client, table: Gathering, words: str
) -> None:
    signed_in.post(f"{table.get_absolute_url()}seat/", two_more(**{"note": words, "companion0-name": words[:60]}))
    client.force_login(table.host)
    assert Page.of(client.get(f"{table.get_absolute_url()}guests/")).shows(" ".join(words.split()))


def test_a_megabyte_of_words_is_refused_beside_its_field(signed_in: Client, table: Gathering) -> None:
    answer = signed_in.post(f"{table.get_absolute_url()}seat/", {"note": MEGABYTE})
    assert_refused(answer, "note", "at most 300 characters")
    assert not table.rsvps.exists()


def test_a_plan_is_read_back_to_its_writer_alone(client: Client, member: Member, table: Gathering) -> None:
    make_seat(table, member)
    client.force_login(member)
    plan = {"sets_off": "18:15", "sets_off_from": "work", "sets_off_by": "bike", "if_nervous": "sit near the kitchen."}
    page = client.post(f"{table.get_absolute_url()}plan/", plan, follow=True).content.decode()
    sentences = [
        "If it is 18:15 on Thursday, I set off from work by bike.",
        "If I get nervous, I sit near the kitchen.",
    ]
    for sentence in sentences:
        assert sentence in page
    for other in (table.host, make_seat(table).member):
        client.force_login(other)
        for address in ("", "guests/", "sheet/"):
            assert "near the kitchen" not in client.get(table.get_absolute_url() + address).content.decode()
        assert "near the kitchen" not in client.get(f"{table.get_absolute_url()}plan/").content.decode()


def test_the_day_before_reads_the_plan_back_and_one_tap_says_yes(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    rsvp = make_seat(table, member)
    client.force_login(member)
    client.post(f"{table.get_absolute_url()}plan/", {"sets_off": "18:15"})
    client.logout()
    minute()
    mail.outbox.clear()
    clock.move_to(STARTS - timedelta(hours=24))
    minute()
    [email] = mails_to(member)
    body = str(email.body)
    assert "If it is 18:15 on Thursday, I set off." in body
    assert "Right now you would be the only guest. Coming and not coming are both fine." in body
    assert "Ada waits outside from 18:45" in body
    assert "0117" not in body
    path = "/m/" + body.split("Yes, I’m coming: ")[1].split("/m/")[1].split()[0]
    assert "Yes, I’m coming" in client.get(path).content.decode()
    rsvp.refresh_from_db()
    assert rsvp.said_yes_at is None
    assert "Your host knows that you are coming" in client.post(path, follow=True).content.decode()
    client.post(path)
    client.force_login(table.host)
    assert "1 of 1 has said yes." in client.get(f"{table.get_absolute_url()}guests/").content.decode()


def test_nobody_is_late_days_before_and_everybody_may_be_until_the_end(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    make_seat(table, member)
    client.force_login(member)
    url = f"{table.get_absolute_url()}late/"
    for hours, is_told in [(72, False), (24, True), (-1, True), (-3, False)]:
        clock.move_to(STARTS - timedelta(hours=hours))
        assert ("I’m running late" in client.get(table.get_absolute_url()).content.decode()) == is_told
        client.post(url, {"minutes": "15"})
    assert Message.objects.filter(kind="running_late").count() == 2


def test_whoever_sets_off_before_midnight_and_arrives_after_it_reads_the_right_day(
    client: Client, member: Member
) -> None:
    gathering = make_gathering(datetime(2026, 11, 27, 0, 30, tzinfo=UTC))
    make_seat(gathering, member)
    client.force_login(member)
    page = client.post(f"{gathering.get_absolute_url()}plan/", {"sets_off": "23:45"}, follow=True).content.decode()
    assert "If it is 23:45 on Thursday, I set off." in page


def test_a_guest_with_company_is_not_told_that_they_would_be_alone(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    table.seat(member, companions=[Companion()])
    clock.move_to(STARTS - timedelta(hours=24))
    mail.outbox.clear()
    minute()
    client.force_login(member)
    for words in (client.get(table.get_absolute_url()).content.decode(), str(mails_to(member)[-1].body)):
        assert "the only guest" not in words


def test_a_name_without_a_word_who_it_is_is_asked_about(signed_in: Client, table: Gathering) -> None:
    answer = signed_in.post(f"{table.get_absolute_url()}seat/", {"companion0-name": "Minnow"})
    assert answer.status_code == 422
    assert "Is that an adult or a child?" in answer.content.decode()
    assert Page.of(answer).values["companion0-name"] == "Minnow"


def test_the_mark_of_an_absence_is_gone_after_thirty_days(
    clock: time_machine.Traveller, member: Member, table: Gathering
) -> None:
    rsvp = make_seat(table, member)
    clock.move_to(STARTS + timedelta(days=1))
    rsvp.mark_absent(True)
    for days, is_kept in [(29, True), (31, False)]:
        clock.move_to(STARTS + timedelta(days=days))
        night()
        rsvp.refresh_from_db()
        assert rsvp.is_absent == is_kept


def test_a_yes_said_to_one_evening_is_none_to_another(table: Gathering, member: Member) -> None:
    rsvp = make_seat(table, member)
    rsvp.say_yes()
    table.refresh_from_db()
    table.day += timedelta(days=1)
    table.change(["day"])
    rsvp.refresh_from_db()
    assert rsvp.said_yes_at is None


def test_the_contact_shows_from_two_hours_before_to_the_end_and_to_the_seated_alone(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    make_seat(table, member)
    for hours, is_shown in [(2.1, False), (2, True), (0, True), (-2.4, True), (-2.6, False)]:
        clock.move_to(STARTS - timedelta(hours=hours))
        for reader, may_read in [(member, True), (make_member(), False)]:
            client.force_login(reader)
            page = client.get(table.get_absolute_url()).content.decode()
            assert ("0117 496 0000" in page) == (is_shown and may_read)


def test_the_two_hour_mail_has_the_contact_and_a_tap_for_being_late(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    make_seat(table, member)
    minute()
    clock.move_to(STARTS - timedelta(hours=2))
    mail.outbox.clear()
    minute()
    body = str(mails_to(member)[-1].body)
    assert "0117 496 0000" in body
    path = "/m/" + body.split("Tell your host with one tap.")[1].split("/m/")[1].split()[0]
    assert client.get(path).status_code == 200
    assert client.post(path, {}).status_code == 422
    client.post(path, {"minutes": "30"})
    client.post(path, {"minutes": "30"})  # within the same minute it is the same word
    mail.outbox.clear()
    send()
    [told] = mail.outbox
    assert told.subject == "Robin will be about 30 minutes late"
    assert told.to == [table.host.email]


def test_after_it_the_guest_says_themself_that_they_did_not_make_it(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    rsvp = make_seat(table, member)
    client.force_login(member)
    url = f"{table.get_absolute_url()}missed/"
    client.post(url)
    rsvp.refresh_from_db()
    assert not rsvp.has_missed
    clock.move_to(STARTS + timedelta(hours=20))
    assert "That is fine, and there is another." in client.post(url, follow=True).content.decode()
    assert not Rsvp.objects.who_came().exists()


def test_the_hosts_mark_is_seen_by_hosts_and_changes_nothing(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    rsvp = make_seat(table, member)
    clock.move_to(STARTS + timedelta(hours=20))
    client.force_login(table.host)
    page = client.post(f"{table.get_absolute_url()}guests/{member.key}/absent/", follow=True).content.decode()
    assert "could not make it" in page
    assert Rsvp.objects.who_came().get() == rsvp
    client.force_login(member)
    assert "could not make it" not in client.get(table.get_absolute_url()).content.decode()


def test_the_only_guest_is_told_so_in_the_last_two_days_and_not_before(
    clock: time_machine.Traveller, client: Client, member: Member, table: Gathering
) -> None:
    make_seat(table, member)
    client.force_login(member)
    words = "Right now you would be the only guest."
    assert words not in client.get(table.get_absolute_url()).content.decode()
    clock.move_to(STARTS - timedelta(hours=47))
    assert words in client.get(table.get_absolute_url()).content.decode()
    make_seat(table)
    assert words not in client.get(table.get_absolute_url()).content.decode()


def test_below_the_floor_the_host_is_asked_the_day_before_and_decides(
    clock: time_machine.Traveller, client: Client
) -> None:
    gathering = make_gathering(STARTS, least_guests=2)
    make_seat(gathering)
    minute()
    mail.outbox.clear()
    clock.move_to(STARTS - timedelta(hours=24))
    minute()
    minute()
    few = f"Few guests so far: {gathering.title}"
    [asked] = [each for each in mails_to(gathering.host) if each.subject == few]
    for choice in ("It goes ahead: ", f"/gatherings/{gathering.key}/edit/", "Call it off: "):
        assert choice in str(asked.body)
    path = "/m/" + str(asked.body).split("It goes ahead: ")[1].split("/m/")[1].split()[0]
    assert "Shall it go ahead?" in client.get(path).content.decode()
    call_off = "/m/" + str(asked.body).split("Call it off: ")[1].split("/m/")[1].split()[0]
    assert "Call it off?" in client.get(call_off).content.decode()
    gathering.refresh_from_db()
    assert (gathering.state, gathering.goes_ahead) == ("published", False)
    assert "It goes ahead" in client.post(path, follow=True).content.decode()
    gathering.refresh_from_db()
    assert gathering.goes_ahead
    page = client.post(call_off, {"words": "Next week."}, follow=True).content.decode()
    assert "It is called off" in page
    assert "Your guests are told." in page
    gathering.refresh_from_db()
    assert (gathering.state, gathering.cancel_words) == ("cancelled", "Next week.")


def test_what_is_over_is_not_said_to_be_called_off(clock: time_machine.Traveller, client: Client) -> None:
    gathering = make_gathering(STARTS, least_guests=2)
    path = path_to("call_off", gathering.host, gathering.pk, gathering.moves)
    clock.move_to(gathering.ends_at)
    for page in (client.get(path), client.post(path, {"words": "Next week."})):
        assert "This gathering is over" in page.content.decode()
        assert "called off" not in page.content.decode()
    gathering.refresh_from_db()
    assert gathering.is_published


def test_enough_guests_or_a_decision_keep_the_question_away(clock: time_machine.Traveller) -> None:
    enough, decided = make_gathering(STARTS, least_guests=1), make_gathering(STARTS, least_guests=2)
    make_seat(enough)
    decided.go_ahead()
    clock.move_to(STARTS - timedelta(hours=24))
    minute()
    assert not Message.objects.filter(kind="too_few").exists()
