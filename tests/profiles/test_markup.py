"""What a host writes may have emphasis, lists and links, and nothing else that a browser would act on."""

import time
from typing import Any

import pytest
from django.test import Client

from apps.gatherings.models import Gathering
from apps.profiles.templatetags import markup as module
from apps.profiles.templatetags.markup import LONGEST, markup
from tests.factories import make_gathering
from tests.odd import Page

HARMLESS = {"p": set[str](), "br": set(), "em": set(), "strong": set(), "ul": set(), "li": set(), "ol": {"start"}}
ALLOWED = {**HARMLESS, "a": {"href", "rel"}}
REL = "nofollow noopener noreferrer ugc"


def page_of(words: str, client: Client) -> str:
    """What stands on the gathering's page where its host's words are."""
    gathering = make_gathering(words=words[:600])
    html: str = client.get(gathering.get_absolute_url()).content.decode()
    return html.split('<div class="words">')[1].split("</div>")[0]


@pytest.mark.django_db
def test_emphasis_lists_and_links_work_on_the_page_of_a_gathering(client: Client) -> None:
    words = "Soup, *slowly*, and **bread**.\nThe [menu](https://example.org/a?b=1&c=2):"
    words += "\n\n- leek\n- lentil\n\n1. sit\n2. eat"
    assert page_of(words, client).replace("\n", "") == (
        "<p>Soup, <em>slowly</em>, and <strong>bread</strong>.<br>"
        f'The <a href="https://example.org/a?b=1&amp;c=2" rel="{REL}">menu</a>:</p>'
        "<ul><li>leek</li><li>lentil</li></ul><ol><li>sit</li><li>eat</li></ol>"
    )


@pytest.mark.django_db
def test_the_preview_shows_the_same_and_the_form_says_that_it_works(client: Client) -> None:
    draft = make_gathering(words="Come as you *are*", is_draft=True)
    client.force_login(draft.host)
    assert "<em>are</em>" in client.get(f"/gatherings/{draft.key}/preview/").content.decode()
    page = Page.of(client.get(f"/gatherings/{draft.key}/edit/"))
    assert "*Emphasis*, lists and [links](https://example.org) work." in page.words["id_words_helptext"]
    assert page.values["words"] == "Come as you *are*"


PLAIN = [
    "Soup.\nBread.\n\nNobody stays late.",
    "It costs 5 * 2 = 10, or snake_case_names",
    "# not a heading\n| not | a table |\n|---|---|\n> nor a quotation\n    nor code, `nor this`",
    "Hello\n===\n---",
    "[a]: https://example.org\n[a]",
    "&amp; &#106; <b>x</b> O'Brien “quoted” 👩🏽‍👩‍👧",
    "https://example.org/plain and <https://example.org/pointed>",
    "אסתר القمر ネコ ñandú",
]


@pytest.mark.parametrize("words", PLAIN)
def test_plain_words_look_as_they_were_written(words: str) -> None:
    page = Page(markup(words))
    assert {tag for tag, _attrs in page.elements} <= {"p", "br"}
    lines = [" ".join(line.split()) for line in words.splitlines() if line]
    assert [" ".join(line.split()) for line in page.text.splitlines() if line] == lines
    breaks = sum(tag == "br" for tag, _attrs in page.elements)
    assert breaks == sum(part.count("\n") for part in words.split("\n\n"))


PAYLOADS = [
    f"{before}{url}{after}"
    for url in [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)",
        "&#106;avascript:alert(1)", "javascript&colon;alert(1)", "%6aavascript:alert(1)", "\x01javascript:alert(1)",
        " javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "data:image/svg+xml;base64,PHN2Zz4=",
        "vbscript:x", "file:///etc/passwd", "//evil.example", "/settings/leave/", "?next=x", "#x", "\\\\evil.example",
        "http:evil", "https:/evil", "blob:x", "about:blank", "view-source:x", "ftp://evil.example", "mailto:",
    ]
    for before, after in [("[x](", ")"), ("![x](", ")"), ("<", ">"), ("[x](<", ">)"), ("[x][a]\n\n[a]: ", "")]
] + [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<svg><script>1</script></svg>",
    "<style>*{display:none}</style>", '<p style="position:fixed">x</p>', '<div hx-get="/x" hx-trigger="load">x</div>',
    '<a hx-post="/settings/leave/" href="https://example.org">x</a>', "<iframe src=https://evil.example></iframe>",
    '<form action="/settings/leave/" method=post><button>x</button></form>', "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=https://evil.example>", "<math><mtext><style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<!--><img src=x onerror=alert(1)>-->", "<x\x00y>",
    '[x](https://example.org" onmouseover="alert(1))', '[x](https://example.org "t" onclick=alert(1))',
    "[x](https://example.org 'onmouseover=alert(1)')", '[<img src=x onerror=alert(1)>](https://example.org)',
    "[a](https://example.org/<script>)", "**<b onclick=alert(1)>x</b>**", "- <svg/onload=alert(1)>", "1. <img src=x>",
    "[![x](https://evil.example/p.png)](https://example.org)", "![x](https://evil.example/track.gif?who=1)",
    "`<img src=x onerror=alert(1)>`", "~~~\n<script>1</script>\n~~~", "> <script>alert(1)</script>",
    "<https://evil.example/><img src=x>", "[x](https://example.org){onclick=alert(1)}", "[x]{hx-get=/x}",
    "\\<script>alert(1)\\</script>", "<a href='javascript:alert(1)'>x</a>", "*<svg onload=alert(1)>*",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<details open ontoggle=x>",
]  # fmt: skip


def what_came_out(html: str) -> list[str]:
    """Whatever a browser would make of it that is not allowed."""
    wrong = []
    for tag, attrs in Page(html).elements:
        if tag not in ALLOWED or not set(attrs) <= ALLOWED[tag]:
            wrong.append(f"{tag} {sorted(attrs)}")
        elif tag == "a" and (
            attrs.get("rel") != REL or not attrs["href"].startswith(("https://", "http://", "mailto:"))
        ):
            wrong.append(attrs["href"])
    return wrong


@pytest.mark.parametrize("words", PAYLOADS)
def test_nothing_that_runs_loads_or_looks_like_a_part_of_the_page_comes_out(words: str) -> None:
    for several in (words, f"*{words}*", f"- {words}\n- x", f"[{words}](https://example.org)", f"a\n\n{words}\n\nb"):
        assert what_came_out(markup(several)) == []


@pytest.mark.django_db
def test_nor_on_the_page(client: Client) -> None:
    for start in range(0, len(PAYLOADS), 12):
        words = "\n\n".join(PAYLOADS[start : start + 12]).replace("\x00", "").replace("\x01", "")
        assert what_came_out(page_of(words, client)) == []
    assert Gathering.objects.count() > 10


class Careless(module.Markdown):
    def __init__(self) -> None:
        super().__init__()
        self.options["html"] = True
        self.enable(["html_inline", "html_block", "image", "autolink"])

    def validateLink(self, url: str) -> bool:
        return True


def test_a_reader_of_markdown_that_lets_everything_through_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MARKDOWN", Careless())
    dangerous = [words for words in PAYLOADS if what_came_out(module.MARKDOWN.render(words))]
    assert len(dangerous) > 60  # control: these would have come through
    for words in PAYLOADS:
        for tag, attrs in Page(markup(words)).elements:
            assert tag in ALLOWED, words
            assert attrs.get("href", "https://").lower().startswith(("https:", "http:", "mailto:")), words


SLOW: dict[str, str] = {
    "a megabyte of words": "x " * 500_000,
    "a megabyte of stars": "*" * 1_000_000,
    "a megabyte of elements": "<svg onload=alert(1)>" * 48_000,
    "brackets": "[" * LONGEST,
    "pictures": "![" * (LONGEST // 2),
    "links in links": "[a](" * (LONGEST // 4),
    "lists in lists": "- " * (LONGEST // 2),
    "deeper lists": "\n".join(" " * depth + "- a" for depth in range(80)),
    "emphasis": "*_" * (LONGEST // 2),
    "open emphasis": "*a " * (LONGEST // 3),
    "unfinished titles": '[a](http://x "' * (LONGEST // 14),
    "escapes": "\\" * LONGEST,
}


@pytest.mark.parametrize("words", SLOW.values(), ids=SLOW.keys())
def test_what_was_made_to_be_read_slowly_is_read_in_under_a_second(words: str) -> None:
    began = time.perf_counter()
    html = markup(words)
    assert time.perf_counter() - began < 1
    assert what_came_out(html) == []


def test_control_the_limit_is_what_keeps_it_short(monkeypatch: pytest.MonkeyPatch) -> None:
    kept_short = seconds_for("[" * 60_000)
    monkeypatch.setattr(module, "LONGEST", 10_000_000)
    assert seconds_for("[" * 60_000) > 10 * kept_short


def seconds_for(words: str) -> float:
    began = time.process_time()
    markup(words)
    return time.process_time() - began


def test_the_forms_field_stays_far_below_that_limit() -> None:
    from apps.gatherings.forms import GatheringForm

    words: Any = GatheringForm.base_fields["words"]
    assert words.max_length * 4 < LONGEST
