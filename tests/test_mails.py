"""Every mail of every kind is as it must be: its form, its links, its words, and what discreet members get."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from apps.community.demo.scenes import SCENES
from apps.community.demo.scenes.stage import ADDRESS
from apps.outbox.kinds import KINDS, Klass
from tests.mails import Mail, mail_of

pytestmark = pytest.mark.django_db

MOST_BYTES = 60_000
SHOWN_FIRST = 170
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
PEOPLE = ("Mei", "Noor")  # of the scenes
ELSEWHERE = ("mailto:", "https://www.openstreetmap.org/")
# None of these elements fetches anything or runs.
PLAIN = set(
    "html head meta body div p h1 h2 h3 ul ol li table tbody tr th td a span strong em br blockquote img".split()
)
FETCHES = {"src", "srcset", "background", "poster", "data", "action", "formaction", "ping"}
Check = Callable[[Mail], Iterator[str]]


def faults_of_form(mail: Mail) -> Iterator[str]:
    """What a mail program would stumble over, or hold against us."""
    if len(mail.mime.as_bytes()) >= MOST_BYTES:
        yield "too large"
    if not (mail.text.strip() and mail.html.strip()):
        yield "a part is missing"
    if mail.mime["Auto-Submitted"] != "auto-generated":
        yield "does not say that a program sent it"
    stops = [mail.mime["List-Unsubscribe"] is not None, mail.mime["List-Unsubscribe-Post"] is not None]
    if stops != [mail.kind.klass != Klass.SERVICE] * 2:
        yield "can be stopped by one click, or cannot, against its class"


def faults_of_links(mail: Mail) -> Iterator[str]:
    """What opening the mail, or following a link, would tell somebody else."""
    for tag, attrs in mail.page.elements:
        if tag not in PLAIN:
            yield f"may fetch or run: {tag}"
        for name in FETCHES & set(attrs):
            if not attrs[name].startswith("cid:"):
                yield f"fetches {attrs[name]}"
    shown = {attrs["src"] for tag, attrs in mail.page.elements if tag == "img" and "src" in attrs}
    brought = {f"cid:{str(part['Content-ID'])[1:-1]}" for part in mail.mime.walk() if part["Content-ID"]}
    if shown != brought:
        yield "the pictures that it shows are not those that it brings"
    if re.search(r"url\(|@import", mail.html):
        yield "a style fetches"
    for url in mail.urls:
        if not url.startswith((f"{settings.BASE_URL}/", *ELSEWHERE)):
            yield f"leads elsewhere: {url}"
        if "utm_" in url:
            yield f"follows its reader: {url}"


def faults_of_words(mail: Mail) -> Iterator[str]:
    """Loudness, holes, and what either of the two bodies keeps from its readers."""
    for words in (str(mail.email.subject), mail.text, mail.page.text):
        if "!" in words:
            yield "an exclamation mark"
        if re.search(r"\{[{%]|%\(|\bNone\b", words):
            yield "a hole"
    for url in set(mail.hrefs) - set(mail.text_urls):
        yield f"not in the text: {url}"
    for url in set(mail.text_urls) - set(mail.hrefs):
        yield f"not in the HTML: {url}"


def faults_of_guard(mail: Mail) -> Iterator[str]:
    """The address of a home, where whoever reads it has no seat there."""
    if mail.kind.is_opt_in and ADDRESS in mail.everything:
        yield "the address of a home"


def faults_of_discretion(mail: Mail) -> Iterator[str]:
    """What somebody who looks over a shoulder at inbox or calendar would learn."""
    seen = {
        "subject": mail.email.subject,
        "sender": mail.email.from_email,
        "calendar": " ".join(mail.summaries),
        "title": " ".join(TITLE.findall(mail.html)),
        "beginning": shown_first(mail.text),
        "beginning of the HTML": shown_first(mail.page.text),
    }
    for place, words in seen.items():
        if any(secret in words for secret in (*mail.titles, settings.COMMUNITY_NAME, *PEOPLE)):
            yield f"the {place} tells"


def shown_first(words: str) -> str:
    """What a phone shows of a mail before it is opened."""
    return " ".join(words.split())[:SHOWN_FIRST]


CHECKS = [faults_of_form, faults_of_links, faults_of_words, faults_of_guard]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", SCENES)
def test_every_mail_is_sound(name: str, check: Check) -> None:
    assert list(check(mail_of(name))) == []


@pytest.mark.parametrize("name", SCENES)
def test_the_inbox_and_calendar_of_a_discreet_member_tell_nothing(name: str) -> None:
    mail = mail_of(name, is_discreet=True)
    if mail.is_to_a_member:  # nobody else can have chosen it
        assert list(faults_of_discretion(mail)) == []


# Controls: each fault is found in a mail that has it


def broken(html: str = "", text: str = "", kind: str = "day_before", **headers: str) -> Mail:
    """A sound mail, with this added."""
    email = EmailMultiAlternatives(
        "A subject", f"Words. {text}", headers={"Auto-Submitted": "auto-generated", **headers}
    )
    email.attach_alternative(f"<p>Words. {html}</p>", "text/html")
    return Mail(email, KINDS[kind], ("Soup",))


ONE_CLICK = {"List-Unsubscribe": f"<{settings.BASE_URL}/m/x/>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@pytest.mark.parametrize(
    ("check", "mail", "fault"),
    [
        (faults_of_form, broken("x" * MOST_BYTES, **ONE_CLICK), "too large"),
        (faults_of_form, broken(**ONE_CLICK, **{"Auto-Submitted": "no"}), "does not say that a program sent it"),
        (faults_of_form, broken(), "can be stopped by one click, or cannot, against its class"),
        (
            faults_of_form,
            broken(kind="seat_confirmed", **ONE_CLICK),
            "can be stopped by one click, or cannot, against its class",
        ),
        (faults_of_links, broken('<img src="http://x.example/1.gif">'), "fetches http://x.example/1.gif"),
        (faults_of_links, broken("<video>"), "may fetch or run: video"),
        (faults_of_links, broken('<img src="cid:x">'), "the pictures that it shows are not those that it brings"),
        (faults_of_links, broken('<p background="//x.example/1.gif">'), "fetches //x.example/1.gif"),
        (faults_of_links, broken('<p style="background: url(//x.example)">'), "a style fetches"),
        (faults_of_links, broken(text="https://x.example/go"), "leads elsewhere: https://x.example/go"),
        (
            faults_of_links,
            broken(text=f"{settings.BASE_URL}/?utm_source=mail"),
            f"follows its reader: {settings.BASE_URL}/?utm_source=mail",
        ),
        (faults_of_words, broken("Come soon!"), "an exclamation mark"),
        (faults_of_words, broken(text="Host: None"), "a hole"),
        (faults_of_words, broken('<a href="https://x.example">x</a>'), "not in the text: https://x.example"),
        (faults_of_words, broken(text="https://x.example"), "not in the HTML: https://x.example"),
    ],
)
def test_control_a_fault_is_found(check: Check, mail: Mail, fault: str) -> None:
    assert fault in list(check(mail))


def test_control_a_missing_part_is_found() -> None:
    email = EmailMultiAlternatives("A subject", "Words.", headers={"Auto-Submitted": "auto-generated"})
    assert "a part is missing" in list(faults_of_form(Mail(email, KINDS["sign_in_code"])))


def test_control_the_address_of_a_home_is_found() -> None:
    mail = mail_of("day_before")
    nudge = replace(mail, kind=replace(mail.kind, klass=Klass.NUDGE))
    assert (list(faults_of_guard(mail)), list(faults_of_guard(nudge))) == ([], ["the address of a home"])


def test_control_what_a_member_who_is_not_discreet_gets_tells() -> None:
    found = list(faults_of_discretion(mail_of("day_before")))
    places = ["subject", "sender", "calendar", "title", "beginning", "beginning of the HTML"]
    assert found == [f"the {place} tells" for place in places]


def test_a_long_word_breaks_and_does_not_push_the_mail_apart() -> None:
    """A link in a note, a title without a space: at the width of a phone, too."""
    assert re.search(r'class="card" style="[^"]*overflow-wrap: anywhere', mail_of("note_from_host").html)
