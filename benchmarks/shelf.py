"""The databases of `benchmarks.pages`, kept under var/bench between runs of one day, for they take minutes to lay.

Tables are to be upcoming, so another day, other migrations or another way of laying them make them anew.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from scripts import postgres
from scripts.preflight import CHECKOUT

SHELF = CHECKOUT / "var" / "bench"
SECRET_KEY = "only for the benchmarks: sessions that were laid once are to be good in the next run, too"


def stamp() -> str:
    """Changes with whatever is laid, and how."""
    files = sorted(CHECKOUT.glob("apps/*/migrations/[0-9]*.py"))
    names = "".join(file.name for file in files) + (CHECKOUT / "benchmarks" / "world.py").read_text()
    return f"{date.today():%Y%m%d}_{hashlib.sha256(names.encode()).hexdigest()[:8]}"


def environment(url: str) -> dict[str, str]:
    """Of an app in production, except for what a proxy would add."""
    own = {
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": url,
        "VAR": str(SHELF),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return {**os.environ, "REDIS_URL": "unix:///nowhere", "DEBUG": "", **own}


def lay(url: str, what: str) -> None:
    command = [sys.executable, "-m", "benchmarks.world", what]
    subprocess.run(command, cwd=CHECKOUT, env=environment(url), check=True, stderr=subprocess.DEVNULL)


def sqlite(size: int) -> str:
    """The address of the database that holds so many."""
    shelf = SHELF / f"sqlite_{stamp()}"
    if not shelf.exists():
        for old in SHELF.glob("sqlite_*"):
            shutil.rmtree(old)
        shelf.mkdir(parents=True)
    towns, file = shelf / "towns.sqlite3", shelf / f"{size}.sqlite3"
    for made, source, what in ((towns, None, "towns"), (file, towns, str(size))):
        if not made.exists():
            half = made.with_suffix(".half")
            half.unlink(missing_ok=True)
            if source:
                shutil.copy(source, half)
            lay(f"sqlite:///{half}", what)
            half.rename(made)
    return f"sqlite:///{file}"


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """A server with its data on the shelf; elsewhere, and laid anew, where its user cannot reach the shelf."""
    owner = "postgres" if os.geteuid() == 0 else None
    programs, home = postgres.find_programs(), SHELF / "postgres"
    if not (home / "is-made").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if owner:
            shutil.chown(home, owner)
        if subprocess.run(["test", "-w", home], user=owner, check=False).returncode:
            with postgres.server() as url:
                yield url
            return
        postgres.make_cluster(programs, home, owner)
        (home / "is-made").touch()
    with postgres.started(programs, home, owner) as port:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"


def postgres_database(server: str, size: int) -> str:
    """The address of the database that holds so many; those of other days go."""
    import psycopg

    towns, name = f"towns_{stamp()}", f"all{size}_{stamp()}"
    with psycopg.connect(server, autocommit=True) as connection:
        present = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        for old in present:
            if old.startswith(("towns_", "all", "half")) and not old.endswith(stamp()):
                connection.execute(f'DROP DATABASE "{old}"')
        for made, source, what in ((towns, "template1", "towns"), (name, towns, str(size))):
            if made not in present:
                connection.execute("DROP DATABASE IF EXISTS half")
                connection.execute(f'CREATE DATABASE half TEMPLATE "{source}"')
                lay(at(server, "half"), what)
                connection.execute(f'ALTER DATABASE half RENAME TO "{made}"')
    return at(server, name)


def at(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()
