"""docs/security.md promises what a test shows: so each test that it names must be there."""

import re

from scripts.preflight import CHECKOUT

TESTS = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
NAMED = re.compile(r"`(test_\w+)`")
STATES = {"met", "partly", "not met", "does not apply", "host's"}


def tests_there() -> set[str]:
    return {name for file in CHECKOUT.glob("tests/**/*.py") for name in TESTS.findall(file.read_text())}


def rows() -> list[list[str]]:
    lines = (CHECKOUT / "docs/security.md").read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line)]


def test_every_test_that_is_named_is_there() -> None:
    named = set(NAMED.findall((CHECKOUT / "docs/security.md").read_text()))
    assert named
    assert named - tests_there() == set()


def test_control_a_test_that_is_not_there_is_missed() -> None:
    assert {"test_nobody_wrote_this"} - tests_there()


def test_every_requirement_is_answered_once_by_a_known_word() -> None:
    numbers = [row[0] for row in rows()]
    assert len(numbers) == len(set(numbers)) > 150
    assert {row[2] for row in rows()} <= STATES
    assert all(row[3] or row[4] or row[2] == "host's" for row in rows())
