from celery import shared_task
from django.utils import timezone

from apps.movies.sweep import sweep


@shared_task
def minute() -> None:
    """The minute's sweep: votes that close."""
    sweep(timezone.now())
