"""Keep in touch: told to both where both have ticked, and to nobody in any other case."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from apps.afterwards.models import Match, Tick
from apps.afterwards.tasks import minute
from apps.gatherings import parting
from apps.gatherings.models import Gathering
from apps.moderation.models import Suspension
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.privacy import leaving
from apps.privacy.exporting import as_json, contents
from apps.privacy.tasks import night
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.afterwards.evenings import MORNING, STARTS, browser_of, make_evening, path_of, tick, words_of
from tests.factories import html_of, mails_to, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TOKEN = re.compile(r'value="\w{64}"')


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def page_of(member: Member, gathering: Gathering) -> str:
    """Without the token that each form carries, which is drawn anew for every page."""
    return TOKEN.sub("", words_of(browser_of(member), path_of(gathering)))


def told(member: Member) -> list[str]:
    send()
    return [str(each.body) for each in mails_to(member) if "would like to meet again" in str(each.subject)]


def test_both_are_told_where_both_have_ticked_and_each_has_the_others_contact() -> None:
    gathering, [_host, noor, efua] = make_evening("Noor", "Efua")
    tick(noor, gathering, efua, contact="0117 555 0101")
    assert told(noor) == told(efua) == []
    tick(efua, gathering, noor, contact="efua@home.example")
    for member, contact, given in ((noor, "efua@home.example", "0117 555 0101"),
                                   (efua, "0117 555 0101", "efua@home.example")):  # fmt: skip
        [words] = told(member)
        assert f"> {contact}\n" in words
        assert f"> {given}\n" in words
        page = page_of(member, gathering)
        assert contact in page
        assert "would like to meet again" in page
        assert [(row["contact"], row["given"]) for row in contents(member)["who-you-keep-in-touch-with"]] == [
            (contact, given)
        ]
    tick(noor, gathering)  # it cannot be taken back any more
    tick(efua, gathering, noor)  # nor said twice
    assert (len(told(noor)), len(told(efua)), Match.objects.count(), Tick.objects.count()) == (1, 1, 2, 0)
    assert Message.objects.filter(kind="match").count() == 2


def seen_by(member: Member, gathering: Gathering) -> list[str]:
    """Pages, mails, and what they take along."""
    send()
    pages = [page_of(member, gathering), TOKEN.sub("", words_of(browser_of(member), "/table/"))]
    mails = [str(each.body) + html_of(each) for each in mails_to(member)]
    return [*pages, *mails, *(as_json(rows) for rows in contents(member).values())]


@pytest.mark.parametrize("own", [True, False])
def test_what_one_sees_is_the_same_to_the_byte_whether_or_not_the_other_ticked(own: bool) -> None:
    """Unless both have. `own`: they have ticked somebody else."""
    gathering, [host, noor, efua] = make_evening("Noor", "Efua")
    if own:
        tick(noor, gathering, host)
    before = seen_by(noor, gathering)
    tick(efua, gathering, noor)
    assert seen_by(noor, gathering) == before


def test_what_is_answered_to_a_tick_does_not_tell_whether_it_was_answered() -> None:
    gathering, [_host, noor, efua, priya] = make_evening("Noor", "Efua", "Priya")
    tick(efua, gathering, noor)
    said: list[str] = []
    for other in (priya, efua):
        chosen = {"touch-people": [other.key], "touch-contact": "x"}
        answer = browser_of(noor).post(path_of(gathering, "in-touch/"), chosen, follow=True)
        said += re.findall(r'<p class="message.*?</p>', answer.content.decode(), re.DOTALL)
        assert answer.redirect_chain == [(f"{path_of(gathering)}#main", 302)]
    assert len(said) == 2
    assert said[0] == said[1]
    assert Match.objects.count() == 2


def test_a_tick_may_be_taken_back_until_it_is_answered() -> None:
    gathering, [_host, noor, efua] = make_evening("Noor", "Efua")
    tick(noor, gathering, efua)
    tick(noor, gathering)
    tick(efua, gathering, noor)
    assert told(noor) == told(efua) == []


def test_two_who_met_twice_find_each_other_from_either_evening() -> None:
    first, [_host, noor, efua] = make_evening("Noor", "Efua")
    second, _people = make_evening(noor, efua, starts=STARTS - timedelta(days=2))
    tick(noor, first, efua)
    tick(efua, second, noor)
    assert len(told(noor)) == len(told(efua)) == 1


def test_nobody_is_listed_who_was_not_there_nor_can_be_ticked() -> None:
    gathering, [host, noor, missed, left] = make_evening("Noor", "Efua", "Priya")
    gathering.rsvps.get(member=missed).say_missed()
    leaving.leave(left)
    page = page_of(noor, gathering)
    assert host.key in page
    assert all(each.key not in page for each in (missed, left, noor))
    for other in (missed, left, noor, make_member()):
        assert tick(noor, gathering, other).status_code == 422
    assert not Tick.objects.exists()


def test_a_tick_wants_a_contact_and_what_was_chosen_stays() -> None:
    gathering, [_host, noor, efua] = make_evening("Noor", "Efua")
    refused = browser_of(noor).post(path_of(gathering, "in-touch/"), {"touch-people": [efua.key]})
    assert refused.status_code == 422
    assert "Please say how they may reach you" in refused.content.decode()
    assert f'value="{efua.key}" checked' in refused.content.decode()
    assert tick(noor, gathering, efua, contact="x" * 201).status_code == 422
    assert not Tick.objects.exists()


def block(one: Member, other: Member) -> None:
    parting.block(one, other)


def be_blocked(one: Member, other: Member) -> None:
    parting.block(other, one)


def leave(one: Member, other: Member) -> None:
    leaving.leave(other)


def be_suspended(one: Member, other: Member) -> None:
    Suspension.objects.impose(other, None)


def keep_apart(one: Member, other: Member) -> None:
    parting.keep_apart(one, other)


PARTINGS = [block, be_blocked, leave, be_suspended]


@pytest.mark.parametrize("part", [*PARTINGS, keep_apart])
def test_what_parts_two_after_a_tick_lets_no_match_come(part: Callable[[Member, Member], None]) -> None:
    gathering, [_host, noor, efua] = make_evening("Noor", "Efua")
    tick(efua, gathering, noor)
    part(noor, efua)
    tick(noor, gathering, efua)
    assert told(noor) == told(efua) == []
    assert not Match.objects.exists()


@pytest.mark.parametrize("part", PARTINGS)
def test_what_parts_two_after_a_match_hides_it_and_stops_its_mail(part: Callable[[Member, Member], None]) -> None:
    gathering, [_host, noor, efua] = make_evening("Noor", "Efua")
    tick(efua, gathering, noor, contact="efua@home.example")
    tick(noor, gathering, efua)
    part(noor, efua)
    assert told(noor) == told(efua) == []
    assert "efua@home.example" not in page_of(noor, gathering)
    assert contents(noor)["who-you-keep-in-touch-with"] == []


@pytest.mark.parametrize("was_answered", [True, False])
def test_a_block_that_is_undone_brings_back_nothing_that_was_said_before_it(was_answered: bool) -> None:
    gathering, [_host, noor, efua] = make_evening("Noor", "Efua")
    tick(efua, gathering, noor)
    if was_answered:
        tick(noor, gathering, efua)
    parting.block(efua, noor)
    minute()
    Block.objects.all().delete()
    assert not Match.objects.exists()
    tick(noor, gathering, efua)
    assert told(noor) == told(efua) == []


def test_a_tick_that_nobody_answers_is_forgotten_after_30_days_and_so_is_a_match(clock: time_machine.Traveller) -> None:
    gathering, [_host, noor, efua, priya] = make_evening("Noor", "Efua", "Priya")
    tick(noor, gathering, efua, priya)
    tick(priya, gathering, noor)
    assert len(told(noor)) == 1
    clock.shift(timedelta(days=29))
    assert "would like to meet again" in page_of(noor, gathering)
    later, _people = make_evening(noor, efua, priya, starts=MORNING + timedelta(days=28))
    clock.shift(timedelta(days=1))
    tick(efua, later, noor)
    assert len(told(noor)) == 1  # nobody has ticked Efua for a month
    assert "would like to meet again" not in page_of(noor, later)
    night()
    assert not Match.objects.exists()
    assert list(Tick.objects.values_list("member", flat=True)) == [efua.pk]


def test_the_mails_of_a_match_say_where_to_turn_and_tell_nobody_else() -> None:
    gathering, [host, noor, efua] = make_evening("Noor", "Efua")
    tick(noor, gathering, efua, contact="0117 555 0101")
    tick(efua, gathering, noor)
    mail.outbox.clear()
    [words] = told(efua)
    assert f"/gatherings/{gathering.key}/report/?about={noor.key}" in words
    assert {email.to[0] for email in mail.outbox if "0117 555 0101" in str(email.body)} == {noor.email, efua.email}
    assert "0117 555 0101" not in page_of(host, gathering)
