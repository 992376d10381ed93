from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.profiles.diets import ALLERGENS, EATS
from apps.profiles.fields import LineField
from apps.profiles.own_diet import LONGEST_WORDS

CONSENT = _("Yes, keep this with my account, though it may say something of my health")


class EatsForm(forms.Form):
    """What somebody eats. All of it may stay empty."""

    diets = forms.MultipleChoiceField(
        label=_("You eat"), choices=list(EATS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    allergens = forms.MultipleChoiceField(
        label=_("You cannot have"),
        choices=list(ALLERGENS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = LineField(
        label=_("Something else, in your own words"),
        max_length=LONGEST_WORDS,
        required=False,
        help_text=_("“No raw onions”, for instance. We cannot look for it among the dishes; a host can read it."),
    )

    @property
    def eats(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("diets", "allergens", "words")}

    @property
    def says_something(self) -> bool:
        """Also where one of them is refused: then somebody has tried to say it."""
        return any(self[name].value() for name in ("diets", "allergens", "words"))


class DietForm(EatsForm):
    is_agreed = forms.BooleanField(label=CONSENT, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.says_something and not told.get("is_agreed"):
            self.add_error("is_agreed", _("We keep it only with your yes. Without it, please empty the fields above."))
        return told
