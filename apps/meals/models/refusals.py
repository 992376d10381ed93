"""Why somebody cannot bring something: facts, each with a sentence for whom it concerns."""

from django.utils.translation import gettext_lazy as _


class CannotBring(Exception):
    sentence = _("This cannot be brought just now.")


class NobodyEats(CannotBring):
    sentence = _("This gathering is over or called off, so there is nothing to bring any more.")


class HostCooks(CannotBring):
    sentence = _("The host cooks this time, so there is nothing to bring. Coming with empty hands is fine.")


class NotAtTheTable(CannotBring):
    sentence = _("You have no seat there just now, so you need to bring nothing.")


class NeedTaken(CannotBring):
    sentence = _("Somebody has just taken that. The table has what it needs of it, and you need to bring nothing.")


class BringsEnough(CannotBring):
    sentence = _("You bring three things already, which is plenty.")


class TableIsLaden(CannotBring):
    sentence = _("The table holds sixty things already, and has no room for more.")
