"""Pictures that were made to do harm are refused beside the field, in under a second and under 200 MB."""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.profiles import developing
from apps.profiles.developing import DARKROOM, LOOKING, MAKING, MOST_BYTES, MOST_FRAMES, MOST_PIXELS
from apps.profiles.models import Member, Picture
from tests.odd import PLAIN_AND_HTMX, assert_refused
from tests.pictures import SVG, bad, chunk, fine, photo, png_of, saved

PICTURE = "/settings/picture/"
BAD = list(bad())
# Starts the program that it is given and says what that took: the word it said, megabytes and seconds of work.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], env={}, capture_output=True)
took = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.stdout.decode().strip() or "ended", took.ru_maxrss // 1024, took.ru_utime + took.ru_stime)
"""


@dataclass(frozen=True)
class Taken:
    word: str
    megabytes: int
    seconds: float


def measured(data: bytes, act: str, bounds: tuple[str, str], pixels: int = MOST_PIXELS, folder: Any = None) -> Taken:
    """What the darkroom takes, started as the app starts it. A child's peak is its own: the suite's is not in it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        more = [f"{folder}/print", "96", "240", "640"] if act == "develop" else []
        command = [sys.executable, "-I", str(DARKROOM), act, *bounds, file.name, str(pixels), str(MOST_FRAMES), *more]
        said = subprocess.run([sys.executable, "-I", "-c", MEASURE, *command], capture_output=True, check=True).stdout
    word, megabytes, seconds = said.decode().split()
    return Taken(word, int(megabytes), float(seconds))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_refused_in_under_a_second_and_under_200_megabytes(name: str) -> None:
    taken = measured(bad()[name][0], "look", LOOKING)
    assert taken.word != "fine"
    assert taken.seconds < 1, taken  # of work; this machine may have others to do
    assert taken.megabytes < 200, taken


def test_control_without_its_bounds_one_takes_longer() -> None:
    taken = measured(bad()["jpeg of two million tiny comments"][0], "look", ("4000", "60"))
    assert taken.seconds > 1


def bomb(side: int) -> bytes:
    """A real one, of as many pixels as it says, all of them black."""
    return saved(Image.new("L", (side, side)), "PNG")


def test_control_without_a_limit_of_pixels_one_takes_more_memory(tmp_path: Path) -> None:
    data = bomb(16_000)
    assert measured(data, "look", LOOKING).word == "pixels"
    assert measured(data, "develop", ("4000", "60"), pixels=10**12, folder=tmp_path).megabytes > 200


def test_what_gets_past_the_limit_of_pixels_is_ended_by_the_bound_of_memory(tmp_path: Path) -> None:
    taken = measured(bomb(16_000), "develop", MAKING, pixels=10**12, folder=tmp_path)
    assert taken.word in ("broken", "ended")
    assert taken.megabytes < int(MAKING[0])
    assert list(tmp_path.iterdir()) == []


def test_the_largest_that_is_accepted_is_made_within_the_bounds(tmp_path: Path) -> None:
    wide = Image.new("RGBA", (5_000, 5_000), (10, 90, 200, 128))
    for number, data in enumerate((saved(wide, "PNG"), saved(wide, "WEBP", lossless=True, method=0))):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert measured(data, "look", LOOKING).word == "fine"
        assert measured(data, "develop", MAKING, folder=folder).word == "fine"
        assert len(list(folder.iterdir())) == 3


def send(visitor: Client, data: bytes, name: str = "me.png", kind: str = "image/png", **headers: str) -> Any:
    return visitor.post(PICTURE, {"picture": SimpleUploadedFile(name, data, kind)}, headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_it_is_said_beside_the_field_and_nothing_is_kept(signed_in: Client, pictures: Path, name: str) -> None:
    data, sentence = bad()[name]
    assert_refused(send(signed_in, data), "picture", sentence)
    assert not Picture.objects.exists()
    assert not pictures.exists()


@pytest.mark.django_db
def test_so_it_is_whatever_its_name_and_type_say_and_by_htmx_too(signed_in: Client) -> None:
    for headers in PLAIN_AND_HTMX:
        for name, kind in [
            ("me.png", "image/png"),
            ("me.jpg", "image/jpeg"),
            ("../../me", "text/html"),
            ("x" * 300, ""),
        ]:
            assert_refused(send(signed_in, SVG, name, kind, **headers), "picture", "not a picture that we can read")
        assert_refused(send(signed_in, b""), "picture", "This file is empty")
        empty = signed_in.post(PICTURE, {}, headers=headers)
        assert_refused(empty, "picture", "Please choose a picture first")


@pytest.mark.django_db
def test_a_picture_is_known_by_what_is_in_it_not_by_its_name(signed_in: Client, pictures: Path) -> None:
    assert send(signed_in, fine()["jpeg"], "me.svg", "image/svg+xml").status_code == 302
    [file] = pictures.iterdir()
    assert re.fullmatch(r"[0-9a-f]{32}\.original", file.name)


@pytest.mark.django_db
def test_eight_megabytes_are_taken_and_one_byte_more_is_not(signed_in: Client, pictures: Path) -> None:
    jpeg = fine()["jpeg"]
    most = jpeg + bytes(MOST_BYTES - len(jpeg))
    assert_refused(send(signed_in, most + b"x"), "picture", "larger than 8 MB")
    assert_refused(send(signed_in, most * 2), "picture", "larger than 8 MB")
    assert_refused(send(signed_in, most * 4), "picture", "of 8 MB at most")  # not read to its end any more
    assert send(signed_in, most).status_code == 302
    [file] = pictures.iterdir()
    assert (file.stat().st_size, file.stat().st_mode & 0o777) == (MOST_BYTES, 0o600)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where files went on their way in."""
    made: list[Path] = []
    as_before = tempfile.NamedTemporaryFile

    def noted(*args: Any, **more: Any) -> Any:
        file = as_before(*args, **more)
        made.append(Path(file.name))
        return file

    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", noted)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", noted)
    return made


@pytest.mark.django_db
def test_what_is_sent_lies_in_the_systems_folder_until_the_request_is_over(
    signed_in: Client, pictures: Path, temporary: list[Path]
) -> None:
    send(signed_in, fine()["jpeg"])
    send(signed_in, bad()["png cut in half"][0])
    assert [file.parent for file in temporary] == [Path(tempfile.gettempdir())] * 2
    assert not any(file.exists() for file in temporary)


@pytest.mark.django_db
def test_no_other_page_and_no_stranger_opens_a_file(
    signed_in: Client, pictures: Path, temporary: list[Path], member: Member
) -> None:
    file = {"picture": SimpleUploadedFile("me.jpg", fine()["jpeg"], "image/jpeg")}
    for url in ("/settings/", "/report/", "/host/dinner/", "/settings/picture/take-away/", "/nowhere/", "/language/"):
        signed_in.post(url, {"name": "Robin", **file})
    Client().post(PICTURE, file)
    Client().post("/accounts/login/", file)
    Member.objects.filter(pk=member.pk).update(is_waiting=True)
    signed_in.post(PICTURE, file)
    assert temporary == []
    Member.objects.filter(pk=member.pk).update(is_waiting=False)
    signed_in.post(PICTURE, {"first": file["picture"], **file, "third": file["picture"]})
    assert len(temporary) == 1  # control; and one is all that is read


@pytest.mark.django_db
def test_whoever_sends_many_is_asked_to_wait(signed_in: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "picture": "2/h/key"}
    for _ in range(2):
        assert send(signed_in, SVG).status_code == 422
    assert send(signed_in, SVG)["Location"] == PICTURE
    assert "try again a little later" in signed_in.get(PICTURE).content.decode()


@pytest.mark.django_db
def test_the_program_that_opens_it_gets_nothing_of_ours(
    signed_in: Client, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a reader of pictures is wrong, and does what a file tells it to."""
    monkeypatch.setenv("SECRET_KEY", "the key to everything")
    spy = tmp_path / "spy.py"
    spy.write_text("import os, sys\nprint(sorted(os.environ), [path for path in sys.path if 'apps' in path])")
    monkeypatch.setattr(developing, "DARKROOM", spy)
    found = developing.look(tmp_path / "x")
    assert "SECRET_KEY" not in found
    assert found.endswith("[]")


def test_one_that_only_says_it_is_small_is_held_to_it(tmp_path: Path) -> None:
    """Rows for a thousand pixels behind a head that speaks of ten."""
    long = png_of(10, 10, chunk(b"tEXt", b"a\0b")) + saved(photo(1000, 1000), "PNG")
    assert measured(long, "develop", MAKING, folder=tmp_path).megabytes < 200
