"""What guests are told of an edit: once, ten minutes after the last, and only what is other than they know it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.message import Message as Mime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from icalendar import Calendar

from apps.gatherings.change_emails import FOR_ALL, FOR_THE_SEATED
from apps.gatherings.comfort import FACTS as COMFORTS
from apps.gatherings.models import Change, Companion, Gathering, Question
from apps.gatherings.models.gathering import TOLD
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles.models import Member
from tests.factories import html_of, mails_to, make_gathering, make_member, make_seat, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STARTS = datetime(2026, 11, 26, 19, tzinfo=UTC)  # a Thursday
BOOKED = STARTS - timedelta(days=3, hours=5)  # Monday, 14:00
TEN = timedelta(minutes=10)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BOOKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def table(clock: time_machine.Traveller, member: Member) -> Gathering:
    """With a seat for Robin, taken an hour ago."""
    gathering = make_gathering(STARTS, seats=2, title="Soup")
    make_seat(gathering, member)
    clock.shift(timedelta(hours=1))
    send()
    mail.outbox.clear()
    return gathering


def edit(gathering: Gathering, **fields: Any) -> None:
    gathering.refresh_from_db()
    for name, value in fields.items():
        setattr(gathering, name, value)
    gathering.change(list(fields))


def told(clock: time_machine.Traveller, member: Member, after: timedelta = TEN) -> list[EmailMessage]:
    """What they are sent once that time has passed."""
    before = len(mails_to(member))
    clock.shift(after)
    send()
    return mails_to(member)[before:]


def body(email: EmailMessage) -> str:
    return str(email.body)


def test_edits_are_told_in_one_mail_ten_minutes_after_the_last(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    edit(table, day=date(2026, 11, 27))
    assert told(clock, member, timedelta(minutes=9)) == []
    edit(table, is_animal_free=True, cost="Nothing")
    assert told(clock, member, timedelta(minutes=9)) == []
    [email] = told(clock, member, timedelta(minutes=1))
    assert email.subject == "This has changed: Soup, Friday 27 November, 19:00"
    for words in (
        "When: Friday 27 November, 19:00 to 21:30",
        "(it was: Thursday 26 November, 19:00 to 21:30)",
        "Costs: Nothing",
        "Animals: No animals",
        "Give your seat back. That is fine; no reason needed.",
    ):
        assert words in body(email)
    assert "it was: Thursday 26 November" in html_of(email)
    assert told(clock, member, timedelta(hours=3)) == []


def test_an_edit_taken_back_in_time_is_not_told(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    edit(table, day=date(2026, 11, 27))
    clock.shift(timedelta(minutes=5))
    edit(table, day=date(2026, 11, 26))
    assert told(clock, member, timedelta(hours=1)) == []
    edit(table, day=date(2026, 11, 27))  # the control: the same edit, left standing
    assert len(told(clock, member)) == 1


def test_one_taken_back_after_it_was_told_is_told_as_well(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    edit(table, day=date(2026, 11, 27))
    assert len(told(clock, member)) == 1
    edit(table, day=date(2026, 11, 26))
    [email] = told(clock, member)
    assert "When: Thursday 26 November, 19:00" in body(email)
    assert "it was: Friday 27 November, 19:00" in body(email)


def test_the_calendar_of_the_seated_has_the_higher_sequence(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    edit(table, starts=time(20))
    [email] = told(clock, member)
    [part] = email.attachments
    assert isinstance(part, Mime)
    assert part.get_param("method") == "REQUEST"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    [entry] = Calendar.from_ical(payload).walk("VEVENT")
    assert entry["SEQUENCE"] == 2  # one for the seat, one for the edit
    assert entry["DTSTART"].dt == STARTS + timedelta(hours=1)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "Stew"}, "It is called: Stew"),
        ({"seats_wanted": 4}, "Seats: 4"),
        ({"cost": "2 pounds"}, "Costs: 2 pounds"),
        ({"area": "Totterdown"}, "Where: Totterdown, Bristol, at home"),
        ({"setting": "public"}, "Where: Southville, Bristol, in a public place"),
        ({"way_in": "Bus 76"}, "The way in: Bus 76"),
        ({"arrive_from": time(18, 30)}, "Arrive: from 18:30"),
        ({"met_from": time(18, 45), "met_by": "Ada"}, "At the door: Ada waits outside from 18:45"),
        ({"is_step_free": False}, "Steps to the door, the table or the toilet: There are steps"),
        ({"is_alcohol_free": True}, "Alcohol: No alcohol here"),
        ({"is_animal_free": False}, "Animals: There are animals"),
        ({"is_quiet": True}, "Noise: Quiet"),
        ({"is_softly_lit": False}, "Light: Bright light"),
        ({"has_no_gluten": True}, "Gluten: Can cook without gluten"),
        ({"door_width": 78}, "Narrowest door: 78 cm"),
        ({"languages": "Polish"}, "Languages: Polish"),
        ({"in_rain": "We go all the same"}, "If it rains: We go all the same"),
        ({"pace": "slow"}, "Pace: Slow, with stops to rest"),
        ({"which_games": "Cards"}, "Which games: Cards"),
        ({"meeting_point": "The gate"}, "Meeting point: has changed; it comes to you on"),
        ({"for_whom": "Anyone who likes soup"}, "Whom it is for: Anyone who likes soup"),
        ({"ends": time(23)}, "When: Thursday 26 November, 19:00 to 23:00"),
    ],
)
def test_whatever_a_guest_goes_by_is_told_and_raises_the_sequence(
    clock: time_machine.Traveller, table: Gathering, member: Member, changed: dict[str, Any], words: str
) -> None:
    edit(table, **changed)
    assert table.sequence == 1
    [email] = told(clock, member)
    assert words in body(email)
    assert {change.field for change in Change.objects.all()} == set(changed)


def test_the_town_is_told_with_its_own_wall_time(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    bath = make_town("bath-gb")
    edit(table, town=bath, area="Walcot", has_own_point=False, time_zone=bath.time_zone)
    [email] = told(clock, member)
    assert "Where: Walcot, Bath, at home" in body(email)
    assert "it was: Southville, Bristol, at home" in body(email)


def test_no_field_is_told_without_words_for_it() -> None:
    """A field that is written down and never shown would put rows that are all dropped."""
    shown = set()
    for name in TOLD:
        before, after = Gathering(town=make_town(), time_zone="Europe/London"), None
        before.day, before.starts, before.ends = date(2026, 11, 26), time(19), time(21)
        before.host, before.met_from = Member(name="Mei"), time(18)
        values = {"day": date(2026, 11, 27), "starts": time(18), "ends": time(23), "setting": "public"}
        values |= {"arrive_from": time(18), "met_from": time(17), "seats_wanted": 9, "town_id": make_town("bath-gb").pk}
        values |= dict.fromkeys(COMFORTS, True) | {"door_width": 80}
        if name in ("address", "meeting_point", "time_zone"):  # which have lines of their own, or follow the town
            continue
        before.settle_time()
        words = [in_words(before) for _label, in_words in (*FOR_ALL, *FOR_THE_SEATED)]
        setattr(before, name, values.get(name, "Something else"))
        before.settle_time()
        after = [in_words(before) for _label, in_words in (*FOR_ALL, *FOR_THE_SEATED)]
        assert after != words, name
        shown.add(name)
    assert len(shown) == len(TOLD) - 3


def test_words_and_terms_are_not_told(clock: time_machine.Traveller, table: Gathering, member: Member) -> None:
    edit(table, words="Bread, too.", least_guests=2, contact="0117 496 0000", address_from="now")
    assert table.sequence == 0
    assert told(clock, member, timedelta(hours=1)) == []
    assert not Change.objects.exists()


def test_a_draft_is_edited_in_silence(clock: time_machine.Traveller) -> None:
    draft = make_gathering(STARTS, is_draft=True)
    edit(draft, day=date(2026, 11, 27))
    assert not Change.objects.exists()


# To whom


def test_everyone_with_a_seat_or_the_hope_of_one_is_told(clock: time_machine.Traveller, table: Gathering) -> None:
    offered, waiting, gone = make_member("Ola"), make_member("Wim"), make_member("Gil")
    table.offer(offered)
    table.seat(waiting)
    make_seat(make_gathering(STARTS), gone)
    table.seat(gone).bow_out()
    asks = make_gathering(STARTS, asks_first=True, title="Tea")
    asking = make_member("Ask")
    asks.seat(asking)
    clock.shift(timedelta(minutes=1))
    send()
    mail.outbox.clear()
    for each in (table, asks):
        edit(each, starts=time(18))
    assert told(clock, gone) == []
    for member, words in (
        (offered, "The seat is held for you as before."),
        (waiting, "Your place in the line is as it was."),
        (asking, "Your request stands as before."),
    ):
        [email] = mails_to(member)
        assert words in body(email)
        assert "Does it not suit you any more? Step back. That is fine; no reason needed." in body(email)
        assert email.attachments == []
    assert [each.subject for each in mails_to(table.host) if "changed" in each.subject] == []


def test_whoever_comes_after_an_edit_knows_already(clock: time_machine.Traveller, table: Gathering) -> None:
    late, later = make_member("Late"), make_member("Later")
    clock.shift(timedelta(minutes=1))
    edit(table, starts=time(18))
    clock.shift(timedelta(minutes=1))
    table.seat(late)
    clock.shift(timedelta(minutes=1))
    edit(table, cost="Nothing")
    clock.shift(timedelta(minutes=1))
    table.seat(later)
    send()
    mail.outbox.clear()
    [email] = told(clock, late)
    assert "Costs: Nothing" in body(email)
    assert "18:00" not in body(email).split("Your seat is yours")[0]
    assert told(clock, later) == []


def test_a_seat_that_came_by_itself_leaves_the_change_to_be_told(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    """Whoever is moved up had seen the evening as it was; whoever takes an offer has seen it as it is."""
    table.seat(make_member())
    by_itself, by_offer = make_member("Straight"), make_member("Offered")
    table.seat(by_itself, is_straight_away=True)
    table.seat(by_offer)
    clock.shift(timedelta(minutes=1))
    edit(table, starts=time(18))
    clock.shift(timedelta(minutes=1))
    for rsvp in table.rsvps.seated():
        rsvp.bow_out()
    table.rsvps.get(member=by_offer).accept()
    send()
    mail.outbox.clear()
    [email] = told(clock, by_itself)
    assert "it was: Thursday 26 November, 19:00" in body(email)
    assert told(clock, by_offer) == []


# The address of a home


def test_the_new_address_of_a_home_comes_when_it_opens(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    waiting = make_member("Wim")
    table.seat(make_member())
    table.seat(waiting)
    clock.shift(timedelta(minutes=1))
    edit(table, address="3 Harbour Row")
    [email] = told(clock, member)
    assert "Address: has changed; it comes to you on Wednesday 25 November, 19:00" in body(email)
    [other] = [each for each in mails_to(waiting) if "changed" in each.subject]
    assert "Address: has changed; it comes to whoever has a seat, in time" in body(other)
    for each in (email, other):
        for part in (body(each), html_of(each), *(str(file) for file in each.attachments)):
            assert "Harbour Row" not in part
            assert "Greville" not in part


def test_once_it_is_open_the_seated_read_both_addresses_and_nobody_else_any(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    waiting = make_member("Wim")
    table.seat(make_member())
    table.seat(waiting)
    clock.move_to(STARTS - timedelta(hours=23))
    edit(table, address="3 Harbour Row")
    [email] = told(clock, member)
    assert "Address: 3 Harbour Row" in body(email)
    assert "it was: 14 Greville Street" in body(email)
    [other] = [each for each in mails_to(waiting) if "changed" in each.subject]
    assert "Harbour Row" not in body(other)
    assert "Greville" not in body(other)


def test_a_home_left_for_a_public_place_does_not_become_known_by_it(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    edit(table, setting="public", address="The Café on the Square")
    [email] = told(clock, member)
    assert "Address: The Café on the Square" in body(email)
    assert "Greville" not in body(email) + html_of(email)


def test_how_to_reach_the_host_is_told_once_guests_have_seen_it(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    edit(table, contact="0117 496 0000")
    assert told(clock, member, timedelta(hours=1)) == []
    clock.move_to(STARTS - timedelta(hours=1))
    edit(table, contact="0117 496 0999")
    [email] = told(clock, member)
    assert "On the day: 0117 496 0999" in body(email)


# When


def test_an_edit_of_the_night_waits_for_the_morning_and_one_just_before_the_start_hardly_waits(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    clock.move_to(datetime(2026, 11, 24, 22, tzinfo=UTC))
    edit(table, cost="Nothing")
    assert told(clock, member, timedelta(hours=10, minutes=59)) == []
    assert len(told(clock, member, timedelta(minutes=1))) == 1  # 09:00
    clock.move_to(STARTS - timedelta(hours=11))  # 08:00 of the day
    edit(table, cost="2 pounds")
    assert len(told(clock, member)) == 1
    clock.move_to(STARTS - timedelta(minutes=5))
    edit(table, cost="3 pounds")
    assert len(told(clock, member, timedelta(seconds=80))) == 1


def test_a_worker_that_was_down_until_night_does_not_send_what_waited(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    clock.move_to(datetime(2026, 11, 24, 20, tzinfo=UTC))
    edit(table, cost="Nothing")
    assert told(clock, member, timedelta(hours=2)) == []  # 22:00
    assert len(told(clock, member, timedelta(hours=11))) == 1


# The host


@pytest.mark.parametrize(
    ("at", "has_guest", "words"),
    [
        (BOOKED, True, "Your guests are told by mail in ten minutes; until then you may still change something."),
        (STARTS - timedelta(days=2, hours=-3), True, "Your guests are told by mail in the morning."),
        (STARTS - timedelta(minutes=5), True, "Your guests are told by mail in a moment."),
        (STARTS + timedelta(minutes=5), True, "please tell them yourself."),
        (BOOKED, False, "Changed. The page shows it now.</"),
    ],
)
def test_the_host_is_told_how_their_guests_hear_of_it(
    clock: time_machine.Traveller, client: Client, at: datetime, has_guest: bool, words: str
) -> None:
    gathering = make_gathering(STARTS)
    if has_guest:
        make_seat(gathering)
    clock.move_to(at)
    client.force_login(gathering.host)
    form = client.get(f"{gathering.get_absolute_url()}edit/").context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    answer = client.post(
        f"{gathering.get_absolute_url()}edit/", {**values, "town": "Bristol", "cost": "A song"}, follow=True
    )
    assert words in answer.content.decode().replace("\n", "").replace("  ", "")


def test_a_question_answered_on_the_card_is_told_to_everyone_else_too(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    asker = make_member("Ask")
    Question.objects.ask(table, asker, fact="is_step_free").reply(table.host, "", fact_answer=True)
    [email] = told(clock, member)
    assert "Steps to the door, the table or the toilet: No steps" in body(email)
    assert [each.subject for each in mails_to(asker)] == ["Mei has answered your question about Soup"]


def test_an_edit_that_makes_room_tells_whom_it_moves_up_of_both(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    table.seat(make_member(), companions=[])
    waiting = make_member("Wim")
    table.seat(waiting)
    clock.shift(timedelta(minutes=1))
    edit(table, seats_wanted=3, day=date(2026, 11, 27))
    subjects = [each.subject for each in told(clock, waiting)]
    assert any("A seat is held for you" in subject for subject in subjects)
    assert any("This has changed" in subject for subject in subjects)


def test_a_mail_that_never_went_leaves_its_news_to_the_next(
    clock: time_machine.Traveller, table: Gathering, member: Member
) -> None:
    edit(table, cost="Nothing")
    Message.objects.filter(kind="gathering_changed").update(state=Message.State.DEAD)
    clock.shift(timedelta(hours=1))
    edit(table, area="Totterdown")
    [email] = told(clock, member)
    assert "Costs: Nothing" in body(email)
    assert "Where: Totterdown" in body(email)


def test_a_party_that_grew_is_no_new_seat(clock: time_machine.Traveller, table: Gathering, member: Member) -> None:
    """Whom one brings along is said without reading the page anew."""
    edit(table, cost="Nothing", most_companions=1)
    clock.shift(timedelta(minutes=1))
    table.rsvps.get(member=member).bring([Companion()])
    assert any("changed" in each.subject for each in told(clock, member))
