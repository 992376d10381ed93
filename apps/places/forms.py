"""Fields for a town that somebody types and for a point that somebody pastes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apps.places.folding import LONGEST
from apps.places.grid import snapped
from apps.places.models import Town
from apps.places.points import LONGEST_LINK, parse_point

SHOWN = 40  # characters of what was typed that a message repeats


def label_of(value: Any) -> Any:
    """The label of a town or of a town's number; anything else as it is."""
    if isinstance(value, int):
        value = Town.objects.filter(pk=value).first()
    return value.label if isinstance(value, Town) else value


class TownInput(forms.TextInput):
    """A plain text field; with htmx and towns.js a combobox that offers towns while one types."""

    template_name = "places/town_input.html"
    towns_url = reverse_lazy("places:towns")

    def format_value(self, value: Any) -> str | None:
        """A town, or its number (from a model form), is shown by its label; text as it was typed."""
        return super().format_value(label_of(value))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["list_id"] = f"{context['widget']['attrs'].get('id') or f'id_{name}'}_towns"
        context["widget"]["towns_url"] = self.towns_url
        return context


class TownField(forms.CharField):
    """Cleans what was typed to the Town that fits it best, or to None where it is not required and empty."""

    widget = TownInput
    default_error_messages = {
        "required": _("Please tell us a town. The nearest one is fine."),
        "unknown": _("We do not know a town called “%(typed)s”. Try a bigger one near you."),
        # Past what anybody types nothing is read, so the form says so rather than choose by a part of it.
        "max_length": _("That is longer than any town’s name. Please type only the town."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Town"), "max_length": 2 * LONGEST, **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        town = Town.objects.best_match(text)
        if town is None:
            typed = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"typed": typed})
        return town

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(label_of(initial), data)


class PointField(forms.CharField):
    """Cleans a pasted point or map link to the middle of its square of the grid; nothing finer is kept."""

    default_error_messages = {
        "required": _("Please paste a latitude and a longitude."),
        "unreadable": _(
            "We could not read a place from that. Paste a latitude and a longitude, such as “51.4545, -2.5879”."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false"}
        super().__init__(**{"label": _("Point on the map"), "widget": forms.TextInput(attrs=attrs), **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return snapped(*parse_point(text[: LONGEST_LINK + 1]))
        except ValueError:
            # `from None`: the first error knows where somebody lives, and a log would show it.
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from None
