"""Mail scanners open whatever a mail links to: none of it changes a row, and none of it is a dead end."""

from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.community.demo.scenes import SCENES, finished
from apps.outbox import links
from apps.outbox.kinds import KINDS
from apps.profiles.models import Member
from tests.factories import make_member
from tests.mails import Mail
from tests.odd import all_rows
from tests.passkeys import add_passkey, sign_in_with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
VISITS = "last_seen_on"  # the one thing that a look of somebody signed in may write (safety.md)


def rows() -> dict[str, list[tuple[Any, ...]]]:
    but_visits = [field.attname for field in Member._meta.concrete_fields if field.attname != VISITS]
    return {**all_rows(), "profiles.Member": list(Member.objects.order_by("pk").values_list(*but_visits))}


def changed_by(client: Client, urls: list[str]) -> list[str]:
    """The tables in which a look at these addresses, by GET and HEAD, changes anything. Fails on a dead end."""
    before = rows()
    for url in urls:
        for look in (client.get, client.head):
            answer = look(url.removeprefix(settings.BASE_URL), follow=True)
            assert answer.status_code == 200, f"{url}: {answer.status_code}"
    after = rows()
    return [table for table in before if after[table] != before[table]]


def staged(name: str) -> tuple[Member | None, list[str]]:
    """A scene for real: the reader of its mail, and every address of ours in it."""
    message = SCENES[name]()
    urls = Mail(finished(message), KINDS[message.kind]).urls
    return message.member, [url for url in urls if url.startswith(settings.BASE_URL)]


@pytest.mark.parametrize("name", SCENES)
def test_a_look_at_whatever_a_mail_links_to_changes_nothing(name: str) -> None:
    reader, urls = staged(name)
    assert urls or name == "sign_in_code"
    for _ in range(2):
        assert changed_by(Client(), urls) == []
    if reader:
        client = Client()
        if reader.needs_passkey:
            add_passkey(reader)
            sign_in_with_passkey(client, reader)
        else:
            client.force_login(reader)
        assert changed_by(client, urls) in ([], ["gatherings.Reveal"])  # of an address it is written down who saw it


def test_control_a_link_that_acts_on_a_look_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def pauses(request: Any, link: links.Link) -> HttpResponse:
        link.member.pause_nudges()
        return HttpResponse()

    monkeypatch.setitem(links.PURPOSES, "pauses", pauses)
    assert changed_by(Client(), [links.link_to("pauses", make_member())]) == ["profiles.Member"]


def test_control_a_dead_end_is_found() -> None:
    with pytest.raises(AssertionError, match="404"):
        changed_by(Client(), [f"{settings.BASE_URL}/m/no-such-token/"])


def test_control_a_visit_is_all_that_a_look_may_leave(client: Client, member: Member) -> None:
    Member.objects.update(last_seen_on=None)
    client.force_login(member)
    assert changed_by(client, ["/table/"]) == []
    assert Member.objects.get().last_seen_on == timezone.now().date()
