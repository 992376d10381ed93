"""What the stages of a test run came to, and the lines that say so."""

import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree

NO_TESTS_RAN = 5  # pytest's own exit code for it


@dataclasses.dataclass
class Stage:
    """One part of a run. A stage that is no test suite counts as one that passed or failed."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: list[str] = dataclasses.field(default_factory=list)  # "test: reason" each
    notes: list[str] = dataclasses.field(default_factory=list)  # what a person must know beside the numbers
    seconds: float = 0

    @property
    def result(self) -> str:
        if self.failed:
            return "FAILED"
        return "passed" if self.passed else "skipped"


def of_check(name: str, exit_code: int, seconds: float) -> Stage:
    return Stage(name, passed=int(exit_code == 0), failed=int(exit_code != 0), seconds=seconds)


def not_run(name: str, reason: str) -> Stage:
    """What could not be run has failed: a green line must mean that everything was tried."""
    return Stage(name, failed=1, notes=[f"not run: {reason}"])


def of_suite(name: str, report: Path, exit_code: int, seconds: float) -> Stage:
    """Count pytest's JUnit report, and believe its exit code over it when that tells of worse."""
    stage = Stage(name, seconds=seconds)
    if report.exists():
        count(stage, ElementTree.parse(report).getroot())
    if not stage.passed and not stage.failed and exit_code in (0, NO_TESTS_RAN):
        stage.failed = 1
        stage.notes.append("not one test was run")
    elif exit_code != 0 and not stage.failed:
        stage.failed = 1
        stage.notes.append(f"pytest ended with exit code {exit_code} beside its tests")
    return stage


def count(stage: Stage, report: ElementTree.Element) -> None:
    """A test that passed and then failed to clean up stands in the report once more: it failed, once."""
    outcomes: dict[str, str] = {}
    for case in report.iter("testcase"):
        test = f"{case.get('classname')}::{case.get('name')}"
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcomes[test] = "failed"
        elif skip is not None:
            outcomes.setdefault(test, f"{test}: {one_line(skip.get('message'))}")
        else:
            outcomes.setdefault(test, "passed")
    results = list(outcomes.values())
    stage.passed, stage.failed = results.count("passed"), results.count("failed")
    stage.skipped = [result for result in results if result not in ("passed", "failed")]


def one_line(reason: str | None) -> str:
    return re.sub(r"\s+", " ", reason or "").strip() or "no reason given"


def summary(stages: list[Stage]) -> str:
    """A line for each stage, what needs saying about it, and the total as the last line."""
    lines = ["", "Summary"]
    for stage in stages:
        numbers = f"{stage.passed} passed, {stage.failed} failed, {len(stage.skipped)} skipped"
        lines.append(f"  {stage.result:<8}{stage.name:<24}{stage.seconds:>6.1f} s   {numbers}")
        lines += [f"          {note}" for note in stage.notes]
        lines += [f"          skipped {test}" for test in stage.skipped]
    passed, failed = sum(stage.passed for stage in stages), sum(stage.failed for stage in stages)
    skipped = sum(len(stage.skipped) for stage in stages)
    lines += ["", f"{passed} passed, {failed} failed, {skipped} skipped"]
    return "\n".join(lines)


def exit_code(stages: list[Stage]) -> int:
    """0 only when something passed and nothing failed."""
    return 0 if any(stage.passed for stage in stages) and not any(stage.failed for stage in stages) else 1
