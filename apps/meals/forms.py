from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.meals.laid import Laid
from apps.meals.models import Dish, Meal
from apps.meals.models.dish import MOST_SERVED
from apps.meals.needs import ALL, MOST_OF_ONE, NEEDS, hows_for, is_asked_for, label_of
from apps.meals.suits import belied
from apps.profiles.diets import ALLERGENS, DIETS, listed
from apps.profiles.fields import LineField

A_FEW = dict.fromkeys(("invalid", "min_value", "max_value"), _("A whole number from 1 to 50, please."))
SO_MANY = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("A whole number from 0 to 12, please."))
SURE = [("yes", _("I am sure that is all")), ("no", _("I am not sure"))]


class HowForm(forms.Form):
    how = forms.ChoiceField(
        label=_("How does the food come?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of these.")},
    )

    def __init__(self, data: Any, meal: Meal) -> None:
        super().__init__(data, initial={"how": meal.how})
        self.fields["how"].choices = hows_for(meal.gathering.kind)  # type: ignore[attr-defined]  # of a ChoiceField


class NeedsForm(forms.Form):
    """How many of each the table needs, all told."""

    def __init__(self, data: Any, laid: Laid) -> None:
        super().__init__(data, initial=laid.meal.wanted)
        for need in ALL:
            if not is_asked_for(laid.meal.how, need):
                continue
            self.fields[need.key] = forms.IntegerField(
                label=label_of(need, laid.is_dry), min_value=0, max_value=MOST_OF_ONE, error_messages=SO_MANY
            )


class DishForm(forms.Form):
    """Three fields; the rest is folded, and needed by nobody."""

    what = LineField(
        label=_("What you bring"),
        max_length=80,
        error_messages={"required": _("A word or two is enough.")},
    )
    need = forms.ChoiceField(label=_("What it is"))
    serves = forms.IntegerField(
        label=_("For how many"),
        min_value=1,
        max_value=MOST_SERVED,
        required=False,
        help_text=_("Roughly. Only of what is eaten."),
        error_messages=A_FEW,
    )
    diets = forms.MultipleChoiceField(
        label=_("It is"), choices=list(DIETS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    allergens = forms.MultipleChoiceField(
        label=_("It contains"), choices=list(ALLERGENS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    is_sure = forms.TypedChoiceField(
        label=_("Are those all of the fourteen that are in it?"),
        choices=SURE,
        widget=forms.RadioSelect,
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
        required=False,
        help_text=_("Not sure is a good answer. Somebody may go by it."),
    )
    needs_oven = forms.BooleanField(label=_("It needs the oven"), required=False)
    needs_fridge = forms.BooleanField(label=_("It needs the fridge"), required=False)
    FOLDED = ("diets", "allergens", "is_sure", "needs_oven", "needs_fridge")

    def __init__(self, data: Any, is_dry: bool, dish: Dish | None = None) -> None:
        super().__init__(data, initial=said_of(dish) if dish else {"serves": 6})
        choices = [(need.key, label_of(need, is_dry)) for need in ALL]
        self.fields["need"].choices = choices  # type: ignore[attr-defined]  # of a ChoiceField

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if need := NEEDS.get(said.get("need", "")):
            said["serves"] = (said.get("serves") or need.serves) if need.is_food else None
        for label, allergens in belied(said.get("diets", []), said.get("allergens", [])).items():
            words = {"label": DIETS[label], "allergens": listed(ALLERGENS[each] for each in allergens)}
            self.add_error("diets", _("It cannot be “%(label)s” and contain %(allergens)s. Which is it?") % words)
        return said

    @property
    def plain(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.FOLDED]

    @property
    def is_unfolded(self) -> bool:
        """Something was said there, or is wrong there."""
        return any(field.errors or field.value() for field in self.folded)


def said_of(dish: Dish) -> dict[str, Any]:
    is_sure = {True: "yes", False: "no"}.get(dish.is_sure) if dish.is_sure is not None else None
    names = ("what", "need", "serves", "diets", "allergens", "needs_oven", "needs_fridge")
    return {"is_sure": is_sure, **{name: getattr(dish, name) for name in names}}
