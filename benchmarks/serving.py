"""Programs that serve pages as in production, what CPU they take, and what a browser would load from them."""

import contextlib
import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from scripts import postgres, processes
from scripts.preflight import CHECKOUT

NANO = 1e6  # nanoseconds of a millisecond


@dataclass(frozen=True)
class Server:
    port: int
    worker: int  # the process that answers

    def ask(self, path: str, times: int, cookie: str = "") -> None:
        """Over one connection, as a proxy keeps it, taking compressed answers as every browser does."""
        headers = {"Host": "localhost", "Accept-Encoding": "gzip", **({"Cookie": cookie} if cookie else {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for _time in range(times):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, f"{path}: {answer.status}"
        connection.close()


@contextlib.contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[Server]:
    """The web process of the Procfile, with one worker so that it is clear whose CPU it is, for this application."""
    port = postgres.free_port()
    line = next(line for line in (CHECKOUT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    command = line.removeprefix("web:").replace("config.wsgi", application)
    own = {"WEB_WORKERS": "1", "PORT": str(port), "BASE_URL": f"http://localhost:{port}"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    program = subprocess.Popen(
        ["sh", "-c", command],
        cwd=CHECKOUT,
        env={**environment, **own, "PATH": path},
        preexec_fn=processes.die_with_parent(),
    )
    try:
        yield Server(port, worker_of(program, port))
    finally:
        processes.end(program)


def worker_of(program: subprocess.Popen[bytes], port: int, seconds: float = 60) -> int:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at and program.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
            connection.request("GET", "/livez", headers={"Host": "localhost"})
            connection.getresponse().read()
            return int(Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()[0])
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def cpu(process: int) -> float:
    """Milliseconds of CPU that it has taken so far, all its threads together (Linux); nothing once it has ended."""
    try:
        tasks = [int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{process}/task").iterdir()]
    except OSError:
        return 0
    return sum(tasks) / NANO


class Loaded(HTMLParser):
    """What a browser loads with a page, without being asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        is_loaded = tag == "link" and said.get("rel") in ("stylesheet", "preload", "icon", "modulepreload", "manifest")
        if url := said.get("src") if tag in ("script", "img", "iframe") else said.get("href") if is_loaded else None:
            self.urls.append(url)


@dataclass(frozen=True)
class Visit:
    requests: int
    bytes: int
    script_bytes: int


def first_visit(server: Server, path: str) -> Visit:
    """By a plain client that follows all that the page, and its style sheets, have a browser load; heads included."""
    waiting, done = [f"http://localhost:{server.port}{path}"], dict[str, int]()
    scripts = 0
    while waiting:
        url = waiting.pop(0)
        if url in done or url.startswith("data:"):
            continue
        kind, text, done[url] = fetched(server, url)
        scripts += done[url] if "javascript" in kind else 0
        loaded = Loaded()
        loaded.feed(text if "html" in kind else "")
        more = re.findall(r"""url\(["']?([^"')]+)""", text) if "css" in kind else loaded.urls
        waiting += [each if each.startswith("data:") else urljoin(url, each) for each in more]
    assert all(urlsplit(url).hostname == "localhost" for url in done), "something is loaded from elsewhere"
    return Visit(len(done), sum(done.values()), scripts)


def fetched(server: Server, url: str) -> tuple[str, str, int]:
    """The kind of what is there, its text, and how many bytes come over the wire."""
    texts = {}
    for encoding in ("identity", "gzip, br"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        connection.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": encoding})
        answer = connection.getresponse()
        assert answer.status == 200, f"{url}: {answer.status}"
        body = answer.read()
        texts[encoding] = body
        size = len(body) + len(str(answer.headers)) + len("HTTP/1.1 200 OK\r\n")
        kind = answer.headers.get("Content-Type", "")
        connection.close()
    return kind, texts["identity"].decode(errors="replace"), size
