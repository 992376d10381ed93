"""Lease, send, mark: how rows of the outbox become mail."""

import logging
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError
from django.utils import timezone, translation

from apps.outbox.envelope import envelope
from apps.outbox.kinds import KINDS
from apps.outbox.models import Message, Suppression
from apps.outbox.reach import Reach

logger = logging.getLogger(__name__)
BATCH = 100
# What a lease must still last for when a message is taken up: as long as a mail server may let us wait.
LONGEST_SEND = timedelta(seconds=2 * settings.EMAIL_TIMEOUT)


class NoServer(Exception):
    """The mail server cannot be reached, or does not let us in."""


def deliver(messages: list[Message]) -> bool:
    """Send a batch that was leased, over one connection. Returns whether another may be sent now."""
    reach, connection = Reach(messages), get_connection()
    try:
        for message in messages:
            if is_held(message):
                deliver_one(message, connection, reach)
            reach.done_with(message)
    except NoServer as error:  # nobody waits for it a hundred times
        for message in reach.messages:
            message.put_off(repr(error.__cause__))
        return False  # and for a server that hangs not once a batch: the next sweep asks again
    finally:
        connection.close()
    return True


def is_held(message: Message) -> bool:
    """Whether the lease lasts for this message to be sent; it is made longer where that may take too long."""
    assert message.leased_until is not None  # by whoever leased it
    return message.leased_until > timezone.now() + LONGEST_SEND or message.keep_lease()


def deliver_one(message: Message, connection: BaseEmailBackend, reach: Reach) -> None:
    """Raises NoServer, before anything is marked or sent."""
    email = composed(message, reach)
    if not email:
        return
    open_or_stop(connection)
    is_at_most_once = KINDS[message.kind].is_at_most_once
    if is_at_most_once and not message.mark(Message.State.SENT):
        return
    try:
        connection.send_messages([email])
    except (OSError, SMTPException, AnymailError) as error:
        connection.close()  # in whatever state it is; the next message opens a new one
        logger.warning("Message %s was not taken by the mail server: %s", message.key, type(error).__name__)
        if is_at_most_once:
            message.take_back(Message.State.DROPPED, repr(error))
        else:
            give_up_or_put_off(message, error)
    except Exception as error:  # an address that no mail can have, or what nobody has thought of: this row's alone
        connection.close()
        logger.exception("Message %s cannot be written as a mail", message.key)
        if not message.mark(Message.State.DEAD, repr(error)):
            message.take_back(Message.State.DEAD, repr(error))
    else:
        message.mark(Message.State.SENT)


def open_or_stop(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        connection.close()
        logger.warning("The mail server does not let us in: %s", type(error).__name__)
        raise NoServer from error


def composed(message: Message, reach: Reach) -> EmailMultiAlternatives | None:
    """The mail, if it is still to be sent; a row that is stale or cannot be composed is closed alone."""
    try:
        kind = KINDS[message.kind]
        if refusal := reach.refusal(message):
            message.mark(Message.State.DROPPED, refusal)
        elif message.has_expired or not kind.is_still_true(message):
            message.mark(Message.State.DROPPED)
        elif until := kind.rests_until and kind.rests_until(message):
            message.rest(until)
        else:
            with translation.override(message.member.language if message.member else settings.LANGUAGE_CODE):
                if mail := kind.compose(message):
                    return envelope(message, kind, mail)
            message.mark(Message.State.DROPPED)
    except DatabaseError as error:  # of the moment, most likely
        logger.exception("Message %s could not be read", message.key)
        message.put_off(repr(error))
    except Exception as error:  # one row's template or data must not stop the others
        logger.exception("Message %s could not be composed", message.key)
        message.mark(Message.State.DEAD, repr(error))
    return None


def give_up_or_put_off(message: Message, error: Exception) -> None:
    """A refusal of this mail for good (5xx) ends it; anything else is tried again until it expires.

    What the server holds against us (a wrong password, a sender it does not know) says nothing about the reader: it
    is tried again as well, so that a mistake in the settings loses no mail.
    """
    if is_no_such_reader(error):
        message.mark(Message.State.DEAD, repr(error))
        Suppression.objects.suppress(message.recipient, Suppression.Reason.REFUSED)
    elif isinstance(error, SMTPDataError) and error.smtp_code >= 500:
        message.mark(Message.State.DEAD, repr(error))
    else:
        message.put_off(repr(error))


def is_no_such_reader(error: Exception) -> bool:
    """Whether the address itself was refused for good; 5.7.x is about the sender (RFC 3463, 3.8)."""
    if isinstance(error, SMTPRecipientsRefused):
        [(code, reason)] = error.recipients.values()
        return code >= 500 and not reason.lstrip().startswith(b"5.7.")
    return isinstance(error, AnymailRecipientsRefused)
