"""Lease, send, mark: how rows of the outbox become mail."""

import logging
import re
from email.mime.text import MIMEText
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.outbox.kinds import KINDS, Mail
from apps.outbox.models import Message

logger = logging.getLogger(__name__)
BATCH = 100


def deliver() -> int:
    """Send what is due, up to a batch over one connection. Returns how many rows were taken up."""
    messages = Message.objects.lease(BATCH)
    connection = get_connection()
    try:
        for message in messages:
            if message.leased_until and message.leased_until > timezone.now():
                deliver_one(message, connection)
    finally:
        connection.close()
    return len(messages)


def deliver_one(message: Message, connection: BaseEmailBackend) -> None:
    email = composed(message)
    if not email:
        return
    try:
        connection.open()
        connection.send_messages([email])
    except (OSError, SMTPException) as error:
        connection.close()  # in whatever state it is; the next message opens a new one
        give_up_or_put_off(message, error)
    except ValueError as error:  # an address or a header that no mail can have
        logger.exception("Message %s cannot be written as a mail", message.key)
        message.mark(Message.State.DEAD, repr(error))
    else:
        message.mark(Message.State.SENT)


def composed(message: Message) -> EmailMultiAlternatives | None:
    """The mail, if it is still to be sent; a row that is stale or cannot be composed is closed alone."""
    try:
        kind = KINDS[message.kind]
        is_gone = message.member is not None and not message.member.is_active
        if is_gone or message.has_expired or not kind.is_still_true(message):
            message.mark(Message.State.DROPPED)
            return None
        with translation.override(message.member.language if message.member else settings.LANGUAGE_CODE):
            return envelope(message, kind.compose(message))
    except Exception as error:  # one row's template or data must not stop the others
        logger.exception("Message %s could not be composed", message.key)
        message.mark(Message.State.DEAD, repr(error))
        return None


def give_up_or_put_off(message: Message, error: Exception) -> None:
    """A refusal for good (5xx) ends the message; anything else is tried again until it expires."""
    code = error.smtp_code if isinstance(error, SMTPResponseException) else 0
    if isinstance(error, SMTPRecipientsRefused):
        code = max(code for code, _reason in error.recipients.values())
    if code >= 500:
        message.mark(Message.State.DEAD, repr(error))
    else:
        message.put_off(repr(error))
    logger.warning("Message %s was not taken by the mail server: %s", message.key, type(error).__name__)


def envelope(message: Message, mail: Mail) -> EmailMultiAlternatives:
    context = {
        "base_url": settings.BASE_URL,
        "community_name": settings.COMMUNITY_NAME,
        "member": message.member,
        "subject": mail.subject,
        **mail.context,
    }
    email = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=re.sub(r"\n{3,}", "\n\n", render_to_string(f"{mail.template}.txt", context).strip()) + "\n",
        to=[message.recipient],
        headers=headers(message, mail),
    )
    html = render_to_string(f"{mail.template}.html", context)
    email.attach_alternative(css_inline.inline(html, keep_style_tags=True, load_remote_stylesheets=False), "text/html")
    if mail.calendar:
        email.attach(calendar_part(mail))
    return email


def headers(message: Message, mail: Mail) -> dict[str, str]:
    found = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if mail.thread:
        found["References"] = f"<{mail.thread}@{settings.BASE_HOST}>"
    return found


def calendar_part(mail: Mail) -> MIMEText:
    part = MIMEText(mail.calendar.decode(), "calendar", "utf-8")
    part.set_param("method", mail.calendar_method)
    part.add_header("Content-Disposition", "attachment", filename="gathering.ics")
    return part
