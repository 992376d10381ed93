import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.profiles.pictures import make, sweep

logger = logging.getLogger(__name__)


@shared_task
def picture(pk: int) -> None:
    """Make a picture that was just sent. How long it may take, and how much, its own process is bound to."""
    make(pk)


def wake(pk: int) -> None:
    """Ask a worker to make it soon. If the broker is away nothing is lost: the sweep finds the row."""
    try:
        picture.apply_async(args=(pk,), retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker is away; the next sweep makes the picture.")


@shared_task
def often() -> None:
    """Every few minutes: pictures that wait, and files that nobody remembers."""
    sweep(timezone.now())
