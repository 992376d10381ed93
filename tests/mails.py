"""A finished mail as its readers' programs see it."""

import re
from dataclasses import dataclass
from email.message import Message as Mime
from functools import cache

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from apps.community.demo.scenes import SCENES, finished
from apps.gatherings.models import Gathering
from apps.outbox.kinds import KINDS, Kind
from tests.odd import Page

URL = re.compile(r"https?://[^\s<>\"']+")
NOT_SHOWN = re.compile(r"<(style|title)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class Mail:
    """What stands in a mail once it has gone over the wire; its kind, and the titles of the gatherings of its scene."""

    email: EmailMultiAlternatives
    kind: Kind
    titles: tuple[str, ...] = ()
    is_to_a_member: bool = False

    @property
    def mime(self) -> Mime:
        return self.email.message()

    def part(self, mimetype: str) -> str:
        """The content of the parts of this type; empty if there is none."""
        found = [part for part in self.mime.walk() if part.get_content_type() == mimetype]
        return "\n".join(part.get_payload(decode=True).decode() for part in found)  # type: ignore[union-attr]  # bytes, of a leaf

    @property
    def text(self) -> str:
        return self.part("text/plain")

    @property
    def html(self) -> str:
        return self.part("text/html")

    @property
    def everything(self) -> str:
        return "\n".join([*map(str, self.mime.values()), self.text, self.html, self.calendar])

    @property
    def page(self) -> Page:
        return Page(NOT_SHOWN.sub("", self.html))

    @property
    def calendar(self) -> str:
        """Unfolded, so that a line is a property."""
        return self.part("text/calendar").replace("\r\n ", "")

    @property
    def summaries(self) -> list[str]:
        return re.findall(r"^SUMMARY:(.*?)\r?$", self.calendar, re.MULTILINE)

    @property
    def hrefs(self) -> list[str]:
        return [attrs["href"] for tag, attrs in self.page.elements if tag == "a"]

    @property
    def text_urls(self) -> list[str]:
        return [url.rstrip(".,)") for url in URL.findall(self.text)]

    @property
    def header_urls(self) -> list[str]:
        return URL.findall(self.email.extra_headers.get("List-Unsubscribe", ""))

    @property
    def calendar_urls(self) -> list[str]:
        return re.findall(r"^URL:(.*?)\r?$", self.calendar, re.MULTILINE)

    @property
    def urls(self) -> list[str]:
        """Whatever a reader, their mail program or a scanner on the way may open, each once."""
        return list(dict.fromkeys([*self.hrefs, *self.text_urls, *self.header_urls, *self.calendar_urls]))


@cache
def mail_of(name: str, is_discreet: bool = False) -> Mail:
    """What a scene sends; staged once, and nothing of the scene is left."""
    with transaction.atomic():
        message = SCENES[name]()
        titles = tuple(Gathering.objects.values_list("title", flat=True))
        found = Mail(finished(message, is_discreet), KINDS[message.kind], titles, message.member is not None)
        transaction.set_rollback(True)
    return found
