"""`make run`: the whole app on this machine, from a fresh checkout to an address to open.

    python -m scripts.run [--bare] [web worker ...]

`--bare` leaves out the demo town; names of processes start only those of the Procfile.
"""

import argparse
import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from scripts import processes
from scripts.preflight import CHECKOUT, NotReady, check_writable, say

DEMO_MEMBERS = {
    "a guest": "guest@example.org",
    "a host": "host@example.org",
    "the keeper": "keeper@example.org",
    "a moderator": "moderator@example.org",
}
ANOTHER_PORT = "try another, as in `PORT=9000 make run`."
LONGEST_START = 60  # seconds until somebody is told that something is wrong


def environment() -> dict[str, str]:
    """What every process is started with: what was given, then .env, then what suits development."""
    given = {**settings_file(CHECKOUT / ".env"), **os.environ}
    port = given.get("PORT") or "8000"
    if not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        raise NotReady(f"PORT must be a number between 1 and 65535, not {port!r}.")
    return {
        "DEBUG": "1",
        "BASE_URL": f"http://localhost:{port}",
        **given,
        "PORT": port,
        "VAR": str(Path(given.get("VAR") or CHECKOUT / "var").resolve()),
        "PYTHONUNBUFFERED": "1",
        # The Procfile's `python` is this one.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{given.get('PATH', os.defpath)}",
    }


def settings_file(file: Path) -> dict[str, str]:
    """The NAME=value lines of a .env file, if there is one; quotes around a value are taken off."""
    if not file.exists():
        return {}
    lines = (line.strip().removeprefix("export ") for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def check_port(port: int) -> None:
    """Raises NotReady if somebody listens there, or nobody may."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except PermissionError:
            raise NotReady(f"Port {port} is for root alone: {ANOTHER_PORT}") from None
        except OSError:
            raise NotReady(f"Port {port} is already taken: {ANOTHER_PORT}") from None


@contextlib.contextmanager
def alone(var: Path) -> Iterator[None]:
    """Hold the folder for this run. Raises NotReady when another one has it."""
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            runner = lock.read().strip()
            raise NotReady(f"Pull Up a Chair runs here already (process {runner}): end that first.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def make_ready(env: dict[str, str], with_demo: bool) -> None:
    command = [sys.executable, "-m", "scripts.ready", *(["--demo"] if with_demo else [])]
    if subprocess.run(command, cwd=CHECKOUT, env=env, check=False).returncode != 0:
        raise NotReady("The database could not be prepared; the reason is above.")


def start(env: dict[str, str], names: list[str]) -> subprocess.Popen[bytes]:
    """Start the Procfile's processes, or only the named ones; the broker not when REDIS_URL names another."""
    if not names:
        procfile = (CHECKOUT / "Procfile").read_text().splitlines()
        names = [line.partition(":")[0] for line in procfile if line]
    if env.get("REDIS_URL"):
        names = [name for name in names if name != "broker"]
    workers = f"worker={env.get('WORKERS') or 2}"
    # honcho would let .env win over what was given on the command line, and it was read already.
    return subprocess.Popen(
        [sys.executable, "-m", "honcho", "--env", os.devnull, "start", "--concurrency", workers, *names],
        cwd=CHECKOUT,
        env=env,
        start_new_session=True,  # Ctrl-C reaches this program alone, which then ends the others in order
        preexec_fn=processes.die_with_parent(),
    )


def announce(env: dict[str, str], began: float) -> None:
    """Say where the app is once it answers, or that it does not."""
    while time.monotonic() < began + LONGEST_START:
        if answers(f"http://localhost:{env['PORT']}/livez"):
            say(welcome(env["BASE_URL"], time.monotonic() - began, has_mailbox=not env.get("EMAIL_URL")))
            return
        time.sleep(0.05)
    say(f"The app has not answered within {LONGEST_START} s; what it says above may tell why.")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except (OSError, urllib.error.URLError):
        return False


def welcome(base_url: str, seconds: float, has_mailbox: bool) -> str:
    mailbox = f"{base_url}/mail/" if has_mailbox else "where EMAIL_URL sends it"
    members = "\n".join(f"      {address:<24}{who}" for who, address in DEMO_MEMBERS.items())
    return f"""
    Pull Up a Chair is ready ({seconds:.1f} s):  {base_url}/
    Its mail, codes included:         {mailbox}
    Sign in with a code from the mailbox, for example as
{members}
    Ctrl-C ends it.
"""


def run(names: list[str], with_demo: bool) -> int:
    """Until Ctrl-C, or until one of the processes ends. Raises NotReady."""
    began = time.monotonic()
    env = environment()
    var = Path(env["VAR"])
    check_writable(var)
    with alone(var):
        check_port(int(env["PORT"]))
        make_ready(env, with_demo)
        processes.adopt_orphans()
        app = start(env, names)
        threading.Thread(target=announce, args=(env, began), daemon=True).start()
        try:
            return app.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            processes.end(app)
            processes.end_strays()
            tidy_broker(var)


def tidy_broker(var: Path) -> None:
    from config import valkey  # late: it brings Celery along, and nobody should wait for that

    valkey.tidy(var)


def main() -> None:
    parser = argparse.ArgumentParser(description="Run Pull Up a Chair on this machine.")
    parser.add_argument("--bare", action="store_true", help="without the demo town")
    parser.add_argument("names", nargs="*", help="processes of the Procfile; all if none is named")
    chosen = parser.parse_args()
    processes.heed_signals()
    try:
        sys.exit(run(chosen.names, with_demo=not chosen.bare))
    except NotReady as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
