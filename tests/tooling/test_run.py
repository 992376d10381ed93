import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import run
from scripts.postgres import free_port
from scripts.preflight import CHECKOUT, NotReady
from scripts.processes import is_running


def start(var: Path, port: int, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.run"],
        cwd=CHECKOUT,
        env={**os.environ, "VAR": str(var), "PORT": str(port), **env},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_taken_port_is_told_in_one_sentence_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = start(tmp_path, port)
    assert told.returncode == 1
    assert told.stderr == f"Port {port} is already taken: try another, as in `PORT=9000 make run`.\n"
    assert told.stdout == ""
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "1.5", "web", "٨٠"])
def test_a_port_that_is_none_is_told_in_one_sentence(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(NotReady, match="PORT must be a number between 1 and 65535"):
        run.environment()


def test_a_second_run_in_the_same_folder_is_told_who_has_it(tmp_path: Path) -> None:
    with run.alone(tmp_path):
        told = start(tmp_path, free_port())
    assert told.returncode == 1
    assert told.stderr == f"Pull Up a Chair runs here already (process {os.getpid()}): end that first.\n"


def test_the_folder_is_free_again_after_a_run(tmp_path: Path) -> None:
    for _run in range(2):
        with run.alone(tmp_path):
            assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_a_folder_that_cannot_be_made_ends_the_run_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = start(tmp_path / "file" / "var", free_port())
    assert told.returncode == 1
    assert re.fullmatch(r"Nothing can be written to .*\n", told.stderr)


def test_what_is_given_wins_over_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CHECKOUT", tmp_path)
    kept = "# ours\nPORT=7000\nexport COMMUNITY_NAME='The Long Table'\n\nHOME_TOWN = york-gb\n"
    (tmp_path / ".env").write_text(kept)
    monkeypatch.setenv("PORT", "9000")
    for name in ("BASE_URL", "COMMUNITY_NAME", "HOME_TOWN"):
        monkeypatch.delenv(name, raising=False)
    env = run.environment()
    assert env["PORT"] == "9000"
    assert env["BASE_URL"] == "http://localhost:9000"
    assert env["COMMUNITY_NAME"] == "The Long Table"
    assert env["HOME_TOWN"] == "york-gb"


def test_the_welcome_names_the_address_the_mailbox_and_four_members() -> None:
    said = run.welcome("http://localhost:9000", 3.2, has_mailbox=True)
    assert "http://localhost:9000/\n" in said
    assert "http://localhost:9000/mail/" in said
    members = re.findall(r"\w+@example\.org", said)
    assert members == ["guest@example.org", "host@example.org", "keeper@example.org", "moderator@example.org"]


FAMILY = """
import subprocess, sys
from scripts import processes
processes.adopt_orphans()
careless = "import subprocess; subprocess.Popen(['sleep', '60'], start_new_session=True)"
subprocess.run([sys.executable, "-c", careless])
print(processes.end_strays(), processes.children())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hand on orphans")
def test_what_a_dead_program_left_behind_is_found_and_ended() -> None:
    command = [sys.executable, "-c", FAMILY]
    said = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert said.stdout == "['sleep 60'] set()\n"


KILLED = """
import subprocess, time
from scripts import processes
print(subprocess.Popen(["sleep", "60"], preexec_fn=processes.die_with_parent()).pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell a program of its parent's end")
def test_a_program_ends_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", KILLED], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    give_up_at = time.monotonic() + 5
    while is_running(child) and time.monotonic() < give_up_at:
        time.sleep(0.02)
    assert not is_running(child)
