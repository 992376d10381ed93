"""What was typed is kept on a page that refuses it: every payload, in every field of every form, seen in Chromium."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django import forms
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page

from tests.payloads.inside import Inside, Shown, Sight
from tests.payloads.laying import lay
from tests.payloads.payloads import PAYLOADS, REFUSED
from tests.test_gates import World, world  # noqa: F401  a fixture is found by its name

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

TYPED, ODD = "".join(PAYLOADS), "".join(REFUSED)
PLAIN = ("words " * len(TYPED))[: len(TYPED)]  # as long, so that a page says the same of it
CHOSEN = {"hidden", "radio", "checkbox", "submit", "select", "button"}
# Not typed on a page that is laid here.
ELSEWHERE = {
    "code": "comes after an address",
    "credential": "what a device says",
}


Fields = list[tuple[str, str, str]]


class Forms(HTMLParser):
    """Where each form of a page leads, by which method, and its fields: name, kind, value."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, Fields]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((said.get("action", ""), said.get("method", "get").lower(), []))
        elif tag in ("input", "textarea", "select", "button") and self.found and said.get("name"):
            kind = said.get("type", "text") if tag == "input" else tag
            self.found[-1][2].append((said["name"], kind, said.get("value", "")))


def filled(fields: Fields, words: str, is_all: bool) -> dict[str, str]:
    """With the words in what one types into, or in whatever is sent; the rest as the page has it."""
    return {
        name: words if is_all or kind not in CHOSEN else value
        for name, kind, value in fields
        if name != "csrfmiddlewaretoken"
    }


@pytest.fixture
def inside(page: Page) -> Iterator[Inside]:
    with Inside(page) as inside:
        yield inside


def sent(client: Client, method: str, path: str, data: dict[str, str]) -> HttpResponseBase:
    """The answer; nothing of it stays."""
    cache.clear()
    kept = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer = client.post(path, data) if method == "post" else client.get(path, data)
        transaction.set_rollback(True)
    client.cookies.load(kept)
    return answer


def faults_of(inside: Inside, client: Client, method: str, path: str, fields: Fields) -> list[str]:
    """What came of the words, typed and then in whatever is sent; and whether they were more to the page than words."""
    found = [*look(inside, sent(client, method, path, filled(fields, ODD, True))).faults]
    for is_all in (False, True):
        answers = [sent(client, method, path, filled(fields, words, is_all)) for words in (TYPED, PLAIN)]
        typed, plain = (look(inside, answer) for answer in answers)
        found += [*typed.faults, *plain.faults]
        if typed.bones != plain.bones:
            found.append("other elements than for plain words")
    return found


def look(inside: Inside, answer: HttpResponseBase) -> Sight:
    is_page = answer.status_code in (200, 422) and "html" in answer["Content-Type"]
    return inside.show("/typed/", Shown.of(answer)) if is_page else Sight("", (), (), ())


def test_nothing_that_was_typed_runs_on_a_page_that_refuses_it(inside: Inside, world: World) -> None:  # noqa: F811
    known, typed, found = set(), set(), {}
    for reader, path in lay(world):
        client = world.readers[reader]
        page = "" if path.startswith("/admin/") else client.get(path).content.decode(errors="replace")
        for action, method, fields in Forms(page).found:
            where = action or path
            form = (resolve(urlsplit(where).path).view_name, *sorted(name for name, *_rest in fields))
            if form not in known:
                known.add(form)
                typed |= {name.rpartition("-")[2] for name, kind, _value in fields if kind not in CHOSEN}
                found[f"{where} for the {reader}"] = faults_of(inside, client, method, where, fields)
    assert {where: what for where, what in found.items() if what} == {}
    assert text_fields_of_forms() - typed == set(ELSEWHERE)


def text_fields_of_forms() -> set[str]:
    """The names of what one types into in any form of the apps; a new one must be on a page that is laid here."""
    found: set[str] = set()
    waiting: list[Any] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("apps."):
            fields = getattr(form, "base_fields", {}).items()
            found |= {name for name, field in fields if isinstance(field, forms.CharField)}
    return found
