"""`make test`: every check and every test, one after the other, none stopped by the failure of another.

python -m scripts.test                   everything
python -m scripts.test --quick           what needs neither Postgres nor a browser (`make check`)
python -m scripts.test --faults [NAME]   the drills at full size: all, a part (seats, mail), or those named so
                                         (`make faults`)
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from config import valkey
from scripts import chromium, postgres, processes, tally
from scripts.preflight import CHECKOUT
from scripts.tally import Stage

LONGEST_STAGE = 20 * 60  # seconds; a stage that hangs has failed
LONGEST_DRILLS = 60 * 60  # all of them together
# Settings of a running app, which no test may touch or depend on.
OF_THE_APP = (
    "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORT", "BASE_URL", "DEBUG", "HOME_TOWN",
    "SECRET_KEY", "ALLOWED_HOSTS",
)  # fmt: skip

CHECKS = {
    "ruff": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "templates": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "types": ["-m", "mypy"],
    "import rules": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "missing migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "deploy check": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}
# A setting as a community would have it, so that Django's own list of precautions can be held against it.
AS_DEPLOYED = {
    "DEBUG": "0",
    "SECRET_KEY": "only for this check, and long enough for it: 0123456789 abcdefghijklmnopqrstuvwxyz",
    "BASE_URL": "https://chair.example.org",
    "ALLOWED_HOSTS": "chair.example.org",
}
IN_PARALLEL = ["-n", "2"]
# The presses of two hundred want the machine for themselves. Mail mostly waits, so both databases have theirs at once.
DRILLS = {
    "seats": ["tests/faults", "--ignore-glob=*/test_mail_*.py"],
    "mail": [*sorted(map(str, CHECKOUT.glob("tests/faults/test_mail_*.py"))), *IN_PARALLEL, "--dist=loadgroup"],
}


class Run:
    """One run of the stages: the folder and the services that they share, and what they came to."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.stages: list[Stage] = []
        self.spared: set[int] = set()  # servers that outlive a stage
        for name in ("home", "var"):
            (home / name).mkdir()
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in OF_THE_APP},
            # Whatever a test leaves lying about goes when this folder goes.
            "TMPDIR": str(home),
            "VAR": str(home / "var"),
            "PYTHONUNBUFFERED": "1",
        }

    def check(self, name: str, words: list[str], **env: str) -> None:
        code, seconds = self._run(name, words, env)
        self.stages.append(tally.of_check(name, code, seconds))

    def suite(self, name: str, words: list[str], longest: float = LONGEST_STAGE, **env: str) -> None:
        report = self.home / f"{name.replace(' ', '-')}.xml"
        options = ["-m", "pytest", "-q", "-rs", f"--junitxml={report}", *words]
        code, seconds = self._run(name, options, {"HOME": str(self.home / "home"), **env}, longest)
        self.stages.append(tally.of_suite(name, report, code, seconds))

    def _run(
        self, name: str, words: list[str], env: dict[str, str], longest: float = LONGEST_STAGE
    ) -> tuple[int, float]:
        """Exit code and seconds of a Python with these words, its output on the terminal as it comes."""
        print(f"\n── {name} {'─' * (70 - len(name))}", flush=True)
        began = time.monotonic()
        program = subprocess.Popen(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=processes.die_with_parent(signal.SIGINT),
        )
        try:
            code = program.wait(longest)
        except subprocess.TimeoutExpired:
            print(f"{name} took longer than {longest:.0f} s and was ended.", flush=True)
            code = 1
        finally:
            processes.end(program, signal.SIGINT)  # pytest then still clears up after its tests
            left = processes.end_strays(self.spared, patience=2)
        for stray in left:
            print(f"{name} left a process running, now ended: {stray}", flush=True)
        return code, time.monotonic() - began

    @contextlib.contextmanager
    def valkey(self) -> Iterator[None]:
        with valkey.running(self.home / "valkey") as address:
            self.env["REDIS_URL"] = address
            self.spared = processes.children()
            yield

    @contextlib.contextmanager
    def postgres(self) -> Iterator[None]:
        with postgres.server() as address:
            self.env["TEST_DATABASE_URL"] = address
            self.spared = processes.children()
            yield
        self.spared = processes.children()


def run_checks(run: Run) -> None:
    for name, words in CHECKS.items():
        run.check(name, words, **(AS_DEPLOYED if name == "deploy check" else {"DEBUG": "1"}))
    run.suite("suite on SQLite", [*IN_PARALLEL, "-m", "not postgres and not browser and not faults"])


def run_on_postgres(run: Run) -> None:
    words = [*IN_PARALLEL, "-m", "(postgres or both_databases) and not browser and not faults"]
    run.suite("suite on Postgres", words, DATABASE_URL=run.env["TEST_DATABASE_URL"])


def run_in_browser(run: Run) -> None:
    try:
        program = chromium.find()
    except chromium.NoChromium as reason:
        run.stages.append(tally.not_run("browser", str(reason)))
        return
    # One by one: of a whole app, and of pages shown without one, each has a browser of its own kind.
    for what, folder in {"browser": "tests/e2e", "payloads": "tests/payloads"}.items():
        run.suite(what, ["-m", "browser", folder], CHROMIUM=program)


def run_drills(run: Run, size: str, only: str = "") -> None:
    """`only` is a part, or a word in the names of the drills."""
    give_up_at = time.monotonic() + LONGEST_DRILLS
    parts = {part: words for part, words in DRILLS.items() if only in ("", part)} or {only: ["-k", only]}
    for part, words in parts.items():
        longest = give_up_at - time.monotonic()
        run.suite(f"drills of {part}", ["-m", "faults", *words], longest, FAULTS_SIZE=size)


def run_all(run: Run, chosen: argparse.Namespace) -> None:
    with run.valkey():
        if not chosen.faults:
            run_checks(run)
        if chosen.quick:
            return
        try:
            with run.postgres():
                if not chosen.faults:
                    run_on_postgres(run)
                run_drills(run, "full" if chosen.faults else "small", chosen.only)
        except postgres.NoPostgres as reason:
            run.stages.append(tally.not_run("Postgres", f"its tests and the drills: {reason}"))
        if not chosen.faults:
            run_in_browser(run)


def main() -> None:
    parser = argparse.ArgumentParser(description="Check and test everything.")
    parser.add_argument("--quick", action="store_true", help="without Postgres, browser and drills")
    parser.add_argument("--faults", action="store_true", help="the drills alone, at full size")
    parser.add_argument("only", nargs="?", default="", help="a part of the drills, or what they have in their name")
    chosen = parser.parse_args()
    processes.heed_signals()
    processes.adopt_orphans()
    home = Path(tempfile.mkdtemp(prefix="chair-test-"))
    home.chmod(0o711)  # Postgres runs as another person in a folder inside
    tempfile.tempdir = str(home)
    run = Run(home)
    try:
        run_all(run, chosen)
    except (KeyboardInterrupt, valkey.NoValkey) as reason:
        run.stages.append(tally.not_run("the rest", str(reason) or "interrupted"))
    finally:
        processes.end_strays()
        shutil.rmtree(home, ignore_errors=True)
    print(tally.summary(run.stages), flush=True)
    sys.exit(tally.exit_code(run.stages))


if __name__ == "__main__":
    main()
