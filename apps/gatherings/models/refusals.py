"""Why somebody cannot have a seat, or do something with it: facts, each with a sentence for whom it concerns."""

from django.utils.translation import gettext_lazy as _


class CannotSit(Exception):
    sentence = _("You cannot take a seat here.")


class GatheringFull(CannotSit):
    """Only where somebody asks for a seat now and cannot wait for one: an offer by the host, a larger party."""

    sentence = _("There is no free seat for that just now. What you have stays as it is.")


class GatheringHasBegun(CannotSit):
    sentence = _("This gathering has begun already, so seats can no longer be taken.")


class GatheringNotOpen(CannotSit):
    sentence = _("This gathering is not taking place, so there is no seat to take.")


class HostHasASeat(CannotSit):
    sentence = _("You are the host: your own seat is always yours.")


class Declined(CannotSit):
    sentence = _("The host could not give you a seat this time. There are other tables, and you are welcome at them.")


class PartyTooLarge(CannotSit):
    sentence = _("You are more people than this table can take. Fewer of you may fit.")


class NothingToChange(CannotSit):
    sentence = _("You have given this back meanwhile, so there is nothing to change. You may take a seat anew.")


class OfferGone(CannotSit):
    sentence = _("This offer has ended, and the seat went on to whose turn it was. You may wait for another.")


# Of whoever has only just joined


class SeatsEnough(CannotSit):
    sentence = _(
        "You are new here, and have two seats already. Once you have come to one, or after a week, you may take more; "
        "or give one of them back."
    )


class NoSeriesYet(CannotSit):
    sentence = _(
        "You are new here, so begin with single evenings. Once you have come to one, or after a week, you may have a "
        "whole series."
    )


class HostsEnough(Exception):
    sentence = _(
        "You are new here, and host two gatherings already. It stays a draft: once you have come to a table, or after "
        "a week, you may publish it."
    )
