"""Co-hosts: asked by mail, theirs once they say yes, nothing once they are gone; and nobody learns who is a member."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from apps.gatherings import later
from apps.gatherings.models import CoHost, Gathering, Series
from apps.gatherings.models.co_host import AskEnded
from apps.gatherings.tasks import minute
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.gatherings.test_hosting import typed
from tests.odd import MEGABYTE, Page, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
State = Message.State


@pytest.fixture
def hosting(client: Client, gathering: Gathering) -> Client:
    client.force_login(gathering.host)
    return client


@pytest.fixture
def ada() -> Member:
    return make_member("Ada", email="ada@example.org")


def page_of(gathering: Gathering, act: str = "") -> str:
    return f"/gatherings/{gathering.key}/co-hosts/{act}"


def asked(gathering: Gathering, email: str = "ada@example.org") -> CoHost:
    CoHost.invite(gathering, email)
    return gathering.co_hosts.get(email=email)


def helping(gathering: Gathering, member: Member) -> CoHost:
    row = asked(gathering, member.email)
    row.accept(member)
    return row


def link_in(message: Any) -> str:
    return re.findall(r"https?://[^/]+(/m/\S+)", message.body)[0]


def sent_link(gathering: Gathering, email: str = "ada@example.org") -> str:
    """The link of the mail that asks them, as it arrives in the morning."""
    CoHost.invite(gathering, email)
    Message.objects.update(due_at=timezone.now())
    send()
    return link_in([each for each in mail.outbox if "would you co-host" in each.subject][-1])


# Asking


def test_a_member_and_a_stranger_are_asked_in_the_very_same_way(
    hosting: Client, gathering: Gathering, ada: Member
) -> None:
    pages = {}
    for email in ("ada@example.org", "ben@example.org"):
        answer = hosting.post(page_of(gathering), {"email": email}, follow=True)
        CoHost.objects.all().delete()
        pages[email] = re.sub(rb'value="\w{64}"', b"", answer.content).replace(email.encode(), b"EMAIL")
    assert pages["ada@example.org"] == pages["ben@example.org"]
    assert b"Asked, no answer yet" in pages["ben@example.org"]


def test_the_mail_says_who_asks_and_what_for_and_no_address_of_a_home(gathering: Gathering, ada: Member) -> None:
    for email in (ada.email, "ben@example.org"):
        sent_link(gathering, email)
    assert Message.objects.filter(kind="cohost_invited", state=State.SENT).count() == 2
    ours, theirs = mail.outbox
    assert (ours.to, theirs.to) == (["ada@example.org"], ["ben@example.org"])
    assert ours.subject == theirs.subject == f"Mei asks: would you co-host “{gathering.title}”?"
    for each in (ours, theirs):
        for text in (each.body, html_of(each)):
            assert "Only Mei can call it off." in text
            assert "Southville, Bristol" in text
            assert "Greville" not in text
            assert "Ada" not in text


def test_a_mail_put_off_till_morning_is_dropped_once_it_is_taken_back_and_finds_a_new_asking(
    gathering: Gathering,
) -> None:
    with time_machine.travel(gathering.starts_at.replace(hour=23) - timedelta(days=3), tick=False) as clock:
        asked(gathering).end()
        asked(gathering)
        send()
        assert not mail.outbox
        clock.shift(timedelta(hours=11))
        send()
        assert len(mail.outbox) == 1
        asked(gathering, "ben@example.org").end()
        send()
    assert [message.state for message in Message.objects.order_by("pk")] == [State.SENT, State.DROPPED]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "Ada <ada@example.org>",
        "ada@example.org\nBcc: ben@example.org",
        "ada@example.org%0ABcc: ben@example.org\r\n.",
        "ada@example.org,ben@example.org",
        "ada\x00@example.org",
        "аda@example.org",
        "x" * 250 + "@example.org",
        MEGABYTE,
    ],
    ids=lambda value: value[:20],
)
def test_what_is_no_address_is_refused_beside_the_field(hosting: Client, gathering: Gathering, email: str) -> None:
    answer = hosting.post(page_of(gathering), {"email": email})
    assert_refused(answer, "email", "")
    assert not CoHost.objects.exists()
    assert not Message.objects.exists()


def test_an_address_is_spelled_as_the_sign_in_spells_it(hosting: Client, gathering: Gathering, ada: Member) -> None:
    for email in (" ADA@Example.ORG ", "ben@bücher.example"):
        assert hosting.post(page_of(gathering), {"email": email}).status_code == 302
    assert {row.email for row in CoHost.objects.all()} == {"ada@example.org", "ben@xn--bcher-kva.example"}
    [message] = Message.objects.filter(member=ada)
    assert message.subject_id == gathering.pk
    answer = hosting.post(page_of(gathering), {"email": "ada@EXAMPLE.org"})
    assert_refused(answer, "email", "on the list below already", "ada@EXAMPLE.org")


def test_the_host_does_not_ask_themself(hosting: Client, gathering: Gathering) -> None:
    answer = hosting.post(page_of(gathering), {"email": gathering.host.email.upper()})
    assert_refused(answer, "email", "your own address")


def test_five_are_the_most_and_a_place_is_free_again_once_one_is_taken_back(
    hosting: Client, gathering: Gathering
) -> None:
    for number in range(5):
        assert hosting.post(page_of(gathering), {"email": f"m{number}@example.org"}).status_code == 302
    assert_refused(
        hosting.post(page_of(gathering), {"email": "six@example.org"}), "email", "Five co-hosts are the most"
    )
    hosting.post(page_of(gathering, "remove/"), {"co_host": "m0@example.org"})
    assert hosting.post(page_of(gathering), {"email": "six@example.org"}).status_code == 302


def test_ten_a_day_are_asked_for_a_host_and_taking_back_does_not_give_more(gathering: Gathering) -> None:
    other = make_gathering(host=gathering.host)
    client = Client()
    client.force_login(gathering.host)
    for number in range(10):
        asked(gathering if number % 2 else other, f"m{number}@example.org").end()
    assert_refused(client.post(page_of(other), {"email": "more@example.org"}), "email", "ten people for you today")
    Message.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert client.post(page_of(other), {"email": "more@example.org"}).status_code == 302


def test_one_address_is_written_to_twice_about_a_gathering_and_no_more(gathering: Gathering) -> None:
    client = Client()
    client.force_login(gathering.host)
    for _ in range(2):
        client.get(sent_link(gathering))
        gathering.co_hosts.get().end()
    assert_refused(client.post(page_of(gathering), {"email": "ada@example.org"}), "email", "leave it at that")
    assert len(mail.outbox) == 2


def test_nobody_is_asked_to_what_is_called_off_or_over_but_to_a_draft(hosting: Client, gathering: Gathering) -> None:
    draft = make_gathering(host=gathering.host, is_draft=True)
    over = make_gathering(timezone.now() - timedelta(hours=5), host=gathering.host)
    gathering.cancel("")
    for each in (gathering, over):
        assert "id_email" not in hosting.get(page_of(each)).content.decode()
        assert_refused(hosting.post(page_of(each), {"email": "ada@example.org"}), "email", "too late")
    assert hosting.post(page_of(draft), {"email": "ada@example.org"}).status_code == 302
    assert [row.gathering for row in CoHost.objects.all()] == [draft]


# Answering


def test_the_link_shows_what_it_is_about_and_changes_nothing(client: Client, gathering: Gathering) -> None:
    link = sent_link(gathering)
    for _ in range(2):
        page = client.get(link).content.decode()
        assert "Would you co-host with Mei?" in page
        assert gathering.title in page
        assert "ada@example.org" not in page
        assert "Greville" not in page
    assert CoHost.objects.get().accepted_at is None


def test_a_yes_makes_a_co_host_of_whom_was_asked(client: Client, gathering: Gathering, ada: Member) -> None:
    link = sent_link(gathering)
    client.force_login(ada)
    answer = client.post(link, {"act": "yes"}, follow=True)
    assert answer.redirect_chain == [(gathering.get_absolute_url(), 302)]
    assert "You are a co-host now." in answer.content.decode()
    assert gathering.is_run_by(ada)
    for act in ("yes", "no"):
        assert client.post(link, {"act": act})["Location"] == gathering.get_absolute_url()
    assert gathering.is_run_by(ada)


def test_a_yes_without_an_account_leads_through_the_code_and_back(client: Client, gathering: Gathering) -> None:
    link = sent_link(gathering)
    answer = client.post(link, {"act": "yes"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/login/?next=%2Fm%2F")
    fields = {"name": "Ada", "email": "ADA@example.org", "promise": "on", "next": link}
    answer = client.post("/accounts/login/", fields, follow=True)
    send()
    code = mail.outbox[-1].subject.split()[0]
    answer = client.post(answer.redirect_chain[-1][0], {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == link
    client.post(link, {"act": "yes"})
    assert CoHost.objects.get().member == Member.objects.get(email="ada@example.org")


def test_nobody_else_says_yes_however_they_came_by_the_link(client: Client, gathering: Gathering, ada: Member) -> None:
    link = sent_link(gathering)
    other = make_member("Ben")
    client.force_login(other)
    page = Page.of(client.get(link))
    assert "with another address than this mail was sent to" in " ".join(page.text.split())
    assert "act" not in page.attributes
    client.post(link, {"act": "yes"})
    with pytest.raises(AskEnded):
        CoHost.objects.get().accept(other)
    assert CoHost.objects.get().member is None
    assert not gathering.is_run_by(other)


def test_not_this_time_needs_no_account_and_takes_the_row_away(client: Client, gathering: Gathering) -> None:
    link = sent_link(gathering)
    answer = client.post(link, {"act": "no"}, follow=True)
    assert "Not this time is a fine answer." in answer.content.decode()
    assert not CoHost.objects.exists()
    assert client.get(link).status_code == client.post(link, {"act": "yes"}).status_code == 404


def test_a_no_that_comes_after_the_yes_takes_nothing_away(gathering: Gathering, ada: Member) -> None:
    row = asked(gathering)
    asked_again = CoHost.objects.get(pk=row.pk)
    asked_again.accept(ada)
    row.turn_down()
    assert gathering.is_run_by(ada)


def test_whoever_helps_to_host_is_told_that_it_is_called_off(gathering: Gathering, ada: Member) -> None:
    """They were going, too. Whoever has only been asked, or stepped down, was not."""
    asked(gathering, make_member().email)
    helping(gathering, make_member()).end()
    helping(gathering, ada)
    send()
    mail.outbox.clear()
    gathering.cancel("The oven gave up.")
    send()
    [email] = mail.outbox
    assert email.to == [ada.email]
    assert "will not take place" in email.body
    assert "> The oven gave up." in email.body
    assert "because you help to host it" in email.body
    assert "calendar" not in email.body


def test_the_link_ends_when_it_is_taken_back_or_called_off(client: Client, gathering: Gathering, ada: Member) -> None:
    link = sent_link(gathering)
    row = CoHost.objects.get()
    gathering.cancel("")
    assert client.get(link).status_code == 404
    with pytest.raises(AskEnded):
        row.accept(ada)
    other = make_gathering()
    link = sent_link(other)
    other.co_hosts.get().end()
    client.force_login(ada)
    assert client.post(link, {"act": "yes"}).status_code == 404


def test_whoever_had_a_seat_gives_it_back_with_their_yes_and_is_told_before(
    client: Client, gathering: Gathering, ada: Member
) -> None:
    seat = make_seat(gathering, ada)
    link = sent_link(gathering)
    said = "what you have here as a guest is given back"
    assert said not in client.get(link).content.decode()
    client.force_login(ada)
    assert said in client.get(link).content.decode()
    client.post(link, {"act": "yes"})
    seat.refresh_from_db()
    gathering.refresh_from_db()
    assert (seat.state, gathering.seats_taken) == (seat.State.LEFT, 0)


def test_a_seat_given_back_by_a_yes_goes_to_whose_turn_it_is(ada: Member) -> None:
    gathering = make_gathering(seats=1)
    make_seat(gathering, ada)
    waiting = gathering.seat(make_member())
    asked(gathering).accept(ada)
    waiting.refresh_from_db()
    assert waiting.is_offered


def test_two_addresses_of_one_member_are_one_co_host(gathering: Gathering, ada: Member) -> None:
    helping(gathering, ada)
    ada.email = "countess@example.org"
    ada.save(update_fields=["email"])
    asked(gathering, "countess@example.org").accept(ada)
    assert gathering.co_hosts.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        gathering.co_hosts.create(email="x@example.org", member=ada, accepted_at=timezone.now())


# What a co-host may do


def test_a_co_host_finds_it_among_what_they_host(client: Client, gathering: Gathering, ada: Member) -> None:
    draft = make_gathering(host=gathering.host, is_draft=True)
    for each in (gathering, draft):
        helping(each, ada)
    client.force_login(ada)
    page = client.get("/table/")
    assert (page.context["next_up"], page.context["is_host"], page.context["drafts"]) == (gathering, True, [draft])
    assert "You host this with Mei." in page.content.decode()
    assert gathering.address in page.content.decode()


def test_a_co_host_previews_publishes_and_edits(client: Client, ada: Member) -> None:
    draft = make_gathering(is_draft=True)
    helping(draft, ada)
    client.force_login(ada)
    assert client.get(f"/gatherings/{draft.key}/preview/").status_code == 200
    client.post(f"/gatherings/{draft.key}/publish/", {"is_step_free": "yes"})
    draft.refresh_from_db()
    assert (draft.is_published, draft.is_step_free) == (True, True)
    fields = typed(title="Soup for more", is_step_free="yes")
    assert client.post(f"/gatherings/{draft.key}/edit/", fields).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Soup for more"
    assert draft.host != ada


def test_a_co_host_neither_calls_off_nor_has_a_say_in_who_helps(
    client: Client, gathering: Gathering, ada: Member
) -> None:
    ben = make_member("Ben")
    helping(gathering, ada)
    helping(gathering, ben)
    client.force_login(ada)
    assert client.get(f"/gatherings/{gathering.key}/cancel/").status_code == 404
    assert client.post(f"/gatherings/{gathering.key}/cancel/", {"words": "No"}).status_code == 404
    assert client.get(page_of(gathering)).status_code == 404
    assert client.post(page_of(gathering), {"email": "more@example.org"}).status_code == 404
    assert client.post(page_of(gathering, "remove/"), {"co_host": ben.email}).status_code == 404
    gathering.refresh_from_db()
    assert gathering.is_published
    assert gathering.co_hosts.count() == 2


def test_who_is_only_asked_may_do_nothing_yet(client: Client, ada: Member) -> None:
    draft = make_gathering(is_draft=True)
    asked(draft)
    client.force_login(ada)
    for act in ("", "preview/", "edit/", "co-hosts/", "co-hosts/step-down/", "invite/"):
        assert client.get(f"/gatherings/{draft.key}/{act}").status_code == 404
    assert client.get("/table/").context["drafts"] == []


def test_the_moment_they_are_removed_nothing_is_theirs(
    client: Client, hosting: Client, gathering: Gathering, ada: Member
) -> None:
    helping(gathering, ada)
    theirs = Client()
    theirs.force_login(ada)
    acts = ["edit/", "invite/", "co-hosts/step-down/"]
    assert [theirs.get(f"/gatherings/{gathering.key}/{act}").status_code for act in acts] == [200, 200, 200]
    answer = hosting.post(page_of(gathering, "remove/"), {"co_host": "ada@example.org"}, follow=True)
    assert "They no longer help to host." in answer.content.decode()
    assert [theirs.get(f"/gatherings/{gathering.key}/{act}").status_code for act in acts] == [404, 404, 404]
    assert theirs.get("/table/").context["next_up"] is None
    assert gathering.address not in theirs.get(gathering.get_absolute_url()).content.decode()


def test_stepping_down_is_a_post_and_ends_it_at_once(client: Client, gathering: Gathering, ada: Member) -> None:
    gathering.visibility = Gathering.Visibility.LINK
    gathering.save()
    helping(gathering, ada)
    client.force_login(ada)
    assert "no reason needed" in client.get(page_of(gathering, "step-down/")).content.decode()
    assert gathering.is_run_by(ada)
    answer = client.post(page_of(gathering, "step-down/"), follow=True)
    assert "That is fine" in answer.content.decode()
    assert client.get(f"/gatherings/{gathering.key}/edit/").status_code == 404
    assert client.get(gathering.get_absolute_url()).status_code == 404
    assert client.post(page_of(gathering, "step-down/")).status_code == 404


@pytest.mark.parametrize("is_removed", [True, False])
def test_in_a_series_it_ends_on_all_later_dates_and_on_those_made_later(
    gathering: Gathering, ada: Member, is_removed: bool
) -> None:
    helping(gathering, ada)
    series = Series.begin(gathering, "weekly")
    dates = list(series.dates.order_by("series_day"))
    asked(dates[3], "ben@example.org")
    for each in dates[2:]:
        each.title = f"Edited alone: {each.day}"
        each.change(["title"])
    client = Client()
    client.force_login(gathering.host if is_removed else ada)
    page, act = page_of(dates[1]), "remove/" if is_removed else "step-down/"
    said = "removed from this date and all later ones" if is_removed else "this date of the series and all later ones"
    assert said in client.get(page if is_removed else page + act).content.decode()
    client.post(page + act, {"co_host": ada.email})
    assert [row.gathering for row in ada.co_hosting.all()] == [dates[0]]
    assert dates[3].co_hosts.get().email == "ben@example.org"
    with time_machine.travel(dates[0].ends_at + timedelta(days=1)):
        minute()
    assert series.dates.count() == 9
    assert ada.co_hosting.count() == 1


def test_it_ends_as_well_where_the_series_went_on_in_another_but_not_elsewhere(
    gathering: Gathering, ada: Member
) -> None:
    helping(gathering, ada)
    series = Series.begin(gathering, "weekly")
    third = series.dates.order_by("series_day")[2]
    third.title = "Stew"
    later.change(third, ["title"], "weekly")
    other = make_gathering(gathering.starts_at + timedelta(days=9), host=gathering.host)
    helping(other, ada)
    Series.begin(other, "monthly")
    kept = ada.co_hosting.filter(gathering__series=other.series).count()
    gathering.co_hosts.get().end()
    assert kept == ada.co_hosting.count() > 1


def test_taking_back_what_was_asked_for_one_date_leaves_who_helps_at_another(gathering: Gathering, ada: Member) -> None:
    dates = list(Series.begin(gathering, "weekly").dates.order_by("series_day"))
    helping(dates[2], ada)
    asked(dates[1]).end()
    assert [row.gathering for row in ada.co_hosting.all()] == [dates[2]]


def test_what_is_sent_to_remove_may_be_anything(hosting: Client, gathering: Gathering, ada: Member) -> None:
    helping(gathering, ada)
    for odd in ("", "\x00", MEGABYTE, "ada@example.org\n", "%", "1"):
        assert hosting.post(page_of(gathering, "remove/"), {"co_host": odd}).status_code == 302
    assert hosting.post(page_of(gathering, "remove/")).status_code == 302
    assert gathering.is_run_by(ada)


def test_the_names_of_co_hosts_stand_beside_the_hosts(
    gathering: Gathering, ada: Member, django_assert_num_queries: Any
) -> None:
    helping(gathering, ada)
    helping(gathering, make_member("<b>Ben</b>"))
    asked(gathering, "cleo@example.org")
    with django_assert_num_queries(1):
        line = render_to_string("gatherings/co_hosts_line.html", {"gathering": gathering})
    assert line.strip() == ", with Ada and &lt;b&gt;Ben&lt;/b&gt;"
    assert not render_to_string("gatherings/co_hosts_line.html", {"gathering": make_gathering()}).strip()


def test_the_list_of_co_hosts_takes_as_many_queries_for_five_as_for_one(
    hosting: Client, gathering: Gathering, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        helping(gathering, make_member(f"Friend {number}"))
    with django_assert_max_num_queries(6):
        page = hosting.get(page_of(gathering)).content.decode()
    assert all(f"Friend {number}" in page for number in range(5))


@pytest.mark.parametrize("act", ["", "remove/", "step-down/"])
def test_these_pages_are_as_if_they_never_were_for_everybody_else(client: Client, act: str) -> None:
    draft = make_gathering(is_draft=True)
    client.force_login(make_member())
    for method in (client.get, client.post):
        hidden, none = (method(f"/gatherings/{key}/co-hosts/{act}") for key in (draft.key, "zzzzzzzzzz"))
        assert hidden.status_code == none.status_code
        assert re.sub(rb'value="\w{64}"', b"", hidden.content) == re.sub(rb'value="\w{64}"', b"", none.content)
