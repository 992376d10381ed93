import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.privacy.erasing import sweep_departures
from apps.privacy.exporting import make, sweep_exports
from apps.privacy.retention import forget

logger = logging.getLogger(__name__)


@shared_task
def export(pk: int) -> None:
    """Make an export that was just asked for."""
    make(pk)


def wake(pk: int) -> None:
    """Ask a worker to make it soon. If the broker is away nothing is lost: the sweep finds the row."""
    try:
        export.apply_async(args=(pk,), retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker is away; the next sweep makes the export.")


@shared_task
def often() -> None:
    """Every few minutes: exports that were asked for or are over, and whoever has left."""
    sweep_exports(timezone.now())
    sweep_departures(timezone.now())


@shared_task
def night() -> None:
    """Once a day: forget what is not to be kept."""
    forget(timezone.now())
