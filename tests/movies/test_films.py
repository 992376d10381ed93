"""A host names the film, or puts some to a vote; and says how the evening goes."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.copies import host_again
from apps.gatherings.models import CoHost, Gathering, Question
from apps.movies.content import CONTENT
from apps.movies.models import (
    Film,
    FilmIsVotedOn,
    LastFilm,
    NothingToShow,
    SevenAlready,
    Showing,
    TooFewFilms,
    Vote,
    VoteIsOpen,
    VoteIsOver,
)
from apps.movies.sweep import sweep
from apps.outbox.tasks import send
from apps.reminders.tasks import minute as remind
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat
from tests.movies.nights import TITLES, add_film, make_night, make_vote
from tests.odd import FINE, INVISIBLE, NUL, TIDIED, Page, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)  # a Thursday
TYPED = {"title": "Totoro", "minutes": "86"}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def night() -> Gathering:
    return make_night(starts=STARTS, hours=2.5)


@pytest.fixture
def host(client: Client, night: Gathering) -> Client:
    client.force_login(night.host)
    return client


def url(night: Gathering, address: str = "film/") -> str:
    return f"{night.get_absolute_url()}{address}"


def page_of(client: Client, night: Gathering, address: str = "") -> str:
    return " ".join(client.get(url(night, address)).content.decode().split())


def showing(night: Gathering) -> Showing:
    return Showing.objects.of(Gathering.objects.get(pk=night.pk))


def listed(night: Gathering) -> list[str]:
    return [str(film) for film in Film.objects.of(night)]


# Naming the one


def test_a_host_names_the_film_in_two_fields_and_the_evening_ends_as_it_does(host: Client, night: Gathering) -> None:
    assert "Choose the film" in page_of(host, night)
    host.post(url(night), {**TYPED, "act": "name"})
    assert str(showing(night).chosen) == "Totoro"
    night.refresh_from_db()
    # 19:00, a quarter of an hour, 86 minutes, half an hour; to five minutes
    assert f"{night.ends:%H:%M}" == "21:15"
    page = page_of(Client(), night)
    assert "1 hour 26 minutes" in page
    assert "Doors at 19:00, the film at 19:15, then talk until about 21:15." in page
    assert "What it holds: not said." in page


def test_all_that_is_said_of_a_film_stands_on_the_page_and_may_be_said_anew(host: Client, night: Gathering) -> None:
    said = {
        **TYPED, "year": "1988", "language": "Japanese", "captions": "subtitles", "captions_language": "English",
        "why": "Nothing bad happens.", "content": ["illness", "shocks"], "content_words": "All are well after it.",
    }  # fmt: skip
    host.post(url(night), {**said, "act": "name"})
    page = page_of(Client(), night)
    for words in (
        "Totoro (1988)",
        "1 hour 26 minutes, in Japanese, subtitles in English",
        "Nothing bad happens.",
        "What it holds: Serious illness, sudden loud sounds. All are well after it.",
    ):
        assert words in page
    film = Film.objects.get()
    form = Page.of(host.get(url(night, f"film/{film.pk}/")))
    assert (form.values["year"], form.values["why"]) == ("1988", "Nothing bad happens.")
    host.post(url(night, f"film/{film.pk}/"), {**said, "minutes": "160", "content": []})
    night.refresh_from_db()
    assert f"{night.ends:%H:%M}" == "22:25"
    assert "Serious illness" not in page_of(Client(), night)


def test_the_times_of_the_evening_move_its_end_and_are_said_in_words(host: Client, night: Gathering) -> None:
    film = add_film(night, "Totoro", 90)
    Showing.objects.show(film)
    night.refresh_from_db()
    night.arrive_from = timezone.localtime(STARTS).time().replace(hour=18, minute=45)
    night.change(["arrive_from"])
    host.post(url(night, "film/times/"), {"begins": "19:30", "break_minutes": "10", "talk_minutes": "20"})
    night.refresh_from_db()
    assert f"{night.ends:%H:%M}" == "21:30"
    course = "Doors at 18:45, the film at 19:30, a break of 10 minutes, then talk until about 21:30."
    assert course in page_of(Client(), night)
    host.post(url(night, "film/times/"), {"begins": "19:00", "break_minutes": "0", "talk_minutes": "0"})
    assert "the film at 19:00, and home by about 20:30." in page_of(Client(), night)
    moved = Gathering.objects.get(pk=night.pk)
    moved.starts, moved.ends = moved.starts.replace(hour=20), moved.ends.replace(hour=22)
    moved.change(["starts", "ends"])
    assert "the film at 20:00" in page_of(Client(), night)  # it moves with the evening


def test_an_evening_past_midnight_ends_the_next_day(night: Gathering) -> None:
    Showing.objects.show(add_film(night, "Yi Yi", 400))
    night.refresh_from_db()
    assert night.ends_at == STARTS + timedelta(minutes=445)


def test_guests_are_told_of_a_new_end_as_of_any_change_and_not_where_it_stays(
    clock: time_machine.Traveller, night: Gathering
) -> None:
    guest = make_member()
    make_seat(night, guest)
    send()
    mail.outbox.clear()
    Showing.objects.show(add_film(night, "Of the planned length", 105))
    clock.shift(timedelta(minutes=11))
    send()
    assert not mails_to(guest)
    Showing.objects.show(add_film(night, "Yi Yi", 173))
    clock.shift(timedelta(minutes=11))
    send()
    [email] = mails_to(guest)
    assert "19:00 to 22:40" in str(email.body)


def test_an_end_that_would_be_past_is_left_as_it_is(clock: time_machine.Traveller, night: Gathering) -> None:
    clock.move_to(STARTS + timedelta(hours=2))
    Showing.objects.show(add_film(night, "Short", 10))
    night.refresh_from_db()
    assert f"{night.ends:%H:%M}" == "21:30"


# The list, and the vote


def test_several_are_put_to_the_vote_with_a_deadline_that_is_filled_in(host: Client, night: Gathering) -> None:
    for title in TITLES:
        host.post(url(night), {"title": title, "minutes": "100", "act": "list"})
    assert listed(night) == TITLES
    assert "Which film it is, Mei has not said yet." in page_of(Client(), night)
    form = Page.of(host.get(url(night))).values
    assert (form["day"], form["at"]) == ("2026-11-24", "18:00")  # two days before
    host.post(url(night, "film/vote/"), {"day": form["day"], "at": form["at"]})
    assert showing(night).takes_votes
    for reader in (Client(), host):
        page = page_of(reader, night)
        assert "<strong>Tuesday 24 November, 18:00</strong>" in page
        assert all(title in page for title in TITLES)
    assert "Until then nobody sees how it stands, you neither." in page
    host.post(url(night, "film/vote/"), {"day": "2026-11-26", "at": "19:00"})  # at its start at the latest
    assert showing(night).vote_until == STARTS


def test_a_deadline_of_an_evening_that_is_near_is_half_way_to_it(host: Client, clock: Any, night: Gathering) -> None:
    clock.move_to(STARTS - timedelta(hours=9, minutes=3))
    for title in TITLES:
        add_film(night, title)
    form = Page.of(host.get(url(night))).values
    assert (form["day"], form["at"]) == ("2026-11-26", "14:15")
    clock.move_to(STARTS - timedelta(minutes=8))
    form = Page.of(host.get(url(night))).values
    assert (form["day"], form["at"]) == ("2026-11-26", "18:56")


def test_naming_one_while_guests_choose_leaves_nothing_half_done(host: Client, night: Gathering) -> None:
    make_vote(night)
    answer = host.post(url(night), {**TYPED, "title": "Another", "act": "name"})
    assert answer.status_code == 422
    assert str(VoteIsOpen.sentence) in answer.content.decode()
    assert listed(night) == TITLES


def test_whoever_has_named_one_may_still_let_the_guests_choose(night: Gathering) -> None:
    Showing.objects.show(add_film(night, "Totoro"))
    make_vote(night, titles=["Paddington 2"])
    assert showing(night).chosen is None
    assert showing(night).takes_votes


def test_while_guests_choose_a_film_stays_the_film_they_choose_and_nobody_decides_for_them(
    host: Client, night: Gathering
) -> None:
    films = make_vote(night)
    guest = make_member()
    make_seat(night, guest)
    Vote.objects.cast(night, guest, [films[0].pk, films[1].pk])
    assert "title" not in Page.of(host.get(url(night, f"film/{films[0].pk}/"))).values
    host.post(url(night, f"film/{films[0].pk}/"), {"title": "Saw", "minutes": "99", "why": "Gentle."})
    films[0].refresh_from_db()
    assert (films[0].title, films[0].minutes, films[0].why) == ("Totoro", 99, "Gentle.")
    with pytest.raises(FilmIsVotedOn):
        films[0].change(title="Saw")
    with pytest.raises(VoteIsOpen):
        Showing.objects.show(films[0])
    page = host.post(url(night, f"film/{films[0].pk}/show/"), follow=True).content.decode()
    assert str(VoteIsOpen.sentence) in page
    add_film(night, "A fourth")
    assert "takes every tick for it along" in page_of(host, night, "film/")
    host.post(url(night, f"film/{films[0].pk}/drop/"))
    assert [vote.film for vote in Vote.objects.of(guest, night)] == [films[1]]
    for film in Film.objects.of(night)[1:]:
        film.take_out()
    with pytest.raises(LastFilm):
        Film.objects.get().take_out()


def test_the_sentence_about_ticks_is_the_same_whether_there_are_any(host: Client, night: Gathering) -> None:
    films = make_vote(night)
    guest = make_member()
    make_seat(night, guest)
    before = tokenless(page_of(host, night, "film/"))
    Vote.objects.cast(night, guest, [films[0].pk])
    assert tokenless(page_of(host, night, "film/")) == before


def tokenless(page: str) -> str:
    return re.sub(r'value="\w{64}"', "", page)


def test_once_it_is_closed_only_the_chosen_film_is_shown_and_no_other_takes_its_place(
    host: Client, night: Gathering
) -> None:
    films = make_vote(night, days=1)
    sweep(NOW + timedelta(days=1))
    for address in ("", "film/"):
        page = page_of(host, night, address)
        assert "Totoro" in page
        assert "Paddington" not in page
    for refused in (films[0].take_out, lambda: Showing.objects.show(films[1]), lambda: add_film(night, "Another"),
                    lambda: Showing.objects.open_vote(night, STARTS)):  # fmt: skip
        with pytest.raises(VoteIsOver):
            refused()
    films[0].change(content=["war"])
    assert "What it holds: War or flight." in page_of(Client(), night)


def test_a_vote_wants_two_films(host: Client, night: Gathering) -> None:
    add_film(night, "Totoro")
    with pytest.raises(TooFewFilms):
        Showing.objects.open_vote(night, STARTS)
    page = host.post(url(night, "film/vote/"), {"day": "2026-11-25", "at": "18:00"}, follow=True).content.decode()
    assert "A vote needs two films at least." in page


def test_the_eighth_film_is_refused_and_the_same_twice_is_one(host: Client, night: Gathering) -> None:
    for number in range(7):
        host.post(url(night), {"title": f"Film {number}", "minutes": "90", "act": "list"})
        host.post(url(night), {"title": f"Film {number}", "minutes": "90", "act": "list"})
    assert Film.objects.count() == 7
    answer = host.post(url(night), {"title": "Film 8", "minutes": "90", "act": "list"})
    assert answer.status_code == 422
    assert str(SevenAlready.sentence) in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Film.objects.create(gathering=night, place=8, title="Film 8", minutes=90)
    with pytest.raises(IntegrityError), transaction.atomic():
        Film.objects.create(gathering=night, place=7, title="Film 8", minutes=90)


def test_nothing_is_settled_about_what_is_over_or_called_off(host: Client, night: Gathering) -> None:
    film = add_film(night, "Totoro")
    night.cancel("The projector broke.")
    for act in (film.take_out, lambda: film.change(minutes=3), lambda: Showing.objects.show(film),
                lambda: add_film(night, "Another"), lambda: Showing.objects.keep_times(night, 0, 0, 0),
                lambda: Showing.objects.open_vote(night, STARTS)):  # fmt: skip
        with pytest.raises(NothingToShow):
            act()
    for address in ("film/", "film/times/", "film/vote/", f"film/{film.pk}/", f"film/{film.pk}/drop/"):
        page = host.post(url(night, address), follow=True).content.decode()
        assert str(NothingToShow.sentence) in page
    assert listed(night) == ["Totoro"]


def test_a_co_host_may_do_all_of_it(client: Client, night: Gathering) -> None:
    noor = make_member("Noor")
    CoHost.objects.create(gathering=night, email=noor.email, member=noor, accepted_at=NOW)
    client.force_login(noor)
    client.post(url(night), {**TYPED, "act": "name"})
    assert str(showing(night).chosen) == "Totoro"


def test_hosting_it_again_carries_no_film_and_no_vote_along(night: Gathering) -> None:
    make_vote(night)
    again = host_again(night)
    assert not again.films.exists()
    assert not Showing.objects.filter(gathering=again).exists()


def test_what_a_film_holds_is_asked_of_the_host_in_private(client: Client, night: Gathering) -> None:
    Showing.objects.show(add_film(night, "Totoro"))
    noor = make_member("Noor")
    client.force_login(noor)
    page = page_of(client, night)
    assert "Ask Mei; nobody else reads it." in page
    client.post(url(night, "ask/"), {"words": "Does the mother live?"})
    Question.objects.get().reply(night.host, "She does.")
    for reader in (Client(), client):
        assert "Does the mother live" not in page_of(reader, night)


# What is typed


@pytest.mark.parametrize("minutes", ["0", "-1", "1.5", "421", "1000000000", "x", "", "1e3", "NaN"])
def test_a_length_that_is_none_is_said_beside_it(host: Client, night: Gathering, minutes: str) -> None:
    answer = host.post(url(night), {**TYPED, "minutes": minutes, "act": "name"})
    sentence = "Whole minutes, from 1 to 420, please." if minutes else "Roughly is enough: 100, say."
    assert_refused(answer, "minutes", sentence, kept=minutes)
    assert not Film.objects.exists()


@pytest.mark.parametrize("year", ["9999", "0", "-1", "1.5", "2028", "x", "1000000000"])
def test_a_year_without_films_is_said_beside_it(host: Client, night: Gathering, year: str) -> None:
    answer = host.post(url(night), {**TYPED, "year": year, "act": "list"})
    assert_refused(answer, "year", "A year in which there were films, please, or nothing.", kept=year)


@pytest.mark.parametrize(("typed", "kept"), [(text, text) for text in FINE] + list(TIDIED.items()))
def test_a_title_is_shown_as_it_was_written(host: Client, night: Gathering, typed: str, kept: str) -> None:
    host.post(url(night), {**TYPED, "title": typed, "why": typed, "act": "name"})
    assert Page.of(host.get(night.get_absolute_url())).shows(kept)


@pytest.mark.parametrize("title", ["", "   ", INVISIBLE, NUL, "x" * 121, "x" * 1_000_000])
def test_a_title_of_nothing_or_too_much_is_refused(host: Client, night: Gathering, title: str) -> None:
    answer = host.post(url(night), {**TYPED, "title": title, "act": "list"})
    assert answer.status_code == 422
    assert not Film.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("begins", "18:59"), ("begins", "21:01"), ("begins", "25:00"), ("begins", ""), ("break_minutes", "61"),
     ("break_minutes", "-1"), ("talk_minutes", "121"), ("talk_minutes", "1.5"), ("talk_minutes", "1000000000")],
)  # fmt: skip
def test_times_that_do_not_fit_are_said_beside_the_field(
    host: Client, night: Gathering, field: str, typed: str
) -> None:
    times = {"begins": "19:15", "break_minutes": "0", "talk_minutes": "30", field: typed}
    answer = host.post(url(night, "film/times/"), times)
    assert answer.status_code == 422
    page = Page.of(answer)
    assert page.attributes[field]["aria-invalid"] == "true"
    assert page.values[field] == typed
    assert not Showing.objects.exists()


@pytest.mark.parametrize(
    ("day", "at", "field"),
    [("2026-11-23", "13:59", "at"), ("2026-11-26", "19:01", "at"), ("2026-11-22", "18:00", "day"),
     ("9999-12-31", "23:59", "day"), ("0001-01-01", "00:00", "day"), ("2026-11-27", "00:00", "day"),
     ("", "18:00", "day"), ("2026-11-25", "24:00", "at"), ("2026-02-30", "18:00", "day")],
)  # fmt: skip
def test_a_deadline_that_is_none_is_said_beside_the_field(
    host: Client, night: Gathering, day: str, at: str, field: str
) -> None:
    for title in TITLES:
        add_film(night, title)
    answer = host.post(url(night, "film/vote/"), {"day": day, "at": at})
    assert answer.status_code == 422
    assert Page.of(answer).attributes[field]["aria-invalid"] == "true"
    assert not Showing.objects.exists()


def test_what_is_chosen_from_a_list_is_on_the_list(host: Client, night: Gathering) -> None:
    for typed in ({"captions": "telepathy"}, {"content": ["violence", "dragons"]}):
        assert host.post(url(night), {**TYPED, **typed, "act": "list"}).status_code == 422
    assert all(words for words in CONTENT.values())


def test_where_captions_are_promised_no_film_without_is_named(host: Client, night: Gathering) -> None:
    Gathering.objects.filter(pk=night.pk).update(has_captions=True)
    answer = host.post(url(night), {**TYPED, "captions": "none", "act": "name"})
    assert answer.status_code == 422
    assert "You have said that there are captions that evening." in answer.content.decode()
    assert host.post(url(night), {**TYPED, "captions": "captions", "act": "name"}).status_code == 302


# In the mails, and what it costs


def told(clock: Any, member: Any, at: datetime) -> list[str]:
    clock.move_to(at)
    mail.outbox.clear()
    remind()
    return [part for email in mails_to(member) for part in (str(email.body), html_of(email))]


def test_reminders_and_the_briefing_say_which_film_and_how_the_evening_goes(
    clock: time_machine.Traveller, night: Gathering
) -> None:
    guest = make_member()
    make_seat(night, guest)
    Showing.objects.show(add_film(night, "Totoro", 105, year=1988, content=["illness"]))
    send()
    for reader, at in ((guest, timedelta(days=1)), (night.host, timedelta(days=1)), (guest, timedelta(hours=2))):
        parts = told(clock, reader, STARTS - at)
        assert len(parts) == 2 or reader == night.host
        for part in parts:
            assert "Totoro (1988), 1 hour 45 minutes" in part
            assert "Serious illness." in part
            assert "Doors at 19:00, the film at 19:15, then talk until about 21:30." in part
        night.rsvps.update(said_yes_at=None)


def test_a_reminder_before_the_vote_is_over_says_until_when_it_is_open(
    clock: time_machine.Traveller, night: Gathering
) -> None:
    guest = make_member()
    make_seat(night, guest)
    make_vote(night, days=2.9)
    send()
    for part in told(clock, guest, STARTS - timedelta(days=1)):
        assert "The guests choose it until Thursday 26 November, 11:36" in part


def test_a_seat_still_says_that_the_film_may_be_chosen_until_they_have(client: Client, night: Gathering) -> None:
    guest = make_member()
    make_seat(night, guest)
    films = make_vote(night)
    client.force_login(guest)
    assert "You may help to choose the film." in client.get("/table/").content.decode()
    make_seat(make_gathering(night.starts_at - timedelta(days=1)), guest)  # now it is not what comes next
    assert client.get("/table/").content.decode().count("You may help to choose the film.") == 1
    Vote.objects.cast(night, guest, [films[0].pk])
    assert "You may help to choose the film." not in client.get("/table/").content.decode()


def test_the_hosts_page_asks_as_much_for_two_films_as_for_seven(host: Client, night: Gathering) -> None:
    counts = []
    for titles in (["One", "Two"], ["Three", "Four", "Five", "Six", "Seven"]):
        make_vote(night, titles=titles)
        with CaptureQueriesContext(connection) as asked:
            host.get(url(night))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_a_list_of_seven_says_why_it_takes_no_other(host: Client, night: Gathering) -> None:
    said = "There are seven films on the list, which is plenty to choose from. Take one out to name another."
    for number in range(7):
        assert said not in host.get(url(night)).content.decode()
        Film.objects.add(night, title=f"Film {number}", minutes=90)
    assert said in host.get(url(night)).content.decode()


def test_only_a_movie_night_has_a_film(client: Client) -> None:
    dinner = make_gathering()
    client.force_login(dinner.host)
    assert client.get(url(dinner)).status_code == 404
    assert "The film" not in page_of(client, dinner)
