from pathlib import Path

import pytest

from scripts import tally
from scripts.tally import Stage

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_well"/>
<testcase classname="tests.a" name="test_wrong"><failure message="no"/></testcase>
<testcase classname="tests.a" name="test_unclean"/>
<testcase classname="tests.a" name="test_unclean"><error message="teardown"/></testcase>
<testcase classname="tests.a" name="test_left_out"><skipped message="no
  such   thing here"/></testcase>
</testsuite></testsuites>"""


def test_every_test_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    stage = tally.of_suite("suite", tmp_path / "report.xml", exit_code=1, seconds=2)
    assert (stage.passed, stage.failed) == (1, 2)
    assert stage.skipped == ["tests.a::test_left_out: no such thing here"]


@pytest.mark.parametrize("exit_code", [0, 5])
def test_a_suite_without_a_test_has_failed(tmp_path: Path, exit_code: int) -> None:
    (tmp_path / "report.xml").write_text("<testsuites><testsuite/></testsuites>")
    stage = tally.of_suite("suite", tmp_path / "report.xml", exit_code, seconds=0)
    assert stage.failed == 1
    assert stage.notes == ["not one test was run"]


def test_a_suite_that_broke_down_has_failed_even_without_a_report(tmp_path: Path) -> None:
    stage = tally.of_suite("suite", tmp_path / "none.xml", exit_code=4, seconds=0)
    assert stage.failed == 1
    assert "exit code 4" in stage.notes[0]


def test_an_exit_code_that_tells_of_worse_is_believed_over_the_report(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text('<testsuite><testcase classname="a" name="b"/></testsuite>')
    assert tally.of_suite("suite", tmp_path / "report.xml", exit_code=3, seconds=0).failed == 1


def test_the_last_line_adds_everything_up() -> None:
    stages = [
        tally.of_check("ruff", 0, 0.1),
        tally.of_check("types", 1, 9),
        Stage("suite", passed=40, failed=2, skipped=["tests.a::test_b: no c"]),
        tally.not_run("browser", "there is no Chromium"),
    ]
    lines = tally.summary(stages).splitlines()
    assert lines[-1] == "41 passed, 4 failed, 1 skipped"
    assert "          skipped tests.a::test_b: no c" in lines
    assert "          not run: there is no Chromium" in lines


@pytest.mark.parametrize(
    ("stages", "exit_code"),
    [
        ([Stage("suite", passed=1)], 0),
        ([Stage("suite", passed=1, skipped=["a: b"])], 0),
        ([Stage("suite", passed=1), Stage("types", failed=1)], 1),
        ([tally.not_run("browser", "none"), Stage("suite", passed=9)], 1),
        ([Stage("suite", skipped=["a: b"])], 1),
        ([], 1),
    ],
)
def test_only_a_run_that_passed_and_failed_nothing_is_green(stages: list[Stage], exit_code: int) -> None:
    assert tally.exit_code(stages) == exit_code
