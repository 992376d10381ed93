from celery import shared_task
from django.utils import timezone

from apps.gatherings.sweep import sweep


@shared_task
def minute() -> None:
    """The minute's sweep: offers that lapse, lines that move or end."""
    sweep(timezone.now())
