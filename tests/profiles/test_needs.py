"""What helps a member to be there: kept with their yes, for them alone, and told to a host by one tick at the seat."""

import pytest
from django.test import Client

from apps.gatherings.models import Rsvp
from apps.profiles.models import Member, Needs
from apps.profiles.page_forms import CONSENT
from tests.factories import make_gathering, make_member
from tests.odd import NUL, Page, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/settings/needs/"
HELPS = "A chair with a back, and to see who speaks"


@pytest.fixture
def helped(signed_in: Client) -> Client:
    signed_in.post(URL, {"words": HELPS, "is_agreed": "on"})
    return signed_in


def test_it_is_kept_with_the_words_of_the_yes_and_gone_once_emptied(helped: Client, member: Member) -> None:
    needs = Needs.objects.get()
    assert (needs.member, needs.words, needs.consent_words) == (member, HELPS, str(CONSENT))
    assert Page.of(helped.get(URL)).values["words"] == HELPS
    for _twice in range(2):
        assert helped.post(URL, {"words": "", "is_agreed": "on"}).status_code == 302
        assert not Needs.objects.exists()


def test_without_a_yes_nothing_is_kept_and_what_was_typed_stays(signed_in: Client) -> None:
    assert "is_agreed" not in Page.of(signed_in.get(URL)).values
    page = assert_refused(signed_in.post(URL, {"words": HELPS}), "is_agreed", "We keep it only with your yes.")
    assert page.values["words"] == HELPS
    for odd in (NUL, "x" * 201):
        assert signed_in.post(URL, {"words": odd, "is_agreed": "on"}).status_code == 422
    assert not Needs.objects.exists()


def seat(visitor: Client, member: Member, **said: str) -> Rsvp:
    gathering = make_gathering()
    gathering.seat(member)
    assert visitor.post(f"{gathering.get_absolute_url()}seat/", said).status_code == 302
    return Rsvp.objects.get(gathering=gathering)


def guests(rsvp: Rsvp) -> str:
    visitor = Client()
    visitor.force_login(rsvp.gathering.host)
    html: str = visitor.get(f"{rsvp.gathering.get_absolute_url()}guests/").content.decode()
    return html


def test_a_host_reads_it_after_one_tick_at_that_table_and_at_no_other(helped: Client, member: Member) -> None:
    told, untold = seat(helped, member, tells_needs="on"), seat(helped, member)
    assert (told.note, untold.note) == (HELPS, "")
    assert HELPS in guests(told)
    assert HELPS not in guests(untold)


def test_the_tick_is_never_set_for_anybody_and_gone_once_it_is_told(helped: Client, member: Member) -> None:
    gathering = make_gathering()
    gathering.seat(member)
    url = f"{gathering.get_absolute_url()}seat/"
    page = Page.of(helped.get(url))
    assert "tells_needs" in page.attributes
    assert "tells_needs" not in page.values
    assert HELPS in page.text
    helped.post(url, {"note": "I may be quiet.", "tells_needs": "on"})
    assert Rsvp.objects.get().note == f"I may be quiet. {HELPS}"
    assert "tells_needs" not in Page.of(helped.get(url)).attributes
    helped.post(url, {"note": "I may be quiet.", "tells_needs": "on"})  # sent twice it stands there once
    assert Rsvp.objects.get().note.count(HELPS) == (1 if HELPS in Rsvp.objects.get().note else 0)
    helped.post(url, {"note": ""})
    assert Rsvp.objects.get().note == ""  # and is taken back as any note


def test_it_goes_with_the_wish_for_a_seat_as_well(helped: Client, member: Member) -> None:
    gathering = make_gathering(asks_first=True)
    helped.post(f"{gathering.get_absolute_url()}seat/", {"tells_needs": "on"})
    assert (Rsvp.objects.get().state, Rsvp.objects.get().note) == ("asked", HELPS)


def test_with_a_long_note_it_is_refused_beside_the_note_and_nothing_is_lost(helped: Client, member: Member) -> None:
    gathering = make_gathering()
    gathering.seat(member)
    long = "x" * 280
    answer = helped.post(f"{gathering.get_absolute_url()}seat/", {"note": long, "tells_needs": "on"})
    assert assert_refused(answer, "note", "Together that is more than fits.").values["note"] == long
    assert Rsvp.objects.get().note == ""


def test_whoever_keeps_nothing_is_offered_no_tick_and_nobody_tells_for_another(signed_in: Client) -> None:
    other = make_member()
    Needs.objects.keep(other, HELPS, "yes")
    gathering = make_gathering()
    page = Page.of(signed_in.get(f"{gathering.get_absolute_url()}seat/"))
    assert "tells_needs" not in page.attributes
    signed_in.post(f"{gathering.get_absolute_url()}seat/", {"tells_needs": "on"})
    assert Rsvp.objects.get().note == ""
