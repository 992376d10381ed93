import ast
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import preflight


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 8, 18), (3, 10, 13), (2, 7, 18)])
def test_an_old_python_is_told_in_one_sentence(version: tuple[int, ...]) -> None:
    with pytest.raises(preflight.NotReady, match=r"needs Python 3\.11 or newer and this is \d\.\d+"):
        preflight.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_a_new_python_will_do(version: tuple[int, ...]) -> None:
    preflight.check_python(version)


def test_an_old_python_can_read_the_preflight() -> None:
    source = Path(preflight.__file__).read_text()
    ast.parse(source, feature_version=(3, 7))  # the oldest that ast knows
    assert "from __future__" not in source  # 3.6 refuses the one for annotations
    imports = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import))
    imported = {name.name for node in imports for name in node.names}
    assert imported <= sys.stdlib_module_names


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(preflight.NotReady, match=r"Nothing can be written to .*/file/var"):
        preflight.check_writable(tmp_path / "file" / "var")


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """As an ordinary person, since root may write anywhere."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_folder_of_somebody_else_is_told_in_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with nobody(), pytest.raises(preflight.NotReady, match=r"written to .* \(Permission denied\)"):
        preflight.check_writable(tmp_path)


def test_a_folder_that_can_be_written_is_made_and_left_empty(tmp_path: Path) -> None:
    preflight.check_writable(tmp_path / "deep" / "var")
    assert list((tmp_path / "deep" / "var").iterdir()) == []


def test_a_python_without_venv_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(preflight.NotReady, match="apt-get install python3-venv"):
        preflight.check_parts_of_python()


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A lock of nothing, for a .venv of its own."""
    monkeypatch.setattr(preflight, "VENV", tmp_path)
    file = tmp_path / "base.txt"
    file.write_text("# nothing yet")
    return file


def test_nothing_is_installed_twice_from_the_same_lock(lock: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said = []
    for contents in ("# nothing", "# nothing", "# nothing, but differently"):
        lock.write_text(contents)
        preflight.install([lock])
        said.append(capfd.readouterr().out)
    assert ["Installing" in words for words in said] == [True, False, True]


def test_a_package_without_its_hash_is_refused_and_tried_again(lock: Path) -> None:
    lock.write_text("django==5.2.1")
    for _start in range(2):
        with pytest.raises(preflight.NotReady, match="Not everything could be installed"):
            preflight.install([lock])


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_no_lock_names_a_host_and_every_package_has_a_hash(name: str) -> None:
    lock = (preflight.CHECKOUT / "requirements" / name).read_text()
    assert "://" not in lock
    assert "--index-url" not in lock
    assert "--find-links" not in lock
    packages = [line for line in lock.splitlines() if "==" in line]
    assert packages
    assert all(line.endswith("\\") for line in packages)
