"""Why something cannot be done about a film: facts, each with a sentence for whom it concerns."""

from django.utils.translation import gettext_lazy as _


class CannotShow(Exception):
    sentence = _("This cannot be done just now.")


class NothingToShow(CannotShow):
    sentence = _("This movie night is over or called off, so there is nothing to settle any more.")


class SevenAlready(CannotShow):
    sentence = _("There are seven films on the list, which is plenty to choose from. Take one out first.")


class VoteIsOpen(CannotShow):
    sentence = _("Your guests are choosing just now. Once the vote is over we tell you all which film it is.")


class VoteIsOver(CannotShow):
    sentence = _("Your guests have chosen their film, and know which it is.")


class TooFewFilms(CannotShow):
    sentence = _("A vote needs two films at least.")


class LastFilm(CannotShow):
    sentence = _("The vote needs a film to end with. Name another one first.")


class FilmIsVotedOn(CannotShow):
    sentence = _("Title and year stay while your guests choose. Take the film out and name it anew instead.")


class DeadlineHasPassed(CannotShow):
    sentence = _("The vote can end at any moment from now on until the start.")


class CannotVote(Exception):
    sentence = _("You cannot vote just now.")


class NoVote(CannotVote):
    sentence = _("There is no vote here just now.")


class TooLate(CannotVote):
    sentence = _("The vote has just closed. We write to everyone which film it is.")


class NotSeated(CannotVote):
    sentence = _("Whoever has a seat votes, and you have none there just now.")


class NotOnTheList(CannotVote):
    sentence = _("The list has changed, and one of these films is not on it any more. Please look once more.")
