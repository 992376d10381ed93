"""Looking around a town: what is near, by day, soonest first, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.models import Gathering
from apps.places.models import Town
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


def titles(client: Client, url: str) -> list[str]:
    """The titles of the cards, in the order of the page."""
    page = client.get(url)
    assert page.status_code == 200
    return [gathering.title for day in page.context["days"] for gathering in day.gatherings]


def test_the_front_door_shows_the_home_town_soonest_first(client: Client, bristol: Town) -> None:
    for days in (3, 1, 2):
        make_gathering(timezone.now() + timedelta(days=days), title=f"In {days}")
    assert titles(client, "/") == ["In 1", "In 2", "In 3"]


def test_only_what_is_published_and_still_to_come_is_shown(client: Client) -> None:
    make_gathering(is_draft=True)
    make_gathering(timezone.now() - timedelta(hours=1))
    make_gathering().cancel("")
    assert titles(client, "/near/bristol-gb/") == []


def test_a_town_is_found_by_typing_it_and_remembered(client: Client, bristol: Town) -> None:
    make_town("bath-gb")
    answer = client.get("/", {"town": "  bATH ", "km": "10"})
    assert answer["Location"] == "/near/bath-gb/?km=10"
    assert client.get("/").context["town"].slug == "bath-gb"


def test_an_unknown_town_is_said_beside_the_field_and_kept(client: Client, bristol: Town) -> None:
    page = client.get("/", {"town": "Xyzzyville"})
    assert page.status_code == 422
    assert 'value="Xyzzyville"' in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()


def test_the_radius_is_measured_from_the_town(client: Client) -> None:
    make_gathering(town=make_town("bath-gb"), title="In Bath")  # 18 km from Bristol
    make_town("bristol-gb")
    assert titles(client, "/near/bristol-gb/?km=10") == []
    assert titles(client, "/near/bristol-gb/?km=25") == ["In Bath"]
    assert titles(client, "/near/bristol-gb/?km=1000000000") == ["In Bath"]


def test_days_are_the_towns_own(client: Client) -> None:
    auckland = make_town("auckland-nz")
    with time_machine.travel(NOON, tick=False):  # 01:00 on Thursday in Auckland
        make_gathering(NOON + timedelta(hours=18), town=auckland, title="Thursday evening")
        make_gathering(NOON + timedelta(hours=30), town=auckland, title="Friday morning")
        make_gathering(NOON + timedelta(hours=66), town=auckland, title="Saturday evening")
        assert titles(client, "/near/auckland-nz/?when=today") == ["Thursday evening"]
        assert titles(client, "/near/auckland-nz/?when=tomorrow") == ["Friday morning"]
        assert titles(client, "/near/auckland-nz/?when=weekend") == ["Saturday evening"]
        assert len(titles(client, "/near/auckland-nz/?when=week")) == 3


@pytest.mark.parametrize(("day", "first"), [(28, 28), (29, 28), (30, 5)])
def test_the_weekend_on_a_weekend_is_this_one(client: Client, day: int, first: int) -> None:
    town = make_town()
    with time_machine.travel(NOON.replace(day=day, hour=8), tick=False):
        page = client.get("/near/bristol-gb/?when=weekend")
        begin, end = page.context["search"].span()
    assert (begin.day, end - begin) == (first, timedelta(days=2))
    assert town.time_zone == "Europe/London"


def test_kinds_and_facts_narrow_the_page_and_unsaid_passes_no_filter(client: Client) -> None:
    make_gathering(title="Walk", kind=Gathering.Kind.WALK, is_step_free=True)
    make_gathering(title="Soup", is_step_free=False)
    make_gathering(title="Stew")
    assert titles(client, "/near/bristol-gb/?kind=walk") == ["Walk"]
    assert titles(client, "/near/bristol-gb/?step_free=1") == ["Walk"]
    assert titles(client, "/near/bristol-gb/?kind=opera") == ["Walk", "Soup", "Stew"]


def test_members_only_is_not_seen_from_outside(client: Client, member: Member) -> None:
    gathering = make_gathering(visibility=Gathering.Visibility.MEMBERS)
    assert titles(client, "/near/bristol-gb/") == []
    assert client.get(gathering.get_absolute_url()).status_code == 404
    client.force_login(member)
    assert titles(client, "/near/bristol-gb/") == [gathering.title]
    assert client.get(gathering.get_absolute_url()).status_code == 200


def test_pages_follow_one_another_without_a_gap_or_a_repeat(client: Client) -> None:
    starts, host = timezone.now() + timedelta(days=1), make_member()
    for number in range(45):  # several share a start, across the seams of the pages
        make_gathering(starts + timedelta(hours=number // 6), host=host, title=f"{number}")
    seen, url = [], "/near/bristol-gb/"
    while url:
        page = client.get(url)
        seen += titles(client, url)
        url = page.context["more_url"]
    assert seen == [str(number) for number in range(45)]


def test_a_day_begins_with_the_nearest_and_ends_with_the_full(client: Client) -> None:
    town, host, noon = make_town(), make_member(), (timezone.now() + timedelta(days=2)).replace(hour=12)
    for number, km_north in enumerate((3, 1, 2, 0, 4)):
        point: dict[str, Any] = {
            "has_own_point": True,
            "latitude": town.latitude + km_north / 111,
            "longitude": town.longitude,
        }
        gathering = make_gathering(noon + timedelta(hours=number), host=host, title=f"{km_north} km", seats=1, **point)
        if km_north in (0, 4):
            make_seat(gathering)
    make_gathering(noon + timedelta(days=1), host=host, title="The day after")
    assert titles(client, "/near/bristol-gb/") == ["1 km", "2 km", "3 km", "0 km", "4 km", "The day after"]


def test_a_page_that_the_next_days_fill_reads_nothing_later(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    host, tomorrow = make_member(), timezone.now() + timedelta(days=1)
    for _ in range(21):
        make_gathering(tomorrow, host=host)
    with django_assert_num_queries(3):
        client.get("/near/bristol-gb/")


def test_days_of_the_tables_own_clocks_keep_their_order_around_the_world(client: Client) -> None:
    """Far east of the town it is the next day already, and west of it still the one before."""
    town, host = make_town(), make_member()
    zones = ["Pacific/Kiritimati", "Pacific/Niue", "Europe/London"]
    for number in range(30):  # three days and more, whatever the clock says
        starts = timezone.now() + timedelta(hours=4 + 7 * number)
        make_gathering(starts, host=host, time_zone=zones[number % 3], title=str(number), seats=2)
    days = {each.title: each.day for each in Gathering.objects.all()}
    seen, url = [], f"/near/{town.slug}/"
    while url:
        page = client.get(url)
        seen += titles(client, url)
        url = page.context["more_url"]
    assert len(seen) == 30
    assert [days[title] for title in seen] == sorted(days.values())


@pytest.mark.parametrize(
    "mark", ["1", "20261126-2-0-1", "20261340-0-0-1", "00010101-0-0-1", "99991231-0-0-1", "٢٠٢٦١١٢٦-0-0-1", "' OR 1=1"]
)
def test_an_odd_mark_is_passed_over(client: Client, bristol: Town, mark: str) -> None:
    make_gathering(title="Soup")
    assert client.get("/near/bristol-gb/", {"after": mark}).context["search"].after is None
    assert client.get("/near/bristol-gb/", {"after": "29991231-1-99999999-" + "9" * 17}).status_code == 200


def test_more_is_also_a_part_of_the_page_for_htmx(client: Client) -> None:
    host = make_member()
    for _ in range(21):
        make_gathering(host=host)
    more_url = client.get("/near/bristol-gb/").context["more_url"]
    part = client.get(more_url, headers={"HX-Request": "true", "HX-Target": "more"}).content.decode()
    assert "<html" not in part
    assert part.count("<article") == 1


def test_no_distance_is_claimed_when_only_the_town_is_known(client: Client) -> None:
    make_gathering(area="")
    assert (
        " km" not in client.get("/near/bristol-gb/").content.decode().split("<article", 1)[1].split("</article", 1)[0]
    )
    make_gathering(has_own_point=True, latitude=51.475, longitude=-2.565, title="With a point")
    assert (
        " km" in client.get("/near/bristol-gb/").content.decode().split("With a point", 1)[1].split("</article", 1)[0]
    )


def test_nothing_near_points_to_the_nearest_town_with_something(client: Client, bristol: Town) -> None:
    make_gathering(town=make_town("bath-gb"))
    page = client.get("/near/bristol-gb/?km=2")
    assert page.context["nearest"].slug == "bath-gb"
    assert "/near/bath-gb/" in page.content.decode()


@pytest.mark.parametrize("is_member", [False, True])
def test_browse_asks_as_often_for_50_gatherings_as_for_5(
    client: Client, member: Member, is_member: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if is_member:
        client.force_login(member)
    # the town, the gatherings of the next days and of all others, the rules; session, member, whether mail reaches them
    queries = 7 if is_member else 4
    for more in (5, 45):
        for _ in range(more):
            make_seat(make_gathering())
        client.get("/near/bristol-gb/")
        with django_assert_num_queries(queries):
            client.get("/near/bristol-gb/")


@pytest.mark.parametrize("is_guest", [False, True])
def test_the_gathering_page_asks_as_often_for_50_gatherings_and_12_guests_as_for_few(
    client: Client, member: Member, is_guest: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    gathering = make_gathering(seats=12)
    if is_guest:
        make_seat(gathering, member)
        client.force_login(member)
    # the gathering, the line, co-hosts, for a stranger the rules; for a guest session, member, RSVP, host?, guests,
    # companions, plan and no line
    queries = 10 if is_guest else 4
    for more in (5, 45):
        for number in range(more):
            make_seat(gathering if number < 5 and more == 5 else make_gathering())
        with django_assert_num_queries(queries):
            client.get(gathering.get_absolute_url())


def test_your_table_asks_as_often_for_many_seats_as_for_few(
    signed_in: Client, member: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (2, 10):
        for _ in range(more):
            make_seat(make_gathering(), member)
            make_gathering(host=member)
            make_gathering(host=member, is_draft=True)
        with django_assert_num_queries(
            7
        ):  # session, member, seats, hosted, nudges, passkeys, whether mail reaches them
            signed_in.get("/table/")


def test_another_town_keeps_what_was_chosen(client: Client, bristol: Town) -> None:
    page = client.get("/near/bristol-gb/?when=week&kind=walk&step_free=1").content.decode()
    for name, value in {"when": "week", "kind": "walk", "step_free": "1"}.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_the_evening_is_told_by_the_clock_on_the_wall(client: Client) -> None:
    auckland, noon = make_town("auckland-nz"), datetime(2026, 12, 3, 12, tzinfo=UTC)
    with time_machine.travel(NOON, tick=False):
        make_gathering(noon, town=auckland, title="One at night")
        make_gathering(noon - timedelta(hours=7), town=auckland, title="Six in the evening")
        assert titles(client, "/near/auckland-nz/?evening=1") == ["Six in the evening"]


def test_one_day_is_the_towns_own_and_wins_over_a_chip(client: Client) -> None:
    auckland = make_town("auckland-nz")
    with time_machine.travel(NOON, tick=False):
        make_gathering(NOON + timedelta(hours=18), town=auckland, title="Thursday evening")
        make_gathering(NOON + timedelta(hours=30), town=auckland, title="Friday morning")
        assert titles(client, "/near/auckland-nz/?when=week&day=2026-11-27") == ["Friday morning"]
        assert titles(client, "/near/auckland-nz/?when=2026-11-26") == ["Thursday evening"]
        assert len(titles(client, "/near/auckland-nz/?when=week&day=")) == 2


def test_seats_narrow_the_page(client: Client) -> None:
    host = make_member()
    make_seat(make_gathering(title="Full", seats=1, host=host))
    make_gathering(title="Large", seats=6, host=host)
    make_gathering(title="Asks first", asks_first=True, host=host)
    make_gathering(title="Keeps a seat", seats_kept=1, host=host)
    expected = {
        "free": {"Large", "Asks first", "Keeps a seat"},
        "small": {"Full", "Asks first", "Keeps a seat"},
        "first": {"Keeps a seat"},
        "free=1&small": {"Asks first", "Keeps a seat"},
    }
    for name, found in expected.items():
        assert set(titles(client, f"/near/bristol-gb/?{name}=1")) == found
    assert set(titles(client, "/near/bristol-gb/?how=ask")) == {"Asks first"}
    assert set(titles(client, "/near/bristol-gb/?how=open")) == {"Full", "Large", "Keeps a seat"}


@pytest.mark.parametrize(
    ("text", "found"),
    {
        "soup": ["Soup & bread"],
        "SOU": ["Soup & bread"],
        "bread south": ["Soup & bread"],
        "bread easton": [],
        "oup": [],
        "käsefondue": ["Käsefondue"],
        "käse": ["Käsefondue"],
        "%": ["Käsefondue", "Soup & bread"],  # no word at all
        "s_up": [],
        "' OR 1=1 --": [],
        "soup:* | !x & (": [],
        "a b c d e f g h i j": [],
        "汤": [],
        "\\": ["Käsefondue", "Soup & bread"],
    }.items(),
)
def test_words_are_found_by_how_they_begin(client: Client, text: str, found: list[str]) -> None:
    host = make_member()
    make_gathering(title="Soup & bread", area="Southville", host=host)
    make_gathering(title="Käsefondue", area="Easton", words="Wir essen.", host=host)
    page = client.get("/near/bristol-gb/", {"q": text})
    assert sorted(each.title for day in page.context["days"] for each in day.gatherings) == found


def test_every_choice_stands_in_the_address_and_in_both_forms(client: Client, bristol: Town) -> None:
    make_gathering(title="Soup")
    asked = "when=2026-12-05&kind=dinner&how=open&q=soup&evening=1&small=1&km=10"
    page = client.get(f"/near/bristol-gb/?{asked}")
    assert page.context["search"].url == f"/near/bristol-gb/?{asked}"
    form = page.content.decode().partition('<form class="finer"')[2].partition("</form>")[0]
    assert 'name="when"' not in form
    for field in ('value="2026-12-05"', 'value="soup"', 'name="kind" value="dinner"', 'name="km" value="10"'):
        assert field in form


def test_near_me_leads_to_the_nearest_town_and_is_remembered_nowhere(client: Client, bristol: Town) -> None:
    make_town("bath-gb")
    answer = client.get("/", {"near": "51.38,-2.36", "kind": "walk"})
    assert answer["Location"] == "/near/bath-gb/?kind=walk"
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/").context["town"] == bristol


@pytest.mark.parametrize("point", ["", "nan,nan", "91,0", "51.4", "0,181", "a" * 5000, "51.38,-2.36" + "0" * 60, "\0"])
def test_a_point_that_is_none_leads_to_the_front_door(client: Client, bristol: Town, point: str) -> None:
    assert client.get("/", {"near": point})["Location"] in ("/", "/near/bristol-gb/")


@pytest.mark.parametrize("point", ["90.00,0.00", "-90.00,0.00", "0.00,180.00", "0.00,-180.00"])
def test_there_is_a_nearest_town_at_the_ends_of_the_earth(client: Client, bristol: Town, point: str) -> None:
    assert client.get("/", {"near": point})["Location"] == "/near/bristol-gb/"
