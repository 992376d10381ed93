from celery import shared_task
from django.utils import timezone

from apps.afterwards.models import Match, Shares, Tick


@shared_task
def minute() -> None:
    """What stands across a block, or of somebody who is not there any more, does not come back with them."""
    Tick.objects.void().delete()
    Match.objects.void().delete()


@shared_task
def night() -> None:
    Shares.objects.close(timezone.now())
