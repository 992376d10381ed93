""" "Tell me when there is": asked for on the page that found nothing, told once, and by whom it may be read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.gatherings.models import CoHost, Gathering, Rsvp
from apps.outbox.kinds import KINDS
from apps.outbox.links import path_to
from apps.outbox.models import Consent, Message
from apps.outbox.tasks import send
from apps.places.models import Town
from apps.profiles.models import Member
from apps.reminders import models, nudges
from apps.reminders.models import NearWish
from apps.reminders.nudges import put_nudges
from apps.reminders.tasks import minute
from apps.safety.models import Block
from tests.factories import html_of, make_gathering, make_member, make_seat, make_town
from tests.odd import Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
URL = "/near/bath-gb/tell-me/"
State = Message.State


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def bath(db: None) -> Town:
    return make_town("bath-gb")


def in_bath(**more: Any) -> Gathering:
    return make_gathering(more.pop("starts", MONDAY + 5 * DAY), town=make_town("bath-gb"), area="Twerton", **more)


def wish_of(member: Member) -> NearWish:
    return NearWish.objects.of(member).get()


def told(clock: time_machine.Traveller, *moments: datetime) -> list[str]:
    """The subjects of what the sweeps at these moments tell of something near."""
    subjects = []
    for moment in moments:
        clock.move_to(moment)
        mail.outbox.clear()
        minute()
        keys = Message.objects.filter(kind="something_near").values_list("key", flat=True)
        mail.outbox[:] = [each for each in mail.outbox if each.extra_headers["Message-ID"][1:11] in keys]
        subjects += [str(each.subject) for each in mail.outbox]
    return subjects


def states() -> list[str]:
    return list(Message.objects.filter(kind="something_near").order_by("pk").values_list("state", flat=True))


# The button


def test_the_empty_page_keeps_what_was_looked_for_with_the_words_and_the_time(
    signed_in: Client, member: Member, bath: Town
) -> None:
    page = signed_in.get("/near/bath-gb/?km=10&kind=walk&quiet=1")
    assert f'action="{URL}?kind=walk&amp;quiet=1&amp;km=10"' in page.content.decode()
    answer = signed_in.post(f"{URL}?kind=walk&quiet=1&km=10", follow=True)
    assert "We write to you once when something that fits is on near Bath." in answer.content.decode()
    wish, consent = wish_of(member), Consent.objects.get(member=member, kind="something_near")
    assert (wish.town, wish.km, wish.kind, wish.also) == (bath, 10, "walk", "quiet=1")
    assert wish.until == MONDAY + 90 * DAY
    assert (consent.is_given, consent.said_at) == (True, MONDAY)
    assert consent.words == str(KINDS["something_near"].label)
    assert consent.words in page.content.decode()
    assert consent.words.endswith(".")


def test_a_stranger_signs_in_and_comes_back_to_the_same_button(client: Client, member: Member, bath: Town) -> None:
    page = client.get("/near/bath-gb/?km=10&kind=walk").content.decode()
    assert f'href="{URL}?kind=walk&amp;km=10"' in page
    for ask in (client.get, client.post):
        answer = ask(f"{URL}?km=10&kind=walk")
        assert answer["Location"] == f"/accounts/login/?next={URL}%3Fkm%3D10%26kind%3Dwalk"
        sign_in = " ".join(Page.of(client.get(answer["Location"])).text.split())
        assert "You would like to hear of something near Bath Where may we write to you?" in sign_in
    client.force_login(member)
    back = client.get(f"{URL}?km=10&kind=walk").content.decode()
    assert "We look within 10 km of Bath for three months. What you look for: Walk." in " ".join(back.split())
    assert not NearWish.objects.exists()
    client.post(f"{URL}?km=10&kind=walk")
    assert wish_of(member).kind == "walk"


@pytest.mark.parametrize("address", ["/table/", "/near/nowhere/tell-me/", "/near/bath-gb/", "http://[", "%00", ""])
def test_any_other_sign_in_is_for_nothing_in_particular(client: Client, bath: Town, address: str) -> None:
    page = client.get("/accounts/login/", {"next": address})
    assert "Come in" in page.content.decode()


def test_a_press_of_the_button_is_no_word_about_nudges(signed_in: Client, member: Member, bath: Town) -> None:
    signed_in.post(URL)
    assert "A nudge now and then?" in signed_in.get("/table/").content.decode()
    Consent.objects.say(member, "weekly_digest", False)
    assert "A nudge now and then?" not in signed_in.get("/table/").content.decode()


# Everything that was looked for, but the days

ASKED: dict[str, dict[str, Any]] = {
    "step_free=1": {"is_step_free": True},
    "quiet=1": {"is_quiet": True},
    "small=1": {"seats": 4},
    "first=1": {"seats_kept": 1},
    "free=1": {},
    "public=1": {"setting": "public"},
    "how=ask": {"asks_first": True},
    "speaks=polski": {"languages": "English, Polish"},
    "door=80": {"door_width": 85},
    "q=soup+bread": {"title": "Soup", "words": "and bread"},
    "kind=walk&step_free=1": {"kind": "walk", "is_step_free": True},
}
OTHERWISE: dict[str, Any] = {
    "seats": 7,
    "is_step_free": False,
    "door_width": 70,
    "languages": "English",
    "title": "Stew",
}


@pytest.mark.parametrize("query", ASKED)
def test_only_what_is_all_that_they_looked_for_is_told(
    clock: time_machine.Traveller, signed_in: Client, member: Member, bath: Town, query: str
) -> None:
    signed_in.post(f"{URL}?{query}")
    in_bath(**(OTHERWISE if query != "free=1" else {"seats": 1}))
    if query == "free=1":
        make_seat(Gathering.objects.get())
    assert told(clock, MONDAY + HOUR) == []
    fits = in_bath(**{"title": "It fits", **ASKED[query]})
    assert told(clock, MONDAY + 2 * HOUR) == ["Something is on near Bath"]
    assert fits.title in str(mail.outbox[0].body)


def test_control_without_what_is_kept_somebody_in_a_wheelchair_is_told_of_stairs(
    clock: time_machine.Traveller, signed_in: Client, member: Member, bath: Town
) -> None:
    signed_in.post(f"{URL}?step_free=1")
    NearWish.objects.update(also="")
    in_bath(**OTHERWISE)
    assert told(clock, MONDAY + HOUR) == ["Something is on near Bath"]


def test_it_is_asked_again_when_the_mail_goes(
    clock: time_machine.Traveller, signed_in: Client, member: Member, bath: Town
) -> None:
    signed_in.post(f"{URL}?step_free=1")
    table = in_bath(is_step_free=True)
    put_nudges(MONDAY)
    Gathering.objects.filter(pk=table.pk).update(is_step_free=False)
    mail.outbox.clear()
    send()
    assert states() == [State.DROPPED]


def test_the_page_the_switches_and_the_mail_say_what_is_kept_and_days_are_let_go(
    clock: time_machine.Traveller, signed_in: Client, member: Member, bath: Town
) -> None:
    query = "when=weekend&kind=walk&speaks=Polish&door=90&q=soup+%26+bread&quiet=1&step_free=1&km=10"
    words = "Walk, No steps, Quiet, Door 90 cm or wider, “Polish” is spoken, with the words “soup & bread”"
    page = " ".join(Page.of(signed_in.get(f"{URL}?{query}")).text.split())
    kept = f"We look within 10 km of Bath for three months. What you look for: {words}. On any day."
    assert kept in page
    looked = f"/near/bath-gb/?{query}"
    assert kept in " ".join(Page.of(signed_in.get(looked)).text.split())  # beside the button
    answer = signed_in.post(f"{URL}?{query}")
    assert answer["Location"].startswith("/near/bath-gb/?when=weekend&kind=walk")
    assert "when" not in wish_of(member).also
    there = " ".join(Page.of(signed_in.get(answer["Location"])).text.split())
    assert f"We write to you once, when something that fits is on near Bath. {kept}" in there
    assert words in " ".join(Page.of(signed_in.get("/settings/mail/")).text.split())
    fits = {"languages": "polski", "door_width": 95, "title": "Soup", "words": "bread"}
    in_bath(kind="walk", is_quiet=True, is_step_free=True, **fits)
    assert told(clock, MONDAY + HOUR) == ["Something is on near Bath"]
    [email] = mail.outbox
    fitted = "When you looked around Bath, nothing there fitted. Now something does. It is what you looked for: "
    assert f"{fitted}{words}." in " ".join(str(email.body).split())
    assert "It is what you looked for: Walk, No steps" in " ".join(html_of(email).split())


def test_many_wishes_for_many_things_are_asked_for_at_once(
    bath: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    look = nudges.Look(MONDAY, [ZoneInfo("Europe/London")])
    for number in range(40):
        NearWish.objects.ask(make_member(), bath, 10, also=f"q=soup{number}&quiet=1")
    tables = [in_bath(title=f"Soup{number}", is_quiet=number != 7) for number in range(12)]
    with django_assert_num_queries(4):  # the wishes, the tables, what was put, and what fits
        slots = list(nudges.something_near(look))
    expected = {each.pk for number, each in enumerate(tables) if number != 7}
    assert {slot.version for slot in slots} == expected


def test_once_asked_the_page_says_so_and_another_press_asks_anew(
    clock: time_machine.Traveller, signed_in: Client, member: Member, bath: Town
) -> None:
    signed_in.post(URL)
    assert "We write to you once, when something is on near Bath." in signed_in.get("/near/bath-gb/").content.decode()
    assert "Tell me when there is" in signed_in.get("/near/bath-gb/?km=50").content.decode()
    clock.shift(DAY)
    signed_in.post(f"{URL}?km=50")
    assert (wish_of(member).km, wish_of(member).asked_at) == (50, MONDAY + DAY)


@pytest.mark.parametrize("asked", ["km=ten&kind=opera", "km=1000000000", "kind=%00", "km=-1&kind='; DROP"])
def test_what_is_odd_in_the_address_is_passed_over(signed_in: Client, member: Member, bath: Town, asked: str) -> None:
    signed_in.post(f"{URL}?{asked}")
    assert (wish_of(member).km, wish_of(member).kind) == (25, "")


def test_an_unknown_town_is_none(signed_in: Client) -> None:
    assert signed_in.post("/near/nowhere-gb/tell-me/").status_code == 404


def test_of_many_towns_the_last_ten_are_kept(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "MOST", 2)
    for slug in ("bristol-gb", "bath-gb", "auckland-nz"):
        NearWish.objects.ask(member, make_town(slug), 10)
    assert {wish.town.slug for wish in NearWish.objects.of(member)} == {"bath-gb", "auckland-nz"}


# The mail


def test_the_first_that_is_new_is_told_once(clock: time_machine.Traveller, member: Member, bath: Town) -> None:
    in_bath(title="There before")
    clock.shift(HOUR)
    NearWish.objects.ask(member, bath, 10)
    assert told(clock, MONDAY + 2 * HOUR) == []
    in_bath(title="Stew", address="14 Canary Row")
    in_bath(title="Later", starts=MONDAY + 6 * DAY)
    assert told(clock, MONDAY + 3 * HOUR) == ["Something is on near Bath"]
    [email] = mail.outbox
    for part in (str(email.body), html_of(email)):
        words = " ".join(part.split())
        assert "Stew" in words
        assert [other for other in ("There before", "Later", "Canary") if other in words] == []
        assert "because you asked us on 16 November to tell you when there is something near Bath" in words
    assert html_of(email).count('class="button"') == 1
    assert "List-Unsubscribe" in email.extra_headers
    weeks = [MONDAY + n * 7 * DAY + 3 * HOUR for n in range(1, 4)]
    for week in weeks:
        clock.move_to(week - HOUR)
        Member.objects.filter(pk=member.pk).were_here()
        in_bath(starts=week + 4 * DAY)
    assert told(clock, *weeks) == []


def test_whoever_asks_again_is_told_again(clock: time_machine.Traveller, member: Member, bath: Town) -> None:
    for week in (0, 1):
        clock.move_to(MONDAY + 7 * week * DAY)
        Member.objects.filter(pk=member.pk).were_here()
        NearWish.objects.ask(member, bath, 10)
        in_bath(starts=MONDAY + (7 * week + 4) * DAY)
        assert len(told(clock, MONDAY + 7 * week * DAY + HOUR)) == 1


CASES = {
    "too far": lambda member: make_gathering(MONDAY + 5 * DAY),
    "another kind": lambda member: in_bath(kind="walk"),
    "full": lambda member: make_seat(in_bath(seats=1)),
    "waited for": lambda member: in_bath().seat(make_member()).become(Rsvp.State.WAITLISTED, turn=1),
    "own": lambda member: in_bath(host=member),
    "co-hosted": lambda member: co_host(in_bath(), member),
    "has a seat": lambda member: make_seat(in_bath(starts=MONDAY + 9 * DAY), member),
    "blocked": lambda member: Block.objects.create(blocker=member, blocked=in_bath().host),
    "blocked by": lambda member: Block.objects.create(blocker=in_bath().host, blocked=member),
    "hidden": lambda member: hide(in_bath()),
    "by link": lambda member: in_bath(visibility="link"),
    "draft": lambda member: in_bath(is_draft=True),
    "called off": lambda member: in_bath().cancel(""),
    "far ahead": lambda member: in_bath(starts=MONDAY + 40 * DAY),
    "too soon": lambda member: in_bath(starts=MONDAY + 6 * HOUR),
}


def co_host(gathering: Gathering, member: Member) -> None:
    CoHost.objects.create(gathering=gathering, member=member, email=member.email, accepted_at=timezone.now())


def hide(gathering: Gathering) -> None:
    Gathering.objects.filter(pk=gathering.pk).update(hidden_at=timezone.now())


@pytest.mark.parametrize("case", CASES)
def test_what_they_may_not_see_or_could_not_come_to_is_not_told(
    clock: time_machine.Traveller, member: Member, bath: Town, case: str
) -> None:
    NearWish.objects.ask(member, bath, 10, "dinner" if case == "another kind" else "")
    CASES[case](member)
    assert told(clock, MONDAY + HOUR, MONDAY + HOUR + MINUTE) == []
    in_bath(title="Stew", starts=MONDAY + 6 * DAY)
    assert len(told(clock, MONDAY + 2 * HOUR)) == 1, "what they may come to, they hear of"


def test_control_without_the_gate_a_blocked_host_would_be_named(
    clock: time_machine.Traveller, member: Member, bath: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    NearWish.objects.ask(member, bath, 10)
    CASES["blocked"](member)
    monkeypatch.setattr("apps.gatherings.models.queries.is_blocked_for", lambda member: Q(pk=None))
    assert len(told(clock, MONDAY + HOUR)) == 1


@pytest.mark.parametrize("change", ["filled", "called off", "blocked", "opts out", "looks no further", "moves away"])
def test_it_is_asked_again_at_the_moment_of_sending(
    clock: time_machine.Traveller, member: Member, bath: Town, change: str
) -> None:
    NearWish.objects.ask(member, bath, 10)
    table = in_bath(seats=1)
    put_nudges(MONDAY)
    if change == "filled":
        make_seat(table)
    if change == "called off":
        table.cancel("")
    if change == "blocked":
        Block.objects.create(blocker=table.host, blocked=member)
    if change == "opts out":
        Consent.objects.say(member, "something_near", False)
    if change == "looks no further":
        NearWish.objects.all().delete()
    if change == "moves away":
        Gathering.objects.filter(pk=table.pk).update(latitude=0.0, longitude=0.0)
    mail.outbox.clear()
    send()
    assert [each for each in mail.outbox if each.to == [member.email]] == []
    if change != "moves away":
        assert states() == [State.DROPPED]


def test_another_table_takes_the_place_of_one_that_filled_up_meanwhile(
    clock: time_machine.Traveller, member: Member, bath: Town
) -> None:
    NearWish.objects.ask(member, bath, 10)
    table = in_bath(seats=1)
    put_nudges(MONDAY)
    make_seat(table)
    in_bath(title="Stew")
    assert told(clock, MONDAY + MINUTE, MONDAY + 2 * MINUTE) == ["Something is on near Bath"]
    assert "Stew" in str(mail.outbox[0].body)
    assert states() == [State.DROPPED, State.SENT]


def test_it_waits_for_the_morning(clock: time_machine.Traveller, member: Member, bath: Town) -> None:
    NearWish.objects.ask(member, bath, 10)
    in_bath()
    nine = MONDAY + 21 * HOUR
    assert told(clock, MONDAY + 9 * HOUR, MONDAY + 15 * HOUR, nine - MINUTE) == []
    assert len(told(clock, nine)) == 1


def test_what_the_week_has_no_room_for_is_told_in_the_next(
    clock: time_machine.Traveller, member: Member, bath: Town
) -> None:
    """It has no moment of its own: it is due while the table is there."""
    auckland = make_town("auckland-nz")
    for town in (bath, auckland):
        NearWish.objects.ask(member, town, 10)
    in_bath(starts=MONDAY + 9 * DAY)
    make_gathering(MONDAY + 9 * DAY, town=auckland)
    assert told(clock, MONDAY, MONDAY + MINUTE, MONDAY + 4 * DAY) == ["Something is on near Bath"]
    assert told(clock, MONDAY + 7 * DAY, MONDAY + 7 * DAY + MINUTE) == ["Something is on near Auckland"]
    assert states() == [State.SENT, State.SENT]


def test_it_comes_before_every_other_and_the_rest_is_dropped(
    clock: time_machine.Traveller, member: Member, bath: Town
) -> None:
    Consent.objects.say(member, "first_step", True)
    Member.objects.filter(pk=member.pk).update(joined_at=MONDAY - 2 * DAY)
    NearWish.objects.ask(member, bath, 10)
    in_bath()
    assert told(clock, MONDAY) == ["Something is on near Bath"]
    assert Message.objects.get(kind="first_step").state == State.DROPPED


def test_after_three_months_nobody_is_told(clock: time_machine.Traveller, member: Member, bath: Town) -> None:
    NearWish.objects.ask(member, bath, 10)
    clock.move_to(MONDAY + 90 * DAY)
    in_bath(starts=MONDAY + 95 * DAY)
    assert told(clock, MONDAY + 90 * DAY) == []


def test_a_sweep_asks_as_often_for_many_wishes_as_for_one(
    bath: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    look = nudges.Look(MONDAY, [ZoneInfo("Europe/London")])
    for more in (1, 11):
        for number in range(more):
            NearWish.objects.ask(make_member(), (bath, make_town())[number % 2], 10)
        in_bath()
        with django_assert_num_queries(3):  # the wishes, the tables, what was put
            assert list(nudges.something_near(look))


# Taking it back


def test_the_page_of_switches_lists_the_towns_and_each_can_be_ended_without_signing_in(
    client: Client, member: Member, bath: Town
) -> None:
    NearWish.objects.ask(member, bath, 10)
    switches = path_to("switches", member)
    page = Page.of(client.get(switches))
    [url] = [attrs["href"] for tag, attrs in page.elements if tag == "a" and attrs.get("aria-label")]
    assert url == path_to("near_wish", member, wish_of(member).pk)
    assert "Look no further near Bath?" in client.get(url).content.decode()
    assert NearWish.objects.exists(), "a look changes nothing"
    assert "We look no further" in client.post(url, follow=True).content.decode()
    assert not NearWish.objects.exists()
    assert "Towns you asked about" not in client.get(switches).content.decode()
    assert client.get(url).status_code == 200


def test_nobody_ends_the_wish_of_another(client: Client, member: Member, bath: Town) -> None:
    NearWish.objects.ask(member, bath, 10)
    client.post(path_to("near_wish", make_member(), wish_of(member).pk))
    assert NearWish.objects.exists()


def test_one_click_in_the_mail_ends_them_all_and_asking_anew_brings_none_of_them_back(
    clock: time_machine.Traveller, client: Client, member: Member, bath: Town
) -> None:
    NearWish.objects.ask(member, bath, 10)
    in_bath()
    told(clock, MONDAY)
    url = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix(settings.BASE_URL)
    NearWish.objects.ask(member, bath, 10)
    client.post(url, {"List-Unsubscribe": "One-Click"})
    assert not Consent.objects.given("something_near").exists()
    NearWish.objects.ask(member, make_town(), 10)
    assert wish_of(member).town.slug == "bristol-gb"
