"""What a moderator can do about a report. Each act has a reason, which is in the log if the act is done.

All of them start from a report that the moderator may read, so that nobody acts where they are concerned themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.gatherings import parting
from apps.gatherings.models import Gathering
from apps.moderation import forms_acts as forms
from apps.moderation.models import Report, Suspension, Word
from apps.moderation.people import ANSWER, BAN, KEEP_APART, LET_MEET, REVEAL_GUESTS, SUSPEND, about_report
from apps.profiles.models import Member, Picture
from apps.safety.models import LogEntry


@dataclass(frozen=True)
class Case:
    """One report before one moderator, and what they have said."""

    moderator: Member
    report: Report
    form: forms.ReasonForm

    @property
    def said(self) -> dict[str, Any]:
        return self.form.cleaned_data

    @property
    def whom(self) -> Member:
        return self.form.chosen("whom")

    @property
    def gathering(self) -> Gathering:
        assert self.report.gathering is not None  # `fits` has seen to it
        return self.report.gathering

    def log(self, act: str, *whom: Member) -> None:
        """One entry for each act, however many it has met."""
        keys = " and ".join(member.key for member in whom)
        about = {0: "", 1: f"member {keys}, ", 2: f"members {keys}, "}[len(whom)]
        self.log_about(act, f"{about}report {self.report.key}")

    def log_about(self, act: str, about: str) -> None:
        LogEntry.objects.add(self.moderator, act, about, self.said["reason"])

    def log_gathering(self, act: str) -> None:
        self.log_about(act, about_report(self.report))


@dataclass(frozen=True)
class Act:
    """`fits` says whether there is anything to do; `is_noticed` whether others will notice, so that some ask first."""

    name: str
    title: str | Promise
    words: str | Promise
    carry_out: Callable[[Case], None]
    form: type[forms.ReasonForm] = forms.ReasonForm
    fits: Callable[[Report], bool] = lambda report: True
    is_noticed: bool = True
    reveals: str = ""

    def do(self, case: Case) -> None:
        with transaction.atomic():
            self.carry_out(case)


# Each: do it, then write it down. What changes seats comes first, as it has locks of its own to take.


def note(case: Case) -> None:
    case.log("note")


def ask(case: Case) -> None:
    Word.objects.send(Word.What.QUESTION, case.report.recipient, report=case.report, words=case.said["words"])
    case.log("ask")


def warn(case: Case) -> None:
    Word.objects.send(Word.What.WARNING, case.whom, report=case.report, words=case.said["words"])
    case.log("warn", case.whom)


def remove(case: Case) -> None:
    for rsvp in case.gathering.rsvps.open().filter(member=case.whom):
        rsvp.decline(case.said["words"])
    case.log("remove", case.whom)


def remove_picture(case: Case) -> None:
    for picture in Picture.objects.of(case.whom):
        picture.take_away()
    Word.objects.send(Word.What.PICTURE, case.whom, report=case.report, words=case.said["words"])
    case.log("remove picture", case.whom)


def keep_apart(case: Case) -> None:
    other = case.form.chosen("other")
    parting.keep_apart(other, case.whom)
    case.log(KEEP_APART, case.whom, other)


def let_meet(case: Case) -> None:
    assert isinstance(case.form, forms.MeetForm)  # as ALL says
    pair = case.form.chosen_pair
    parting.let_meet(pair)
    case.log(LET_MEET, pair.first, pair.second)


def suspend(case: Case) -> None:
    Suspension.objects.impose(case.whom, case.said["until"], case.said["words"])
    case.log(f"{SUSPEND} {case.said['until']:%Y-%m-%d}", case.whom)


def ban(case: Case) -> None:
    Suspension.objects.impose(case.whom, None, case.said["words"])
    case.log(BAN, case.whom)


def let_back(case: Case) -> None:
    Suspension.objects.lift(case.whom, case.said["words"])
    case.log("let back", case.whom)


def hide(case: Case) -> None:
    case.gathering.hide()
    case.log_gathering("hide")


def show(case: Case) -> None:
    case.gathering.show_again()
    case.log_gathering("show again")


def call_off(case: Case) -> None:
    case.gathering.cancel(case.said["words"])
    case.log_gathering("call off")


def reveal_address(case: Case) -> None:
    case.log_gathering("reveal address")


def reveal_guests(case: Case) -> None:
    case.log_gathering(REVEAL_GUESTS)


def reveal_looks(case: Case) -> None:
    case.log_gathering("reveal who saw the address")


def decide(case: Case) -> None:
    case.report.decide(case.said["outcome"], case.said.get("answer", ""))
    case.log(f"{ANSWER} {case.said['outcome']}")


def has_gathering(report: Report) -> bool:
    return report.gathering is not None


def is_at_a_home(report: Report) -> bool:
    return report.gathering is not None and not report.gathering.is_public_place


def has_guarded_address(report: Report) -> bool:
    """At a public place it stands on its page for all; of a home it is gone once whoever lived there has left."""
    gathering = report.gathering
    return gathering is not None and is_at_a_home(report) and bool(gathering.address or gathering.way_in)


def is_ahead(report: Report) -> bool:
    return report.gathering is not None and report.gathering.is_published and not report.gathering.is_over


def names_somebody(report: Report) -> bool:
    return report.about is not None or report.gathering is not None


ALL = [
    Act("note", _("Make a note"), _("For the other moderators."), note, is_noticed=False),
    Act(
        "ask",
        _("Write to whoever told us"),
        _("They get a mail with your words, and answer to the community’s address."),
        ask,
        forms.AskForm,
        lambda report: bool(report.recipient),
        is_noticed=False,
    ),
    Act(
        "reveal-address",
        _("See the address"),
        _("That you have seen it is in the log."),
        reveal_address,
        fits=has_guarded_address,
        is_noticed=False,
        reveals="address",
    ),
    Act(
        "reveal-guests",
        _("See who is at the table"),
        _("That you have seen it is in the log. You can then choose a guest in what follows."),
        reveal_guests,
        fits=has_gathering,
        is_noticed=False,
        reveals="guests",
    ),
    Act(
        "reveal-looks",
        _("See who was shown the address"),
        _("Which guests, and on which days. That you have seen it is in the log."),
        reveal_looks,
        fits=is_at_a_home,
        is_noticed=False,
        reveals="looks",
    ),
    Act(
        "hide",
        _("Take it out of sight"),
        _("Nobody new finds it or takes a seat. Whoever has one keeps it. The host can see that it is hidden."),
        hide,
        fits=lambda report: has_gathering(report) and not report.gathering.hidden_at,  # type: ignore[union-attr]  # it has
    ),
    Act(
        "show",
        _("Bring it back into sight"),
        _("It is found again by whomever it is for."),
        show,
        fits=lambda report: has_gathering(report) and bool(report.gathering.hidden_at),  # type: ignore[union-attr]  # likewise
    ),
    Act(
        "warn",
        _("Write to somebody"),
        _("A mail with your words, and what everybody here has promised."),
        warn,
        forms.WarnForm,
        names_somebody,
    ),
    Act(
        "remove",
        _("Take a seat away"),
        _("They read in neutral words that they cannot come, as whenever a host takes a place back."),
        remove,
        forms.RemoveForm,
        is_ahead,
    ),
    Act(
        "remove-picture",
        _("Take a picture away"),
        _("The one of somebody here. It is gone from every page, and they get a mail. They may choose another."),
        remove_picture,
        forms.PictureForm,
        names_somebody,
    ),
    Act(
        "keep-apart",
        _("Keep two apart"),
        _("Whoever comes second finds the table full. Where both have a seat, the one who came later loses theirs."),
        keep_apart,
        forms.ApartForm,
        names_somebody,
    ),
    Act(
        "let-meet",
        _("Let two meet again"),
        _("Two who are kept apart may have seats at one table again. What it has ended stays ended."),
        let_meet,
        forms.MeetForm,
        names_somebody,
    ),
    Act(
        "call-off",
        _("Call the gathering off"),
        _("Everybody there is told at once, with your words."),
        call_off,
        forms.CallOffForm,
        is_ahead,
    ),
    Act(
        "suspend",
        _("Suspend somebody"),
        _(
            "They are signed out at once and see what strangers see. "
            "What they host until then goes to a co-host or is called off."
        ),
        suspend,
        forms.SuspendForm,
        names_somebody,
    ),
    Act(
        "ban",
        _("Ban somebody"),
        _("For good. They are signed out at once; what they host goes to a co-host or is called off."),
        ban,
        forms.BanForm,
        names_somebody,
    ),
    Act(
        "let-back",
        _("Let somebody back"),
        _("They may sign in again at once, and are told. Seats and tables that were let go stay so."),
        let_back,
        forms.BackForm,
        names_somebody,
        is_noticed=False,
    ),
    Act(
        "decide",
        _("Answer and close"),
        _("Whoever told us gets a mail with what came of it, if we know where to write."),
        decide,
        forms.DecideForm,
        lambda report: not report.is_decided,
        is_noticed=False,
    ),
]  # fmt: skip
ACTS = {act.name: act for act in ALL}


def acts_for(report: Report) -> list[Act]:
    return [act for act in ALL if act.fits(report)]
