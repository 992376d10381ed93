"""What is only for those who have its link: open to them, strangers too, and to nobody else; in no list whatever."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import CoHost, Gathering
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat, make_town
from tests.gatherings.test_hosting import typed
from tests.odd import Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def hidden() -> Gathering:
    gathering = make_gathering(title="A hidden supper", visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    return gathering


def seen(client: Client, url: str) -> tuple[int, bytes]:
    answer = client.get(url)
    return answer.status_code, re.sub(rb'value="\w{64}"', b"", answer.content)


# Who sees it


def test_without_its_link_it_is_as_if_it_never_was(client: Client, hidden: Gathering, member: Member) -> None:
    other = make_gathering(visibility=Gathering.Visibility.LINK)
    other.make_link()
    for reader in (None, member):
        if reader:
            client.force_login(reader)
        none = seen(client, "/gatherings/zzzzzzzzzz/")
        assert none[0] == 404
        for query in ("", "?link=", "?link=x", f"?link={other.link}", f"?link={hidden.link[:-1]}", "?link=%25"):
            assert seen(client, hidden.get_absolute_url() + query) == none


def test_a_link_of_odd_signs_opens_nothing(client: Client, hidden: Gathering) -> None:
    for odd in ("%00", hidden.link + "%00", "%F0%9F%91%A9", "x" * 4000, "%ff"):
        assert client.get(f"{hidden.get_absolute_url()}?link={odd}").status_code == 404


def test_one_without_a_link_is_not_opened_by_an_empty_one(client: Client) -> None:
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    assert client.get(f"{gathering.get_absolute_url()}?link=").status_code == 404
    assert client.post(f"{gathering.get_absolute_url()}rsvp/", {"link": ""}).status_code == 404


def test_a_draft_is_not_opened_by_its_link(client: Client) -> None:
    draft = make_gathering(visibility=Gathering.Visibility.LINK, is_draft=True)
    draft.make_link()
    assert client.get(draft.invitation_url).status_code == 404


def test_with_the_link_everybody_opens_it_and_no_address(client: Client, hidden: Gathering, member: Member) -> None:
    for reader in (None, member):
        if reader:
            client.force_login(reader)
        page = client.get(hidden.invitation_url).content.decode()
        assert "A hidden supper" in page
        assert "Greville" not in page


def test_a_member_takes_a_seat_by_the_link_and_then_needs_it_no_more(
    client: Client, hidden: Gathering, member: Member
) -> None:
    client.force_login(member)
    page = Page.of(client.get(hidden.invitation_url))
    assert page.values["link"] == hidden.link
    url = f"{hidden.get_absolute_url()}rsvp/"
    assert client.post(url).status_code == 404
    answer = client.post(url, {"link": hidden.link}, follow=True)
    assert (answer.status_code, "You have a seat." in answer.content.decode()) == (200, True)
    assert client.get(hidden.get_absolute_url()).status_code == 200
    answer = client.post(f"{hidden.get_absolute_url()}leave/", follow=True)
    assert answer.status_code == 200


def test_a_stranger_signs_up_by_the_link_and_has_a_seat(client: Client, hidden: Gathering) -> None:
    answer = client.post(f"{hidden.get_absolute_url()}rsvp/", {"link": hidden.link}, follow=True)
    assert "A hidden supper" in answer.content.decode()
    fields = {"name": "Ada", "email": "ada@example.org", "promise": "on", "next": Page.of(answer).values["next"]}
    answer = client.post("/accounts/login/", fields, follow=True)
    send()
    code = mail.outbox[-1].subject.split()[0]
    answer = client.post(answer.redirect_chain[-1][0], {"code": code}, follow=True)
    assert answer.status_code == 200
    assert "You have a seat." in answer.content.decode()
    assert hidden.rsvps.seated().get().member.email == "ada@example.org"


def test_a_press_that_is_refused_still_shows_the_page_it_came_from(
    client: Client, hidden: Gathering, member: Member
) -> None:
    Gathering.objects.filter(pk=hidden.pk).update(
        starts_at=timezone.now() - timedelta(minutes=5), ends_at=timezone.now() + timedelta(hours=2)
    )
    client.force_login(member)
    answer = client.post(f"{hidden.get_absolute_url()}rsvp/", {"link": hidden.link}, follow=True)
    assert (answer.status_code, "has begun already" in answer.content.decode()) == (200, True)


def test_a_new_link_or_none_closes_the_old_one_but_not_for_whoever_comes(
    client: Client, hidden: Gathering, member: Member
) -> None:
    make_seat(hidden, member)
    host = Client()
    host.force_login(hidden.host)
    guest = Client()
    guest.force_login(member)
    for act in ("new", "end", "new"):
        old = hidden.invitation_url
        answer = host.post(f"/gatherings/{hidden.key}/invite/link/", {"act": act}, follow=True)
        hidden.refresh_from_db()
        assert bool(hidden.link) is (act == "new")
        assert (f"?link={hidden.link}" in answer.content.decode()) is bool(hidden.link)
        assert ("?link=" in answer.content.decode()) is bool(hidden.link)
        if old != hidden.get_absolute_url():
            assert client.get(old).status_code == 404
        assert guest.get(hidden.get_absolute_url()).status_code == 200
    assert client.get(hidden.invitation_url).status_code == 200


def test_while_it_has_no_link_nobody_is_invited(client: Client, hidden: Gathering) -> None:
    hidden.revoke_link()
    client.force_login(hidden.host)
    assert "id_emails" not in client.get(f"/gatherings/{hidden.key}/invite/").content.decode()
    answer = client.post(f"/gatherings/{hidden.key}/invite/", {"emails": "ben@example.org"})
    assert (answer.status_code, "Its link has ended" in answer.content.decode()) == (422, True)
    assert not Message.objects.exists()


def test_whoever_is_invited_by_mail_gets_the_link_as_it_is_when_the_mail_goes(
    client: Client, hidden: Gathering
) -> None:
    owner = Client()
    owner.force_login(hidden.host)
    owner.post(f"/gatherings/{hidden.key}/invite/", {"emails": "ben@example.org"})
    hidden.make_link()
    Message.objects.update(due_at=timezone.now())
    send()
    [link] = [word for word in mail.outbox[0].body.split() if "?link=" in word]
    assert client.get("/" + link.split("/", 3)[3]).status_code == 200


# It is in no list


def test_it_is_in_no_list_nor_card_nor_hint_for_anybody(client: Client, hidden: Gathering, member: Member) -> None:
    make_town("bath-gb")
    make_seat(hidden, member)
    for reader in (None, member, hidden.host):
        if reader:
            client.force_login(reader)
        for url in ("/", "/near/bristol-gb/", "/near/bristol-gb/?km=100&when=week", "/near/bath-gb/?km=5"):
            answer = client.get(url)
            assert "A hidden supper" not in answer.content.decode()
            assert answer.context["nearest"] is None


def test_whose_gathering_is_called_off_is_not_led_to_it(hidden: Gathering, member: Member) -> None:
    make_seat(hidden, member).bow_out()  # so that they may see it
    other = make_gathering()
    make_seat(other, member)
    Message.objects.all().delete()
    other.cancel("")
    send()
    assert len(mail.outbox) == 1
    assert "A hidden supper" not in mail.outbox[0].body


def test_its_guest_and_its_hosts_find_it_on_their_own_tables_alone(
    client: Client, hidden: Gathering, member: Member
) -> None:
    make_seat(hidden, member)
    ada = make_member("Ada")
    CoHost.invite(hidden, ada.email)
    hidden.co_hosts.get().accept(ada)
    for reader, sees in ((member, True), (hidden.host, True), (ada, True), (make_member(), False)):
        client.force_login(reader)
        assert ("A hidden supper" in client.get("/table/").content.decode()) is sees


# How it comes by its link


def test_publishing_it_makes_the_link_and_shows_it(signed_in: Client) -> None:
    signed_in.post("/host/dinner/", typed(visibility="link", act="preview"))
    draft = Gathering.objects.get()
    answer = signed_in.post(f"/gatherings/{draft.key}/publish/", {}, follow=True)
    draft.refresh_from_db()
    assert len(draft.link) == 22
    assert draft.link in answer.content.decode()
    assert Client().get(draft.invitation_url).status_code == 200


def test_editing_it_into_that_makes_a_link_and_back_again_shows_it_to_all(signed_in: Client, member: Member) -> None:
    gathering = make_gathering(host=member)
    edit = f"/gatherings/{gathering.key}/edit/"
    signed_in.post(edit, typed(visibility="link"))
    gathering.refresh_from_db()
    first = gathering.link
    assert len(first) == 22
    assert Client().get(gathering.get_absolute_url()).status_code == 404
    assert Client().get(gathering.invitation_url).status_code == 200
    signed_in.post(edit, typed())
    assert Client().get(gathering.get_absolute_url()).status_code == 200
    signed_in.post(edit, typed(visibility="link"))
    gathering.refresh_from_db()
    assert gathering.link == first  # nobody has ended it


def test_an_edit_of_something_else_makes_no_new_link_where_the_host_has_ended_it(
    signed_in: Client, member: Member
) -> None:
    gathering = make_gathering(host=member, visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    gathering.revoke_link()
    signed_in.post(f"/gatherings/{gathering.key}/edit/", typed(visibility="link", title="Soup again"))
    gathering.refresh_from_db()
    assert (gathering.title, gathering.link) == ("Soup again", "")


# Nor is it for search engines


def test_a_page_that_is_not_for_everyone_says_so_to_search_engines(client: Client, hidden: Gathering) -> None:
    noindex = '<meta name="robots" content="noindex">'
    assert noindex in client.get(hidden.invitation_url).content.decode()
    assert noindex not in client.get(make_gathering().get_absolute_url()).content.decode()
    assert "Disallow: /*?link=" in client.get("/robots.txt").content.decode()
