from celery import shared_task
from django.utils import timezone

from apps.outbox.tasks import send
from apps.reminders.due import each, put_what_is_due
from apps.reminders.nudges import put_nudges


@shared_task
def minute() -> None:
    """The minute's sweep: find what is due, then send everything that waits."""
    put_what_is_due(timezone.now())
    each(timezone.now(), [put_nudges])
    send()
