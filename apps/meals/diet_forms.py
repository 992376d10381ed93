from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Companion, Rsvp
from apps.meals.models import ToldDiet
from apps.meals.models.told import LONGEST_REQUEST
from apps.profiles.diet_forms import EatsForm
from apps.profiles.fields import LineField
from apps.profiles.models import Diet

CHOOSE = _("Nobody is told until you choose. Whom shall we tell?")
NOTHING = _("Please tick or write what it is. Or choose to tell nobody.")


class TellForm(EatsForm):
    """What one person eats, and who is told. Nothing is chosen for anybody."""

    to = forms.ChoiceField(
        label=_("Who is told?"),
        choices=ToldDiet.To.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("The host: also co-hosts. The table: everyone with a seat, by name, and the hosts."),
    )

    def __init__(self, data: Any, companion: Companion | None, told: ToldDiet | None, own: Diet | None = None) -> None:
        kept = told if told and told.is_told else own
        said = {name: getattr(kept, name) for name in ("diets", "allergens", "words")} if kept else {}
        prefix = f"companion{companion.pk}" if companion else "you"
        super().__init__(data, prefix=prefix, initial={**said, "to": told.to if told else None})
        self.companion = companion
        if companion:
            self.fields["diets"].label = _("They eat")
            self.fields["allergens"].label = _("They cannot have")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if "to" in told and not told["to"] and self.says_something:
            self.add_error("to", CHOOSE)
        if told.get("to") in (ToldDiet.To.HOST, ToldDiet.To.TABLE) and not self.says_something:
            self.add_error("to", NOTHING)
        return told

    @property
    def is_unfolded(self) -> bool:
        """Something was said there, or is wrong there."""
        return bool(self.errors or self["to"].value())

    @property
    def told(self) -> dict[str, Any] | None:
        """Nothing where they have not chosen; and no more than that where they tell nobody."""
        to = self.cleaned_data["to"]
        if not to:
            return None
        return {"to": to, **(self.eats if to != ToldDiet.To.NOBODY else {})}


class Telling:
    """The forms of a guest and of everyone whom they bring, which are sent together."""

    def __init__(self, data: Any, rsvp: Rsvp, told: Mapping[int | None, ToldDiet]) -> None:
        # Where they have said nothing here yet, what they keep for themself stands there; only they see it.
        own = Diet.objects.of(rsvp.member) if None not in told else None
        brought = rsvp.companions.order_by("pk")
        self.forms = [TellForm(data, None, told.get(None), own)]
        self.forms += [TellForm(data, companion, told.get(companion.pk)) for companion in brought]

    def is_valid(self) -> bool:
        """All of them are asked, so that each says what is wrong with it."""
        return not any([form.errors for form in self.forms])  # noqa: C419  a generator would stop at the first

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.forms)

    @property
    def told(self) -> dict[int | None, dict[str, Any]]:
        said = {form.companion.pk if form.companion else None: form.told for form in self.forms}
        return {pk: each for pk, each in said.items() if each is not None}


class RequestForm(forms.Form):
    words = LineField(
        label=_("What you ask of your table"),
        max_length=LONGEST_REQUEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Everyone with a seat reads it on the page, and in the mail of the day before. Say it for the table, not "
            "for one person, and name nobody. It may be for yourself as well. Empty it, and nothing is asked."
        ),
    )
