"""What time alone brings about, looked for every minute. Each finding is checked again under the lock."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from apps.gatherings import series_sweep, waitlist
from apps.gatherings.models import Gathering, Rsvp

logger = logging.getLogger(__name__)


def sweep(now: datetime) -> None:
    lapsed = Rsvp.objects.filter(offered_until__lte=now).values_list("gathering", flat=True)
    each(lapsed.distinct(), lambda gathering: end_offers(gathering, now))
    begun = Rsvp.objects.hoping().filter(gathering__starts_at__lte=now).values_list("gathering", flat=True)
    each(begun.distinct(), end_line)
    each(lines_to_move(now), waitlist.move_up)
    series_sweep.sweep(now)


def each(gatherings: Iterable[int], act: Callable[[Gathering], None]) -> None:
    """Do it to each gathering, locked, in a transaction of its own; what fails at one table stops no other."""
    for pk in gatherings:
        try:
            with transaction.atomic():
                act(Gathering.objects.locked(pk))
        except Exception:  # whatever is wrong at one table must not keep the others from their turn
            logger.exception("The sweep could not finish gathering %s", pk)


def end_offers(gathering: Gathering, now: datetime) -> None:
    """An offer that nobody took passes on."""
    for rsvp in gathering.rsvps.filter(offered_until__lte=now).select_related("member").order_by("offered_until", "pk"):
        rsvp.gathering = gathering
        waitlist.release(rsvp, rsvp.State.LEFT)
        waitlist.tell(rsvp, "offer_lapsed", due_at=waitlist.by_day(gathering))


def end_line(gathering: Gathering) -> None:
    """Asking, waiting and offers end at the start, unless it has been put off just now."""
    if gathering.has_begun:
        waitlist.send_home(gathering)


def lines_to_move(now: datetime) -> list[int]:
    """Where a seat is free for whoever waits: kept seats have become ordinary, or somebody is no first-timer now."""
    waiting = Rsvp.objects.in_line().order_by().filter(gathering__seats_taken__lt=F("gathering__seats"))
    open_still = waiting.filter(gathering__state=Gathering.State.PUBLISHED, gathering__starts_at__gt=now)
    gatherings = Gathering.objects.filter(pk__in=open_still.values("gathering"))
    return [each.pk for each in gatherings if waitlist.whose_turn(each, waitlist.line_of(each))]
