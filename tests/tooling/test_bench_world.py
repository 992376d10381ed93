"""What pages are measured in is as the app would have laid it, only faster."""

import pytest
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering
from apps.places.models import Town
from benchmarks import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LAID = "w0"  # how their keys begin; those that the app draws hold no zero
TOWNS = {
    world.DENSE: (1796236, "Shanghai", "CN", 31.22222, 121.45806, "Asia/Shanghai", 24874500),
    world.SPARSE: (2077895, "Alice Springs", "AU", -23.69748, 133.88362, "Australia/Darwin", 26534),
}


@pytest.fixture
def towns() -> list[Town]:
    fields = ("pk", "name", "country", "latitude", "longitude", "time_zone", "population")
    return [Town.objects.create(slug=slug, **dict(zip(fields, values, strict=True))) for slug, values in TOWNS.items()]


def test_every_measured_page_holds_20_upcoming_cards(client: Client, towns: list[Town]) -> None:
    world.lay_people(towns[0])
    world.lay_gatherings(30)
    laid = Gathering.objects.filter(key__startswith=LAID)
    assert laid.count() == 30 + 2 * world.MORE
    assert laid.upcoming().published().count() == laid.count()
    for slug in TOWNS:
        assert client.get(f"/near/{slug}/").content.count(b"<article") == 20
    assert client.get(laid.earliest("starts_at").get_absolute_url()).status_code == 200


def test_its_rows_are_what_saving_them_would_make(towns: list[Town]) -> None:
    world.lay_people(towns[0])
    world.lay_gatherings(5)
    derived = ["starts_at", "ends_at", "cell_small", "cell_medium", "cell_large", "seats", "latitude", "longitude"]
    for gathering in Gathering.objects.filter(key__startswith=LAID):
        before = [getattr(gathering, name) for name in derived]
        gathering.settle()
        assert [getattr(gathering, name) for name in derived] == before
        assert gathering.starts_at > timezone.now()
