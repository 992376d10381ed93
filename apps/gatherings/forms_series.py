from datetime import date
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.gatherings import rhythm
from apps.gatherings.models import Gathering, Series


class RhythmForm(forms.Form):
    """How often a gathering comes, said with its own weekday."""

    rhythm = forms.ChoiceField(
        label=_("How often"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often you would like to host it.")},
    )

    def __init__(self, day: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["rhythm"].field.choices = [(each, rhythm.in_words(each, day)) for each in Series.Rhythm.values]  # type: ignore[attr-defined]  # of a ChoiceField


class ScopeForm(forms.Form):
    """Asked beside an edit or a calling off: for this date of a series, or for all that is left of it."""

    scope = forms.ChoiceField(
        label=_("For which dates"),
        choices=[("this", _("This date")), ("later", _("This date and all later ones"))],
        widget=forms.RadioSelect,
        initial="this",
        required=False,
    )

    @classmethod
    def of(cls, gathering: Gathering, data: QueryDict | None) -> Self | None:
        """None where there is nothing to choose."""
        return cls(data) if gathering.series and gathering.is_published else None

    @property
    def is_later(self) -> bool:
        return bool(self.cleaned_data["scope"] == "later")


class EditScopeForm(ScopeForm):
    rhythm = forms.ChoiceField(label=_("How often"), choices=Series.Rhythm.choices, required=False)

    @classmethod
    def of(cls, gathering: Gathering, data: QueryDict | None) -> Self | None:
        if not gathering.series or not gathering.is_published:
            return None
        form = cls(data, initial={"rhythm": gathering.series.rhythm})
        form.fields["rhythm"].help_text = _(
            "This changes with “This date and all later ones” only. The dates that are there keep their days; new ones "
            "come after them in this rhythm."
        )
        if gathering.series.is_ended:  # it has no new ones
            del form.fields["rhythm"]
        return form

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["rhythm"] = data.get("rhythm") or self.initial["rhythm"]
        if data["rhythm"] != self.initial["rhythm"] and data.get("scope") != "later":
            self.add_error("rhythm", _("To change how often it comes, choose “This date and all later ones”."))
        return data
