"""One picture: sent, made anew by a worker without anything that it told, and taken away again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError
from PIL import Image

from apps.profiles import developing, tasks
from apps.profiles import pictures as module
from apps.profiles.developing import SIZES
from apps.profiles.models import Member, Picture
from tests.factories import make_member
from tests.pictures import HTML, SECRET, exif, fine, photo, png_of, saved

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Made = Callable[[bytes], Picture]
PICTURE, AWAY = "/settings/picture/", "/settings/picture/take-away/"


def send(visitor: Client, data: bytes) -> None:
    assert visitor.post(PICTURE, {"picture": SimpleUploadedFile("IMG_2041.jpg", data)})["Location"] == PICTURE


@pytest.fixture
def made(signed_in: Client, django_capture_on_commit_callbacks: Any) -> Made:
    """Sends one and lets a worker make it; what is to follow the commit follows it."""

    def sent_and_made(data: bytes) -> Picture:
        with django_capture_on_commit_callbacks(execute=True):
            send(signed_in, data)
            tasks.picture(Picture.objects.get().pk)
        return Picture.objects.get()

    return sent_and_made


def page(visitor: Client) -> str:
    content: str = visitor.get(PICTURE).content.decode()
    return content


@pytest.mark.parametrize("name", list(fine()))
def test_nothing_that_a_picture_tells_is_left_in_any_of_its_three_sizes(made: Made, pictures: Path, name: str) -> None:
    made(fine()[name])
    files = sorted(pictures.iterdir())
    assert len(files) == len(SIZES)
    for file in files:
        data = file.read_bytes()
        assert SECRET.encode() not in data
        assert HTML not in data
        assert data[12:16] == b"VP8 "  # not the longer form, which alone has room for words
        with Image.open(file) as image:
            assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
            assert not image.getexif()
            assert getattr(image, "n_frames", 1) == 1
            assert image.width == image.height <= max(SIZES)


def test_control_the_pictures_of_this_test_do_tell_something() -> None:
    telling = [name for name, data in fine().items() if SECRET.encode() in data]
    assert len(telling) >= 9


def test_a_worker_makes_it_and_the_file_that_was_sent_is_deleted(
    signed_in: Client, pictures: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.picture, "apply_async", lambda **said: asked.append(said))
    with django_capture_on_commit_callbacks(execute=True):
        send(signed_in, fine()["jpeg"])
    assert "being made smaller" in page(signed_in)
    picture = Picture.objects.get()
    assert asked == [{"args": (picture.pk,), "retry": False}]
    assert [file.name for file in pictures.iterdir()] == [f"{picture.sent}.original"]
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            tasks.picture(picture.pk)
    picture.refresh_from_db()
    assert {file.name for file in pictures.iterdir()} == {f"{picture.key}-{size}.webp" for size in SIZES}
    assert {file.stat().st_mode & 0o777 for file in pictures.iterdir()} == {0o600}
    assert pictures.stat().st_mode & 0o777 == 0o700
    assert "being made" not in page(signed_in)
    assert f"/people/{picture.member.key}/picture/240/" in page(signed_in)


def colour_at(file: Path, across: float, down: float) -> str:
    with Image.open(file) as image:
        found: Any = image.convert("RGB").getpixel((int(image.width * across), int(image.height * down)))
    red, _green, blue = found
    return "sun" if red > 150 and blue < 90 else "sky" if blue > red else "sand"


@pytest.mark.parametrize(("orientation", "turned"), [(1, None), (2, 0), (3, 3), (4, 1), (5, 5), (6, 2), (7, 6), (8, 4)])
def test_it_stands_upright_however_the_camera_was_held(
    made: Made, pictures: Path, orientation: int, turned: int | None
) -> None:
    """`turned` is what a camera does to the picture before it says so."""
    image = photo(800, 800)
    image = image if turned is None else image.transpose(list(Image.Transpose)[turned])
    picture = made(saved(image, "JPEG", exif=exif(orientation), quality=95))
    file = picture.file(640)
    assert colour_at(file, 0.75, 0.25) == "sun"
    assert colour_at(file, 0.2, 0.2) == "sky"
    assert colour_at(file, 0.5, 0.8) == "sand"


def test_another_one_is_shown_once_it_is_made_and_until_then_the_one_before(
    made: Made, signed_in: Client, pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = made(fine()["jpeg"]).key
    with django_capture_on_commit_callbacks(execute=True):
        send(signed_in, fine()["png"])
        send(signed_in, fine()["webp"])  # on second thoughts
    assert Picture.objects.get().key == first
    assert len(list(pictures.glob("*.original"))) == 1
    assert list(pictures.glob(f"{first}-*"))  # control
    with django_capture_on_commit_callbacks(execute=True):
        tasks.picture(Picture.objects.get().pk)
    picture = Picture.objects.get()
    assert picture.key != first
    assert not list(pictures.glob(f"{first}-*"))


def test_one_that_cannot_be_made_is_said_kindly_and_deleted(made: Made, signed_in: Client, pictures: Path) -> None:
    """Its head is right, and so is its end; what lies between is not."""
    picture = made(png_of(800, 800, rows=b"not what a PNG has here"))
    assert (picture.key, picture.sent, picture.has_failed) == ("", "", True)
    assert "It is nothing you did" in page(signed_in)
    assert list(pictures.iterdir()) == []
    made(fine()["jpeg"])
    assert "It is nothing you did" not in page(signed_in)


def test_what_a_lost_broker_left_the_sweep_makes(
    signed_in: Client, pictures: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(**_said: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.picture, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        send(signed_in, fine()["jpeg"])
    tasks.often()
    assert not Picture.objects.get().key  # a worker may be at it
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        tasks.often()
    assert Picture.objects.get().key


def test_one_that_nobody_could_make_for_an_hour_is_given_up(
    signed_in: Client, pictures: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    send(signed_in, fine()["jpeg"])
    with time_machine.travel(timezone.now() + timedelta(minutes=61)), django_capture_on_commit_callbacks(execute=True):
        tasks.often()
    assert Picture.objects.get().has_failed
    assert list(pictures.iterdir()) == []
    assert "It is nothing you did" in page(signed_in)


def test_files_that_nobody_remembers_go_after_an_hour(made: Made, signed_in: Client, pictures: Path) -> None:
    kept = made(fine()["jpeg"]).key
    module.keep("f" * 32, [b"of a process that was stopped"])
    (pictures / f"{'e' * 32}-96.webp").write_bytes(b"likewise")
    written = max(file.stat().st_mtime for file in pictures.iterdir())  # files know this machine's clock only
    with time_machine.travel(written + 10):
        tasks.often()
    assert len(list(pictures.iterdir())) == 5  # control: three that are shown, and those two
    with time_machine.travel(written + 62 * 60):
        tasks.often()
    assert {file.name[:32] for file in pictures.iterdir()} == {kept}


def test_its_page_says_once_that_time_and_place_are_not_kept(signed_in: Client) -> None:
    page = signed_in.get(PICTURE).content.decode()
    assert page.count("when it was taken") == 1
    assert "Nothing in it tells where or when it was taken." in page


def test_taken_away_it_is_gone_and_so_are_its_files(
    made: Made, signed_in: Client, pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    picture = made(fine()["jpeg"])
    send(signed_in, fine()["png"])
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in.post(AWAY)["Location"] == PICTURE
    assert not Picture.objects.exists()
    assert not [file for file in pictures.iterdir() if picture.key in file.name]
    assert "Your picture is gone" in page(signed_in)
    assert signed_in.post(AWAY).status_code == 302  # twice is once


def test_one_that_is_taken_away_while_it_is_made_does_not_come_back(
    signed_in: Client, pictures: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    as_before = developing.make_anew

    def slowly(file: Path, stem: Path) -> bool:
        is_made = as_before(file, stem)
        signed_in.post(AWAY)
        return is_made

    monkeypatch.setattr(module, "make_anew", slowly)
    send(signed_in, fine()["jpeg"])
    with django_capture_on_commit_callbacks(execute=True):
        tasks.picture(Picture.objects.get().pk)
    assert not Picture.objects.exists()
    assert list(pictures.iterdir()) == []


def test_a_row_that_says_nothing_is_refused_by_the_database(member: Member) -> None:
    with pytest.raises(IntegrityError, match="picture_is_there_or_sent_or_failed"), transaction.atomic():
        Picture.objects.create(member=make_member())


def test_the_page_of_settings_leads_to_it_and_it_asks_little(
    made: Made, signed_in: Client, pictures: Path, django_assert_num_queries: Any
) -> None:
    assert PICTURE in signed_in.get("/settings/").content.decode()
    made(fine()["jpeg"])
    with django_assert_num_queries(4):  # session, member, picture, whether mail reaches them
        page(signed_in)
