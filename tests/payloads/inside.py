"""The app of this process as a browser sees it: a page is asked for here, and Chromium is given the answer.

So whatever a test has laid in its own database is seen in a real browser, as its reader, with the real headers; and
whatever else a page asks for is known.
"""

import mimetypes
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from playwright.sync_api import Dialog, Error, Page

from tests.e2e.looking import Watch

OWN = ("/static/", "/favicon.ico", "data:image/")  # what a page of ours asks for
CARD = re.compile(r"/host/[a-z-]+/card/\?")
HARMLESS = re.compile(r" 414 .*/host/[a-z-]+/card/|^The specified value ", re.DOTALL)
FACE = re.compile(r"/people/[a-z0-9]{10}/picture/(96|240|640)/")  # whose page it is
POLICY = "Content-Security-Policy"

# Every element with the names of its attributes and where it leads: what somebody has typed can change none of it.
# On the way each is pointed at, so that what waits for that has its chance.
LOOK = """async () => {
  const leads = new Set(["href", "xlink:href", "src", "action", "formaction", "data", "poster", "ping", "background"]);
  const to = (value) => { try { const { protocol, host } = new URL(value, location); return `${protocol}${host}`; }
                          catch { return "nowhere"; } };
  // htmx says by a class who waits for an answer.
  const told = ({ name, value }) => name === "class" ? "" : (leads.has(name) ? `${name}=${to(value)}` : name);
  const nodes = [...document.querySelectorAll("*")];
  const bones = nodes.map((node) => [node.localName, ...[...node.attributes].map(told).filter(Boolean)].join(" "));
  for (const node of nodes)
    for (const name of ["mouseover", "mouseenter", "pointerover", "pointerenter", "focus"])
      node.dispatchEvent(new Event(name));
  await new Promise((done) => setTimeout(done));
  return bones.join("\\n");
}"""


@dataclass(frozen=True)
class Sight:
    """What came of one look at a page."""

    bones: str  # its elements, a line each
    ran: tuple[str, ...]  # code and dialogs
    complaints: tuple[str, ...]  # violations and errors
    asked: tuple[str, ...]  # requests but for the page and the files of the app

    @property
    def faults(self) -> list[str]:
        """But for the preview of a card, the one thing that a page asks for by itself, and cannot for words of such a
        length; and for what Chromium says of a day that is none.
        """
        complaints = [each for each in self.complaints if not HARMLESS.search(each)]
        asked = [each for each in self.asked if not CARD.match(each) and not FACE.fullmatch(each)]
        return [*self.ran, *complaints, *asked]


@dataclass(frozen=True)
class Shown:
    body: bytes
    headers: dict[str, str]
    status: int = 200

    @classmethod
    def of(cls, answer: HttpResponseBase) -> "Shown":
        return cls(answer.content, dict(answer.items()), answer.status_code)  # type: ignore[attr-defined]  # none streams


class Handler(BaseHTTPRequestHandler):
    """The page that is being looked at, and the files of the app; whatever else is asked for gets an empty answer."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        shown = self.server.shown.get(self.path) or file_at(self.path) or Shown(b"", {}, 204)
        self.send_response(shown.status)
        for name, value in {**shown.headers, "Content-Length": str(len(shown.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(shown.body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, *_words: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    shown: dict[str, Shown]

    def handle_error(self, *_words: Any) -> None:
        """A page that was left does not wait for what it has asked for."""


def file_at(path: str) -> Shown | None:
    if not path.startswith("/static/") or not (file := finders.find(path.removeprefix("/static/"))):
        return None
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Shown(Path(str(file)).read_bytes(), {"Content-Type": kind, "Cache-Control": "max-age=3600"})


class Inside:
    """`with Inside(page) as inside: inside.show(path, Shown.of(client.get(path)))`"""

    def __init__(self, page: Page) -> None:
        self.server = Server(("localhost", 0), Handler)
        self.server.shown = {}
        self.beside: dict[str, Shown] = {}  # what pages of the admin take in besides files
        self.origin = f"http://localhost:{self.server.server_port}"
        self.ran: list[str] = []
        self.listen_to(page)

    def __enter__(self) -> "Inside":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.page.goto("about:blank")
        self.server.shutdown()
        self.server.server_close()

    def listen_to(self, page: Page) -> None:
        self.page, self.watch = page, Watch(page)
        page.expose_function("ran", lambda *_words: self.ran.append("ran()"))
        page.on("dialog", self.dismiss)

    def dismiss(self, dialog: Dialog) -> None:
        self.ran.append(f"{dialog.type}({dialog.message})")
        dialog.dismiss()

    def show(self, path: str, shown: Shown) -> Sight:
        """The page; or the file, which Chromium only takes in."""
        self.server.shown = {path: shown, **self.beside}
        for kept in (self.ran, self.watch.complaints, self.watch.requests):
            kept.clear()
        bones = ""
        if shown.headers.get("Content-Type", "").startswith("text/calendar"):
            with self.page.expect_download(), suppress(Error):  # it says that no page came of it
                self.page.goto(self.origin + path)
        else:
            bones = self.look(path)
        asked = [request.url.removeprefix(self.origin) for request in self.watch.requests]
        asked = [each for each in asked if each not in self.server.shown and not each.startswith(OWN)]
        return Sight(bones, tuple(self.ran), tuple(self.watch.complaints), tuple(asked))

    def look(self, path: str) -> str:
        try:
            self.page.goto(self.origin + path)
            return str(self.page.evaluate(LOOK))
        except Error as error:
            self.ran.append(f"the page was left: {error.message.splitlines()[0]}")
            left, requests = self.page, self.watch.requests
            self.listen_to(left.context.new_page())
            self.watch.requests += requests
            left.close()
            return ""


def only_reporting(shown: Shown) -> Shown:
    """The same with a policy that tells of what it would forbid, and lets it run."""
    headers = {(f"{POLICY}-Report-Only" if name == POLICY else name): value for name, value in shown.headers.items()}
    return Shown(shown.body, headers, shown.status)
