from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.afterwards.evening import Evening
from apps.afterwards.models import LONGEST_CONTACT, LONGEST_LINE, LONGEST_THANKS, Felt
from apps.profiles.fields import LineField, WordsField
from apps.profiles.models import Member

GONE = _("Somebody on this list is not there any more. Please look once more.")


class ReflectionForm(forms.Form):
    prefix = "answer"
    felt = forms.ChoiceField(
        label=_("How connected did you feel?"),
        choices=Felt.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose the word that comes nearest.")),
    )
    line = LineField(
        label=_("A line to yourself"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("What helped, or what you would do again: “sitting near the kitchen”. We read it back to you."),
    )

    def __init__(self, data: Any, evening: Evening) -> None:
        said = evening.reflection
        super().__init__(data, initial={"felt": said.felt, "line": said.line} if said else None)


class ThanksForm(forms.Form):
    prefix = "thanks"
    to = forms.ChoiceField(
        label=_("To whom?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say to whom."), "invalid_choice": GONE},
    )
    words = WordsField(
        label=_("Your words"),
        max_length=LONGEST_THANKS,
        help_text=_("A sentence is plenty. It goes to them by mail, once, and to nobody else."),
        error_messages={"required": _("A few words, please. Even “Thank you” is enough.")},
    )

    def __init__(self, data: Any, evening: Evening) -> None:
        people = evening.to_thank
        super().__init__(data, initial={"to": people[0].key} if len(people) == 1 else None)
        self.people = {person.key: person for person in people}
        self.fields["to"].choices = [(key, person.name) for key, person in self.people.items()]  # type: ignore[attr-defined]  # of a ChoiceField

    @property
    def receiver(self) -> Member:
        return self.people[self.cleaned_data["to"]]


class TouchForm(forms.Form):
    """Whom one would like to see again. Nothing in it depends on what anybody else has ticked."""

    prefix = "touch"
    people = forms.MultipleChoiceField(
        label=_("Whom would you like to see again?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": GONE, "invalid_list": GONE},
    )
    contact = LineField(
        label=_("How may they reach you?"),
        max_length=LONGEST_CONTACT,
        required=False,
        help_text=_("A number, an address, whatever you like to give. They read it only if they tick you, too."),
    )

    def __init__(self, data: Any, evening: Evening) -> None:
        ticks = evening.ticks
        ticked = {tick.other_id for tick in ticks}
        self.listed = evening.to_tick
        initial = {
            "people": [person.key for person in self.listed if person.pk in ticked],
            "contact": ticks[0].contact if ticks else "",
        }
        super().__init__(data, initial=initial)
        self.fields["people"].choices = [(person.key, person.name) for person in self.listed]  # type: ignore[attr-defined]  # likewise

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("people") and not said.get("contact") and "contact" not in self.errors:
            self.add_error("contact", _("Please say how they may reach you, should they tick you, too."))
        return said

    @property
    def lines(self) -> list[tuple[Member, bool]]:
        """Each person, and whether they stand ticked."""
        ticked = set(self["people"].value() or [])
        return [(person, person.key in ticked) for person in self.listed]

    @property
    def wished(self) -> set[int]:
        return {person.pk for person in self.listed if person.key in self.cleaned_data["people"]}
