"""Starting other programs and leaving none behind, however this one ends."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Set
from pathlib import Path

# From linux/prctl.h
SET_SIGNAL_AT_PARENTS_DEATH = 1
SET_CHILD_SUBREAPER = 36


def _prctl(option: int, value: int) -> None:
    """Ask Linux for a property of this process; other systems do without."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For Popen's `preexec_fn`: the program gets this signal when its parent ends, by whatever (Linux)."""
    return lambda: _prctl(SET_SIGNAL_AT_PARENTS_DEATH, how)


def adopt_orphans() -> None:
    """Programs whose own parent died become children of this process, which can then end them (Linux)."""
    _prctl(SET_CHILD_SUBREAPER, 1)


def children() -> set[int]:
    """The ids of this process's children, adopted ones included (Linux; elsewhere none are found)."""
    found: set[int] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(int(word) for word in listing.read_text().split())
    return found


def end(program: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, seconds: float = 15) -> None:
    """Ask a program to end, wait, and kill it if it has not after that many seconds."""
    if program.poll() is None:
        program.send_signal(how)
    try:
        program.wait(seconds)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def end_strays(spared: Set[int] = frozenset(), patience: float = 0) -> list[str]:
    """Kill what was left behind by programs that died; gives the names of what was running, for a report.

    `patience` is how many seconds they have to end by themselves.
    """
    give_up_at = time.monotonic() + patience
    while time.monotonic() < give_up_at and any(is_running(pid) for pid in children() - spared):
        time.sleep(0.05)
    ended: list[str] = []
    # Killing one hands its children to us, hence the rounds.
    for _round in range(20):
        left = children() - spared
        if not left:
            break
        for pid in left:
            ended += _kill(pid)
        time.sleep(0.05)
    return ended


def is_running(pid: int) -> bool:
    """False too for a child that has ended and only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _kill(pid: int) -> list[str]:
    """Kill and bury one child; says its name unless it had already ended."""
    with contextlib.suppress(OSError):
        if os.waitpid(pid, os.WNOHANG)[0]:
            return []
        name = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return [name[:100]]
    return []


def heed_signals() -> None:
    """Let SIGTERM and a closed terminal end this program as Ctrl-C does, through every `finally`."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, interrupt)
