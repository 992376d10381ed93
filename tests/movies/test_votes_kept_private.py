"""Nobody but a guest themself learns what they ticked: not by an export, the admin, a mail, nor from what is left."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.movies.models import Film, Showing, Vote
from apps.movies.tasks import minute
from apps.outbox.tasks import send
from apps.privacy import leaving
from apps.privacy.exporting import contents
from apps.privacy.tasks import night as forget
from apps.profiles.models import Member
from apps.reminders.tasks import minute as remind
from tests.factories import html_of, mails_to, make_member, make_seat
from tests.movies.nights import make_night, make_vote

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def night() -> Gathering:
    """In the afternoon: what is due about it is due by day, whenever this runs."""
    return make_night(starts=(timezone.now() + timedelta(days=5)).replace(hour=15))


@pytest.fixture
def films(night: Gathering) -> list[Film]:
    return make_vote(night, days=(night.starts_at - timezone.now()) / timedelta(days=1) - 0.1)


def voter(night: Gathering, film: Film) -> Member:
    member = make_member()
    make_seat(night, member)
    Vote.objects.cast(night, member, [film.pk])
    return member


def test_an_export_holds_ones_own_ticks_and_a_hosts_none(night: Gathering, films: list[Film]) -> None:
    one, other = voter(night, films[1]), voter(night, films[2])
    for member, title in ((one, "Paddington 2"), (other, "My Life as a Courgette")):
        assert [row["film_title"] for row in contents(member)["films-you-would-enjoy"]] == [title]
    host = contents(night.host)
    assert host["films-you-would-enjoy"] == []
    assert [row["title"] for row in host["films-you-named"]] == [film.title for film in films]
    [showing] = host["how-your-movie-nights-go"]
    assert "vote_until" in showing
    assert one.email not in json.dumps(host, default=str)


def test_the_admin_knows_no_films_and_no_votes() -> None:
    assert not [model for model in apps.get_app_config("movies").get_models() if admin.site.is_registered(model)]


def test_what_a_host_reads_in_mail_is_the_same_however_their_guests_have_ticked(
    night: Gathering, films: list[Film]
) -> None:
    guests = [voter(night, films[0]) for _ in range(2)]
    send()
    told: list[tuple[str, str, str]] = []
    for ticked in ([films[0].pk], [films[1].pk, films[2].pk]):
        for guest in guests:
            Vote.objects.cast(night, guest, ticked)
        mail.outbox.clear()
        with time_machine.travel(night.starts_at - timedelta(hours=23, minutes=50), tick=False):
            Gathering.objects.filter(pk=night.pk).update(moves=len(told))  # so that the briefing is due anew
            remind()
        [email] = mails_to(night.host)
        told.append((str(email.subject), str(email.body), html_of(email)))
    assert told[0] == told[1]
    assert "The guests choose it until" in told[0][1]


def test_whoever_leaves_for_good_takes_their_ticks_along_at_once(night: Gathering, films: list[Film]) -> None:
    leaving.leave(voter(night, films[1]))
    assert not Vote.objects.exists()


def test_a_vote_that_was_called_off_is_forgotten_a_week_after(night: Gathering, films: list[Film]) -> None:
    voter(night, films[1])
    night.cancel("The projector broke.")
    for days, left in ((6.9, True), (7.1, False)):
        with time_machine.travel(night.ends_at + timedelta(days=days), tick=False):
            forget()
            assert Vote.objects.exists() is left
    assert Film.objects.exists()


def test_a_member_who_is_removed_altogether_leaves_a_vote_that_closes(night: Gathering, films: list[Film]) -> None:
    gone, _stays = voter(night, films[1]), voter(night, films[2])
    night.rsvps.get(member=gone).decline()  # by the host, as by a moderator
    with time_machine.travel(night.starts_at - timedelta(hours=1), tick=False):
        minute()
    assert str(Showing.objects.of(night)) == "My Life as a Courgette"
