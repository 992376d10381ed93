"""Guests choose the film: who may, until when, how it is counted, and what everyone is told of it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.models import CoHost, Companion, Gathering
from apps.movies.models import (
    Film,
    NotOnTheList,
    NotSeated,
    NoVote,
    Showing,
    TooLate,
    Vote,
)
from apps.movies.sweep import sweep
from apps.movies.tasks import minute
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat
from tests.movies.nights import TITLES, add_film, make_night, make_vote
from tests.odd import Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)  # a Thursday
BOOKED = STARTS - timedelta(days=3, hours=5)  # Monday, 14:00
CLOSES = BOOKED + timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def night(clock: time_machine.Traveller) -> Gathering:
    return make_night(starts=STARTS, seats=5, hours=2.5)


@pytest.fixture
def films(night: Gathering) -> list[Film]:
    return make_vote(night)


def guest_of(night: Gathering, name: str = "") -> Member:
    member = make_member(name)
    make_seat(night, member)
    return member


def votes(night: Gathering, *ticks: list[Film]) -> list[Member]:
    """One guest more for each, who ticks these."""
    guests = [guest_of(night) for _ in ticks]
    for guest, films in zip(guests, ticks, strict=True):
        Vote.objects.cast(night, guest, [film.pk for film in films])
    return guests


def chosen_for(night: Gathering) -> str:
    return str(Showing.objects.of(night))


def close(clock: time_machine.Traveller, at: datetime = CLOSES) -> None:
    clock.move_to(at)
    minute()


def page_of(client: Client, night: Gathering, address: str = "") -> str:
    return " ".join(client.get(f"{night.get_absolute_url()}{address}").content.decode().split())


# How it is counted


def test_most_ticks_win(clock: time_machine.Traveller, night: Gathering, films: list[Film]) -> None:
    totoro, paddington, courgette = films
    votes(night, [totoro, courgette], [courgette], [paddington, courgette], [paddington])
    close(clock)
    assert chosen_for(night) == "My Life as a Courgette"


@pytest.mark.parametrize("ticked", [(1, 2), (2, 1), (0, 2), (0, 1, 2), ()])
def test_of_several_it_is_the_one_named_first_and_so_it_is_where_nobody_ticked_any(
    clock: time_machine.Traveller, night: Gathering, films: list[Film], ticked: tuple[int, ...]
) -> None:
    votes(night, *([films[number]] for number in ticked), [])
    close(clock)
    assert chosen_for(night) == TITLES[min(ticked, default=0)]


def test_first_is_who_was_named_first_and_not_who_stands_where_another_stood(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    films[0].take_out()
    again = add_film(night, "Totoro")
    assert again.place == 1
    votes(night, [again], [films[2]])
    close(clock)
    assert chosen_for(night) == TITLES[2]


def test_a_choice_can_be_changed_until_the_end_and_the_last_one_counts(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    [guest] = votes(night, films)
    Vote.objects.cast(night, guest, [])
    Vote.objects.cast(night, guest, [films[1].pk, films[1].pk])
    assert [vote.film for vote in Vote.objects.of(guest, night)] == [films[1]]
    close(clock)
    assert chosen_for(night) == TITLES[1]


def test_a_vote_counts_only_with_the_seat_that_it_was_given_with(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    guest, *_others = votes(night, [films[2]], [films[2]], [films[1]])
    seat = night.rsvps.get(member=guest)
    seat.bow_out()
    night.seat(guest)
    assert not Vote.objects.of(guest, night)
    close(clock)
    assert chosen_for(night) == TITLES[1]


def test_companions_have_no_voice_and_to_bring_one_changes_nothing(
    clock: time_machine.Traveller, films: list[Film], night: Gathering
) -> None:
    Gathering.objects.filter(pk=night.pk).update(most_companions=2)
    one, *_others = votes(night, [films[1]], [films[2]], [films[2]])
    night.rsvps.get(member=one).bring([Companion(name="Ida", is_child=False)])
    assert Vote.objects.of(one, night).count() == 1
    close(clock)
    assert chosen_for(night) == TITLES[2]


def test_a_voter_hidden_from_another_counts_as_anybody(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    one, other = votes(night, [films[1]], [films[1]])
    Block.objects.create(blocker=one, blocked=other)
    votes(night, [films[2]])
    close(clock)
    assert chosen_for(night) == TITLES[1]


def test_closing_twice_and_two_sweeps_change_nothing_more(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    votes(night, [films[2]])
    close(clock)
    minute()
    clock.shift(timedelta(minutes=1))
    minute()
    assert chosen_for(night) == TITLES[2]
    assert Message.objects.filter(kind="vote_closed").count() == 2  # to the guest and the host


def test_nothing_is_kept_of_who_ticked_what(clock: time_machine.Traveller, night: Gathering, films: list[Film]) -> None:
    votes(night, [films[2]], [films[1]])
    close(clock)
    assert not Vote.objects.exists()


def test_what_is_called_off_is_never_counted(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    votes(night, [films[2]])
    night.cancel("The projector broke.")
    close(clock)
    assert not Showing.objects.get().is_closed
    assert not Message.objects.filter(kind="vote_closed").exists()


def test_a_gathering_that_is_moved_before_the_end_of_the_vote_closes_it_at_its_start(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    guest, *_others = votes(night, [films[1]])
    night.refresh_from_db()
    night.day = BOOKED.date()
    night.change(["day"])
    clock.move_to(night.starts_at)
    with pytest.raises(TooLate):
        Vote.objects.cast(night, guest, [films[2].pk])
    minute()
    assert chosen_for(night) == TITLES[1]


# Who may, and when


def test_only_whoever_has_a_seat_votes(night: Gathering, films: list[Film]) -> None:
    helper, left, waiting = make_member(), guest_of(night), make_member()
    CoHost.objects.create(gathering=night, email=helper.email, member=helper, accepted_at=night.created_at)
    night.rsvps.get(member=left).bow_out()
    for member in (make_member(), night.host, helper, left, waiting):
        with pytest.raises(NotSeated):
            Vote.objects.cast(night, member, [films[0].pk])
    assert not Vote.objects.exists()


def test_after_the_end_it_is_too_late_whether_the_sweep_has_come_or_not(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    guest, *_others = votes(night, [films[1]])
    for come in (lambda: None, minute):
        clock.move_to(CLOSES)
        come()
        with pytest.raises(TooLate):
            Vote.objects.cast(night, guest, [films[2].pk])
    assert chosen_for(night) == TITLES[1]


def test_the_list_of_another_evening_is_not_this_one(night: Gathering, films: list[Film]) -> None:
    [guest] = votes(night, [films[1]])
    other = make_vote(make_night(starts=STARTS))
    for some in ([other[0].pk], [films[0].pk, other[0].pk], [10**9], [-1]):
        with pytest.raises(NotOnTheList):
            Vote.objects.cast(night, guest, some)
    assert [vote.film for vote in Vote.objects.of(guest, night)] == [films[1]]


def test_where_there_is_no_vote_or_no_evening_nobody_votes(night: Gathering) -> None:
    guest, film = guest_of(night), add_film(night, "Totoro")
    with pytest.raises(NoVote):
        Vote.objects.cast(night, guest, [film.pk])
    make_vote(night)
    night.cancel("")
    with pytest.raises(NoVote):
        Vote.objects.cast(night, guest, [film.pk])


# By the page


@pytest.fixture
def guest(night: Gathering, films: list[Film], member: Member) -> Member:
    make_seat(night, member)
    return member


def test_a_guest_ticks_what_they_would_enjoy_on_the_page_and_finds_it_ticked(
    signed_in: Client, guest: Member, night: Gathering, films: list[Film]
) -> None:
    answer = signed_in.post(f"{night.get_absolute_url()}vote/", {"films": [films[0].pk, films[2].pk]}, follow=True)
    assert "Kept. You can change it until Tuesday 24 November, 14:00." in answer.content.decode()
    page = Page.of(signed_in.get(night.get_absolute_url()))
    ticked = [attrs["value"] for tag, attrs in page.elements if attrs.get("name") == "films" and "checked" in attrs]
    assert ticked == [str(films[0].pk), str(films[2].pk)]


def test_pages_are_byte_equal_however_others_have_voted(
    clock: time_machine.Traveller, guest: Member, night: Gathering, films: list[Film]
) -> None:
    """For a stranger, the host, and a guest: no tally before the end, nor whether anybody has voted at all."""
    others = [guest_of(night) for _ in range(3)]
    readers = {None: "", night.host: "", night.host.pk: "film/", guest: ""}

    def pages() -> list[str]:
        found = []
        for reader, address in readers.items():
            client = Client()
            if reader:
                client.force_login(Member.objects.get(pk=getattr(reader, "pk", reader)))
            found.append(without_tokens(page_of(client, night, address)))
        return found

    before = pages()
    for other in others:
        Vote.objects.cast(night, other, [films[1].pk, films[2].pk])
    assert pages() == before
    Vote.objects.cast(night, guest, [films[0].pk])
    assert pages() != before  # control: one's own is read back


def without_tokens(page: str) -> str:
    return re.sub(r'value="\w{64}"|nonce="[^"]+"|"X-CSRFToken": "\w+"|csrf[^"]*"\s*:\s*"\w+"', "", page)


@pytest.mark.parametrize("ticked", ["x", "-1", "1.5", "10000000000000000000000", "٣", "🎬", "\0"])
def test_what_is_not_on_the_list_is_refused_beside_it(
    signed_in: Client, guest: Member, night: Gathering, films: list[Film], ticked: str
) -> None:
    for wrong in (ticked, make_vote(make_night(starts=STARTS))[0].pk):
        answer = signed_in.post(f"{night.get_absolute_url()}vote/", {"films": [films[0].pk, wrong]})
        assert answer.status_code == 422
        page = Page.of(answer)
        assert "The list has changed. Please look once more." in page.words["id_films_error"]
        assert str(films[0].pk) in [each["value"] for _tag, each in page.elements if "checked" in each]
    assert not Vote.objects.exists()


def test_a_vote_that_comes_too_late_is_said_kindly_and_changes_nothing(
    clock: time_machine.Traveller, signed_in: Client, guest: Member, night: Gathering, films: list[Film]
) -> None:
    clock.move_to(CLOSES)
    answer = signed_in.post(f"{night.get_absolute_url()}vote/", {"films": [films[0].pk]})
    assert answer.status_code == 422
    assert str(TooLate.sentence) in " ".join(answer.content.decode().split())
    assert signed_in.get(f"{night.get_absolute_url()}vote/").status_code == 302
    assert "The vote has just closed." in page_of(signed_in, night)
    assert not Vote.objects.exists()


def test_a_suspended_guest_and_one_without_a_seat_find_no_ballot(
    client: Client, night: Gathering, films: list[Film]
) -> None:
    client.force_login(make_member())
    assert client.post(f"{night.get_absolute_url()}vote/", {"films": [films[0].pk]}).status_code == 404
    page = page_of(client, night)
    assert "Paddington 2" in page
    assert "Tick all" not in page
    guest = guest_of(night)
    client.force_login(guest)
    Member.objects.filter(pk=guest.pk).update(is_active=False)
    assert client.post(f"{night.get_absolute_url()}vote/", {"films": [films[0].pk]}).status_code == 302
    assert not Vote.objects.exists()


def test_hidden_by_a_moderator_it_goes_on_for_those_who_have_a_seat(
    client: Client, night: Gathering, films: list[Film]
) -> None:
    guest = guest_of(night)
    night.hide()
    client.force_login(guest)
    assert client.post(f"{night.get_absolute_url()}vote/", {"films": [films[0].pk]}).status_code == 302
    client.force_login(make_member())
    assert client.get(night.get_absolute_url()).status_code == 404


def test_the_page_asks_the_same_number_of_questions_for_two_films_and_for_seven(
    client: Client, night: Gathering
) -> None:
    guest = guest_of(night)
    client.force_login(guest)
    counts = []
    for titles in (TITLES[:2], [f"Film {number}" for number in range(5)]):
        make_vote(night, titles=titles)
        Vote.objects.cast(night, guest, [film.pk for film in Film.objects.of(night)])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(night.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as asked:
        client.get(make_gathering(kind="walk").get_absolute_url())
    assert not [each for each in asked if "movies_" in each["sql"]]


# What everyone is told


def test_everyone_with_a_seat_and_the_hosts_are_told_once_with_the_end_in_their_calendars(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    guest, *_others = votes(night, [films[1]])
    films[1].change(why="Nobody is unkind in it for long.")
    waiting = make_member()
    send()
    mail.outbox.clear()
    Gathering.objects.filter(pk=night.pk).update(seats=1, seats_wanted=1)
    night.seat(waiting)
    send()
    mail.outbox.clear()
    close(clock)
    for _minutes in range(15):
        send()
        clock.shift(timedelta(minutes=1))
    [email] = mails_to(guest)
    assert email.subject == "The film is Paddington 2: A film and a sofa"
    assert "You watch Paddington 2" in str(email.body)
    # 19:00, a quarter of an hour, 100 minutes of film, half an hour of talk
    assert "When: Thursday 26 November, 19:00 to 21:25" in str(email.body)
    assert "How it goes: Doors at 19:00, the film at 19:15, then talk until about 21:25." in str(email.body)
    calendar = next(str(part) for part in email.attachments)
    night.refresh_from_db()
    assert night.sequence == 1
    assert "DTEND:20261126T212500Z" in calendar
    assert "SEQUENCE:2" in calendar  # one of the gathering, one of the seat
    [to_host] = mails_to(night.host)
    assert to_host.subject == email.subject
    assert not to_host.attachments
    assert "Why this one:" in str(to_host.body)  # their own words are not read to them as somebody else's
    assert f"What {night.host.name} says of it:" in str(email.body)
    [to_waiting] = mails_to(waiting)
    assert to_waiting.subject.startswith("This has changed")


def test_control_a_mail_that_does_not_stand_for_its_change_makes_two(
    clock: time_machine.Traveller, night: Gathering, films: list[Film], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.gatherings.change_emails.TOLD_APART", [])
    guest, *_others = votes(night, [films[1]])
    send()
    mail.outbox.clear()
    close(clock)
    clock.shift(timedelta(minutes=12))
    send()
    assert len(mails_to(guest)) == 2


def test_who_does_not_want_this_mail_is_told_of_the_end_as_of_any_change(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    guest, *_others = votes(night, [films[1]])
    Consent.objects.say(guest, "vote_closed", is_given=False)
    send()
    mail.outbox.clear()
    close(clock)
    clock.shift(timedelta(minutes=10))
    send()
    [email] = mails_to(guest)
    assert "When: Thursday 26 November, 19:00 to 21:25" in str(email.body)


def test_an_edit_of_the_same_minutes_is_told_and_the_end_not_twice(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    guest, *_others = votes(night, [films[1]])
    send()
    clock.move_to(CLOSES - timedelta(minutes=2))
    night.refresh_from_db()
    night.cost = "A coin for popcorn"
    night.change(["cost"])
    mail.outbox.clear()
    close(clock)
    clock.shift(timedelta(minutes=12))
    send()
    film, change = sorted(mails_to(guest), key=lambda each: each.subject)
    assert "You watch Paddington 2" in str(film.body)
    assert "Costs: A coin for popcorn" in str(change.body)
    assert "it was:" not in str(change.body)


def test_a_vote_that_closes_at_night_is_told_once_in_the_morning(
    clock: time_machine.Traveller, night: Gathering
) -> None:
    films = make_vote(night, days=0.5)  # until two in the morning
    guest, *_others = votes(night, [films[1]])
    send()
    mail.outbox.clear()
    close(clock, BOOKED + timedelta(hours=12))
    send()
    assert not mails_to(guest)
    clock.move_to(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    send()
    clock.shift(timedelta(minutes=20))
    send()
    [email] = mails_to(guest)
    assert email.subject.startswith("The film is")


def test_where_the_end_stays_as_it_was_there_is_the_mail_and_no_change(
    clock: time_machine.Traveller, night: Gathering
) -> None:
    make_vote(night, titles=["Long one", "Other"])
    Film.objects.update(minutes=105)
    [guest] = votes(night, [])
    send()
    mail.outbox.clear()
    close(clock)
    clock.shift(timedelta(minutes=12))
    send()
    [email] = mails_to(guest)
    assert "19:00 to 21:30" in str(email.body)
    assert "ends as the film does" not in str(email.body)
    night.refresh_from_db()
    assert night.sequence == 0


def test_whoever_left_before_it_is_sent_is_not_told(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    guest, *_others = votes(night, [films[1]])
    send()
    clock.move_to(CLOSES)
    minute_without_sending()
    night.rsvps.get(member=guest).bow_out()
    mail.outbox.clear()
    send()
    assert not [each for each in mails_to(guest) if each.subject.startswith("The film is")]


def minute_without_sending() -> None:
    sweep(timezone.now())


def test_a_discreet_member_reads_nothing_of_it_from_outside(
    clock: time_machine.Traveller, night: Gathering, films: list[Film]
) -> None:
    [guest] = votes(night, [films[1]])
    Member.objects.filter(pk=guest.pk).update(is_discreet=True)
    send()
    mail.outbox.clear()
    close(clock)
    send()
    [email] = mails_to(guest)
    outside = f"{email.subject} {email.from_email} {email.attachments}"
    assert "Paddington" not in outside
    assert "film" not in outside.lower()
    assert "Paddington 2" in html_of(email)
