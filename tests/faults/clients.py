"""Many people with a browser each, pressing buttons at the same moment, from several processes."""

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from multiprocessing import get_context
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

CSRF = "a" * 32  # a token of the right form; the cookie and the form must only agree


@dataclass(frozen=True)
class Press:
    """One button, pressed by one member."""

    who: int
    session: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    who: int
    status: int
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class Browser:
    """One kept connection to the app."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("localhost", port, timeout=60)

    def press(self, press: Press) -> Answer:
        began = time.monotonic()
        status, _page = self.ask("POST", press.path, press.session, {"csrfmiddlewaretoken": CSRF, **press.fields})
        return Answer(press.who, status, began, time.monotonic())

    def ask(self, method: str, path: str, session: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": f"session={session}; csrf={CSRF}", "Origin": f"http://localhost:{self.port}"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(fields or {}), headers)
        response = self.connection.getresponse()
        return response.status, response.read().decode()

    def form(self, path: str, session: str) -> dict[str, str]:
        """The fields of the form on a page as a browser would send them; none if the page leads elsewhere."""
        status, page = self.ask("GET", path, session)
        form = Form()
        form.feed(page if status == 200 else "")
        return form.fields

    def close(self) -> None:
        self.connection.close()


class Form(HTMLParser):
    """What the forms of a page hold before anybody types."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.inside = ""  # the name of the text area or the choice that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag in ("textarea", "select"):
            self.inside = name
            self.fields.setdefault(name, "")
        elif tag == "option" and "selected" in given:
            self.fields[self.inside] = value
        elif tag == "input" and name and is_sent(given):
            self.fields[name] = value or ("on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.lasttag == "textarea":
            self.fields[self.inside] += data.removeprefix("\n")


def is_sent(given: dict[str, str | None]) -> bool:
    return given.get("type") not in ("checkbox", "radio", "submit", "file") or "checked" in given


class Crowd:
    """Processes full of clients, kept from drill to drill."""

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def __enter__(self) -> "Crowd":
        context = get_context("spawn")
        self.manager, self.pool = context.Manager(), context.Pool(self.processes)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pool.terminate()
        self.pool.join()
        self.manager.shutdown()

    def press(self, port: int, presses: Sequence[Press], each: int | None = None) -> list[Answer]:
        """All of these, shared out among the processes; `each` is how many at a time in one, all if not said."""
        barrier = self.manager.Barrier(self.processes)
        shares = [list(presses[number :: self.processes]) for number in range(self.processes)]
        work = [(port, share, each or len(share), barrier) for share in shares]
        return [answer for answers in self.pool.starmap(press_all, work, chunksize=1) for answer in answers]


def press_all(port: int, presses: list[Press], each: int, barrier: Any) -> list[Answer]:
    shares = [presses[number::each] for number in range(each)]
    with ThreadPoolExecutor(max(1, each)) as pool:
        barrier.wait()
        return [answer for answers in pool.map(press_in_turn, [port] * each, shares) for answer in answers]


def press_in_turn(port: int, presses: list[Press]) -> list[Answer]:
    browser = Browser(port)
    try:
        return [browser.press(press) for press in presses]
    finally:
        browser.close()


def nth(answers: Sequence[Answer], share: float) -> float:
    """The seconds within which this share of the answers came."""
    seconds = sorted(answer.seconds for answer in answers)
    return seconds[min(len(seconds) - 1, int(len(seconds) * share))]
