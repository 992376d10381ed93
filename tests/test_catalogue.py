"""Every kind of mail has templates, a preview with lifelike data, a test, and a switch where it can be done without."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.template import TemplateDoesNotExist
from django.test import Client
from django.urls import include, path
from django_mail_preview import get_previews

from apps.community.demo.scenes import GROUPS, SCENES, Scene, SceneIsNotTrue, preview
from apps.gatherings.models import Gathering, Rsvp
from apps.outbox import kinds
from apps.outbox.kinds import KINDS, Kind, Klass, names_of
from apps.outbox.models import Message, choices_of
from config.urls import urlpatterns as ours
from tests.factories import make_member, make_seat
from tests.mails import Mail, mail_of
from tests.odd import all_rows

pytestmark = pytest.mark.django_db

urlpatterns = [*ours, path("mail/", include("django_mail_preview.urls"))]
ALWAYS_SENT = {
    "sign_in_code", "address_changed", "gathering_cancelled", "seat_withdrawn", "joining_invited", "joining_asked",
    "welcome", "not_now", "report_received", "report_decided", "moderators_needed", "word_from_moderators",
    "export_ready", "leaving", "handed_over",
}  # fmt: skip


def lacks(kind: Kind) -> list[str]:
    """What a kind must have and this one has not."""
    scene = SCENES.get(kind.name)
    has = {
        "preview": scene is not None,
        "templates": scene is None or has_templates(kind, scene),
        "test": f'"{kind.name}"' in words_of_tests(),
        "switch": bool(kind.label) or kind.name in ALWAYS_SENT,
    }
    return [part for part, is_there in has.items() if not is_there]


def has_templates(kind: Kind, scene: Scene) -> bool:
    try:
        mail = Mail(preview(scene), kind)
    except TemplateDoesNotExist:
        return False
    return bool(mail.text.strip() and mail.html.strip())


@cache
def words_of_tests() -> str:
    """Of those of the apps: what walks the whole catalogue tests no kind in particular."""
    return "\n".join(file.read_text() for file in Path(__file__).parent.glob("*/**/*.py"))


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_templates_a_preview_a_test_and_a_switch(name: str) -> None:
    assert lacks(KINDS[name]) == []


@pytest.fixture
def half_made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    """A kind that somebody has registered and left at that."""
    kinds.register("half_made", lambda message: True, lambda message: kinds.Mail("Hello", "outbox/email/half_made"))
    yield KINDS["half_made"]
    del KINDS["half_made"]


def test_control_what_a_kind_lacks_is_found(half_made: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lacks(half_made) == ["preview", "test", "switch"]
    monkeypatch.setitem(SCENES, half_made.name, lambda: put(half_made))
    assert lacks(half_made) == ["templates", "test", "switch"]


def put(kind: Kind) -> Message:
    message: Message = Message.objects.row(kind.name, make_member())
    message.save()
    return message


@pytest.mark.parametrize("name", KINDS)
def test_the_scene_of_a_kind_brings_about_that_kind(name: str) -> None:
    assert SCENES[name]().kind == name


def test_more_scenes_of_a_kind_are_named_after_it() -> None:
    assert sum(map(len, GROUPS.values())) == len(SCENES)
    assert [name for name in SCENES if not name.startswith(mail_of(name).kind.name)] == []


@pytest.mark.parametrize("name", names_of(Klass.NUDGE, Klass.DIGEST))
def test_a_nudge_or_a_digest_is_off_until_asked_for_and_rather_lost_than_sent_twice(name: str) -> None:
    assert choices_of(make_member())[name] is False
    assert KINDS[name].is_at_most_once


# The preview, beside the mailbox


@pytest.fixture
def mailbox(client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.DEBUG, settings.MAIL_PREVIEW_ROOT = True, tmp_path
    return client


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", SCENES)
def test_a_preview_opens_and_leaves_nothing(mailbox: Client, name: str) -> None:
    before = all_rows()
    [found] = [each for each in get_previews() if each.method == name]
    assert mailbox.get(f"/mail/previews/{found.group}/{name}/").status_code == 200
    assert found.description
    assert all_rows() == before


@pytest.mark.urls(__name__)
def test_the_list_names_every_scene(mailbox: Client) -> None:
    page = mailbox.get("/mail/").content.decode()
    assert [name for name in SCENES if f"/{name}/" not in page] == []


@pytest.mark.urls(__name__)
def test_a_preview_can_be_had_as_a_discreet_member_has_it(mailbox: Client) -> None:
    address = "/mail/previews/Reminders/day_before/"
    assert "A note for you" not in mailbox.get(address).content.decode()
    assert "A note for you" in mailbox.get(f"{address}?discreet=1").content.decode()


def test_a_scene_that_lies_is_no_preview() -> None:
    def given_back() -> Message:
        message = SCENES["day_before"]()
        Rsvp.objects.get(pk=message.subject_id).bow_out()
        return message

    with pytest.raises(SceneIsNotTrue, match="day_before"):
        preview(given_back)
    assert not Gathering.objects.exists()


def test_scenes_stand_beside_what_is_there(gathering: Gathering) -> None:
    make_seat(gathering)
    assert all(preview(scene).subject for scene in SCENES.values())
