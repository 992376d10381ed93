"""What people and programs may send, and what is true of every page that refuses it."""

from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.http import HttpResponseBase

FAMILY = "👩🏽‍👩‍👧"  # one sign of six: the joiners between them must survive
MEGABYTE = "x" * 1_000_000
NUL = "Ada\x00"
SCRIPT = "<script>alert(1)</script>"
PLAIN_AND_HTMX: list[dict[str, str]] = [{}, {"HX-Request": "true"}]

# Fine to write anywhere: kept to the letter, and shown as it was written.
FINE = [
    FAMILY,
    "{{7*7}} {% now %}",
    "%s %(name)s {0}",
    "O’Brien & O'Brien",
    "<b>bold</b>",
    SCRIPT,
    '" hx-get="/x" onload="alert(1)',
    "'); DROP TABLE profiles_member;--",
    "אסתר القمر ネコ ñandú",
]
# What hides or breaks out of its line, and what is left of it.
TIDIED = {
    "\u202eAda\u202c": "Ada",
    "A\u200bd\ufeffa\u2060": "Ada",
    "\u061cAda\u206a": "Ada",
    "  Ada \t L. ": "Ada L.",
    "Ada\r\nBcc: x@example.org": "Ada Bcc: x@example.org",
    "Ada\u2028L.": "Ada L.",
}
# Nothing that anybody could see.
INVISIBLE = ["", "   ", "\r\n", "\u200b\u202e", "\u200d\ufe0f", "\u200c"]

DATA = ("application/json", "application/ld+json")  # in an element of scripts, and not run
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """A page as a browser reads it: its form fields by name, its words by the id of their element, its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: dict[str, dict[str, str]] = {}
        self.values: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    @classmethod
    def of(cls, answer: HttpResponseBase) -> "Page":
        return cls(answer.content.decode())  # type: ignore[attr-defined]  # every page here is a whole one

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        name = found.get("name", "")
        if tag in ("input", "textarea", "select"):
            self.attributes[name] = found
            if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                self.values[name] = found.get("value", "")
        if tag not in VOID:
            self._open.append((tag, found))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "textarea":
            name = self._open[-1][1].get("name", "")
            self.values[name] = self.values.get(name, "") + data.removeprefix("\n")
        if not (self._open and self._open[-1][0] == "script"):
            self.text += data
        for _tag, attrs in self._open:
            if "id" in attrs:
                self.words[attrs["id"]] = self.words.get(attrs["id"], "") + data

    @property
    def is_harmless(self) -> bool:
        """No element or attribute came out of what somebody typed."""
        return not any(
            tag == "b"
            or (tag == "script" and "src" not in attrs and attrs.get("type") not in DATA)
            or attrs.get("hx-get") == "/x"
            or any(name.startswith(("on", "hx-on")) for name in attrs)
            for tag, attrs in self.elements
        )

    def shows(self, text: str) -> bool:
        """Whether a reader sees the text, or finds it in a field, exactly as it was written; and nothing ran."""
        seen = [" ".join(self.text.split()), *self.values.values()]
        return self.is_harmless and any(text in each for each in seen)


def assert_refused(answer: HttpResponseBase, field: str, sentence: str, kept: str | None = None) -> Page:
    """The page says the sentence beside the field, tells it to a screen reader, and keeps what was typed."""
    assert answer.status_code == 422
    page = Page.of(answer)
    attrs = page.attributes[field]
    assert attrs["aria-invalid"] == "true"
    beside = f"id_{field}_error"
    assert beside in attrs["aria-describedby"].split()
    assert sentence in " ".join(page.words[beside].split())
    if kept is not None:
        assert page.values[field] == kept
    assert page.is_harmless
    return page


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, sessions too."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }
