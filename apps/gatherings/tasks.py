from celery import shared_task
from django.utils import timezone

from apps.gatherings.sweep import forget_absences, sweep


@shared_task
def minute() -> None:
    """The minute's sweep: offers that lapse, lines that move or end."""
    sweep(timezone.now())


@shared_task
def night() -> None:
    """Once a day: forget what is not to be kept."""
    forget_absences(timezone.now())
