"""After a first seat, and never before it: three screens that may each be skipped, and end at the table."""

from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.gatherings.models import Gathering
from apps.profiles.models import Member, Needs, Picture, ProfileAnswer
from tests.factories import make_gathering, make_seat
from tests.odd import Page, assert_refused
from tests.pictures import bad, fine

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("pictures")]
INVITED = "A word about you, if you like"


@pytest.fixture
def seated(member: Member) -> Gathering:
    gathering = make_gathering()
    make_seat(gathering, member)
    return gathering


def screens(gathering: Gathering) -> list[str]:
    page = gathering.get_absolute_url()
    return [f"{page}welcome/", f"{page}welcome/words/", f"{page}welcome/more/", page]


def is_invited(visitor: Client, gathering: Gathering) -> bool:
    return INVITED in visitor.get(gathering.get_absolute_url()).content.decode()


def test_it_is_offered_beside_a_seat_and_never_before_one(signed_in: Client, member: Member) -> None:
    gathering, asks = make_gathering(), make_gathering(asks_first=True)
    asks.seat(member)
    for each in (gathering, asks):
        assert not is_invited(signed_in, each)
        for url in screens(each)[:3]:
            assert signed_in.get(url).status_code == 404
            assert signed_in.post(url, {"skip": "one"}).status_code == 404
    answer = signed_in.post(f"{gathering.get_absolute_url()}rsvp/", follow=True).content.decode()
    assert answer.index("You have a seat") < answer.index("Your plan") < answer.index(INVITED)
    member.refresh_from_db()
    assert member.welcomed_at is None  # looking changes nothing


def test_nothing_is_said_to_be_kept_where_nothing_was_said(signed_in: Client, seated: Gathering) -> None:
    words = screens(seated)[1]
    assert "Kept." not in signed_in.post(words, {"prompt": "", "words": ""}, follow=True).content.decode()
    assert "Kept." in signed_in.post(words, {"prompt": "story", "words": "the goose"}, follow=True).content.decode()


def test_each_screen_keeps_its_own_and_leads_to_the_next(signed_in: Client, member: Member, seated: Gathering) -> None:
    you, words, more, page = screens(seated)
    assert signed_in.post(you, {"name": "Robin B", "pronouns": "xe/xem"})["Location"] == words
    assert signed_in.post(words, {"prompt": "story", "words": "the goose"})["Location"] == more
    sent: dict[str, Any] = {"picture": SimpleUploadedFile("me.jpg", fine()["jpeg"]), "words": "a wall behind me"}
    assert signed_in.post(more, {**sent, "is_agreed": "on"})["Location"] == page
    member.refresh_from_db()
    assert (member.name, member.pronouns) == ("Robin B", "xe/xem")
    assert list(ProfileAnswer.objects.values_list("prompt", "words")) == [("story", "the goose")]
    assert (Needs.objects.get().words, Picture.objects.get().member) == ("a wall behind me", member)
    assert not is_invited(signed_in, seated)


def test_all_three_may_be_skipped_whatever_was_typed(signed_in: Client, member: Member, seated: Gathering) -> None:
    path = screens(seated)
    typed = {"name": "Eve", "prompt": "story", "words": "x" * 900, "skip": "one"}
    for url, following in pairwise(path):
        assert signed_in.post(url, typed)["Location"] == following
    member.refresh_from_db()
    assert member.name == "Robin"
    assert not ProfileAnswer.objects.exists()
    assert not Needs.objects.exists()
    assert not is_invited(signed_in, seated)


def test_a_no_to_all_of_it_leads_back_and_it_is_offered_no_more(
    signed_in: Client, member: Member, seated: Gathering
) -> None:
    assert is_invited(signed_in, seated)
    assert signed_in.post(screens(seated)[0], {"skip": "all"})["Location"] == seated.get_absolute_url()
    assert not is_invited(signed_in, seated)
    other = make_gathering()
    make_seat(other, member)
    assert not is_invited(signed_in, other)
    member.refresh_from_db()
    first = member.welcomed_at
    signed_in.post(screens(seated)[1], {"skip": "one"})
    member.refresh_from_db()
    assert member.welcomed_at == first


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    signed_in: Client, member: Member, seated: Gathering
) -> None:
    you, words, more, _page = screens(seated)
    assert_refused(signed_in.post(you, {"name": "", "pronouns": "xe"}), "name", "This field is required")
    page = assert_refused(signed_in.post(words, {"words": "the goose"}), "prompt", "Which sentence does this finish?")
    assert page.values["words"] == "the goose"
    assert_refused(signed_in.post(more, {"words": "a wall"}), "is_agreed", "only with your yes")
    data = next(iter(bad().values()))[0]
    answer = signed_in.post(more, {"picture": SimpleUploadedFile("x.jpg", data), "words": "a wall", "is_agreed": "on"})
    assert assert_refused(answer, "picture", "").values["words"] == "a wall"
    assert not Needs.objects.exists()
    assert not Picture.objects.exists()
    member.refresh_from_db()
    assert (member.pronouns, member.welcomed_at) == ("", None)
    assert is_invited(signed_in, seated)


def test_one_sentence_changes_the_first_and_leaves_the_others(
    signed_in: Client, member: Member, seated: Gathering
) -> None:
    ProfileAnswer.objects.keep(member, [("story", "the goose"), ("ask-me", "moss")])
    words = screens(seated)[1]
    assert Page.of(signed_in.get(words)).values["words"] == "the goose"
    assert_refused(signed_in.post(words, {"prompt": "ask-me", "words": "ferns"}), "prompt", "Please choose another.")
    signed_in.post(words, {"prompt": "arriving", "words": "hum"})
    assert list(ProfileAnswer.objects.of(member).values_list("prompt", "words")) == [
        ("arriving", "hum"),
        ("ask-me", "moss"),
    ]
