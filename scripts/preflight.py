"""What has to be true before anything of this checkout can run: a Python that is new enough, a folder that
can be written, and a .venv with exactly what the lock says. Then it becomes the program it was asked for.

    python3 -m scripts.preflight [--dev] -m scripts.run

This file alone is read by whatever `python3` the machine has, so that an old one can still say that it is
too old: standard library only, and no syntax newer than Python 3.6.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)


class NotReady(Exception):
    """Something on this machine is in the way. Its message is one sentence for a person."""


def check_python(version: tuple) -> None:
    """Raises NotReady for a Python older than the app can use; `version` is like sys.version_info."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        raise NotReady(
            "Pull Up a Chair needs Python {}.{} or newer and this is {}.{}: install a newer one, "
            "or name the one you have, as in `make run PYTHON=python3.12`.".format(*OLDEST_PYTHON, *version[:2])
        )


def check_writable(folder: Path) -> None:
    """Make `folder` and try it. Raises NotReady when nothing can be kept there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)):
            pass
    except OSError as reason:
        raise NotReady(
            "Nothing can be written to {} ({}): move the checkout, or change who may write there.".format(
                folder, reason.strerror
            )
        ) from None


def check_parts_of_python() -> None:
    """Raises NotReady when this Python came without what makes a .venv, as Debian's does."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise NotReady(
            "This Python has no venv module: install it, on Debian and Ubuntu by "
            "`apt-get install python3-venv`, and try again."
        )


def make_venv() -> None:
    """Make .venv unless one works already. Raises NotReady."""
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    check_parts_of_python()
    say("Making .venv ...")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.call(command, stdout=subprocess.DEVNULL) != 0:
        raise NotReady("The folder .venv could not be made with {}; the reason is above.".format(sys.executable))


def stamp_of(lock: Path) -> str:
    """What .venv was made of: it changes with the lock and with the Python."""
    made_of = hashlib.sha256(lock.read_bytes())
    made_of.update(os.fsencode(os.path.realpath(str(PYTHON))))
    return made_of.hexdigest()


def install(locks: list) -> None:
    """Install what the locks say, if they changed since the last time. Raises NotReady."""
    stamps = {VENV / "installed-{}".format(lock.name): stamp_of(lock) for lock in locks}
    if all(stamp.exists() and stamp.read_text() == made_of for stamp, made_of in stamps.items()):
        return
    say("Installing what requirements/ asks for, into .venv (a minute or two, once) ...")
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--require-hashes"]
    for lock in locks:
        command += ["--requirement", str(lock)]
    if subprocess.call(command) != 0:
        raise NotReady("Not everything could be installed; the reason is above. Is there a network?")
    for stamp, made_of in stamps.items():
        stamp.write_text(made_of)


def say(sentence: str) -> None:
    print(sentence, flush=True)


def prepare(needs_tools: bool) -> None:
    """A checkout ready to run, with the tools of development if asked. Raises NotReady."""
    check_python(sys.version_info)
    check_writable(CHECKOUT)
    make_venv()
    locks = ["base.txt", "dev.txt"] if needs_tools else ["base.txt"]
    install([CHECKOUT / "requirements" / name for name in locks])


def main(arguments: list) -> None:
    needs_tools = arguments[:1] == ["--dev"]
    try:
        prepare(needs_tools)
    except NotReady as reason:
        sys.exit(str(reason))
    os.chdir(str(CHECKOUT))
    os.environ["PATH"] = "{}{}{}".format(PYTHON.parent, os.pathsep, os.environ.get("PATH", os.defpath))
    os.environ.pop("PYTHONHOME", None)
    os.execv(str(PYTHON), [str(PYTHON)] + arguments[needs_tools:])


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(sys.argv[1:])
