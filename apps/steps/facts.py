"""What a member has done, asked of the facts each time: ways of being there, in no order.

Nothing of it is stored, counted or shown, and nobody is ever told that one is lacking: coming is enough. It only keeps
the one next step from being something that they know already.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.gatherings.models import Gathering, GatheringQuerySet, Question, Rsvp, RsvpQuerySet
from apps.gatherings.models.question import QuestionQuerySet
from apps.meals.models import Dish
from apps.meals.models.dish import DishQuerySet
from apps.meals.needs import ROLES
from apps.profiles.models import Member
from apps.profiles.own_page import ProfileAnswer, ProfileAnswerQuerySet
from apps.steps.tables import same_as


def answered(member: Member) -> ProfileAnswerQuerySet:
    """Said something of themself on their page."""
    return ProfileAnswer.objects.of(member)


def asked(member: Member) -> QuestionQuerySet:
    """Asked a host something."""
    return Question.objects.of(member)


def has_a_seat(member: Member) -> RsvpQuerySet:
    """Took a seat, and has it still or came."""
    return Rsvp.objects.of(member).seated()


def came(member: Member) -> RsvpQuerySet:
    return Rsvp.objects.of(member).who_came()


def knows_the_way(member: Member, gathering: Gathering) -> RsvpQuerySet:
    """Came to another table of its host, or of its series."""
    return came(member).filter(gathering__in=Gathering.objects.filter(same_as(gathering)))


def opened_the_door(member: Member) -> RsvpQuerySet:
    return came(member).filter(opens_door=True)


def gave(member: Member) -> DishQuerySet:
    """What they had with them, or did, where they came."""
    there = came(member).filter(gathering=OuterRef("gathering"), round=OuterRef("round"))
    return Dish.objects.filter(Exists(there), bringer=member)


def brought(member: Member) -> DishQuerySet:
    return gave(member).exclude(need__in=ROLES)


def helped(member: Member) -> DishQuerySet:
    return gave(member).filter(need__in=ROLES)


def hosted(member: Member) -> GatheringQuerySet:
    """That guests had a seat at; nobody is reminded of an evening that they sat through alone."""
    over = {"ends_at__lte": timezone.now(), "seats_taken__gt": 0}
    return Gathering.objects.hosted_by(member).published().filter(**over)


WAYS: dict[str, Any] = {
    "answered": answered,
    "asked": asked,
    "has_a_seat": has_a_seat,
    "came": came,
    "opened_the_door": opened_the_door,
    "brought": brought,
    "helped": helped,
    "hosted": hosted,
}


def done_by(member: Member, *ways: str) -> set[str]:
    """Which of these they have done; one query."""
    is_so = {f"is_{way}": Exists(WAYS[way](member)) for way in ways}
    found = Member.objects.filter(pk=member.pk).values(**is_so).get()
    return {way for way in ways if found[f"is_{way}"]}
