"""Leaving for good: what a member has with others ends at once, and what they gave to others goes on without them.

Each step is a transaction of its own and changes nothing where it was done before. The sweep takes them all again while
somebody may come back: what a stopped process left undone is done then, and so is what came in beside it, such as a
seat taken in another tab.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from apps.afterwards.models import Match, Thanks, Tick
from apps.gatherings import waitlist
from apps.gatherings.letting_go import heirs
from apps.gatherings.models import (
    CalendarFeed,
    Change,
    CoHost,
    Companion,
    Gathering,
    GatheringQuerySet,
    KeptWish,
    Note,
    Plan,
    Question,
    Rsvp,
    Series,
    StandingRsvp,
)
from apps.gatherings.models.co_host import LEFT_WITH_THE_HOST
from apps.meals.models import Dish, TableRequest, ToldDiet
from apps.movies.models import Vote
from apps.outbox.models import Message
from apps.privacy.models import Departure
from apps.profiles.models import Member, Picture

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")
HANDED_OVER = "handed_over"


def leave(member: Member) -> Departure:
    """Raises OnlyKeeper."""
    departure = Departure.objects.begin(member)
    let_go(member)
    return departure


def let_go(member: Member) -> None:
    CalendarFeed.objects.end(member)
    each(Series.objects.filter(host=member), hand_on_series)
    each(hosted_ahead(member), hand_on)
    each(StandingRsvp.objects.filter(member=member).select_related("series"), end_standing)
    each(seats_ahead(member), Rsvp.bow_out)
    CoHost.objects.filter(Q(member=member) | Q(email=member.email)).delete()
    forget_words(member)
    each(Picture.objects.of(member), Picture.take_away)


def each(things: Iterable[Thing], act: Callable[[Thing], object]) -> None:
    for thing in list(things):
        try:
            act(thing)
        except Exception:  # whatever is wrong at one table must not keep the others waiting
            logger.exception("%s could not be let go", type(thing).__name__)


# What they host


def hosted_ahead(member: Member) -> GatheringQuerySet:
    return Gathering.objects.hosted_by(member).published().upcoming().soonest_first()


def hand_on(gathering: Gathering) -> None:
    """To the co-host who has helped longest; where there is none it is called off, and the guests are told."""
    if not any(is_taken_over(heir) for heir in heirs(gathering)):
        with translation.override(settings.LANGUAGE_CODE):
            words = gettext(
                "Your host has left the community and cannot be there. Nothing is wrong on your side; "
                "there are other tables, and you are welcome at them."
            )
        gathering.cancel(words)


def is_taken_over(heir: CoHost) -> bool:
    """Whoever hosts from now on is written to, of a series once."""
    gathering, member = heir.gathering, heir.member
    with transaction.atomic():
        if not member or not heir.take_over():
            return False
        of_series = Gathering.objects.filter(series=gathering.series_id, series__isnull=False)
        if not Message.objects.filter(kind=HANDED_OVER, member=member, subject_id__in=of_series.values("pk")):
            slot = {"subject_id": gathering.pk, "expires_at": gathering.starts_at}
            Message.objects.put(HANDED_OVER, member, due_at=waitlist.by_day(gathering), **slot)
    return True


def hand_on_series(series: Series) -> None:
    """To whoever is to host its latest date; where that is nobody, no more dates are made."""
    latest = series.latest()
    heir = heirs(latest)[:1] if latest and latest.is_published and not latest.has_begun else []
    if heir and heir[0].member:
        series.hand_over(heir[0].member)
    else:
        series.end()


# What they come to


def seats_ahead(member: Member) -> Iterable[Rsvp]:
    ahead = Gathering.objects.published().upcoming()
    return member.rsvps.open().filter(gathering__in=ahead.values("pk")).select_related("gathering", "member")


def end_standing(standing: StandingRsvp) -> None:
    standing.series.leave(standing.member)


# What they wrote to others


def forget_words(member: Member) -> None:
    """Hosts and guests have had it by mail, if they were to have it."""
    Question.objects.filter(Q(asker=member) | Q(answered_by=member)).delete()
    Note.objects.filter(author=member).delete()
    Plan.objects.filter(rsvp__member=member).delete()
    KeptWish.objects.filter(member=member).delete()
    Companion.objects.filter(rsvp__member=member).delete()
    Dish.objects.filter(bringer=member).delete()
    ToldDiet.objects.filter(rsvp__member=member).delete()
    Vote.objects.filter(voter=member).delete()
    Thanks.objects.filter(writer=member).delete()
    for between in (Tick, Match):
        between.objects.filter(Q(member=member) | Q(other=member)).delete()
    member.rsvps.update(note="", wants_space=False)
    no_more = Q(ends_at__lte=timezone.now()) | Q(state=Gathering.State.CANCELLED)
    theirs = Gathering.objects.hosted_by(member).filter(no_more)  # nobody needs to find there
    theirs.update(address="", meeting_point="", way_in="", contact="", met_by="")
    TableRequest.objects.filter(gathering__in=theirs).delete()
    Change.objects.filter(gathering__in=theirs, field__in=LEFT_WITH_THE_HOST).delete()
