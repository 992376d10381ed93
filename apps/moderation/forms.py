from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.profiles.fields import LineField, WordsField
from apps.profiles.forms import AddressForm

THE_WHOLE, WHOEVER_HOSTS = "", "host"


class ReportForm(forms.Form):
    """None of it is needed: to press the button is enough."""

    words = WordsField(
        label=_("What happened?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As much or as little as you like. Only those who read reports see it."),
    )
    is_urgent = forms.BooleanField(label=_("It is urgent: somebody is not safe"), required=False)
    asks_first = forms.BooleanField(
        label=_("Ask me before you act"),
        required=False,
        help_text=_("We then do nothing that others notice until we have asked you."),
    )


class TableReportForm(ReportForm):
    """About a gathering; `people` are those whose names the reader reads there, with those who host first."""

    about = forms.ChoiceField(label=_("Who or what is it about?"), required=False)
    field_order: tuple[str, ...] = ("about",)

    def __init__(self, data: Any, people: list[tuple[str, str]], about: str = "") -> None:
        super().__init__(data, initial={"about": about})
        whole = (THE_WHOLE, _("The gathering, or nobody in particular"))
        self.fields["about"].choices = [whole, *people]  # type: ignore[attr-defined]  # of a ChoiceField


class WithAddress(AddressForm):
    """Where we may write to, from somebody without an account."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        required=False,
        help_text=_("So that we can tell you what came of it. Without it we cannot ask you anything."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("That is no address we can write to. Mend it, or leave this empty.")},
    )

    def clean_email(self) -> str:
        return super().clean_email() if self.cleaned_data["email"] else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("asks_first") and said.get("email") == "":
            self.add_error("email", _("To ask you we need an address. Or take the tick away, and leave this empty."))
        return said


class StrangersTableReportForm(WithAddress, TableReportForm):
    field_order = ("about", "words", "is_urgent", "email", "asks_first")


class OpenReportForm(ReportForm):
    """From anywhere: which gathering or whom it is about is said in words, or by a link."""

    where = LineField(
        label=_("Which gathering, or who is it about?"),
        max_length=200,
        required=False,
        help_text=_("A title and a day, a name, or the address of its page."),
    )
    field_order: tuple[str, ...] = ("where",)


class StrangersReportForm(WithAddress, OpenReportForm):
    field_order = ("where", "words", "is_urgent", "email", "asks_first")
