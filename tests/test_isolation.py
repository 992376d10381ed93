"""Other sites may link here; they take nothing of ours into themselves, and a browser keeps nothing once one is out."""

import pytest
from django.test import Client

from apps.gatherings.models import Gathering
from apps.profiles.models import Member

pytestmark = pytest.mark.django_db
ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
PAGES = ["/", "/table/", "/help/", "/places/towns/?town=Bri", "/near/bristol-gb/feed.ics", "/nowhere/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("what", ["image", "script", "iframe", "object", "empty"])
def test_another_site_takes_no_page_into_itself(signed_in: Client, page: str, what: str) -> None:
    mode = "navigate" if what in ("iframe", "object") else "no-cors"
    answer = signed_in.get(page, headers={**ELSEWHERE, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": what})
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("headers", [{**ELSEWHERE, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, {}])
def test_a_link_from_elsewhere_and_a_program_that_is_no_browser_are_answered(
    signed_in: Client, gathering: Gathering, headers: dict[str, str]
) -> None:
    for page in ("/", gathering.get_absolute_url(), "/near/bristol-gb/feed.ics", "/help/"):
        assert signed_in.get(page, headers=headers).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "/static/js/site.js"])
def test_every_answer_says_whose_it_is(client: Client, page: str) -> None:
    for answer in (client.get(page), client.get(page, headers={**ELSEWHERE, "Sec-Fetch-Mode": "no-cors"})):
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "object-src 'none'" in answer["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer or page.startswith("/static/")


@pytest.mark.parametrize("page", ["/accounts/logout/", "/settings/sign-out-everywhere/"])
def test_whoever_signs_out_leaves_nothing_in_the_browser(client: Client, member: Member, page: str) -> None:
    client.force_login(member)
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert client.post(page)["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/settings/").status_code == 302
