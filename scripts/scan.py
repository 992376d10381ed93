"""`make scan`: bandit, and semgrep with the rules of the house, in an environment of their own under var/.

Nothing is asked of anybody: the rules lie here, and semgrep tells nobody that it runs. A scan whose rules do not find
what they are made to find has failed, too. What somebody has looked at and found right stands in reviewed.txt.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.preflight import CHECKOUT

LOCK, RULES = CHECKOUT / "requirements/scan.txt", CHECKOUT / "scripts/scan_rules"
HOME = Path(os.environ.get("VAR") or CHECKOUT / "var") / "scan"
OURS = ["apps", "config"]


def main() -> None:
    make_ready()
    with tempfile.TemporaryDirectory() as folder:
        flagged = Path(folder) / "flagged.py"
        shutil.copy(RULES / "flagged.txt", flagged)
        missed = names_of_rules() - {name for name, _file, _line in semgrep([str(flagged)])}
    found = [*semgrep(OURS), *bandit([*OURS, "scripts"])]
    reviewed = pairs_reviewed()
    for name, file, line in found:
        if (name, file) not in reviewed:
            print(f"{file}:{line}: {name}")
    for name in sorted(missed):
        print(f"{name} does not find what it is made to find.")
    idle = reviewed - {(name, file) for name, file, _line in found}
    for name, file in sorted(idle):
        print(f"{file}: {name} was reviewed, and is there no more.")
    new = [each for each in found if each[:2] not in reviewed]
    print(
        f"{len(names_of_rules())} rules of the house; {len(found)} findings, {len(found) - len(new)} of them reviewed."
    )
    sys.exit(bool(new or missed or idle))


def make_ready() -> None:
    """The environment of the scanners, made anew when their lock has changed."""
    kept = HOME / "lock.txt"
    if kept.exists() and kept.read_bytes() == LOCK.read_bytes():
        return
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", str(HOME)], check=True)
    pip = [*uv, "pip", "install", "--quiet", "--require-hashes", "--python", str(HOME / "bin/python"), "-r", str(LOCK)]
    subprocess.run(pip, check=True)
    shutil.copy(LOCK, kept)


def names_of_rules() -> set[str]:
    lines = (RULES / "rules.yaml").read_text().splitlines()
    return {line.partition("id:")[2].strip() for line in lines if line.startswith("  - id:")}


def pairs_reviewed() -> set[tuple[str, str]]:
    """Rule and file of each line of reviewed.txt."""
    lines = [line.split() for line in (RULES / "reviewed.txt").read_text().splitlines()]
    return {(words[0], words[1]) for words in lines if len(words) > 2 and words[0] != "#"}


def semgrep(paths: list[str]) -> list[tuple[str, str, int]]:
    """Rule, file and line of what our rules find there."""
    words = ["--metrics=off", "--disable-version-check", "--no-git-ignore", "--json", "--quiet"]
    answer = asked(["semgrep", "scan", "--config", str(RULES / "rules.yaml"), *words, *paths])
    if answer["errors"]:
        sys.exit(f"semgrep could not read everything: {answer['errors']}")
    return [(each["check_id"].rpartition(".")[2], each["path"], each["start"]["line"]) for each in answer["results"]]


def bandit(paths: list[str]) -> list[tuple[str, str, int]]:
    """What it calls at least of medium weight."""
    answer = asked(["bandit", "-r", *paths, "-q", "-ll", "-f", "json"])
    return [(each["test_id"], each["filename"].removeprefix("./"), each["line_number"]) for each in answer["results"]]


def asked(words: list[str]) -> Any:
    path = f"{HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    command = [str(HOME / "bin" / words[0]), *words[1:]]
    done = subprocess.run(
        command, cwd=CHECKOUT, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1) or not done.stdout:
        sys.exit(f"{words[0]} did not run:\n{done.stderr}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
