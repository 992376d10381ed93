"""`make scan ONLY=wapiti`: wapiti against the running app, as nobody, as a member and as a host.

It reaches this machine alone: whatever else its program tries is refused, and fails the scan. It must find the holes of
a page that is made for it, behind a cookie; and it must have got to the pages that each of its readers has.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts import processes
from scripts.postgres import free_port
from scripts.preflight import CHECKOUT
from scripts.scan import HOME, RULES, make_ready
from tests.e2e.stack import Stack

# What an answer can be attacked with. Not: what guesses passwords or the names of files, what is for one brand of
# server, what would have a machine of wapiti's authors ask us (ssrf), and TLS, which a proxy has.
MODULES = "cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,upload,xss,xxe"
LONGEST_CRAWL, LONGEST_ATTACK = 60, 12  # seconds; of each reader, and of each module
# What ends the visit that the scanner has, and the mailbox, which is there in development only.
LEFT_OUT = ["/accounts/logout/", "/settings/sign-out-everywhere/", "/settings/leave/", "/language/", "/mail/"]
HOLES = {"Reflected Cross Site Scripting", "Open Redirect", "Path Traversal", "CRLF Injection",
         "Cross Site Request Forgery", "Clickjacking Protection"}  # fmt: skip
REVIEWED = RULES / "reviewed_app.txt"


@dataclass(frozen=True)
class Reader:
    name: str
    email: str  # of the demo town; empty for nobody
    starts: tuple[str, ...]  # besides the front page
    must_reach: tuple[str, ...]  # of those, pages; and forms, as "POST path"


@dataclass(frozen=True)
class Found:
    reached: set[str]  # "GET path" and "POST path"
    findings: set[tuple[str, str, str]]  # what, where, which parameter
    tried: list[str]  # hosts that are not this machine

    @property
    def said(self) -> str:
        forms = sum(each.startswith("POST") for each in self.reached)
        return f"{len(self.reached) - forms} addresses and {forms} forms"


def readers(stack: Stack) -> list[Reader]:
    key = stack.shell(
        "print(Gathering.objects.published().upcoming().filter(host__email='host@example.org')[0].key)"
    ).splitlines()[-1]
    edit, guests, note = (f"/gatherings/{key}/{page}/" for page in ("edit", "guests", "note"))
    return [
        Reader("nobody", "", ("/accounts/login/", "/report/"),
               ("GET /help/", "POST /accounts/login/", "POST /report/")),
        Reader("member", "guest@example.org", ("/settings/", "/host/dinner/"),
               ("GET /table/", "POST /settings/", "POST /host/dinner/")),
        Reader("host", "host@example.org", (edit, guests, note),
               (f"GET {guests}", f"POST {edit}", f"POST {note}")),
    ]  # fmt: skip


def session_of(stack: Stack, email: str) -> str:
    """The cookie of somebody who has just signed in."""
    code = (
        "from django.test import Client; visit = Client(); "
        f"visit.force_login(Member.objects.get(email='{email}')); print(visit.cookies['session'].value)"
    )
    return stack.shell(code).splitlines()[-1]


def wapiti(url: str, cookie: str, starts: tuple[str, ...] = ()) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        cookies, report, tried = home / "cookies.json", home / "report.json", home / "tried"
        kept = {"value": cookie, "expires": None, "secure": False, "port": None, "version": 0}
        cookies.write_text(json.dumps({"127.0.0.1": {"/": {"session": kept} if cookie else {}}}))
        words = ["-u", f"{url}/", "-m", MODULES, "-c", str(cookies), "-f", "json", "-o", str(report), "-dr", "1"]
        words += ["--max-scan-time", str(LONGEST_CRAWL), "--max-attack-time", str(LONGEST_ATTACK), "--no-bugreport"]
        words += ["--store-session", str(home), "--store-config", str(home), "-v", "0", "--flush-session"]
        words += ["--endpoint", f"{url}/"]  # what an attack would have the app ask
        words += [word for path in starts for word in ("-s", url + path)]
        words += [word for path in LEFT_OUT for word in ("-x", f"{url}{path}*")]
        env = {"PATH": os.environ["PATH"], "HOME": folder, "TRIED": str(tried), "PYTHONPATH": str(RULES / "alone")}
        done = subprocess.run(
            [str(HOME / "bin/wapiti"), *words], env=env, capture_output=True, text=True, check=False, timeout=1200
        )
        if not report.exists():
            sys.exit(f"wapiti did not run:\n{done.stdout}{done.stderr}")
        return read(json.loads(report.read_text()), tried.read_text().split() if tried.exists() else [])


def read(report: dict[str, Any], tried: list[str]) -> Found:
    pages = [each["request"] for each in report["infos"]["crawled_pages"]]
    found = {
        (what, f"{each['method']} {each['path']}", each["parameter"] or "")
        for part in ("vulnerabilities", "anomalies")
        for what, them in report[part].items()
        for each in them
    }
    return Found({f"{page['method']} {urlsplit(page['url']).path}" for page in pages}, found, tried)


def holes() -> list[str]:
    """What it misses on the page with holes."""
    port = free_port()
    command = [sys.executable, str(RULES / "holed.py"), str(port)]
    page = subprocess.Popen(command, cwd=CHECKOUT, preexec_fn=processes.die_with_parent())
    try:
        time.sleep(1)
        found = wapiti(f"http://127.0.0.1:{port}", "open")
    finally:
        page.kill()
        page.wait()
    print(f"the page with holes: {found.said}, {len(found.findings)} findings")
    missed = HOLES - {what for what, _where, _parameter in found.findings}
    return [f"{hole} is not found on the page that has it." for hole in sorted(missed)] + outside(found)


def outside(found: Found) -> list[str]:
    return [f"wapiti wanted to ask {host}." for host in sorted(set(found.tried))]


def faults(reader: Reader, found: Found, reviewed: dict[str, str]) -> list[str]:
    kept = [f"{reader.name}: {path} was not reached." for path in reader.must_reach if path not in found.reached]
    for what, where, parameter in sorted(found.findings):
        if what not in reviewed:
            kept.append(f"{reader.name}: {what}: {where} {parameter}")
    return kept + outside(found)


def pairs_reviewed() -> dict[str, str]:
    """What was looked at and is right, and why."""
    lines = [line for line in REVIEWED.read_text().splitlines() if line and not line.startswith("#")]
    return {what.strip(): why.strip() for what, _, why in (line.partition(": ") for line in lines)}


def main() -> None:
    make_ready()
    wrong = holes()
    reviewed, met = pairs_reviewed(), set()
    with Stack() as stack:
        stack.manage("demo_town")
        for reader in readers(stack):
            cookie = session_of(stack, reader.email) if reader.email else ""
            found = wapiti(f"http://127.0.0.1:{stack.port}", cookie, reader.starts)
            wrong += faults(reader, found, reviewed)
            met |= {what for what, _where, _parameter in found.findings}
            print(f"{reader.name}: {found.said}, {len(found.findings)} findings", flush=True)
    wrong += [f"{what} was reviewed, and is there no more." for what in sorted(set(reviewed) - met)]
    print("\n".join(wrong) or "Nothing of weight.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
