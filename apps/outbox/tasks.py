import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from apps.outbox.delivery import deliver

logger = logging.getLogger(__name__)


@shared_task
def send() -> None:
    """Send everything that is due now."""
    while deliver():
        pass


def wake() -> None:
    """Ask a worker to send soon. If the broker is away nothing is lost: the minute's sweep finds the row."""
    try:
        send.apply_async(retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker is away; the next sweep sends what is due.")
