from apps.gatherings.models.calendar_feed import CalendarFeed
from apps.gatherings.models.change import Change
from apps.gatherings.models.co_host import CoHost
from apps.gatherings.models.companion import Companion
from apps.gatherings.models.gathering import Gathering
from apps.gatherings.models.history import RsvpChange
from apps.gatherings.models.invitation import Invitation
from apps.gatherings.models.kept_wish import KeptWish
from apps.gatherings.models.note import Note
from apps.gatherings.models.plan import Plan
from apps.gatherings.models.queries import GatheringQuerySet
from apps.gatherings.models.question import Question
from apps.gatherings.models.refusals import (
    CannotSit,
    Declined,
    GatheringFull,
    GatheringHasBegun,
    GatheringNotOpen,
    HostHasASeat,
    HostsEnough,
    NoSeriesYet,
    NothingToChange,
    OfferGone,
    PartyTooLarge,
    SeatsEnough,
)
from apps.gatherings.models.reveal import Reveal
from apps.gatherings.models.rsvp import Rsvp, RsvpQuerySet
from apps.gatherings.models.seated import KEPT_UNTIL, MOST_COMPANIONS, MOST_SEATS, MOST_SEATS_OF_A_LARGER
from apps.gatherings.models.series import Series, StandingRsvp

__all__ = [
    "KEPT_UNTIL",
    "MOST_COMPANIONS",
    "MOST_SEATS",
    "MOST_SEATS_OF_A_LARGER",
    "CalendarFeed",
    "CannotSit",
    "Change",
    "CoHost",
    "Companion",
    "Declined",
    "Gathering",
    "GatheringFull",
    "GatheringHasBegun",
    "GatheringNotOpen",
    "GatheringQuerySet",
    "HostHasASeat",
    "HostsEnough",
    "Invitation",
    "KeptWish",
    "NoSeriesYet",
    "Note",
    "NothingToChange",
    "OfferGone",
    "PartyTooLarge",
    "Plan",
    "Question",
    "Reveal",
    "Rsvp",
    "RsvpChange",
    "RsvpQuerySet",
    "SeatsEnough",
    "Series",
    "StandingRsvp",
]
