"""Controls: what the looks at pages and mails would see, if only once something were shown as it was written."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.payloads.inside import Inside, Shown
from tests.payloads.payloads import ACTIVE
from tests.payloads.planting import all_at_once

pytestmark = pytest.mark.browser

HTML = {"Content-Type": "text/html; charset=utf-8"}
# As ours, which now tells of what it would forbid, and lets it run.
TELLING = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
HOLED = """<!doctype html><html><head><title>Holed</title>
<script src="/static/django_htmx/htmx-2.min.js" defer></script></head><body>
<p title="%(words)s">x</p><p title='%(words)s'>x</p><a href="%(words)s">x</a><p style="color: %(words)s">x</p>
<input value=%(words)s><textarea>%(words)s</textarea><div>%(words)s</div></body></html>"""
PLAIN = "words"


@pytest.fixture
def inside(page: Page) -> Iterator[Inside]:
    with Inside(page) as inside:
        yield inside


def holed(words: str, policy: str = "Content-Security-Policy-Report-Only") -> Shown:
    return Shown((HOLED % {"words": words}).encode(), {**HTML, policy: TELLING})


def test_control_each_payload_is_noticed_where_it_is_not_escaped(inside: Inside) -> None:
    plain = inside.show("/holed/", holed(PLAIN)).bones
    ran, unnoticed = 0, []
    for payload in ACTIVE:
        sight = inside.show("/holed/", holed(payload))
        ran += bool(sight.ran)
        if not sight.faults and sight.bones == plain:
            unnoticed.append(payload)
    assert unnoticed == []
    assert ran > 100  # the others are style, or lead away, or wait for more than a look


def test_control_code_that_runs_and_a_violation_are_both_seen(inside: Inside) -> None:
    policy = "Content-Security-Policy"
    loud = inside.show("/holed/", holed("<img src=x onerror=ran()>"))
    assert loud.ran == ("ran()",)
    assert inside.show("/holed/", holed("<img src=x onerror=alert(7)>")).ran == ("alert(7)",)
    held = inside.show("/holed/", holed("<img src=x onerror=ran()>", policy))
    assert held.ran == ()
    assert any("script-src-attr forbids inline" in each for each in held.complaints)
    spy = inside.show("/holed/", holed("<img src=//elsewhere.example/spy.png>"))
    assert "http://elsewhere.example/spy.png" in spy.asked
    assert "/ran/1" in inside.show("/holed/", holed("<p hx-get=/ran/1 hx-trigger=load>x</p>", policy)).asked


def test_control_all_of_them_in_one_field_are_noticed_wherever_they_begin(inside: Inside) -> None:
    for number in (0, 5):
        assert inside.show("/holed/", holed(all_at_once(number))).ran
