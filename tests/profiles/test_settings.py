"""One page that leads to everything of one's own, and says where one is."""

import re

import pytest
from django.test import Client

from apps.profiles.models import Member
from tests.factories import make_town
from tests.odd import Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/settings/"
LEADS_TO = [
    "/settings/profile/", "/settings/picture/", "/settings/needs/", "/settings/diet/", "/settings/mail/",
    "/settings/calendar/", "/settings/blocks/", "/report/", "/accounts/2fa/webauthn/", "/settings/address/",
    "/settings/export/", "/settings/leave/",
]  # fmt: skip


def test_it_leads_to_everything_of_ones_own(signed_in: Client) -> None:
    page = signed_in.get(URL).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    for url in LEADS_TO:
        assert f'href="{url}"' in main
        assert signed_in.get(url).status_code in (200, 302)
    assert 'action="/settings/sign-out-everywhere/"' in main
    own = set(re.findall(r'href="(/settings/[^"]+)"', main))
    assert own <= set(LEADS_TO)


def save(visitor: Client, **said: str) -> None:
    assert visitor.post(URL, {"town": "", "time_zone": "", "language": "en", **said})["Location"] == URL


def test_the_time_zone_is_that_of_the_town_unless_another_is_chosen(signed_in: Client, member: Member) -> None:
    make_town("bath-gb")
    make_town("auckland-nz")

    def zone() -> str:
        member.refresh_from_db()
        return member.time_zone

    save(signed_in, town="Auckland")
    assert zone() == "Pacific/Auckland"
    save(signed_in, town="Auckland", time_zone="Asia/Tokyo")
    assert zone() == "Asia/Tokyo"
    assert '<option value="Asia/Tokyo" selected>' in signed_in.get(URL).content.decode()
    save(signed_in, town="Bath", time_zone="Asia/Tokyo")
    assert zone() == "Asia/Tokyo"
    save(signed_in, town="Bath")
    assert zone() == "Europe/London"
    assert '<option value="" selected>' in signed_in.get(URL).content.decode()
    save(signed_in)
    assert zone() == "Europe/London"  # without a town there is nothing better to go by
    assert member.town is None


def test_a_zone_that_no_list_has_but_the_member_is_kept(signed_in: Client, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(time_zone="Etc/GMT+3")  # at sea
    page = signed_in.get(URL).content.decode()
    assert '<option value="Etc/GMT+3" selected>' in page
    save(signed_in, time_zone="Etc/GMT+3")
    member.refresh_from_db()
    assert member.time_zone == "Etc/GMT+3"


def test_it_asks_nothing_that_stands_on_ones_page(signed_in: Client) -> None:
    assert not {"name", "pronouns", "languages"} & set(Page.of(signed_in.get(URL)).attributes)
