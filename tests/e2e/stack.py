"""The real thing, for a test: web, worker, beat and broker, as `make run` starts them."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from scripts.postgres import free_port
from scripts.preflight import CHECKOUT
from scripts.processes import die_with_parent, end

# What the suite has for itself, and this app must not share.
OF_THE_SUITE = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
LONGEST_START = 90  # seconds: it migrates and loads the towns first


class Stack:
    """A running app in a folder of its own, with nothing in it but the towns.

    Given processes, such as `["web", "broker"]`, only those run; without the broker there is no cache either,
    unless `env` has a REDIS_URL. Without a database_url it is on SQLite.

        with Stack(database_url) as stack:
            stack.manage("demo_town", "--town", "Bristol")
            page.goto(stack.url)
    """

    def __init__(
        self, database_url: str = "", processes: Sequence[str] = (), env: dict[str, str] | None = None
    ) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.processes = list(processes)
        self.folder = Path(tempfile.mkdtemp(prefix="chair-"))
        self.log = self.folder / "log"
        own = {"VAR": str(self.folder / "var"), "PORT": str(self.port), "BASE_URL": self.url, "DEBUG": "1"}
        inherited = {name: value for name, value in os.environ.items() if name not in OF_THE_SUITE}
        on_database = {"DATABASE_URL": database_url} if database_url else {}
        self.env = {**inherited, **own, **on_database, **(env or {})}

    def __enter__(self) -> "Stack":
        with self.log.open("wb") as log:
            self.app = subprocess.Popen(
                [sys.executable, "-m", "scripts.run", "--bare", *self.processes],
                cwd=CHECKOUT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        try:
            self._wait()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            print(self.said())  # pytest shows it beside the failure
        self.end()

    def _wait(self) -> None:
        give_up_at = time.monotonic() + LONGEST_START
        while time.monotonic() < give_up_at:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/livez", timeout=2):
                return
            if self.app.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"The app did not start:\n{self.said()}")

    def end(self) -> None:
        """End every process and remove the folder."""
        end(self.app, signal.SIGTERM, seconds=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def said(self) -> str:
        """The end of what the processes wrote."""
        return self.log.read_text(errors="replace")[-8000:]

    def manage(self, *words: str) -> str:
        """Run a management command on the same database; gives its output, raises with it on failure."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=CHECKOUT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)[:200]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python on the same database, with all models imported; gives what it printed."""
        return self.manage("shell", "--verbosity", "0", "--command", code).strip()
