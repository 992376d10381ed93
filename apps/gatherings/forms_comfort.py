"""Comfort facts in the forms of a host: yes, no, or leave it unsaid."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.gatherings.comfort import ASKED, Fact
from apps.gatherings.models import Gathering


def fact_field(fact: Fact, label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[
            ("yes", fact.yes.choice or _("Yes")),
            ("no", fact.no.choice or _("No")),
            ("unsaid", _("Leave it unsaid")),
        ],
        widget=forms.RadioSelect,
        required=False,
        coerce={"yes": True, "no": False, "unsaid": None}.get,
        empty_value=None,
    )


def said(gathering: Gathering, fact: Fact) -> str | None:
    """The answer to show as chosen: of what is unsaid, none at all before a first publishing."""
    unsaid = None if gathering.is_draft else "unsaid"
    return {True: "yes", False: "no"}.get(getattr(gathering, fact.field), unsaid)


class FactsForm(forms.ModelForm):
    """Asked before publishing, because guests decide by it. Nothing is preselected; unsaid is shown as unsaid."""

    class Meta:
        model = Gathering
        fields = [fact.field for fact in ASKED]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in ASKED:
            self.fields[fact.field] = fact_field(fact, fact.name)
            self.initial[fact.field] = said(self.instance, fact)
