"""The app's processes one by one, so that each can be killed alone, with a mail server of the drill's own."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import redis

from config import valkey
from scripts.preflight import CHECKOUT
from scripts.processes import die_with_parent, end
from tests.e2e.stack import Stack
from tests.faults.hand import Drill, database_on, hands, make_tables
from tests.faults.sink import Sink

PROCFILE = dict(line.split(": ", 1) for line in (CHECKOUT / "Procfile").read_text().splitlines() if line)
SLOTS = 4  # worker threads
TOWN = ZoneInfo("Europe/London")  # where drills take place


def until(is_so: Callable[[], bool], seconds: float = 60) -> float:
    """Wait until it is so; how many seconds that took. Raises TimeoutError."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() > began + seconds:
            raise TimeoutError(f"not so within {seconds:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - began


def till_ten() -> float:
    """How many seconds a clock must be put forward to say ten in the morning, so that no drill falls into the night."""
    now = datetime.now(TOWN)
    ten = now.replace(hour=10, minute=0, second=0, microsecond=0)
    return (ten - now).total_seconds() % timedelta(days=1).total_seconds()


@dataclass
class Crew(Drill):
    """Processes of the Procfile by name, a hand on their database, and the sink that takes their mail."""

    sink: Sink
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def var(self) -> Path:
        return Path(self.stack.env["VAR"])

    @property
    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(valkey.socket_url(self.var))

    def start(self, name: str, called: str = "", **env: str) -> None:
        """`called` tells two of a kind apart."""
        with (self.stack.folder / "log").open("ab") as log:
            self.processes[called or name] = subprocess.Popen(
                ["sh", "-c", PROCFILE[name]],
                cwd=CHECKOUT,
                env={**self.stack.env, **env},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        if name == "broker":
            until(self.has_broker)
        elif name == "web":
            until(self.has_web)

    def stop(self, called: str) -> None:
        end(self.processes.pop(called), seconds=30)

    def kill(self, called: str) -> None:
        """All of it, at once, without a word."""
        process = self.processes.pop(called)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @contextmanager
    def running(self, *names: str, **env: str) -> Iterator[None]:
        for name in names:
            self.start(name, **env)
        try:
            yield
        finally:
            for name in names:
                if name in self.processes:
                    self.stop(name)

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """Killed, and started again in the end."""
        self.kill(name)
        try:
            yield
        finally:
            self.start(name)

    def said(self) -> str:
        """The end of what the processes wrote."""
        return (self.stack.folder / "log").read_text(errors="replace")[-8000:]

    def is_running(self, called: str) -> bool:
        return self.processes[called].poll() is None

    def has_broker(self) -> bool:
        with suppress(redis.ConnectionError):
            return bool(self.broker.ping())
        return False

    def has_web(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.stack.url}/livez", timeout=2):
            return True
        return False


@contextmanager
def crew_on(server: str) -> Iterator[Crew]:
    """Web and broker on an empty database of this server (SQLite without one); worker and beat are the drills' own."""
    with database_on(server) as url:
        stack = Stack(url)
        sink = Sink(stack.folder)
        stack.env |= {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{stack.env.get('PATH', os.defpath)}",
            "EMAIL_URL": sink.url,
            "EMAIL_TIMEOUT": "2",
            "WORKER_THREADS": str(SLOTS),
            "TEST_CLOCK": str(till_ten()),
        }
        try:
            with hands(stack.env, 1) as hand:
                crew = Crew(stack, hand, sink)
                crew.do(make_tables)
                with crew.running("broker", "web"):
                    yield crew
        finally:
            valkey.tidy(Path(stack.env["VAR"]))
            shutil.rmtree(stack.folder, ignore_errors=True)
