from apps.gatherings.models.gathering import (
    MOST_SEATS,
    MOST_SEATS_OF_A_LARGER,
    CannotSit,
    Gathering,
    GatheringFull,
    GatheringHasBegun,
    GatheringNotOpen,
    GatheringQuerySet,
    HostHasASeat,
)
from apps.gatherings.models.rsvp import Rsvp, RsvpQuerySet

__all__ = [
    "MOST_SEATS",
    "MOST_SEATS_OF_A_LARGER",
    "CannotSit",
    "Gathering",
    "GatheringFull",
    "GatheringHasBegun",
    "GatheringNotOpen",
    "GatheringQuerySet",
    "HostHasASeat",
    "Rsvp",
    "RsvpQuerySet",
]
