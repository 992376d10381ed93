"""Calendars: the file of one gathering, one's own feed by a secret link, the feed of a town, and what mails carry."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.http import HttpResponseBase
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from apps.gatherings import feeds
from apps.gatherings.models import CalendarFeed, CoHost, Companion, Gathering, Rsvp
from apps.outbox.tasks import send
from apps.profiles.models import Member
from apps.reminders.tasks import minute
from tests.factories import make_gathering, make_member, make_seat, make_town
from tests.odd import Page, all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)
BOOKED = STARTS - timedelta(days=3)
STREET = "14 Greville Street"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def soup() -> Gathering:
    return make_gathering(STARTS, title="Soup and talk")


def read(answer: HttpResponseBase) -> Calendar:
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.content)  # type: ignore[attr-defined]  # every file here is a whole one
    assert (calendar["METHOD"], answer["Content-Type"]) == ("PUBLISH", "text/calendar; charset=utf-8; method=PUBLISH")
    return calendar


def entries(answer: HttpResponseBase) -> dict[str, Any]:
    """By title, as nobody but the guest themself may be named: not even they, in what is published."""
    found = read(answer).walk("VEVENT")
    assert not any("ATTENDEE" in entry for entry in found)
    return {str(entry["SUMMARY"]): entry for entry in found}


def states(answer: HttpResponseBase) -> dict[str, str]:
    return {title: str(entry["STATUS"]) for title, entry in entries(answer).items()}


def files_sent() -> list[tuple[str, Any, str]]:
    """Method, entry and whole text of each calendar file that mails have carried."""
    found = []
    for each in mail.outbox:
        for part in each.attachments:
            text = part.get_payload(decode=True).decode()
            calendar = Calendar.from_ical(text)
            assert calendar["METHOD"] == part.get_param("method")
            found.append((str(calendar["METHOD"]), calendar.walk("VEVENT")[0], text))
    return found


def feed_of(member: Member) -> str:
    """The path of a new link of theirs."""
    CalendarFeed.objects.renew(member)
    return CalendarFeed.objects.get(member=member).url.removeprefix(settings.BASE_URL)


# What mails carry


def test_a_revealed_address_comes_with_the_same_sequence_and_a_newer_stamp(
    clock: time_machine.Traveller, soup: Gathering, member: Member
) -> None:
    """By which a calendar knows the newer of two (RFC 5546, 2.1.5); the address alone raises no SEQUENCE."""
    make_seat(soup, member)
    minute()
    clock.move_to(STARTS - timedelta(hours=24))
    minute()
    (_how, before, _text), (_how_too, after, text) = files_sent()
    assert (before["LOCATION"], after["LOCATION"]) == (
        "Southville, Bristol",
        "14 Greville Street, the green door, Southville, Bristol",
    )
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] == after["SEQUENCE"]
    assert before.decoded("DTSTAMP") == BOOKED
    assert after.decoded("DTSTAMP") == STARTS - timedelta(hours=24)
    assert settings.BASE_HOST not in str(after["UID"])
    assert "VTIMEZONE" not in text


def test_a_mail_names_its_reader_and_the_community_and_nobody_else(soup: Gathering, member: Member) -> None:
    make_seat(soup, make_member("Ada"))
    make_seat(soup, member)
    send()
    mail.outbox = [each for each in mail.outbox if each.to == [member.email]]
    [(method, entry, text)] = files_sent()
    assert method == "REQUEST"
    assert entry["ATTENDEE"] == f"mailto:{member.email}"
    assert entry["ORGANIZER"] == f"mailto:{settings.COMMUNITY_EMAIL}"
    assert entry["ORGANIZER"].params["CN"] == settings.COMMUNITY_NAME
    unfolded = text.replace("\r\n ", "")
    assert set(re.findall(r"[\w.+-]+@[\w.-]+", unfolded)) == {member.email, settings.COMMUNITY_EMAIL}
    assert "Ada" not in unfolded
    assert soup.host.name not in unfolded


def test_a_moved_gathering_keeps_its_uid_and_raises_its_sequence(
    soup: Gathering, member: Member, client: Client
) -> None:
    make_seat(soup, member)
    url = feed_of(member)
    before = entries(client.get(url))[soup.title]
    soup.day += timedelta(days=1)
    soup.change(["day"])
    after = entries(client.get(url))[soup.title]
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"]
    assert after.decoded("DTSTART") == before.decoded("DTSTART") + timedelta(days=1)


def test_each_word_about_a_seat_outranks_the_one_before_it(soup: Gathering, member: Member, client: Client) -> None:
    """Given, given back, given again, moved, withdrawn: a calendar that knows any of them takes the next one."""
    url, seen = feed_of(member), []
    client.force_login(member)

    def look() -> None:
        """In the feed, where it still holds the entry, and in the file of the gathering."""
        in_feed = [entry["SEQUENCE"] for entry in read(client.get(url)).walk("VEVENT")]
        [in_file] = read(client.get(f"{soup.get_absolute_url()}calendar.ics")).walk("VEVENT")
        assert set(in_feed) <= {in_file["SEQUENCE"]}
        seen.append(in_file["SEQUENCE"])

    rsvp = make_seat(soup, member)
    send()
    look()
    rsvp.bow_out()
    look()
    rsvp = make_seat(soup, member)
    send()
    look()
    soup.refresh_from_db()
    soup.day += timedelta(days=1)
    soup.change(["day"])
    look()
    rsvp.decline()
    send()
    look()
    assert seen == sorted(set(seen))
    sent = [(method, entry["SEQUENCE"]) for method, entry, _text in files_sent()]
    assert sent == [("REQUEST", seen[0]), ("REQUEST", seen[2]), ("CANCEL", seen[4])]


def test_a_co_host_who_was_a_guest_has_the_higher_sequence(soup: Gathering, member: Member, client: Client) -> None:
    url = feed_of(member)
    make_seat(soup, member)
    before = entries(client.get(url))[soup.title]["SEQUENCE"]
    CoHost.invite(soup, member.email)
    soup.co_hosts.get().accept(member)
    after = entries(client.get(url))[soup.title]
    assert (after["SEQUENCE"] > before, after["STATUS"]) == (True, "CONFIRMED")


def test_calling_off_cancels_the_entry_of_the_seated_and_of_nobody_who_has_none(member: Member) -> None:
    """Whoever waited has no entry, and is told of none."""
    soup = make_gathering(STARTS, seats=1)
    make_seat(soup, member)
    waits = make_member()
    make_seat(soup, waits)
    send()
    mail.outbox.clear()
    soup.cancel("The oven gave up.")
    send()
    assert [(method, entry["ATTENDEE"]) for method, entry, _text in files_sent()] == [
        ("CANCEL", f"mailto:{member.email}")
    ]
    words = {each.to[0]: each.body for each in mail.outbox}
    assert "takes it out of your calendar" in words[member.email]
    assert "calendar" not in words[waits.email]
    assert "hoped for a seat" in words[waits.email]


def test_a_discreet_member_gets_an_appointment_and_nothing_that_names_us(soup: Gathering, client: Client) -> None:
    quiet = make_member("Kim", is_discreet=True)
    make_seat(soup, quiet)
    minute()
    url = feed_of(quiet)
    client.force_login(quiet)
    published = [client.get(path) for path in (url, f"{soup.get_absolute_url()}calendar.ics")]
    soup.cancel("The oven gave up.")
    minute()
    sent = files_sent()
    assert [method for method, *_rest in sent] == ["REQUEST", "CANCEL"]
    texts = [answer.content.decode() for answer in published] + [text for *_rest, text in sent]
    for text in texts:
        [entry] = Calendar.from_ical(text).walk("VEVENT")
        assert entry["SUMMARY"] == "An appointment"
        assert "URL" not in entry
        assert "CN" not in entry["ORGANIZER"].params
        for telling in (settings.COMMUNITY_NAME, settings.BASE_URL, soup.title, soup.key):
            assert telling not in text.replace("\r\n ", "")


def test_what_a_discreet_member_does_not_read_others_do(soup: Gathering, member: Member, client: Client) -> None:
    """The control: the same file for anybody else has all of it."""
    make_seat(soup, member)
    text = client.get(feed_of(member)).content.decode().replace("\r\n ", "")
    for telling in (settings.COMMUNITY_NAME, settings.BASE_URL, soup.title, soup.key):
        assert telling in text


# The file of one gathering


def test_the_file_has_the_address_for_those_who_may_see_it_and_the_area_for_others(
    clock: time_machine.Traveller, soup: Gathering, member: Member, client: Client
) -> None:
    seated, left = make_member(), make_seat(soup)
    left.bow_out()
    make_seat(soup, seated)
    url = f"{soup.get_absolute_url()}calendar.ics"

    def place(reader: Member) -> str:
        client.force_login(reader)
        return str(entries(client.get(url))[soup.title]["LOCATION"])

    assert [STREET in place(reader) for reader in (soup.host, seated, left.member, member)] == [
        True,
        False,
        False,
        False,
    ]
    clock.move_to(STARTS - timedelta(hours=24))
    assert [STREET in place(reader) for reader in (soup.host, seated, left.member, member)] == [
        True,
        True,
        False,
        False,
    ]
    clock.move_to(STARTS + timedelta(hours=27))
    assert [STREET in place(reader) for reader in (soup.host, seated)] == [True, False]


def test_the_file_of_a_gathering_by_link_opens_with_its_link_alone(signed_in: Client) -> None:
    hidden = make_gathering(STARTS, visibility=Gathering.Visibility.LINK)
    hidden.make_link()
    url = f"{hidden.get_absolute_url()}calendar.ics"
    assert signed_in.get(url).status_code == 404
    assert STREET not in str(entries(signed_in.get(url, {"link": hidden.link}))[hidden.title]["LOCATION"])
    hidden.make_link()
    assert signed_in.get(url, {"link": "x"}).status_code == 404


def test_a_gathering_called_off_is_so_in_its_file(soup: Gathering, signed_in: Client) -> None:
    soup.cancel("")
    assert states(signed_in.get(f"{soup.get_absolute_url()}calendar.ics")) == {soup.title: "CANCELLED"}


def test_the_file_is_linked_for_whoever_sits_there_or_hosts(soup: Gathering, member: Member, client: Client) -> None:
    link = f'href="{soup.get_absolute_url()}calendar.ics"'
    pages = {}
    for who, reader in {"stranger": None, "member": make_member(), "guest": member, "host": soup.host}.items():
        if who == "guest":
            make_seat(soup, member)
        if reader:
            client.force_login(reader)
        pages[who] = link in client.get(soup.get_absolute_url()).content.decode()
        if who in ("guest", "host"):
            assert link in client.get("/table/").content.decode()
    assert pages == {"stranger": False, "member": False, "guest": True, "host": True}


# One's own feed


def test_a_feed_holds_what_one_comes_to_hosts_and_co_hosts(member: Member, client: Client) -> None:
    make_seat(make_gathering(STARTS, title="A seat"), member)
    make_gathering(STARTS, host=member, title="Hosted")
    helped = make_gathering(STARTS, title="Helped")
    CoHost.invite(helped, member.email)
    helped.co_hosts.get().accept(member)
    make_gathering(STARTS, host=member, title="A draft", is_draft=True)
    make_gathering(STARTS, title="Somebody else's")
    full = make_gathering(STARTS, title="Waiting", seats=1)
    make_seat(full)
    make_seat(full, member)
    make_seat(make_gathering(STARTS, title="Asked", asks_first=True), member)
    found = entries(client.get(feed_of(member)))
    assert set(found) == {"A seat", "Hosted", "Helped"}
    shown = {title: STREET in str(entry["LOCATION"]) for title, entry in found.items()}
    assert shown == {"A seat": False, "Hosted": True, "Helped": True}


def test_a_feed_shows_an_address_for_as_long_as_the_page_does(
    clock: time_machine.Traveller, soup: Gathering, member: Member, client: Client
) -> None:
    make_seat(soup, member)
    url = feed_of(member)
    shown = []
    for hours in (-25, -24, 0, 26, 27):
        clock.move_to(STARTS + timedelta(hours=hours))
        shown.append(STREET in str(entries(client.get(url))[soup.title]["LOCATION"]))
    assert shown == [False, True, True, True, False]


def test_what_is_over_stays_for_thirty_days(
    clock: time_machine.Traveller, soup: Gathering, member: Member, client: Client
) -> None:
    make_seat(soup, member)
    url = feed_of(member)
    clock.move_to(soup.ends_at + timedelta(days=29))
    assert states(client.get(url)) == {soup.title: "CONFIRMED"}
    clock.move_to(soup.ends_at + timedelta(days=30))
    assert states(client.get(url)) == {}


def test_what_was_left_or_called_off_is_cancelled_for_thirty_days_and_then_gone(
    clock: time_machine.Traveller, member: Member, client: Client
) -> None:
    later = STARTS + timedelta(days=60)
    make_seat(make_gathering(later, title="Left"), member).bow_out()
    called_off, own = make_gathering(later, title="Called off"), make_gathering(later, title="Own", host=member)
    make_seat(called_off, member)
    for each in (called_off, own):
        each.cancel("")
    url = feed_of(member)
    clock.move_to(BOOKED + timedelta(days=29))
    assert states(client.get(url)) == dict.fromkeys(["Left", "Called off", "Own"], "CANCELLED")
    assert STREET not in str(entries(client.get(url))["Called off"]["LOCATION"])
    clock.move_to(BOOKED + timedelta(days=30))
    assert states(client.get(url)) == {}


def test_what_was_never_a_seat_is_not_there_as_cancelled(member: Member, client: Client) -> None:
    full = make_gathering(STARTS, seats=1)
    make_seat(full)
    make_seat(full, member).bow_out()
    make_seat(make_gathering(STARTS, asks_first=True), member).bow_out()
    called_off = make_gathering(STARTS, asks_first=True)
    make_seat(called_off, member)
    called_off.cancel("")
    assert states(client.get(feed_of(member))) == {}


def test_one_who_came_with_somebody_and_left_finds_it_once(soup: Gathering, member: Member, client: Client) -> None:
    soup.most_companions = 2
    soup.change(["most_companions"])
    rsvp = make_seat(soup, member)
    for party in (1, 2, 0):
        rsvp.bring([Companion(name="Ada") for _companion in range(party)])
    rsvp.bow_out()
    assert len(read(client.get(feed_of(member))).walk("VEVENT")) == 1


def test_a_gathering_that_declined_or_hid_itself_is_gone(soup: Gathering, member: Member, client: Client) -> None:
    make_seat(soup, member).decline()
    hides = make_gathering(STARTS, title="Hides")
    make_seat(hides, member)
    url = feed_of(member)
    assert states(client.get(url)) == {"Hides": "CONFIRMED"}
    hides.state = Gathering.State.DRAFT  # the only way by now in which a seat does not keep it in sight
    hides.save(update_fields=["state"])
    assert states(client.get(url)) == {}


def test_a_co_host_who_steps_down_no_longer_finds_it_nor_its_address(member: Member, client: Client) -> None:
    helped = make_gathering(STARTS)
    CoHost.invite(helped, member.email)
    helped.co_hosts.get().accept(member)
    url = feed_of(member)
    assert STREET in client.get(url).content.decode()
    helped.co_hosts.get().end()
    assert states(client.get(url)) == {}


def test_a_feed_asks_as_few_questions_for_fifty_as_for_one(
    member: Member, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = feed_of(member)
    host = make_member()
    for number in (1, 50):
        while Rsvp.objects.of(member).count() < number:
            make_seat(make_gathering(STARTS, host=host, title=f"Soup {Rsvp.objects.count()}"), member)
            make_gathering(STARTS, host=member, title=f"Own {Rsvp.objects.count()}")
        with django_assert_num_queries(3):
            assert len(entries(client.get(url))) == 2 * number


def test_a_feed_is_kept_nowhere_and_reading_it_changes_nothing(soup: Gathering, member: Member, client: Client) -> None:
    make_seat(soup, member)
    url = feed_of(member)
    before = all_rows()
    for _time in range(2):
        assert client.head(url).status_code == 200
        answer = client.get(url)
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}
        assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert all_rows() == before
    assert client.post(url).status_code == 405


def test_a_dead_link_and_one_that_never_was_are_the_same_to_the_byte(
    soup: Gathering, member: Member, client: Client
) -> None:
    make_seat(soup, member)
    old = feed_of(member)
    new = feed_of(member)
    away = make_member()
    theirs = feed_of(away)
    Member.objects.filter(pk=away.pk).update(is_active=False)
    dead = [client.get(url) for url in (old, theirs, "/calendar/AAAAAAAAAAAAAAAAAAAAAA.ics", "/calendar/x.ics")]
    assert {(answer.status_code, answer.content, str(sorted(answer.items()))) for answer in dead} == {
        (404, dead[0].content, str(sorted(dead[0].items())))
    }
    assert states(client.get(new)) == {soup.title: "CONFIRMED"}
    Member.objects.filter(pk=away.pk).update(is_active=True)
    assert client.get(theirs).status_code == 200  # the control


def test_a_feed_has_a_name_and_says_how_often_to_look(member: Member, client: Client) -> None:
    file = read(client.get(feed_of(member)))
    assert file["X-WR-CALNAME"] == settings.COMMUNITY_NAME
    assert file.decoded("REFRESH-INTERVAL") == timedelta(hours=1)


# The page where it is made and ended


def test_a_link_is_made_copied_renewed_and_ended(signed_in: Client, member: Member) -> None:
    page = "/settings/calendar/"
    assert page in signed_in.get("/settings/").content.decode()
    assert "calendar/" not in Page.of(signed_in.get(page)).values.get("address", "")
    assert not CalendarFeed.objects.exists()  # looking makes none
    addresses = []
    for _time in range(2):
        assert signed_in.post(page, {"act": "new"})["Location"] == page
        shown = Page.of(signed_in.get(page))
        [field] = [attrs for tag, attrs in shown.elements if tag == "input" and attrs.get("id") == "address"]
        assert "readonly" in field
        addresses.append(field["value"].removeprefix(settings.BASE_URL))
    old, new = addresses
    assert re.fullmatch(r"/calendar/[\w-]{22}\.ics", new)
    stranger = Client()
    assert (stranger.get(old).status_code, stranger.get(new).status_code) == (404, 200)
    signed_in.post(page, {"act": "odd"})
    assert stranger.get(new).status_code == 200
    signed_in.post(page, {"act": "end"})
    assert stranger.get(new).status_code == 404
    assert new not in signed_in.get(page).content.decode()


# Around a town


def test_a_towns_feed_is_what_a_stranger_finds_there(client: Client, member: Member) -> None:
    make_gathering(STARTS, title="Open")
    make_gathering(STARTS, title="In Bath", town=make_town("bath-gb"))
    make_gathering(STARTS, title="In a café", setting=Gathering.Setting.PUBLIC, address="Café Kino")
    make_gathering(STARTS, title="Far", town=make_town("auckland-nz"))
    make_gathering(STARTS, title="For members", visibility=Gathering.Visibility.MEMBERS)
    make_gathering(STARTS, title="By link", visibility=Gathering.Visibility.LINK)
    make_gathering(STARTS, title="Draft", is_draft=True)
    make_gathering(STARTS, title="Off").cancel("")
    make_gathering(BOOKED - timedelta(hours=1), title="Begun")
    for reader in (None, member):  # a member's seat or sight of more is not in what any cache may keep
        if reader:
            client.force_login(reader)
            make_seat(Gathering.objects.get(title="Open"), reader)
        answer = client.get("/near/bristol-gb/feed.ics")
        found = entries(answer)
        assert set(found) == {"Open", "In Bath", "In a café"}
        assert STREET not in answer.content.decode().replace("\r\n ", "")
        assert str(found["In a café"]["LOCATION"]) == "Southville, Bristol"
        assert read(answer)["X-WR-CALNAME"] == "Gatherings near Bristol"
        assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
        assert "Cookie" not in answer.get("Vary", "")
    assert client.get("/near/nowhere-xx/feed.ics").status_code == 404
    assert 'href="/near/bristol-gb/feed.ics"' in client.get("/near/bristol-gb/").content.decode()


def test_a_home_never_shows_its_address_in_a_towns_feed(clock: time_machine.Traveller, client: Client) -> None:
    for opens in Gathering.AddressFrom.values:
        make_gathering(STARTS, address_from=opens)
    make_gathering(STARTS, setting=Gathering.Setting.COMMUNITY)
    for hours in (72, 24, 1):
        clock.move_to(STARTS - timedelta(hours=hours))
        answer = client.get("/near/bristol-gb/feed.ics")
        assert len(entries(answer)) == 4
        assert STREET not in answer.content.decode().replace("\r\n ", "")


def test_a_towns_feed_ends_after_so_many_and_asks_three_questions(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(feeds, "MOST", 3)
    host = make_member()
    for days in range(5):
        make_gathering(STARTS + timedelta(days=days), host=host, title=f"Soup in {days} days")
    with django_assert_num_queries(3):  # the rules, the town, the gatherings
        assert set(entries(client.get("/near/bristol-gb/feed.ics"))) == {f"Soup in {days} days" for days in range(3)}
