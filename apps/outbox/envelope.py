"""How a mail looks from outside: sender, subject, headers, the two bodies and the calendar file.

For a discreet member the first lines of both bodies say nothing, either: a locked phone shows them with the subject.
"""

import re
from email.message import Message as Mime
from email.mime.image import MIMEImage
from email.policy import Compat32
from email.utils import formataddr
from functools import lru_cache
from hashlib import sha256
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart, SafeMIMEText
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.outbox.kinds import Kind, Klass, Mail
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.profiles.keys import new_key
from apps.profiles.models import Member

LONGEST_LINE = 78  # signs of a header (RFC 5322, 2.1.1); what is longer is folded
INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


class Headers(Compat32):
    def fold_binary(self, name: str, value: Any) -> bytes:
        """Most headers are short and plain, and need not be taken apart to be folded."""
        line = f"{name}: {value}"
        is_plain = isinstance(value, str) and line.isascii() and line.isprintable() and len(line) <= LONGEST_LINE
        return f"{line}{self.linesep}".encode() if is_plain else super().fold_binary(name, value)


class Letter(EmailMultiAlternatives):
    """Written out as Django does it, but for two things that take a third of its time and change nothing to read.

    It may have a picture, which is part of the HTML body rather than a file beside it.
    """

    picture = b""

    def message(self, **how: Any) -> Any:
        mime = super().message(**how)
        if self.picture:
            put_picture_beside_words(mime, picture_part(self.picture))
        mime.policy = Headers()
        random = new_key() + new_key()  # of which no text holds a line by chance, so that none is searched for it
        for number, part in enumerate(part for part in mime.walk() if part.is_multipart()):
            part.set_boundary(f"={random}.{number}")
        return mime


def put_picture_beside_words(mime: Mime, part: MIMEImage) -> None:
    """The HTML body becomes one with what it shows (RFC 2387)."""
    [alternatives] = [each for each in mime.walk() if each.get_content_subtype() == "alternative"]
    bodies: Any = alternatives.get_payload()
    both = SafeMIMEMultipart("related", encoding="utf-8", type="text/html")
    both.set_payload([bodies.pop(), part])
    alternatives.attach(both)


@lru_cache(maxsize=256)
def picture_part(png: bytes) -> MIMEImage:
    part = MIMEImage(png, "png")
    part.add_header("Content-ID", f"<{picture_id(png)}>")
    part.add_header("Content-Disposition", "inline", filename="table.png")
    return part


@lru_cache(maxsize=256)
def picture_id(png: bytes) -> str:
    return f"{sha256(png).hexdigest()[:20]}@{settings.BASE_HOST}"


def envelope(message: Message, kind: Kind, mail: Mail) -> EmailMultiAlternatives:
    is_quiet = is_discreet(message)
    if is_quiet:
        mail.picture = b""
    context = context_of(message, kind, mail) | {"is_quiet": is_quiet, "shown_subject": subject_of(mail, is_quiet)}
    email = Letter(
        subject=context["shown_subject"],
        body=re.sub(r"\n{3,}", "\n\n", render_to_string(f"{mail.template}.txt", context).strip()) + "\n",
        from_email=sender(is_quiet),
        to=[message.recipient],
        headers=headers(message, mail, context["unsubscribe_url"]),
    )
    html = render_to_string(f"{mail.template}.html", context)
    email.attach_alternative(INLINER.inline(html), "text/html")
    email.picture = mail.picture
    if mail.calendar:
        email.attach(calendar_part(mail))
    return email


def context_of(message: Message, kind: Kind, mail: Mail) -> dict[str, Any]:
    """What the templates of a kind are told besides its own words."""
    is_to_a_stranger = message.member is None and not kind.is_first
    return {
        "base_url": settings.BASE_URL,
        "community_name": settings.COMMUNITY_NAME,
        "member": message.member,
        "subject": mail.subject,
        "picture_id": picture_id(mail.picture) if mail.picture else "",
        "picture_words": mail.picture_words,
        "unsubscribe_url": unsubscribe_url(message, kind),
        "switches_url": link_to("switches", message.member) if message.member and kind.label else "",
        "no_more_url": link_to("no_more", None, text=message.address) if is_to_a_stranger else "",
        **mail.context,
    }


def unsubscribe_url(message: Message, kind: Kind) -> str:
    if message.member is None or kind.klass == Klass.SERVICE:
        return ""
    return link_to("unsubscribe", message.member, text=kind.name)


def is_discreet(message: Message) -> bool:
    """A code goes to an address; whose it is, nobody is told."""
    member = message.member or Member.objects.with_email(message.address)
    return member is not None and member.is_discreet


def subject_of(mail: Mail, is_quiet: bool) -> str:
    """On one line, whatever a title holds; for a discreet member it says nothing of what this is."""
    subject = (mail.discreet_subject or _("A note for you")) if is_quiet else mail.subject
    return " ".join(subject.split())


def sender(is_quiet: bool) -> str:
    return formataddr((_("A note"), settings.COMMUNITY_EMAIL)) if is_quiet else settings.DEFAULT_FROM_EMAIL


def headers(message: Message, mail: Mail, unsubscribe_url: str) -> dict[str, str]:
    found = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if mail.thread:
        found["References"] = f"<{mail.thread}@{settings.BASE_HOST}>"
    if unsubscribe_url:  # one click in the mail program, without opening a page (RFC 8058)
        found["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def calendar_part(mail: Mail) -> SafeMIMEText:
    part = SafeMIMEText(mail.calendar.decode(), "calendar", "utf-8")
    part.set_param("method", mail.calendar_method)
    part.add_header("Content-Disposition", "attachment", filename="calendar.ics")
    return part
