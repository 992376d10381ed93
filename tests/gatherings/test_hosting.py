"""Opening one's table: form, preview, publish, edit, call off."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.outbox.models import Message
from apps.places.models import Town
from apps.profiles.models import Member
from tests.factories import make_gathering, make_seat, make_town

pytestmark = pytest.mark.django_db


def typed(**more: Any) -> dict[str, Any]:
    """A host's form as a browser sends it."""
    return {
        "title": "Something funny, subtitled",
        "day": (timezone.now() + timedelta(days=5)).date().isoformat(),
        "starts": "19:30",
        "ends": "22:00",
        "area": "Easton",
        "address": "3 Rose Green, second bell",
        "seats": "6",
        "words": "One film, blankets, and a talk after it for whoever likes.",
        "town": "Bristol",
        "setting": "home",
        "visibility": "everyone",
        "address_from": "day-before",
        **more,
    }


def test_the_form_begins_with_sensible_values_and_seven_visible_fields(signed_in: Client) -> None:
    page = signed_in.get("/host/movie-night/")
    form = page.context["form"]
    visible = set(form.fields) - {name for names in form.MORE.values() for name in names}
    assert visible == {"title", "day", "starts", "ends", "area", "address", "seats", "words"}  # from and to are one
    assert [str(form[name].value()) for name in ("starts", "ends", "seats")] == ["19:30:00", "22:00:00", "5"]
    assert form["day"].value() > timezone.now().date()


def test_a_movie_night_goes_from_the_form_over_the_preview_onto_the_page(
    signed_in: Client, client: Client, member: Member
) -> None:
    answer = signed_in.post("/host/movie-night/", typed(act="preview"))
    gathering = Gathering.objects.get()
    assert answer["Location"] == f"/gatherings/{gathering.key}/preview/"
    assert gathering.is_draft
    assert "Something funny, subtitled" not in Client().get("/near/bristol-gb/").content.decode()
    facts = {"is_step_free": "yes", "is_alcohol_free": "", "is_animal_free": "no"}
    assert signed_in.post(f"/gatherings/{gathering.key}/publish/", facts)["Location"] == gathering.get_absolute_url()
    gathering.refresh_from_db()
    assert (gathering.state, gathering.kind, gathering.host) == ("published", "movie-night", member)
    assert (gathering.is_step_free, gathering.is_alcohol_free, gathering.is_animal_free) == (True, None, False)
    assert (gathering.seats, gathering.time_zone) == (6, "Europe/London")
    assert "Something funny, subtitled" in Client().get("/near/bristol-gb/").content.decode()


def test_a_draft_is_kept_and_lies_on_the_table_of_its_host_alone(signed_in: Client) -> None:
    signed_in.post("/host/dinner/", typed(act="draft"))
    draft = Gathering.objects.get()
    assert draft.is_draft
    assert draft.title in signed_in.get("/table/").content.decode()
    assert Client().get(draft.get_absolute_url()).status_code == 404


def test_the_point_of_a_home_is_kept_as_the_middle_of_its_square_only(signed_in: Client) -> None:
    signed_in.post("/host/dinner/", typed(point="51.46123, -2.57456"))
    gathering = Gathering.objects.get()
    assert gathering.has_own_point
    assert (gathering.latitude, gathering.longitude) != (51.46123, -2.57456)
    signed_in.post(f"/gatherings/{gathering.key}/edit/", typed(point=f"{gathering.latitude}, {gathering.longitude}"))
    before = (gathering.latitude, gathering.longitude)
    gathering.refresh_from_db()
    assert (gathering.latitude, gathering.longitude) == before


def test_a_point_in_another_zone_than_the_towns_sets_the_zone(signed_in: Client, bristol: Town) -> None:
    refused = signed_in.post("/host/dinner/", typed(point="48.85, 2.35"))
    assert refused.status_code == 422
    assert "far from the town" in refused.content.decode()
    assert not Gathering.objects.exists()


def test_an_edit_is_shown_and_a_new_day_counts_as_a_move(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(host=member)
    day = (timezone.now() + timedelta(days=9)).date()
    answer = signed_in.post(f"/gatherings/{gathering.key}/edit/", typed(day=day.isoformat(), seats="3"))
    assert answer["Location"] == gathering.get_absolute_url()
    gathering.refresh_from_db()
    assert (gathering.day, gathering.seats, gathering.moves) == (day, 3, 1)
    assert gathering.title == "Something funny, subtitled"


def test_calling_off_takes_a_word_and_tells_the_guests(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(host=member)
    make_seat(gathering)
    url = f"/gatherings/{gathering.key}/cancel/"
    assert signed_in.get(url).status_code == 200
    page = signed_in.post(url, {"words": "The oven gave up."}, follow=True)
    assert "The oven gave up." in page.content.decode()
    assert Message.objects.filter(kind="gathering_cancelled").count() == 1
    assert signed_in.get(f"/gatherings/{gathering.key}/edit/").status_code == 302


def test_nobody_edits_previews_publishes_or_calls_off_what_another_hosts(signed_in: Client) -> None:
    gathering, draft = make_gathering(), make_gathering(is_draft=True)
    for key in (gathering.key, draft.key):
        for act in ("edit", "cancel", "preview", "publish"):
            for answer in (signed_in.get, signed_in.post):
                assert answer(f"/gatherings/{key}/{act}/").status_code in (404, 405)
    gathering.refresh_from_db()
    assert gathering.is_published


def test_a_draft_whose_time_has_passed_asks_for_a_new_day(signed_in: Client, member: Member) -> None:
    draft = make_gathering(timezone.now() - timedelta(hours=1), host=member, is_draft=True)
    answer = signed_in.post(f"/gatherings/{draft.key}/publish/", {})
    assert answer["Location"] == f"/gatherings/{draft.key}/edit/"
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_card_beside_the_form_shows_what_is_typed_and_saves_nothing(signed_in: Client) -> None:
    make_town()
    part = signed_in.get("/host/dinner/card/", {"title": "<b>Soup</b>", "area": "Easton", "seats": "3"})
    assert part.status_code == 200
    assert "&lt;b&gt;Soup&lt;/b&gt;" in part.content.decode()
    assert not Gathering.objects.exists()


def test_a_kind_that_is_none_is_not_found(signed_in: Client) -> None:
    assert signed_in.get("/host/opera/").status_code == 404


def test_what_guests_decide_by_can_be_put_right_after_publishing(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(host=member, is_animal_free=True, is_step_free=True)
    url = f"/gatherings/{gathering.key}/edit/"
    assert "There are some" in signed_in.get(url).content.decode()
    signed_in.post(url, typed(is_animal_free="no", is_step_free=""))
    gathering.refresh_from_db()
    assert (gathering.is_animal_free, gathering.is_step_free, gathering.is_alcohol_free) == (False, None, None)


def test_nothing_is_answered_for_the_host_before_publishing(signed_in: Client, member: Member) -> None:
    draft = make_gathering(host=member, is_draft=True)
    assert " checked" not in signed_in.get(f"/gatherings/{draft.key}/preview/").content.decode()


def test_fewer_seats_than_are_taken_is_explained_to_the_host(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(host=member)
    for _ in range(3):
        make_seat(gathering)
    page = signed_in.post(f"/gatherings/{gathering.key}/edit/", typed(seats="2"), follow=True)
    assert "Nobody loses their seat" in page.content.decode()


def test_a_night_over_midnight_may_begin_to_arrive_before_it_and_be_edited_after_it(
    signed_in: Client, member: Member
) -> None:
    evening = datetime(2026, 12, 4, 23, tzinfo=UTC)
    with time_machine.travel(evening - timedelta(days=1), tick=False):
        night = typed(day="2026-12-05", starts="00:15", ends="02:00", arrive_from="23:45", act="draft")
        assert signed_in.post("/host/quiet/", night).status_code == 302
        gathering = make_gathering(evening, hours=3, host=member)
    with time_machine.travel(evening + timedelta(hours=1, minutes=10), tick=False):
        same = typed(day="2026-12-04", starts="23:00", ends="02:00", words="The bell is broken: knock.")
        assert signed_in.post(f"/gatherings/{gathering.key}/edit/", same).status_code == 302
    gathering.refresh_from_db()
    assert gathering.words == "The bell is broken: knock."
