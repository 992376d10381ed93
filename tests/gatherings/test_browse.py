"""Looking around a town: what is near, by day, soonest first, page by page."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.models import Gathering
from apps.gatherings.paging import PAGE
from apps.gatherings.parting import block
from apps.places.models import Town
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


def titles(client: Client, url: str) -> list[str]:
    """The titles of the cards, in the order of the page."""
    page = client.get(url)
    assert page.status_code == 200
    return [gathering.title for day in page.context["days"] for gathering in day.cards]


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


def test_how_far_is_remembered_with_the_town(client: Client, bristol: Town) -> None:
    make_town("bath-gb")
    assert client.get("/").context["km"] == 25
    client.get("/", {"town": "Bath", "km": "10"})
    assert (client.get("/").context["town"].slug, client.get("/").context["km"]) == ("bath-gb", 10)
    assert client.get("/?km=50").context["km"] == 50
    assert client.get("/near/bath-gb/").context["km"] == 25, "whoever follows a link sees what it says"
    client.get("/", {"town": "Bath", "km": "25"})
    assert client.get("/").context["km"] == 25


@pytest.mark.parametrize(
    "kept", ["bath-gb", "bath-gb.", "bath-gb.7", "bath-gb.²", "bath-gb.10.10", "\x00.10", "x" * 300]
)
def test_an_odd_memory_is_none(client: Client, bristol: Town, settings: Any, kept: str) -> None:
    make_town("bath-gb")
    client.cookies[settings.TOWN_COOKIE_NAME] = kept
    page = client.get("/")
    assert (page.status_code, page.context["km"]) == (200, 25)
    assert page.context["town"].slug == ("bath-gb" if kept.startswith("bath") else "bristol-gb")


def test_what_is_chosen_stands_first_in_its_row(client: Client, bristol: Town) -> None:
    search = client.get("/near/bristol-gb/?when=weekend&kind=games&small=1").context["search"]
    for chips, chosen in ((search.first_chips, ["Weekend", "Games"]), (search.second_chips, ["Small table"])):
        assert [chip.label for chip in chips if chip.is_chosen] == chosen
        assert [chip.label for chip in chips][: len(chosen)] == chosen


def test_comforts_of_meals_are_not_offered_for_a_walk_and_let_go_with_the_meal(client: Client, bristol: Town) -> None:
    def more(query: str) -> list[str]:
        return [chip.label for chip in client.get(f"/near/bristol-gb/{query}").context["search"].more_comfort_chips]

    assert {"Vegan possible", "Captions"} <= set(more(""))
    assert ("Vegan possible" in more("?kind=dinner"), "Captions" in more("?kind=dinner")) == (True, False)
    assert ("Vegan possible" in more("?kind=walk"), "Captions" in more("?kind=walk")) == (False, False)
    assert "Vegan possible" in more("?kind=walk&vegan=1"), "what is chosen can be taken back"
    search = client.get("/near/bristol-gb/?kind=dinner&vegan=1&quiet=1").context["search"]
    at = {chip.label: chip.url for chip in search.first_chips}
    assert at["Walk"] == "/near/bristol-gb/?kind=walk&quiet=1"
    assert at["Shared meal"] == "/near/bristol-gb/?kind=shared-meal&quiet=1&vegan=1"
    assert at["Dinner"] == "/near/bristol-gb/?quiet=1&vegan=1"


def test_an_unknown_town_is_said_beside_the_field_and_kept(client: Client, bristol: Town) -> None:
    page = client.get("/", {"town": "Xyzzyville"})
    assert page.status_code == 422
    assert 'value="Xyzzyville"' in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()


@pytest.mark.parametrize(
    "query",
    "km=7 km=1000000000 when=someday day=2026-02-30 kind=ball how=maybe q=%25 speaks=%25 door=81 odd=1 quiet=yes"
    " after=1 km=2&kind=2".split(),
)
def test_what_is_passed_over_in_an_address_is_said(client: Client, bristol: Town, query: str) -> None:
    make_gathering(title="Soup")
    for address in (f"/near/bristol-gb/?{query}", f"/?{query}"):
        page = client.get(address)
        assert page.status_code == 200
        assert "so we passed it over" in page.content.decode()
        assert page.context["search"].narrowing == {}


@pytest.mark.parametrize(
    "query", "km=2 day=2026-12-05&when=weekend when=today kind=walk how=ask q=soup%20%25 quiet=1&first=0 utm=x".split()
)
def test_what_is_understood_needs_no_word(client: Client, bristol: Town, query: str) -> None:
    assert "passed it over" not in client.get(f"/near/bristol-gb/?{query}").content.decode()


@pytest.mark.parametrize("query", ["town=Bristol&km=7", "town=Bristol&kind=ball", "near=51.45,-2.58&km=7", "near=91,0"])
def test_what_is_passed_over_on_the_way_is_said_on_the_page_it_leads_to(
    client: Client, bristol: Town, query: str
) -> None:
    make_gathering()
    page = client.get(f"/?{query}&quiet=1", follow=True)
    assert "so we passed it over" in page.content.decode()
    assert page.context["search"].narrowing == {"quiet": "1"}
    assert "odd" not in page.context["search"].url, "and on no page behind that"


def test_a_point_that_is_none_is_said_where_no_town_is_known_either(client: Client, settings: Any) -> None:
    settings.HOME_TOWN = ""
    assert "so we passed it over" in client.get("/?near=91,0", follow=True).content.decode()


@pytest.mark.parametrize("has_one", [True, False])
def test_a_day_that_is_past_is_said_to_be(client: Client, bristol: Town, has_one: bool) -> None:
    if has_one:
        make_gathering()
    with time_machine.travel(NOON, tick=False):
        page = client.get("/near/bristol-gb/?when=2020-01-01").content.decode()
        assert "Wednesday 1 January 2020 is over" in page
        assert "fits that yet" not in page
        assert "is over" not in client.get("/near/bristol-gb/?when=2026-11-25").content.decode()


def test_an_unknown_town_lets_go_of_nothing_else(client: Client, bristol: Town) -> None:
    page = client.get("/", {"town": "Xyzzyville", "km": "5", "kind": "dinner", "quiet": "1", "when": "weekend"})
    for field in ('name="kind" value="dinner"', 'name="quiet" value="1"', 'name="when" value="weekend"'):
        assert page.content.decode().count(f'type="hidden" {field}') == 2, "for a town and for near me"
    assert '<option value="5" selected>' in page.content.decode()


@pytest.mark.parametrize("query", ["", "?town=Xyzzyville", "?town=Xyzzyville&km=999"])
def test_whoever_comes_first_looks_as_far_as_everybody(client: Client, settings: Any, query: str) -> None:
    """Not as far as the first of the distances, which is a walk."""
    settings.HOME_TOWN = ""
    assert '<option value="25" selected>' in client.get(f"/{query}").content.decode()


def test_near_me_keeps_how_far(client: Client, bristol: Town) -> None:
    page = client.get("/near/bristol-gb/?km=5").content.decode()
    assert 'name="km" value="5"' in page.partition("data-near-me")[2].partition("</form>")[0]


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
    for _ in range(26):  # a page, the spare ones, and one more
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
    beyond = client.get("/near/bristol-gb/", {"after": "29991231-1-99999999-" + "9" * 17})
    assert beyond["Location"] == "/near/bristol-gb/"


def test_more_is_also_a_part_of_the_page_for_htmx(client: Client) -> None:
    host = make_member()
    for _ in range(21):
        make_gathering(host=host)
    more_url = client.get("/near/bristol-gb/").context["more_url"]
    part = client.get(more_url, headers={"HX-Request": "true", "HX-Target": "more"}).content.decode()
    assert "<html" not in part
    assert part.count("<article") == 1
    assert part.count("autofocus") == 1, "the button that was pressed is gone, and the focus with it"


def test_a_day_that_goes_on_below_is_not_shown_to_begin_again(client: Client, bristol: Town) -> None:
    friday = NOON + timedelta(days=2)
    with time_machine.travel(NOON, tick=False):
        host = make_member()
        for day in (*[friday] * 22, friday + timedelta(days=1)):
            make_gathering(day, host=host)
        page = client.get("/near/bristol-gb/")
        assert "goes-on" not in page.content.decode()
        more_url = page.context["more_url"]
        part = client.get(more_url, headers={"HX-Request": "true", "HX-Target": "more"}).content.decode()
        assert re.findall(r'<h2 class="day-head( unseen)?".*?>(\w+) <', part) == [
            (" unseen", "Friday"),
            ("", "Saturday"),
        ]
        assert "autofocus" in part.partition("Friday")[0]
        alone = client.get(more_url).content.decode()
        assert "Friday <span>" in alone
        assert "goes-on" not in alone, "without JavaScript it is a page of its own"
        assert "autofocus" not in alone


@pytest.mark.parametrize("is_member", [False, True])
def test_a_page_behind_the_last_leads_to_the_first(
    client: Client, member: Member, bristol: Town, is_member: bool
) -> None:
    make_gathering(title="Soup")
    if is_member:
        client.force_login(member)
    answer = client.get("/near/bristol-gb/?km=10&after=29991231-1-9-9")
    assert (answer.status_code, answer["Location"]) == (302, "/near/bristol-gb/?km=10")
    assert titles(client, answer["Location"]) == ["Soup"]
    assert client.get("/near/bristol-gb/?kind=walk").status_code == 200, "where nothing is, the page says so"
    part = client.get("/near/bristol-gb/?after=29991231-1-9-9", headers={"HX-Request": "true", "HX-Target": "more"})
    assert (part.status_code, part.content.strip()) == (200, b"")


def test_no_distance_is_claimed_when_only_the_town_is_known(client: Client) -> None:
    make_gathering(area="")
    assert (
        " km" not in client.get("/near/bristol-gb/").content.decode().split("<article", 1)[1].split("</article", 1)[0]
    )
    make_gathering(has_own_point=True, latitude=51.475, longitude=-2.565, title="With a point")
    assert (
        " km" in client.get("/near/bristol-gb/").content.decode().split("With a point", 1)[1].split("</article", 1)[0]
    )


def places(client: Client, url: str) -> list[tuple[str, int, str]]:
    nearest = client.get(url).context["nearest"]
    return [(town.slug, round(metres / 1000), at) for town, metres, at in nearest.places] if nearest else []


def test_nothing_near_points_to_the_nearest_towns_with_something(client: Client, bristol: Town) -> None:
    host, towns = make_member(), [make_town("bath-gb"), *near_bristol(5)]
    for town in towns[::-1]:
        for _ in range(2):
            make_gathering(town=town, host=host)
    assert places(client, "/near/bristol-gb/?km=2") == [
        ("bath-gb", 19, "/near/bath-gb/"),
        ("town-1", 33, "/near/town-1/"),
        ("town-2", 44, "/near/town-2/"),
    ]
    page = client.get("/near/bristol-gb/?km=2").content.decode()
    assert 'href="/near/bath-gb/">Bath <span class="soft">19 km</span></a>' in page
    assert 'href="/near/bristol-gb/?km=100"' in page


def near_bristol(many: int) -> list[Town]:
    """A row of towns to the north, 11 km apart, from 33 km on."""
    more = {"country": "GB", "time_zone": "Europe/London", "population": 1, "longitude": -2.59665}
    return [
        Town.objects.create(pk=9_000_000 + n, slug=f"town-{n}", name=f"Town {n}", latitude=51.65523 + n / 10, **more)
        for n in range(1, many + 1)
    ]


def test_they_have_what_is_looked_for_or_else_anything(client: Client, bristol: Town) -> None:
    [near, far], host = near_bristol(2), make_member()
    make_gathering(town=near, host=host)
    make_gathering(town=far, host=host, kind="walk")
    assert places(client, "/near/bristol-gb/?km=10&kind=walk") == [("town-2", 44, "/near/town-2/?kind=walk")]
    assert [slug for slug, *_rest in places(client, "/near/bristol-gb/?km=10&kind=tea")] == ["town-1", "town-2"]
    assert "Something else is on around:" in client.get("/near/bristol-gb/?km=10&kind=tea").content.decode()


def test_what_nobody_may_see_is_near_nobody(client: Client, bristol: Town) -> None:
    make_gathering(town=make_town("bath-gb"), visibility="members")
    page = client.get("/near/bristol-gb/?km=2")
    assert page.context["nearest"] is None
    assert "Somebody has to lay the first table." in page.content.decode()


def test_what_else_there_is_in_the_town_itself_is_said(client: Client, bristol: Town) -> None:
    host = make_gathering().host
    make_gathering(town=make_town("bath-gb"), host=host)  # further away than what is here
    page = client.get("/near/bristol-gb/?kind=walk")
    assert page.context["nearest"].places == []
    assert "Be the first to host" not in page.content.decode()
    assert "try fewer choices" in page.content.decode()
    assert "All within 100 km of Bristol" in page.content.decode()


def test_the_first_to_host_begin_in_the_town_they_looked_at(client: Client, member: Member, bristol: Town) -> None:
    make_town("bath-gb")
    assert 'href="/host/?town=bath-gb"' in client.get("/near/bath-gb/").content.decode()
    kinds = client.get("/host/?town=bath-gb").content.decode()
    assert "What shall it be, in Bath?" in kinds
    assert 'href="/host/dinner/?town=bath-gb"' in kinds
    client.force_login(member)
    assert client.get("/host/dinner/?town=bath-gb").context["form"].initial["town"].slug == "bath-gb"
    for odd in ("", "%00", "nowhere", "a" * 500):
        assert client.get(f"/host/dinner/?town={odd}").context["form"].initial["town"] == bristol


@pytest.mark.parametrize(("is_member", "queries"), [(False, 6), (True, 10)])
def test_an_empty_page_asks_as_often_for_many_as_for_few(
    client: Client, member: Member, is_member: bool, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if is_member:
        client.force_login(member)
    for more in (2, 20):
        for _ in range(more):
            make_gathering(town=make_town("bath-gb"))
        client.get("/near/bristol-gb/?km=2&kind=walk")
        with django_assert_num_queries(queries):
            client.get("/near/bristol-gb/?km=2&kind=walk")


@pytest.mark.parametrize("is_member", [False, True])
def test_browse_asks_as_often_for_50_gatherings_as_for_5(
    client: Client, member: Member, is_member: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if is_member:
        client.force_login(member)
    # the town, the gatherings of the next days and of all others, the rules; session, member, blocks, co-hosts, and
    # twice, as it is asked before a kept page as well, whether mail reaches them
    queries = 10 if is_member else 4
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
    # the gathering, the line, co-hosts, for a stranger the rules and its state; for a guest session, member, RSVP,
    # host?, guests, whom of them one has met, companions, plan, what was told of what people eat, what is asked of the
    # table, and no line; for both how the food comes, and what is brought
    queries = 15 if is_guest else 7
    for more in (5, 45):
        for number in range(more):
            make_seat(gathering if number < 5 and more == 5 else make_gathering())
        with django_assert_num_queries(queries):
            client.get(gathering.get_absolute_url())


def test_what_a_block_hides_leads_nobody_on_and_hides_nothing_behind_it(signed_in: Client, member: Member) -> None:
    host = make_member("Somebody")
    for number in range(30):
        make_gathering(timezone.now() + timedelta(days=2, minutes=number), host=host)
    for number in range(PAGE):
        make_gathering(timezone.now() + timedelta(days=4, minutes=number))
    assert signed_in.get("/near/bristol-gb/").context["more_url"]
    block(member, host)
    page = signed_in.get("/near/bristol-gb/")
    assert [len(day.cards) for day in page.context["days"]] == [PAGE]
    assert not page.context["more_url"]
    for number in range(30):
        make_gathering(timezone.now() + timedelta(days=6, minutes=number), host=host)
    assert not signed_in.get("/near/bristol-gb/").context["more_url"]


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
    assert sorted(each.title for day in page.context["days"] for each in day.cards) == found


def test_every_choice_stands_in_the_address_and_in_both_forms(client: Client, bristol: Town) -> None:
    make_gathering(title="Soup", languages="Polski", door_width=90)
    asked = "when=2026-12-05&kind=dinner&how=open&speaks=polski&door=80&q=soup&evening=1&small=1&km=10"
    page = client.get(f"/near/bristol-gb/?{asked}")
    assert page.context["search"].url == f"/near/bristol-gb/?{asked}"
    form = page.content.decode().partition('<form class="finer"')[2].partition("</form>")[0]
    assert 'name="when"' not in form
    kept = ('name="kind" value="dinner"', 'name="km" value="10"', 'name="door" value="80"')
    for field in ('value="2026-12-05"', 'value="soup"', 'name="speaks" value="polski"', *kept):
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
    assert client.get("/", {"near": point})["Location"] in ("/?odd=1", "/near/bristol-gb/")


@pytest.mark.parametrize("point", ["90.00,0.00", "-90.00,0.00", "0.00,180.00", "0.00,-180.00"])
def test_there_is_a_nearest_town_at_the_ends_of_the_earth(client: Client, bristol: Town, point: str) -> None:
    assert client.get("/", {"near": point})["Location"] == "/near/bristol-gb/"
