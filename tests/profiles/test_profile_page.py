"""A member's page: what it says, who opens it, and how its member writes it. Nothing on it can be counted."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.models import CoHost, Gathering, Rsvp
from apps.gatherings.parting import block
from apps.privacy.exporting import contents
from apps.privacy.leaving import leave
from apps.profiles.models import Member, MemberQuerySet, ProfileAnswer
from apps.profiles.prompts import PROMPTS
from apps.safety.models import Block, KeepApart
from tests.factories import make_gathering, make_member, make_seat
from tests.odd import FINE, MEGABYTE, NUL, PLAIN_AND_HTMX, SCRIPT, TIDIED, Page, assert_refused
from tests.pictures import give_picture

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("pictures")]
EDIT = "/settings/profile/"
MINE = {"name": "Ada", "pronouns": "fae/faer", "languages": "Welsh, some Urdu"}


def visit(member: Member | None) -> Client:
    visitor = Client()
    if member:
        visitor.force_login(member)
    return visitor


def url_of(member: Member) -> str:
    return f"/people/{member.key}/"


def page_of(reader: Member | None, url: str) -> str:
    html: str = visit(reader).get(url).content.decode()
    return html


def opens(reader: Member | None, member: Member) -> bool:
    """By asking for it; whatever is not shown is the page that never was, to the byte."""
    answer = visit(reader).get(url_of(member))
    if answer.status_code == 200:
        return True
    assert as_read(answer) == as_read(visit(reader).get("/people/zzzzzzzzzz/"))
    assert answer.status_code == 404
    return False


def as_read(answer: Any) -> tuple[Any, ...]:
    """All of it but the token, which is another each time."""
    headers = {name: value for name, value in answer.items() if name not in ("Set-Cookie", "Expires")}
    return answer.status_code, headers, re.sub(rb'value="\w{64}"', b"", answer.content)


def help_to_host(gathering: Gathering, name: str = "Kim") -> Member:
    helper = make_member(name)
    CoHost.objects.create(gathering=gathering, email=helper.email, member=helper, accepted_at=timezone.now())
    return helper


@pytest.fixture
def ada() -> Member:
    ada = make_member("Ada", pronouns="fae/faer", languages="Welsh, some Urdu")
    ProfileAnswer.objects.keep(ada, [("a-meal", "Rice on the roof, with my neighbours"), ("ask-me", "moss")])
    return ada


# Who opens it


def test_strangers_and_members_who_never_met_find_nobody(ada: Member) -> None:
    make_gathering(host=ada)
    keeper = make_member(is_staff=True, is_superuser=True)
    for reader in (None, make_member(), keeper, make_member(is_moderator=True)):
        assert not opens(reader, ada)
    assert opens(ada, ada)  # control


def test_whose_joining_waits_for_a_keeper_finds_their_waiting_room(ada: Member) -> None:
    assert visit(make_member(is_waiting=True)).get(url_of(ada))["Location"] == "/accounts/waiting/"


def test_those_at_one_table_open_each_others_while_it_is_to_come_and_ever_after(ada: Member) -> None:
    gathering = make_gathering()
    table = [ada, gathering.host, help_to_host(gathering), make_seat(gathering).member]
    for other in table[1:]:
        assert not opens(ada, other)
        assert not opens(other, ada)
    gathering.seat(ada)
    assert all(opens(one, other) for one in table for other in table)
    with time_machine.travel(timezone.now() + timedelta(days=300)):
        assert all(opens(one, other) for one in table for other in table)


def waits(gathering: Gathering, member: Member) -> None:
    make_seat(gathering)
    gathering.seat(member)


@pytest.mark.parametrize(("terms", "ask"), [({"asks_first": True}, Gathering.seat), ({"seats": 1}, waits)])
def test_hosts_open_that_of_whoever_hopes_for_a_seat_and_not_the_other_way_round(
    ada: Member, terms: dict[str, Any], ask: Callable[[Gathering, Member], object]
) -> None:
    gathering = make_gathering(**terms)
    helper = help_to_host(gathering)
    ask(gathering, ada)
    for host in (gathering.host, helper):
        assert opens(host, ada)
        assert not opens(ada, host)
    Rsvp.objects.get(member=ada).bow_out()
    assert not opens(gathering.host, ada)


def test_a_seat_given_back_taken_away_missed_or_called_off_was_not_shared(ada: Member) -> None:
    ends: list[Callable[[Rsvp], Any]] = [
        Rsvp.bow_out,
        Rsvp.decline,
        lambda seat: seat.gathering.cancel("The roof leaks"),
        lambda seat: Rsvp.objects.filter(pk=seat.pk).update(has_missed=True),
    ]
    for end in ends:
        gathering = make_gathering()
        guest, seat = make_seat(gathering).member, make_seat(gathering, ada)
        assert opens(guest, ada)  # control
        end(seat)
        assert not opens(guest, ada)
        assert not opens(ada, guest)


def test_nobody_opens_it_across_a_block_or_of_somebody_they_are_kept_apart_from(ada: Member) -> None:
    past = make_gathering(timezone.now() + timedelta(hours=1))
    noor, iris, kim, gil = (make_seat(past, make_member(name)).member for name in ("Noor", "Iris", "Kim", "Gil"))
    make_seat(past, ada)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        block(noor, ada)
        block(ada, iris)
        KeepApart.objects.keep(ada, kim)
        for other in (noor, iris, kim):
            assert not opens(ada, other)
            assert not opens(other, ada)
        assert opens(ada, gil)  # control
        assert opens(gil, ada)


def test_it_is_gone_at_once_for_whoever_is_shut_out_or_leaves(ada: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, ada)
    assert opens(gathering.host, ada)  # control
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert not opens(gathering.host, ada)
    Member.objects.filter(pk=ada.pk).update(is_active=True)
    leave(ada)
    assert not opens(gathering.host, ada)
    Member.objects.get(pk=ada.pk).delete()
    assert not ProfileAnswer.objects.exists()


def test_discreet_mail_and_a_table_by_link_make_no_difference(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(is_discreet=True)
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    guest = make_seat(gathering).member
    make_seat(gathering, ada)
    assert opens(guest, ada)
    assert opens(ada, guest)


def test_control_without_its_gate_strangers_would_open_it(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.gatherings.views import people

    reader = make_member()
    assert not opens(reader, ada)
    everybody: Callable[[Any], MemberQuerySet] = lambda _reader: Member.objects.all()  # noqa: E731
    monkeypatch.setattr(people, "people_for", everybody)
    assert opens(reader, ada)


def test_control_without_the_blocks_in_its_gate_it_would_open_across_one(
    ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = make_gathering(timezone.now() + timedelta(hours=1))
    noor = make_seat(past, make_member("Noor")).member
    make_seat(past, ada)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        block(noor, ada)
        assert not opens(ada, noor)
        monkeypatch.setattr(Block.objects, "others_of", lambda _member: [])
        assert opens(ada, noor)


def test_it_is_kept_by_no_cache_and_only_looked_at(ada: Member) -> None:
    answer = visit(ada).get(url_of(ada))
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert visit(ada).post(url_of(ada)).status_code == 405


# What it says


def test_it_says_what_its_member_has_said_and_nothing_that_can_be_counted(ada: Member) -> None:
    for days in (1, 2, 3):
        make_seat(make_gathering(timezone.now() + timedelta(days=days)), ada)
    gathering = make_gathering()
    make_seat(gathering, ada)
    page = Page.of(visit(gathering.host).get(url_of(ada)))
    main = page.words["main"]
    for words in ("Ada", "fae/faer", "Welsh, some Urdu", "A meal that means something to me", "Rice on the roof"):
        assert words in main
    assert main.index("A meal that") < main.index("Ask me about")  # in their order
    assert not re.search(r"\d", main.replace(gathering.title, ""))
    for word in ("since", "joined", "seen", "last", "times", "gatherings"):
        assert word not in main.replace(gathering.title, "").lower()
    assert ada.email not in main


def test_one_without_a_word_is_as_welcome(member: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, member)
    page = page_of(gathering.host, url_of(member))
    assert "Nothing more is written here." in page
    assert "A name is enough." in page_of(member, url_of(member))


def test_needs_stand_on_no_page_of_others(ada: Member) -> None:
    visit(ada).post("/settings/needs/", {"words": "a seat by the wall", "is_agreed": "on"})
    gathering = make_gathering()
    make_seat(gathering, ada)
    for url in (url_of(ada), gathering.get_absolute_url(), f"{gathering.get_absolute_url()}guests/"):
        assert "a seat by the wall" not in page_of(gathering.host, url)
    assert "a seat by the wall" in page_of(ada, "/settings/needs/")


def test_a_picture_is_shown_there_to_those_who_may_see_it(ada: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, ada)
    assert "<img" not in page_of(gathering.host, url_of(ada))
    give_picture(ada)
    assert f"/people/{ada.key}/picture/240/" in page_of(gathering.host, url_of(ada))


def test_from_it_somebody_can_be_blocked_and_a_report_made(ada: Member) -> None:
    gathering = make_gathering()
    make_seat(gathering, ada)
    page = page_of(gathering.host, url_of(ada))
    for url in (
        f"/gatherings/{gathering.key}/block/{ada.key}/",
        f"/gatherings/{gathering.key}/report/?about={ada.key}",
    ):
        assert url in page
        assert visit(gathering.host).get(url).status_code == 200
    own = page_of(ada, url_of(ada))
    assert "/block/" not in own
    assert f"about={ada.key}" not in own


# The way to it


def test_names_lead_to_it_exactly_where_the_reader_may_open_it(ada: Member) -> None:
    gathering = make_gathering(seats=6)
    helper, guest = help_to_host(gathering), make_seat(gathering).member
    apart = make_seat(gathering, make_member("Gil")).member
    make_seat(gathering, ada)
    waiting = make_member("Wren")
    gathering.rsvps.create(member=waiting, state="asked")
    KeepApart.objects.keep(ada, apart)
    everybody = [ada, gathering.host, helper, guest, apart, waiting]
    pages = [(reader, gathering.get_absolute_url()) for reader in (None, make_member(), *everybody)]
    pages += [(host, f"{gathering.get_absolute_url()}guests/") for host in (gathering.host, helper)]
    for reader, url in pages:
        html = page_of(reader, url)
        for person in everybody:
            if f'href="{url_of(person)}"' in html:
                assert opens(reader, person), f"{person} on {url}"
    assert {person for person in everybody if url_of(person) in page_of(ada, pages[0][1])} >= {
        gathering.host, helper, guest,
    }  # fmt: skip
    for person in (ada, guest, waiting):
        assert url_of(person) in page_of(gathering.host, pages[-1][1])


def queries(reader: Member, url: str) -> int:
    visitor = visit(reader)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert visitor.get(url).status_code == 200
    return len(asked)


def test_it_takes_as_many_queries_for_many_tables_as_for_one(ada: Member) -> None:
    host = make_member()
    counts = []
    for tables in (1, 6):
        for _ in range(tables):
            gathering = make_gathering(host=host, seats=8)
            make_seat(gathering, ada)
            for _guest in range(tables):
                make_seat(gathering)
        counts.append((queries(host, url_of(ada)), queries(ada, url_of(ada)), queries(ada, EDIT)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 7


# How it is written


def test_it_is_written_shown_and_emptied_again(client: Client, ada: Member) -> None:
    client.force_login(ada)
    said = {"answer1-prompt": "arriving", "answer1-words": "stand near the door", "answer3-prompt": "story",
            "answer3-words": "the goose and the bus"}  # fmt: skip
    page = Page.of(client.post(EDIT, {**MINE, **said}, follow=True))
    assert page.values["answer2-words"] == "the goose and the bus"  # they close up
    assert list(ProfileAnswer.objects.of(ada).values_list("place", "prompt")) == [(1, "arriving"), (2, "story")]
    html = page_of(ada, url_of(ada))
    assert "When I arrive I usually…" in html
    assert "stand near the door" in html
    client.post(EDIT, {"name": "Ada", "pronouns": "", "languages": "", "answer1-prompt": "arriving"})
    assert not ProfileAnswer.objects.exists()
    ada.refresh_from_db()
    assert (ada.pronouns, ada.languages) == ("", "")


def test_a_prompt_chosen_twice_is_refused_beside_the_second(client: Client, ada: Member) -> None:
    client.force_login(ada)
    said = {f"answer{number}-prompt": "story" for number in (1, 2, 3)} | {"answer1-words": "a", "answer3-words": "b"}
    for headers in PLAIN_AND_HTMX:
        answer = client.post(EDIT, {**MINE, "name": "Eve", **said}, headers=headers)
        page = assert_refused(answer, "answer3-prompt", "You have finished this one above.")
        assert page.values["answer1-words"] == "a"
    assert ProfileAnswer.objects.of(ada).count() == 2  # nothing half-saved
    ada.refresh_from_db()
    assert ada.name == "Ada"


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"answer1-words": "moss"}, "answer1-prompt", "Which sentence does this finish?"),
        ({"answer1-prompt": "weight", "answer1-words": "moss"}, "answer1-prompt", "not one of the available choices"),
        ({"answer2-prompt": "story", "answer2-words": "x" * 201}, "answer2-words", "at most 200 characters"),
        ({"answer2-prompt": "story", "answer2-words": MEGABYTE}, "answer2-words", "at most 200 characters"),
        ({"answer2-prompt": "story", "answer2-words": NUL}, "answer2-words", "cannot show"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_kept(
    signed_in: Client, said: dict[str, str], field: str, sentence: str
) -> None:
    for headers in PLAIN_AND_HTMX:
        assert_refused(signed_in.post(EDIT, {**MINE, **said}, headers=headers), field, sentence)
    assert not ProfileAnswer.objects.exists()


def test_a_fourth_sentence_has_no_room(signed_in: Client, member: Member) -> None:
    keys = list(PROMPTS)
    said = {f"answer{number}-prompt": keys[number] for number in range(6)}
    said |= {f"answer{number}-words": "moss" for number in range(6)}
    assert signed_in.post(EDIT, {**MINE, **said}).status_code == 302
    assert ProfileAnswer.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileAnswer.objects.create(member=member, place=4, prompt=keys[8], words="moss")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileAnswer.objects.filter(place=1).update(prompt=keys[2])


@pytest.mark.parametrize(("written", "kept"), [*((text, text) for text in FINE), *TIDIED.items(), (SCRIPT, SCRIPT)])
def test_what_is_fine_to_write_is_shown_as_it_was_written(
    signed_in: Client, member: Member, written: str, kept: str
) -> None:
    signed_in.post(EDIT, {"name": "Robin", "answer1-prompt": "story", "answer1-words": written})
    assert ProfileAnswer.objects.get().words == kept
    for url in (EDIT, url_of(member)):
        assert Page.of(signed_in.get(url)).shows(kept)


def test_a_prompt_that_is_no_more_is_shown_no_more(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PROMPTS, "ask-me")
    page = page_of(ada, url_of(ada))
    assert "moss" not in page
    assert "Rice on the roof" in page


def test_there_are_about_twenty_prompts_that_assume_nothing_of_anybody() -> None:
    assert 18 <= len(PROMPTS) <= 22
    assert len({str(words) for words in PROMPTS.values()}) == len(PROMPTS)
    assume = (
        r"\b(famil|mother|father|partner|wife|husband|child|kid|work|job|career|church|pray|wine|beer|drink|money|buy|"
    )
    assume += r"phone|app|run|walk|see|hear|body|home|holiday|friends)\w*"
    assert not [str(words) for words in PROMPTS.values() if re.search(assume, str(words).lower())]


def test_pronouns_are_suggested_and_any_words_are_taken(client: Client, ada: Member) -> None:
    client.force_login(ada)
    page = Page.of(client.get(EDIT))
    lists = [attrs["id"] for tag, attrs in page.elements if tag == "datalist"]
    assert page.attributes["pronouns"]["list"] in lists
    client.post(EDIT, {"name": "Ada", "pronouns": "whatever the moss says"})
    assert "whatever the moss says" in page_of(ada, url_of(ada))


def test_all_of_it_is_in_the_export(ada: Member) -> None:
    visit(ada).post("/settings/needs/", {"words": "a seat by the wall", "is_agreed": "on"})
    files = contents(ada)
    assert files["you"][0]["languages"] == "Welsh, some Urdu"
    assert [row["words"] for row in files["what-your-page-says"]] == ["Rice on the roof, with my neighbours", "moss"]
    assert files["what-helps-you"][0]["words"] == "a seat by the wall"
