"""What a host may say of a walk, a tea, games, making or quiet company: none of it has to be said."""

from django import forms
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _

from apps.gatherings.details import Detail
from apps.gatherings.models import Gathering
from apps.profiles.fields import LineField


def detail_field(detail: Detail) -> forms.Field:
    column = Gathering._meta.get_field(detail.field)
    assert isinstance(column, CharField)  # as all of them are
    if column.choices:
        return forms.TypedChoiceField(
            label=detail.question,
            choices=[*Gathering.Pace.choices, ("unsaid", _("Leave it unsaid"))],
            widget=forms.RadioSelect,
            required=False,
            coerce=lambda chosen: "" if chosen == "unsaid" else chosen,
        )
    return LineField(label=detail.question, max_length=column.max_length, required=False, help_text=detail.hint)
