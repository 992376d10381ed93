"""`make bench`: how fast it is, as ratios within one run, so that they say the same on any machine.

python -m benchmarks [speed|memory|due|answers|hidden|table|pages]
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config import valkey
from scripts import postgres, processes
from scripts.preflight import CHECKOUT
from tests.faults.sink import Sink

# What is measured, the words that its program is started with, and on which databases.
MEASURED = {
    "speed": (["benchmarks.mail", "speed"], ["Postgres", "SQLite"]),
    "memory": (["benchmarks.mail", "memory"], ["Postgres"]),
    "due": (["benchmarks.due"], ["Postgres"]),
    "answers": (["benchmarks.answers"], ["Postgres", "SQLite"]),
    "hidden": (["benchmarks.hidden"], ["Postgres", "SQLite"]),
    "table": (["benchmarks.table"], ["Postgres", "SQLite"]),
}
OF_WORKERS = ("benchmarks.mail", "benchmarks.due")
# Those with databases of their own, which they keep.
WITH_THEIR_OWN = {"pages": ["benchmarks.pages"]}


def main() -> None:
    processes.heed_signals()
    processes.adopt_orphans()
    chosen = sys.argv[1:] or [*MEASURED, *WITH_THEIR_OWN]
    home = Path(tempfile.mkdtemp(prefix="chair-bench-"))
    home.chmod(0o711)  # Postgres runs as another person in a folder inside
    tempfile.tempdir = str(home)
    try:
        with valkey.running(home / "valkey") as broker, postgres.server() as server:
            for name in chosen:
                if name in WITH_THEIR_OWN:
                    subprocess.run([sys.executable, "-m", *WITH_THEIR_OWN[name]], cwd=CHECKOUT, check=True)
                    continue
                words, databases = MEASURED[name]
                for database in databases:
                    measure(words, database, {"REDIS_URL": broker}, server, home)
    finally:
        processes.end_strays()
        shutil.rmtree(home, ignore_errors=True)


def measure(words: list[str], database: str, env: dict[str, str], server: str, home: Path) -> None:
    """Run one program in an app of its own, on an empty database, with a mail server that takes everything."""
    sink = Sink(home)
    with database_for(database, server, home) as url, sink.running():
        own = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": url,
            "VAR": str(home),
            "EMAIL_URL": sink.url,
            "DATABASE_NAME": database,
            "KEPT_PLANS": "no" if words[0] in OF_WORKERS else "yes",  # as in the Procfile
        }
        command = [sys.executable, "-m", *words]
        subprocess.run(command, cwd=CHECKOUT, env={**os.environ, **env, **own}, check=True)


@contextlib.contextmanager
def database_for(name: str, server: str, home: Path) -> Iterator[str]:
    if name == "SQLite":
        yield f"sqlite:///{home}/bench.sqlite3"
        return
    with postgres.fresh_database(server) as url:
        yield url


if __name__ == "__main__":
    main()
