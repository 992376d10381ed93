"""Of a home everybody sees one and the same point, however often they look and however often its host says where it is.

The home stands where three squares meet, which is the hardest place: a device that finds it some metres off finds it in
another square each time.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count, cycle
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.places.grid import snapped
from apps.profiles.models import Member
from tests.factories import make_town
from tests.gatherings.test_hosting import typed

pytestmark = pytest.mark.django_db
CORNER = (51.453, -2.59803)
COORDINATE = re.compile(r"51\.4\d\d|-2[.,](?:59|60)\d")
NOISE = 0.0003  # degrees: some thirty metres
TOWNS = {"bristol-gb": 5, "bath-gb": 50}  # from where they search, and how far
ROUNDS, LOOKS = 20, 50
AS_HTMX = {"HX-Request": "true", "HX-Target": "more"}  # for the part of a page, which is sooner there
numbers = count(1)


@pytest.fixture
def host(client: Client, member: Member) -> Client:
    for slug in TOWNS:
        make_town(slug)
    client.force_login(member)
    return client


def found_now(dice: Random) -> str:
    """What "I am there now" puts into the field."""
    return ", ".join(f"{each + dice.uniform(-NOISE, NOISE):.6f}" for each in CORNER)


def say_where(host: Client, gathering: Gathering | None, dice: Random) -> Gathering:
    """Edit it, or, where there is none, put up another at the same address."""
    said = typed(title=f"Soup {next(numbers)}", point=found_now(dice))
    if gathering:
        assert host.post(f"/gatherings/{gathering.key}/edit/", said).status_code == 302
        return gathering
    key = host.post("/host/dinner/", said)["Location"].split("/")[2]
    host.post(f"/gatherings/{key}/publish/", {})
    return Gathering.objects.get(key=key)


def pages(gathering: Gathering) -> list[str]:
    searches = [f"/near/{slug}/?km={km}" for slug, km in TOWNS.items()]
    feeds = [f"/near/{slug}/feed.ics" for slug in TOWNS]
    return [*searches, *feeds, gathering.get_absolute_url(), f"{gathering.get_absolute_url()}calendar.ics"]


def place_in(url: str, answer: Any, gathering: Gathering) -> set[tuple[str, Any]]:
    """Whatever this page says of where it is: distances to the last digit of what it is drawn from, and coordinates."""
    assert gathering.title in answer.content.decode() or "/feed.ics" in url
    said: set[tuple[str, Any]] = {("a coordinate", each) for each in COORDINATE.findall(answer.content.decode())}
    for drawn_from in answer.context or []:
        if "gathering" in drawn_from and "/near/" in url:
            said.add((url.split("?")[0], drawn_from["gathering"].metres))
    return said


def seen(host: Client, rounds: int = ROUNDS, looks: int = LOOKS) -> set[tuple[str, Any]]:
    """What strangers and members could put together in `rounds` times `looks`."""
    dice, gathering, found = Random(20), None, set()
    readers, ways = cycle([Client(), host]), cycle([{}, *[AS_HTMX] * 4])
    for number in range(rounds):
        if gathering and number % 5 == 0:
            host.post(f"/gatherings/{gathering.key}/cancel/", {"words": "Another time."})
            gathering = None
        gathering = say_where(host, gathering, dice)
        gathering.refresh_from_db()
        urls = cycle(pages(gathering))
        for _ in range(looks):
            url = next(urls)
            reader = host if url.endswith("calendar.ics") else next(readers)
            found |= place_in(url, reader.get(url, headers=next(ways)), gathering)
    return found


def test_a_thousand_looks_find_one_and_the_same_point(host: Client) -> None:
    found = seen(host)
    assert {where for where, _said in found} == {"a coordinate", *(f"/near/{slug}/" for slug in TOWNS)}
    assert len(found) == 2 + len(TOWNS)  # a latitude, a longitude, and a distance from each town
    assert Gathering.objects.count() == ROUNDS / 5
    assert len(set(Gathering.objects.values_list("latitude", "longitude"))) == 1


def test_control_without_remembering_there_are_as_many_as_squares_meet(
    host: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew: Callable[..., Any] = lambda _host, _address, point: point  # noqa: E731
    monkeypatch.setattr("apps.gatherings.forms.point_of", anew)
    assert len([each for each in seen(host, looks=6) if each[0] != "a coordinate"]) == 3 * len(TOWNS)


def test_control_a_point_that_is_not_snapped_is_another_each_time(
    host: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.places.forms.snapped", lambda *point: point)
    monkeypatch.setattr("apps.gatherings.one_point.NEXT_SQUARE", 0)
    assert len(seen(host, looks=6)) > 6 * len(TOWNS)


def test_a_home_that_is_elsewhere_by_now_has_another_point(host: Client) -> None:
    gathering = say_where(host, None, Random(1))
    for place in ("51.4730, -2.5980", "51.4530, -2.5600"):  # two and three kilometres away
        host.post(f"/gatherings/{gathering.key}/edit/", typed(point=place))
        gathering.refresh_from_db()
        latitude, longitude = (float(each) for each in place.split(", "))
        assert (gathering.latitude, gathering.longitude) == snapped(latitude, longitude)


def test_another_address_and_another_host_have_their_own(host: Client, signed_in: Client, member: Member) -> None:
    here, beside = "51.4535, -2.5985", "51.4525, -2.5985"
    assert snapped(51.4535, -2.5985) != snapped(51.4525, -2.5985)
    for address, point in (("1 High Street", here), ("2 High Street", beside), ("1 HIGH STREET", beside)):
        day = (timezone.now() + timedelta(days=next(numbers))).date().isoformat()
        host.post("/host/dinner/", typed(address=address, point=point, day=day))
    points = [(each.latitude, each.longitude) for each in Gathering.objects.order_by("pk")]
    assert points == [snapped(51.4535, -2.5985), snapped(51.4525, -2.5985), snapped(51.4535, -2.5985)]
