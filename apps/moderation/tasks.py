from celery import shared_task

from apps.moderation.models import Suspension


@shared_task
def hour() -> None:
    """Every hour: who was suspended until today may sign in again."""
    Suspension.objects.end_what_is_over()
