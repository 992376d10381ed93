"""Two who were kept apart may meet again: a moderator's act, with a reason, and by nobody who knows not of both."""

import pytest
from django.test import Client

from apps.gatherings.models import Gathering
from apps.moderation.models import Report
from apps.profiles.models import Member
from apps.safety.models import KeepApart, LogEntry
from tests.factories import make_gathering, make_member, make_seat
from tests.passkeys import let_moderate

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHY = "They have spoken, and both would like to."


@pytest.fixture
def moderator(client: Client) -> Member:
    moderator = make_member("Temperance")
    let_moderate(client, moderator)
    return moderator


@pytest.fixture
def report(moderator: Member, gathering: Gathering) -> Report:
    reporter = make_seat(gathering, make_member("Noor")).member
    return Report.objects.make(reporter, gathering=gathering, about=gathering.host, words="It was loud.")


def act(client: Client, report: Report, name: str, **said: str) -> int:
    return client.post(f"/moderation/{report.key}/{name}/", {"reason": WHY, **said}).status_code


def pair_of(pair: KeepApart) -> str:
    return f"{pair.first.key}-{pair.second.key}"


def test_two_who_were_kept_apart_sit_at_one_table_again(client: Client, report: Report) -> None:
    host, guest = report.about, report.reporter
    assert host
    assert guest
    act(client, report, "keep-apart", whom=host.key, other=guest.key)
    table = make_gathering(host=host)
    assert not table.seat(guest).is_seated  # they find it full
    page = client.get(f"/moderation/{report.key}/let-meet/").content.decode()
    assert f"{host.name}, {guest.name}" in page or f"{guest.name}, {host.name}" in page
    assert act(client, report, "let-meet", pair=pair_of(KeepApart.objects.get())) == 302
    assert not KeepApart.objects.exists()
    assert make_gathering(host=host).seat(guest).is_seated
    [entry] = LogEntry.objects.filter(act="let meet again")
    first, second = sorted([host, guest], key=lambda member: member.pk)
    assert (entry.about, entry.reason) == (f"members {first.key} and {second.key}, report {report.key}", WHY)


def test_a_reason_is_needed_and_twice_is_once(client: Client, report: Report) -> None:
    host, guest = report.about, report.reporter
    assert host
    assert guest
    pair = KeepApart.objects.keep(host, guest)
    assert act(client, report, "let-meet", pair=pair_of(pair), reason="") == 422
    assert KeepApart.objects.exists()
    assert act(client, report, "let-meet", pair=pair_of(pair)) == 302
    assert act(client, report, "let-meet", pair=pair_of(pair)) == 422
    assert LogEntry.objects.filter(act="let meet again").count() == 1


def test_of_a_pair_that_the_report_does_not_tell_of_nothing_is_read_and_nothing_undone(
    client: Client, moderator: Member, report: Report
) -> None:
    host, other = report.about, make_member("Ottoline")
    assert host
    pairs = [KeepApart.objects.keep(host, other), KeepApart.objects.keep(host, moderator)]
    page = client.get(f"/moderation/{report.key}/let-meet/").content.decode()
    assert "Ottoline" not in page
    for pair in pairs:
        assert act(client, report, "let-meet", pair=pair_of(pair)) == 422
    assert KeepApart.objects.count() == 2
    assert not LogEntry.objects.exists()


def test_a_guest_is_among_them_once_their_name_is_known(client: Client, report: Report, gathering: Gathering) -> None:
    guest = make_seat(gathering, make_member("Quincy")).member
    pair = KeepApart.objects.keep(gathering.host, guest)
    assert act(client, report, "let-meet", pair=pair_of(pair)) == 422
    act(client, report, "reveal-guests")
    assert act(client, report, "let-meet", pair=pair_of(pair)) == 302


def test_two_guests_of_whom_one_lost_their_seat_by_it_are_still_there_to_be_let_meet(
    client: Client, report: Report, gathering: Gathering
) -> None:
    one, other = (make_seat(gathering, make_member(name)).member for name in ("Quincy", "Ottoline"))
    act(client, report, "reveal-guests")
    assert act(client, report, "keep-apart", whom=one.key, other=other.key) == 302
    assert not gathering.rsvps.open().filter(member=other).exists()
    assert act(client, report, "let-meet", pair=pair_of(KeepApart.objects.get())) == 302
    assert not KeepApart.objects.exists()
