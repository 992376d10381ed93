"""What search engines, link previews and feed readers are told: what everybody may see, and never an address."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.drawing import Seating
from apps.gatherings.drawing.picture import alone
from apps.gatherings.models import Gathering
from apps.places.models import Town
from apps.profiles.models import HouseRules, Member
from tests.factories import make_gathering, make_member, make_seat, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def event_in(client: Client, gathering: Gathering) -> dict[str, Any] | None:
    page = client.get(gathering.get_absolute_url()).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1]) if found else None


def atom_titles(client: Client, query: str = "") -> list[str]:
    feed = client.get(f"/near/bristol-gb/feed.atom{query}")
    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"
    return [entry.findtext(f"{ATOM}title") or "" for entry in ElementTree.fromstring(feed.content).iter(f"{ATOM}entry")]


def places_in(client: Client) -> list[str]:
    found = ElementTree.fromstring(client.get("/sitemap.xml").content).iter(f"{SITEMAP}loc")
    return [(place.text or "").removeprefix("http://testserver") for place in found]


def test_a_public_gathering_is_an_event_of_schema_org(client: Client) -> None:
    gathering = make_gathering(title='Soup </script> & "bread"')
    event = event_in(client, gathering)
    assert event
    assert event["@type"] == "Event"
    assert event["name"] == 'Soup </script> & "bread"'
    assert event["startDate"] == gathering.starts_local.isoformat()
    assert event["location"]["name"] == "Southville"
    assert "geo" not in event["location"]
    assert event["url"] == settings.BASE_URL + gathering.get_absolute_url()
    assert event["image"] == f"{event['url']}table.png"
    gathering.cancel("")
    assert (event_in(client, gathering) or {})["eventStatus"] == "https://schema.org/EventCancelled"


def test_machines_are_given_the_point_that_everybody_sees(client: Client) -> None:
    gathering = make_gathering(has_own_point=True, latitude=51.475, longitude=-2.565)
    event = event_in(client, gathering)
    assert event
    assert event["location"]["geo"] == {
        "@type": "GeoCoordinates",
        "latitude": gathering.latitude,
        "longitude": gathering.longitude,
    }


@pytest.mark.parametrize("setting", ["home", "cafe"])
def test_no_address_is_told_to_a_machine(client: Client, setting: str) -> None:
    gathering = make_gathering(setting=setting, address="14 Canary Street")
    head = client.get(gathering.get_absolute_url()).content.decode().partition("</head>")[0]
    told = [
        head,
        client.get("/near/bristol-gb/feed.atom").content.decode(),
        client.get("/sitemap.xml").content.decode(),
    ]
    assert [text for text in told if "Canary" in text] == []


def test_what_is_not_for_everybody_is_told_to_no_machine(client: Client, member: Member) -> None:
    host = make_member()
    for visibility in ("members", "link"):
        make_gathering(title=visibility, visibility=visibility, host=host)
    make_gathering(title="Draft", host=host, is_draft=True)
    hidden = make_gathering(title="Hidden", host=host)
    Gathering.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
    make_gathering(timezone.now() - timedelta(hours=1), title="Begun", host=host)
    assert atom_titles(client) == []
    assert places_in(client) == []
    client.force_login(member)
    members_only = Gathering.objects.get(title="members")
    assert event_in(client, members_only) is None
    assert atom_titles(client) == []  # whoever is signed in: it may be kept on the way


def test_where_strangers_may_not_look_machines_find_nothing(client: Client) -> None:
    make_gathering()
    HouseRules.objects.now().change(who_may_look="members")
    for path in ("/near/bristol-gb/feed.atom", "/sitemap.xml"):
        assert client.get(path).status_code == 404
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_the_feeds_hold_what_the_page_was_narrowed_to(client: Client) -> None:
    host = make_member()
    make_gathering(title="Soup", host=host)
    make_gathering(title="Walk", kind="walk", host=host)
    assert [title.partition(",")[0] for title in atom_titles(client, "?kind=walk")] == ["Walk"]
    page = client.get("/near/bristol-gb/?kind=walk&km=10").content.decode()
    assert 'href="/near/bristol-gb/feed.atom?kind=walk&amp;km=10"' in page
    assert 'href="/near/bristol-gb/feed.ics?kind=walk&amp;km=10"' in page
    file = Calendar.from_ical(client.get("/near/bristol-gb/feed.ics?kind=walk").content)
    assert [str(event["SUMMARY"]) for event in file.walk("VEVENT")] == ["Walk"]


def test_a_feed_names_its_author_and_no_host(client: Client, bristol: Town) -> None:
    make_gathering(host=make_member("Mei"))
    feed = ElementTree.fromstring(client.get("/near/bristol-gb/feed.atom").content)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == settings.COMMUNITY_NAME
    assert "Mei" not in ElementTree.tostring(feed, encoding="unicode")


def test_what_a_host_has_typed_is_no_html_for_feed_readers(client: Client) -> None:
    make_gathering(title="Soup & <b>bread</b>", words='Salt < sugar <img src="https://example.net/seen">')
    [entry] = ElementTree.fromstring(client.get("/near/bristol-gb/feed.atom").content).iter(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title") or "").startswith("Soup & <b>bread</b>,")  # of a title it says no such thing
    summary = entry.find(f"{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "html"
    assert (summary.text or "").endswith("Salt &lt; sugar &lt;img src=&quot;https://example.net/seen&quot;&gt;")


@pytest.mark.parametrize("query", ["", "?when=week", "?quiet=1&km=10&speaks=polski", "?after=20261126-0-0-1"])
def test_every_look_around_a_town_and_each_of_its_pages_is_known_by_the_town(client: Client, query: str) -> None:
    make_gathering()
    page = client.get(f"/near/bristol-gb/{query}", follow=True).content.decode()
    assert f'<link rel="canonical" href="{settings.BASE_URL}/near/bristol-gb/">' in page


def head_of(client: Client, path: str) -> str:
    return client.get(path).content.decode().partition("</head>")[0]


def test_a_preview_of_a_link_to_a_town_names_it_and_shows_the_first_table(client: Client, bristol: Town) -> None:
    head = head_of(client, "/near/bristol-gb/?kind=walk")
    assert '<meta property="og:title" content="Gatherings near Bristol">' in head
    assert f'<meta property="og:url" content="{settings.BASE_URL}/near/bristol-gb/">' in head
    assert "og:image" not in head
    gathering = make_gathering(kind="walk", address="14 Canary Street")
    head = head_of(client, "/near/bristol-gb/?kind=walk&km=10")
    picture = f"{gathering.get_absolute_url()}table.png"
    assert f'<meta property="og:image" content="{settings.BASE_URL}{picture}">' in head
    assert client.get(picture).status_code == 200
    assert "Canary" not in head


def test_there_is_none_of_what_is_for_members_only(client: Client, member: Member, bristol: Town) -> None:
    make_gathering(visibility="members")
    assert "og:image" not in head_of(client, "/near/bristol-gb/")
    client.force_login(member)
    assert "og:" not in head_of(client, "/near/bristol-gb/")


def test_the_sitemap_lists_what_is_to_come_and_its_towns_and_robots_know_of_it(
    client: Client, bristol: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    host = make_member()
    tables = [make_gathering(host=host) for _ in range(3)] + [make_gathering(host=host, town=make_town("bath-gb"))]
    with django_assert_num_queries(3):
        client.get("/sitemap.xml")
    assert sorted(places_in(client)) == sorted(
        ["/near/bath-gb/", "/near/bristol-gb/", *(each.get_absolute_url() for each in tables)]
    )
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_a_preview_of_a_link_names_title_day_and_area(client: Client) -> None:
    gathering = make_gathering(title='Soup "and" bread')
    head = client.get(gathering.get_absolute_url()).content.decode().partition("</head>")[0]
    assert '<meta property="og:title" content="Soup &quot;and&quot; bread">' in head
    assert gathering.starts_local.strftime("%H:%M") in head


# The picture


def picture_of(client: Client, gathering: Gathering) -> Image.Image:
    answer = client.get(f"{gathering.get_absolute_url()}table.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "public, max-age=300"
    return Image.open(BytesIO(answer.content)).convert("RGB")


def colours_of(picture: Image.Image) -> set[Any]:
    return {colour for many, colour in picture.getcolors(1 << 20) or [] if many > 200}


PAPER, PAPRIKA = (251, 247, 240), (168, 60, 26)


def test_a_preview_of_a_link_has_the_table_drawing_and_its_words(client: Client) -> None:
    gathering = make_gathering(seats=5)
    make_seat(gathering)
    head = client.get(gathering.get_absolute_url()).content.decode().partition("</head>")[0]
    assert f'<meta property="og:image" content="{settings.BASE_URL}{gathering.get_absolute_url()}table.png">' in head
    assert '<meta property="og:image:alt" content="Five seats, one taken, four free">' in head
    picture = picture_of(client, gathering)
    assert picture.size == (1200, 630)
    assert {PAPER, PAPRIKA} <= colours_of(picture)


def test_it_shows_the_seats_as_they_are_and_nobodys_name(client: Client) -> None:
    gathering = make_gathering(seats=2)
    free = picture_of(client, gathering)
    make_seat(gathering, make_member("Noor"))
    one = picture_of(client, gathering)
    make_seat(gathering, make_member("Bo"))
    full = picture_of(client, gathering)
    assert free.tobytes() != one.tobytes() != full.tobytes()
    assert PAPRIKA not in colours_of(full), "no chair stands pulled out"
    other = make_gathering(seats=2, title="Stew", area="Easton", address="1 Canary Row")
    assert picture_of(client, other).tobytes() == free.tobytes()


@pytest.mark.parametrize("kind", Gathering.Kind.values)
def test_every_drawing_has_plain_colours_in_a_picture(kind: str) -> None:
    unsettled = ("var(", "light-dark", "style=", "<use", "<text", "transparent")
    for seats in (1, 5, 12, 40):
        drawn = alone(Seating(kind, seats, taken=seats // 2, kept=int(seats > 1)))
        assert [rest for rest in unsettled if rest in drawn] == []
        assert 'fill="#a83c1a"' in drawn


def test_control_a_colour_that_is_not_resolved_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.gatherings.drawing.picture.resolved", lambda value, values: value)
    assert "var(" in alone(Seating("dinner", 5, taken=2))


def test_what_is_not_for_everybody_has_no_picture(client: Client, member: Member) -> None:
    host = make_member()
    others = [make_gathering(host=host, visibility=visibility) for visibility in ("members", "link")]
    others += [make_gathering(host=host, is_draft=True), make_gathering(host=host)]
    Gathering.objects.filter(pk=others[-1].pk).update(hidden_at=timezone.now())
    for reader in (None, member, host):
        client.logout()
        if reader:
            client.force_login(reader)
        for gathering in others:
            page = client.get(gathering.get_absolute_url()).content.decode()
            assert "og:image" not in page
            assert client.get(f"{gathering.get_absolute_url()}table.png").status_code == 404


def test_it_costs_two_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    gathering = make_gathering()
    with django_assert_max_num_queries(2):  # the gathering, the rules
        picture_of(client, gathering)


def test_feed_readers_see_that_it_was_edited(client: Client) -> None:
    gathering = make_gathering(published_at=timezone.now() - timedelta(days=2))
    assert updated_in(client) == gathering.published_at
    gathering.title = "Stew and good bread"
    gathering.change(["title"])
    assert updated_in(client) == gathering.changes.get().at


def updated_in(client: Client) -> datetime:
    [entry] = ElementTree.fromstring(client.get("/near/bristol-gb/feed.atom").content).iter(f"{ATOM}entry")
    return datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "")
