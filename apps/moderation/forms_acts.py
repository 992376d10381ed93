"""What a moderator says with each act. Every one of them wants a reason, for the log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.moderation.models import Report
from apps.moderation.people import at_the_table, kept_apart, others_of, people_of, shut_out
from apps.profiles.fields import LineField, WordsField
from apps.profiles.models import Member
from apps.safety.models import KeepApart

LONGEST_SUSPENSION = timedelta(days=366)


class ReasonForm(forms.Form):
    reason = WordsField(
        label=_("Why"),
        max_length=1000,
        help_text=_("Kept in the log for good, for moderators only. Leave out what was told in confidence."),
        error_messages={"required": _("Please say why. It is kept in the log.")},
    )
    field_order: tuple[str, ...] = ()

    def __init__(self, data: Any, moderator: Member, report: Report, is_noticed: bool = False) -> None:
        super().__init__(data)
        self.moderator, self.report = moderator, report
        if is_noticed and report.asks_first:
            self.fields["has_asked"] = forms.BooleanField(
                label=_("I have asked whoever told us, and they say yes"),
                error_messages={"required": _("They wish to be asked first. Write to them, and wait for their yes.")},
            )
        self.prepare()

    def prepare(self) -> None:
        """What there is to choose from."""

    def offer(self, name: str, people: dict[str, tuple[Member, str]]) -> None:
        self.offer_choices(name, {key: f"{member.name} ({role})" for key, (member, role) in people.items()})
        setattr(self, f"{name}_among", people)

    def offer_choices(self, name: str, choices: dict[str, str]) -> None:
        """Nobody is chosen beforehand: a hasty press should never meet whoever comes first."""
        first = _("Please choose") if choices else _("There is nobody to choose from")
        self.fields[name].choices = [("", first), *choices.items()]  # type: ignore[attr-defined]  # of a ChoiceField

    def chosen(self, name: str) -> Member:
        member: Member = getattr(self, f"{name}_among")[self.cleaned_data[name]][0]
        return member


class WhomForm(ReasonForm):
    whom = forms.ChoiceField(
        label=_("Whom"),
        help_text=_("Guests are among them once you have seen who is at the table."),
        error_messages={"required": _("Please choose somebody.")},
    )
    field_order: tuple[str, ...] = ("whom",)

    def prepare(self) -> None:
        self.offer("whom", people_of(self.moderator, self.report))


class WarnForm(WhomForm):
    words = WordsField(
        label=_("What you write to them"),
        max_length=1000,
        help_text=_("Kind and plain: what you ask of them. Not who has told us."),
        error_messages={"required": _("Please write them a sentence or two.")},
    )
    field_order = ("whom", "words")


class SuspendForm(WhomForm):
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("On that day they may come back."),
        error_messages={"required": _("Please choose a day."), "invalid": _("That is no day we can read.")},
    )
    words = WordsField(label=_("What you write to them"), max_length=1000, required=False)
    field_order = ("whom", "until", "words")

    def prepare(self) -> None:
        keepers_aside = people_of(self.moderator, self.report)
        self.offer("whom", {key: row for key, row in keepers_aside.items() if not row[0].is_staff and row[0].is_active})

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not timezone.now().date() < until <= timezone.now().date() + LONGEST_SUSPENSION:
            raise forms.ValidationError(_("Please choose a day from tomorrow to a year from now."))
        return until


class BanForm(WhomForm):
    words = WordsField(label=_("What you write to them"), max_length=1000, required=False)
    field_order = ("whom", "words")

    def prepare(self) -> None:
        people = people_of(self.moderator, self.report)
        self.offer("whom", {key: row for key, row in people.items() if not row[0].is_staff})


class BackForm(WhomForm):
    words = WordsField(label=_("What you write to them"), max_length=1000, required=False)
    field_order = ("whom", "words")

    def prepare(self) -> None:
        self.fields["whom"].help_text = _("Those of whom you can read here, and who may not sign in.")
        self.offer("whom", shut_out(self.moderator, self.report))


class PictureForm(WhomForm):
    words = WordsField(label=_("What you write to them"), max_length=1000, required=False)
    field_order = ("whom", "words")

    def prepare(self) -> None:
        people = people_of(self.moderator, self.report)
        have_one = set(Member.objects.filter(key__in=people, picture__isnull=False).values_list("key", flat=True))
        self.offer("whom", {key: row for key, row in people.items() if key in have_one})


class ApartForm(WhomForm):
    other = forms.ChoiceField(label=_("From whom"), error_messages={"required": _("Please choose somebody.")})
    field_order = ("whom", "other")

    def prepare(self) -> None:
        super().prepare()
        self.offer("other", others_of(self.moderator, self.report))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("whom") and said.get("whom") == said.get("other"):
            self.add_error("other", _("Please choose somebody else."))
        return said


class MeetForm(ReasonForm):
    pair = forms.ChoiceField(
        label=_("Which two"),
        help_text=_("Those whom you can read of here. Guests are among them once you have seen who is at the table."),
        error_messages={"required": _("Please choose two. If there are none, nobody here is kept apart.")},
    )
    field_order = ("pair",)

    def prepare(self) -> None:
        self.pairs = kept_apart(self.moderator, self.report)
        self.offer_choices("pair", {key: f"{pair.first.name}, {pair.second.name}" for key, pair in self.pairs.items()})

    @property
    def chosen_pair(self) -> KeepApart:
        return self.pairs[self.cleaned_data["pair"]]


class RemoveForm(WhomForm):
    words = LineField(label=_("A line to them"), max_length=300, required=False)
    field_order = ("whom", "words")

    def prepare(self) -> None:
        there = {rsvp.member.key for rsvp in at_the_table(self.report)}
        people = people_of(self.moderator, self.report)
        self.offer("whom", {key: row for key, row in people.items() if key in there})


class CallOffForm(ReasonForm):
    words = WordsField(
        label=_("A few words to the guests"),
        max_length=600,
        help_text=_("They are told at once, by mail. Nothing of what was reported."),
        error_messages={"required": _("Please write the guests a sentence.")},
    )
    field_order = ("words",)


class AskForm(ReasonForm):
    words = WordsField(
        label=_("What you ask them"),
        max_length=1000,
        help_text=_("They read it in a mail, and answer to the community’s address."),
        error_messages={"required": _("Please write what you would like to know.")},
    )
    field_order = ("words",)


class DecideForm(ReasonForm):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=Report.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    answer = WordsField(
        label=_("What you write to whoever told us"),
        max_length=1000,
        required=False,
        help_text=_("What can be said; nothing of others that they do not know."),
    )
    field_order = ("outcome", "answer")

    def prepare(self) -> None:
        if not self.report.recipient:
            del self.fields["answer"]  # nobody would read it
