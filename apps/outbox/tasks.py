import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from apps.outbox.delivery import BATCH, deliver
from apps.outbox.models import Message

logger = logging.getLogger(__name__)


@shared_task
def send(is_help: bool = False) -> None:
    """Send everything that is due now. Where one batch is not all of it, another worker is asked to help, once.

    Helpers ask for none, so that others are free for what is not mail.
    """
    while messages := Message.objects.lease(BATCH):
        if len(messages) == BATCH and not is_help:
            wake(is_help=True)
            is_help = True
        if not deliver(messages):
            break


def wake(**how: bool) -> None:
    """Ask a worker to send soon. If the broker is away nothing is lost: the minute's sweep finds the row."""
    try:
        send.apply_async(kwargs=how, retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker is away; the next sweep sends what is due.")
