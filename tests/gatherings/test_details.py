"""What is to be known of a walk, a tea, games, making or quiet company: asked, shown, told, copied, and kept back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, models, transaction
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import copies, later
from apps.gatherings.details import ALL, FIELDS, FOR_ALL, details_for
from apps.gatherings.models import Change, CoHost, Gathering, Series
from apps.gatherings.models.details import Details
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.tasks import minute
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat
from tests.gatherings.test_hosting import typed
from tests.odd import MEGABYTE, NUL, SCRIPT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 28, 11, tzinfo=UTC)  # a Saturday
POINT = "The bench by the canary cage"
WALK: dict[str, Any] = {
    "kind": "walk", "title": "Round the harbour", "address": "14 Greville Street", "meeting_point": POINT,
    "walk_length": "About 3 km", "pace": "slow", "surface": "Paved and level", "toilets": "At the café",
    "in_rain": "We go all the same",
}  # fmt: skip
SAID = ["How long About 3 km", "Pace Slow, with stops to rest", "Underfoot Paved and level", "Toilets At the café"]
SAID += ["If it rains We go all the same"]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(STARTS - timedelta(days=4, hours=2), tick=False) as traveller:
        yield traveller


def walk(setting: str = "public", **more: Any) -> Gathering:
    return make_gathering(STARTS, **{**WALK, "setting": setting, **more})


def words_of(client: Client, path: str) -> str:
    return " ".join(Page.of(client.get(path)).text.split())


def words_in(email: Any) -> list[str]:
    """Both parts of a mail, each on one line."""
    return [" ".join(part.split()) for part in (str(email.body), html_of(email))]


# What is declared


def test_every_column_is_a_detail_of_one_kind_and_every_detail_has_one() -> None:
    columns = [field for field in Details._meta.get_fields() if isinstance(field, models.CharField)]
    assert [field.name for field in columns] == FIELDS
    assert {detail.kind for detail in ALL} == {"walk", "tea", "games", "making", "quiet"}
    assert all(detail.icon for detail in FOR_ALL)


def test_the_database_knows_no_other_pace() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.filter(pk=walk().pk).update(pace="hasty")


# Asked


@pytest.mark.parametrize("kind", Gathering.Kind.values)
def test_the_form_asks_what_concerns_its_kind_and_nothing_is_preselected(signed_in: Client, kind: str) -> None:
    page = Page.of(signed_in.get(f"/host/{kind}/"))
    asked = {attrs["name"]: attrs for tag, attrs in page.elements if attrs.get("name") in FIELDS}
    assert set(asked) == {detail.field for detail in details_for(kind)}
    assert [attrs for attrs in asked.values() if attrs.get("value") and attrs.get("type") != "radio"] == []
    assert [a for _tag, a in page.elements if a.get("name") == "pace" and "checked" in a] == []
    assert ("How it goes" in page.text) == bool(asked)


@pytest.mark.parametrize("kind", ["walk", "tea", "games", "making", "quiet"])
def test_what_a_host_says_is_shown_in_the_preview_and_on_the_page(signed_in: Client, member: Member, kind: str) -> None:
    said = {detail.field: f"So & so {number}" for number, detail in enumerate(details_for(kind))}
    said |= {"pace": "easy"} if kind == "walk" else {}
    preview = signed_in.post(f"/host/{kind}/", typed(**said))
    gathering = Gathering.objects.get()
    assert {name: getattr(gathering, name) for name in said} == said
    shown = [f"{detail.label} {detail.in_words(gathering)}" for detail in details_for(kind) if not detail.is_place]
    previewed = words_of(signed_in, preview["Location"])
    gathering.publish()
    for page in (previewed, words_of(signed_in, gathering.get_absolute_url())):
        assert [words for words in shown if words not in page] == []
        assert ("Meeting point: So & so 0" in page) == (kind == "walk"), "they are the host"
    edited = signed_in.get(f"{gathering.get_absolute_url()}edit/").content.decode()
    assert edited.count("So &amp; so") >= len(said) - (kind == "walk")


def test_none_of_it_has_to_be_said_and_what_is_not_said_is_not_shown(signed_in: Client, member: Member) -> None:
    signed_in.post("/host/walk/", typed(pace="unsaid"))
    gathering = Gathering.objects.get()
    assert {getattr(gathering, name) for name in FIELDS} == {""}
    assert "How it goes" not in words_of(signed_in, gathering.get_absolute_url())


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("meeting_point", "x" * 201, "at most 200 characters"),
        ("surface", "x" * 121, "at most 120 characters"),
        ("in_rain", NUL, "cannot show"),
        ("toilets", MEGABYTE, "at most 120 characters"),
        ("pace", "hasty", "not one of the available choices"),
        ("pace", SCRIPT, "not one of the available choices"),
    ],
)
def test_what_is_odd_is_refused_beside_its_field(signed_in: Client, name: str, text: str, sentence: str) -> None:
    answer = signed_in.post("/host/walk/", typed(**{name: text}))
    assert answer.status_code == 422
    page = Page.of(answer)
    assert sentence in page.text
    assert [attrs for tag, attrs in page.elements if tag == "details" and "open" in attrs]
    assert not Gathering.objects.exists()


def test_what_is_of_another_kind_is_neither_asked_nor_taken(signed_in: Client) -> None:
    signed_in.post("/host/tea/", typed(treats="Cake", meeting_point="Gate", pace="slow"))
    gathering = Gathering.objects.get()
    assert (gathering.treats, gathering.meeting_point, gathering.pace) == ("Cake", "", "")


def test_a_host_takes_back_what_they_said(signed_in: Client, member: Member) -> None:
    gathering = walk(host=member)
    said = typed(day="2026-11-28", pace="unsaid", surface="Gravel", in_rain="")
    signed_in.post(f"{gathering.get_absolute_url()}edit/", said)
    gathering.refresh_from_db()
    assert (gathering.pace, gathering.surface, gathering.in_rain) == ("", "Gravel", "")


# Who may read it


@pytest.mark.parametrize("setting", ["home", "community", "public"])
def test_a_meeting_point_is_shown_to_whoever_sees_the_address(
    clock: time_machine.Traveller, member: Member, setting: str
) -> None:
    gathering = walk(setting)
    make_seat(gathering, member)
    stranger, other, seated, host = (Client() for _ in range(4))
    other.force_login(make_member())
    seated.force_login(member)
    host.force_login(gathering.host)
    is_public = setting == "public"
    for reader, sees in ((stranger, is_public), (other, is_public), (seated, is_public), (host, True)):
        page = words_of(reader, gathering.get_absolute_url())
        assert (POINT in page) == sees
        assert [words for words in SAID if words not in page] == [], "the rest is for everybody"
    for moment, opens in ((timedelta(hours=-20), True), (timedelta(days=2), is_public)):
        clock.move_to(STARTS + moment)
        assert (POINT in words_of(seated, gathering.get_absolute_url())) == opens
        assert (POINT in words_of(other, gathering.get_absolute_url())) == is_public


def test_it_is_revoked_with_the_seat(clock: time_machine.Traveller, signed_in: Client, member: Member) -> None:
    gathering = walk("home", address_from="now")
    seat = make_seat(gathering, member)
    assert POINT in words_of(signed_in, gathering.get_absolute_url())
    seat.bow_out()
    assert POINT not in words_of(signed_in, gathering.get_absolute_url())


def test_no_list_feed_file_or_search_tells_it(client: Client, member: Member) -> None:
    gathering = walk("home")
    make_seat(gathering, member)
    paths = ["/near/bristol-gb/", "/near/bristol-gb/feed.atom", "/near/bristol-gb/feed.ics", "/sitemap.xml"]
    told = [client.get(path).content.decode() for path in [*paths, gathering.get_absolute_url()]]
    client.force_login(member)
    told += [client.get(path).content.decode() for path in (*paths, "/table/", f"{gathering.get_absolute_url()}.ics")]
    assert [text for text in told if "canary" in text] == []
    assert client.get("/near/bristol-gb/?q=canary").context["days"] == []


def test_games_and_what_is_made_are_found_by_their_words(client: Client) -> None:
    make_gathering(STARTS, title="Evening", kind="games", which_games="Carcassonne")
    make_gathering(STARTS, title="Afternoon", kind="making", what_is_made="Lino prints")
    for asked, title in (("carcass", "Evening"), ("LINO", "Afternoon")):
        [day] = client.get("/near/bristol-gb/", {"q": asked}).context["days"]
        assert [card.title for card in day.cards] == [title]


# Mails and calendars


@pytest.mark.parametrize("setting", ["home", "public"])
def test_the_day_before_tells_where_to_meet_and_what_if_it_rains(
    clock: time_machine.Traveller, member: Member, setting: str
) -> None:
    gathering = walk(setting)
    make_seat(gathering, member)
    send()
    [confirmed] = mails_to(member)
    assert all((POINT in part) == (setting == "public") for part in words_in(confirmed))
    mail.outbox.clear()
    assert gathering.day_before_at
    clock.move_to(gathering.day_before_at + timedelta(minutes=1))
    minute()
    send()
    [email] = mails_to(member)
    for part in words_in(email):
        assert [
            word for word in (POINT, "About 3 km", "We go all the same", "Slow, with stops") if word not in part
        ] == []
    [file] = [each for each in email.attachments if "BEGIN:VCALENDAR" in str(each)]
    [entry] = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert str(entry["LOCATION"]) == f"14 Greville Street, {POINT}, Southville, Bristol"


def changed_mail(clock: time_machine.Traveller, member: Member) -> str:
    mail.outbox.clear()
    clock.shift(timedelta(minutes=10))
    send()
    [email] = mails_to(member)
    return words_in(email)[0]


@pytest.mark.parametrize("setting", ["home", "public"])
def test_another_meeting_point_is_told_to_whoever_may_know_it(
    clock: time_machine.Traveller, member: Member, setting: str
) -> None:
    gathering = walk(setting)
    make_seat(gathering, member)
    clock.shift(timedelta(minutes=1))
    send()
    gathering.refresh_from_db()
    gathering.meeting_point = "The gate"
    gathering.change(["meeting_point"])
    told = changed_mail(clock, member)
    assert ("Meeting point: The gate" in told) == (setting == "public")
    assert ("Meeting point: has changed; it comes to you on Friday 27 November, 11:00" in told) == (setting == "home")
    assert POINT not in told
    gathering.meeting_point = ""
    gathering.change(["meeting_point"])
    assert "Meeting point: nothing said" in changed_mail(clock, member)
    gathering.meeting_point = "The other gate"
    gathering.change(["meeting_point"])
    changed_mail(clock, member)
    clock.move_to(STARTS - timedelta(hours=20))
    gathering.meeting_point = ""
    gathering.change(["meeting_point"])
    told = changed_mail(clock, member)
    assert "Meeting point: nothing said" in told
    assert [change.field for change in Change.objects.order_by("pk")] == ["meeting_point"] * 4


# Copies, series, and hosts who go


def test_host_again_takes_all_of_it_along() -> None:
    gathering = walk()
    draft = copies.host_again(gathering)
    assert {name: getattr(draft, name) for name in FIELDS} == {name: getattr(gathering, name) for name in FIELDS}


def test_this_and_later_edits_change_what_was_not_edited_alone() -> None:
    first = walk()
    series = Series.begin(first, "weekly")
    second, third, fourth = list(series.dates.order_by("series_day"))[1:4]
    fourth.in_rain = "We stay at home"
    fourth.change(["in_rain"])
    second.in_rain, second.meeting_point = "We sit in the café", "The gate"
    later.change(second, ["in_rain", "meeting_point"], "weekly")
    for each in (first, third, fourth):
        each.refresh_from_db()
    assert (first.in_rain, first.meeting_point) == ("We go all the same", POINT)
    assert (third.in_rain, third.meeting_point) == ("We sit in the café", "The gate")
    assert (fourth.in_rain, fourth.meeting_point) == ("We stay at home", "The gate")


@pytest.mark.parametrize("setting", ["home", "public"])
def test_a_meeting_point_at_a_home_leaves_with_its_host(setting: str) -> None:
    gathering = walk(setting)
    ada = make_member("Ada")
    row = CoHost.objects.create(gathering=gathering, member=ada, email=ada.email, accepted_at=STARTS)
    gathering.meeting_point = f"{POINT}, on the left"
    gathering.change(["meeting_point"])
    assert row.take_over()
    gathering.refresh_from_db()
    assert bool(gathering.meeting_point) == (setting == "public")
    assert gathering.in_rain == "We go all the same"
    assert "canary" not in str(list(Change.objects.values_list("old", "new")))


# What it costs


def test_neither_page_asks_more_often_for_them(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (1, 10):
        for _ in range(more):
            gathering = walk()
        with django_assert_num_queries(4):
            client.get("/near/bristol-gb/")
        with django_assert_num_queries(5):
            client.get(gathering.get_absolute_url())
