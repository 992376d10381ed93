"""Everything that is one's own, as a file: asked for, made by a worker, had for a day by nobody else."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.gatherings.models import Companion, Plan, Question
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.privacy import tasks
from apps.privacy.inventory import files_of
from apps.privacy.models import Export
from apps.profiles.models import Member
from apps.safety.models import Block
from tests.factories import mails_to, make_gathering, make_member, make_seat
from tests.pictures import give_picture
from tests.privacy.visits import EXPORT, visit

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def exports_root(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return tmp_path / "exports"


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("Ada", email="ada@example.org")


def asked_and_made(visitor: Client) -> str:
    """The path of the file."""
    assert visitor.post(EXPORT)["Location"] == EXPORT
    tasks.often()
    return f"{EXPORT}{Export.objects.get().key}/"


def opened(visitor: Client, path: str) -> dict[str, Any]:
    answer: Any = visitor.get(path)
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    return {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist() if "json" in name}


def test_asking_is_for_whoever_has_just_shown_that_it_is_them(ada: Member) -> None:
    visitor = visit(ada)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        for answer in (visitor.get(EXPORT), visitor.post(EXPORT)):
            assert answer["Location"] == "/accounts/again/?next=%2Fsettings%2Fexport%2F"
    assert not Export.objects.exists()
    visitor.post(EXPORT)
    assert Export.objects.exists()


def test_a_worker_makes_it_and_a_mail_leads_to_it(
    ada: Member, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.export, "apply_async", lambda **said: asked.append(said))
    visitor = visit(ada)
    assert "Put it together" in visitor.get(EXPORT).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(EXPORT)
        visitor.post(EXPORT)
    assert "We are putting it together" in visitor.get(EXPORT).content.decode()
    assert asked == [{"args": (Export.objects.get().pk,), "retry": False}]  # once, and nothing but an id
    for _twice in range(2):
        tasks.export(Export.objects.get().pk)
    send()
    [letter] = [each for each in mails_to(ada) if each.subject == "Everything of yours is ready"]
    path = f"{EXPORT}{Export.objects.get().key}/"
    assert path in str(letter.body)
    assert Message.objects.filter(kind="export_ready").count() == 1
    assert path in visitor.get(EXPORT).content.decode()
    assert opened(visitor, path)["you"][0]["email"] == "ada@example.org"


def test_what_a_lost_broker_left_the_sweep_makes(
    ada: Member, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(**_said: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.export, "apply_async", away)
    visitor = visit(ada)
    with django_capture_on_commit_callbacks(execute=True):
        assert visitor.post(EXPORT).status_code == 302
    assert Export.objects.get().ready_at is None
    tasks.often()
    assert opened(visitor, f"{EXPORT}{Export.objects.get().key}/")


def test_the_file_opens_twice_for_its_member_and_for_nobody_else(ada: Member) -> None:
    visitor = visit(ada)
    path = asked_and_made(visitor)
    assert opened(visitor, path) == opened(visitor, path)
    answer = visitor.get(path)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.streaming
    keeper = make_member(is_staff=True, is_superuser=True)
    for other in (make_member("Eve"), keeper):
        assert visit(other).get(path).status_code == 404
    assert Client().get(path)["Location"].startswith("/accounts/login/")
    for odd in (path[:-2] + "/", path + "x/", f"{EXPORT}..%2F..%2Fdb.sqlite3/", f"{EXPORT}%00/"):
        assert visitor.get(odd).status_code == 404, odd


def test_after_a_day_link_file_and_row_are_gone(ada: Member, exports_root: Path) -> None:
    visitor = visit(ada)
    path = asked_and_made(visitor)
    [file] = exports_root.iterdir()
    assert (file.stat().st_mode & 0o777, exports_root.stat().st_mode & 0o777) == (0o600, 0o700)
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        tasks.often()
        assert visitor.get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert visitor.get(path).status_code == 404  # also before beat comes by
        tasks.often()
        assert not Export.objects.exists()
        assert list(exports_root.iterdir()) == []


def test_a_file_that_lost_its_row_is_found(ada: Member, exports_root: Path) -> None:
    asked_and_made(visit(ada))
    Export.objects.all().delete()
    [file] = exports_root.iterdir()
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)  # files know this machine's clock only
    tasks.often()
    assert list(exports_root.iterdir())  # control: one that is being made has none of its own yet, either
    with time_machine.travel(written + timedelta(days=1, minutes=1)):
        tasks.often()
    assert list(exports_root.iterdir()) == []


def test_a_file_that_is_lost_leads_to_the_page(ada: Member, exports_root: Path) -> None:
    visitor = visit(ada)
    path = asked_and_made(visitor)
    for file in exports_root.iterdir():
        file.unlink()
    assert visitor.get(path)["Location"] == EXPORT
    assert visitor.get(EXPORT).status_code == 200


def test_it_holds_what_is_theirs(ada: Member) -> None:
    gathering = make_gathering(most_companions=2)
    seat = gathering.seat(ada, note="I am deaf", companions=[Companion(name="Jo", needs="no nuts")])
    Plan.objects.create(rsvp=seat, if_nervous="breathe")
    Question.objects.ask(make_gathering(), ada, "Is there a bus?")
    make_gathering(host=ada, title="Stew", address="14 Own Row", contact="0117 496")
    Block.objects.create(blocker=ada, blocked=make_member("Bob"))
    visitor = visit(ada)
    found = opened(visitor, asked_and_made(visitor))
    assert set(found) == {file.name for file in files_of()}
    words = json.dumps(found)
    for own in ("I am deaf", "Jo", "no nuts", "breathe", "Is there a bus?", "Stew", "14 Own Row", "0117 496", "Bob"):
        assert own in words, own


def test_their_picture_lies_in_it_as_it_is_shown(ada: Member, pictures: Path) -> None:
    visitor = visit(ada)
    assert "your-picture.webp" not in names_in(visitor, asked_and_made(visitor))
    Export.objects.all().delete()
    give_picture(ada)
    give_picture(make_member("Bob"))
    assert names_in(visitor, asked_and_made(visitor)).count("your-picture.webp") == 1


def names_in(visitor: Client, path: str) -> list[str]:
    answer: Any = visitor.get(path)
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert archive.testzip() is None
    return archive.namelist()


def test_it_holds_nothing_of_others_that_a_member_may_not_see(ada: Member) -> None:
    home = make_gathering(address="14 Secret Row", way_in="the blue gate", contact="0117 999")
    make_seat(home, ada)
    other = make_seat(home, make_member("Noor Quiet", email="noor@example.org"))
    Plan.objects.create(rsvp=other, if_nervous="sing")
    own = make_gathering(host=ada)
    own.seat(make_member("Gil Quiet"), note="please be gentle")
    Question.objects.ask(own, make_member("Kim Quiet"), "May I bring my sister?")
    Block.objects.create(blocker=make_member("Eve Quiet"), blocked=ada)
    visitor = visit(ada)
    words = json.dumps(opened(visitor, asked_and_made(visitor)))
    for secret in ("Secret", "blue gate", "0117 999", "Quiet", "noor@", "sing", "gentle", "sister"):
        assert secret not in words, secret


@pytest.fixture
def much(ada: Member) -> Member:
    for _ in range(5):
        make_seat(make_gathering(), ada)
        make_gathering(host=ada)
    return ada


def test_the_pages_cost_a_few_queries_and_the_file_one_for_each_kind(
    much: Member, django_assert_max_num_queries: Any
) -> None:
    visitor = visit(much)
    path = asked_and_made(visitor)
    with django_assert_max_num_queries(4):  # session, member, export, and the header’s own
        visitor.get(EXPORT)
    with django_assert_max_num_queries(3):
        visitor.get(path)
    Export.objects.update(ready_at=None)
    with django_assert_max_num_queries(len(files_of()) + 8):
        tasks.export(Export.objects.get().pk)
