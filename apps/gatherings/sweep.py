"""What time alone brings about, looked for every minute. Each finding is checked again under the lock."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from apps.gatherings import series_sweep, waitlist
from apps.gatherings.models import Gathering, Rsvp


def sweep(now: datetime) -> None:
    end_offers(now)
    end_lines(now)
    move_lines(now)
    series_sweep.sweep(now)


def end_offers(now: datetime) -> None:
    """An offer that nobody took passes on."""
    for pk, gathering_id in Rsvp.objects.filter(offered_until__lte=now).values_list("pk", "gathering_id"):
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering_id)
            rsvp = gathering.rsvps.filter(pk=pk, offered_until__lte=now).select_related("member").first()
            if rsvp:
                rsvp.gathering = gathering
                waitlist.release(rsvp, rsvp.State.LEFT)
                waitlist.tell(rsvp, "offer_lapsed")


def end_lines(now: datetime) -> None:
    """Offers, asking and waiting end at the start."""
    begun = Rsvp.objects.hoping().filter(gathering__starts_at__lte=now).values_list("gathering_id", flat=True)
    for pk in begun.distinct():
        with transaction.atomic():
            waitlist.send_home(Gathering.objects.locked(pk))


def move_lines(now: datetime) -> None:
    """Where seats are free and somebody waits: kept seats have become ordinary, or a first-timer has come elsewhere."""
    waiting = Rsvp.objects.in_line().order_by().filter(gathering__seats_taken__lt=F("gathering__seats"))
    open_still = waiting.filter(gathering__state=Gathering.State.PUBLISHED, gathering__starts_at__gt=now)
    for gathering in Gathering.objects.filter(pk__in=open_still.values("gathering")):
        if waitlist.whose_turn(gathering, waitlist.line_of(gathering)):
            with transaction.atomic():
                waitlist.move_up(Gathering.objects.locked(gathering.pk))
