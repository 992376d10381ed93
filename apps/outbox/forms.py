from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.outbox.kinds import KINDS, Klass
from apps.outbox.models import Consent, choices_of
from apps.profiles.models import Member

GROUPS = {
    Klass.NUDGE: (
        _("A nudge now and then"),
        _("One a week at most, each with one small step. They stop by themselves when you do not need them."),
    ),
    Klass.DIGEST: (_("What is near you"), ""),
    Klass.REMINDER: (_("Reminders"), _("So that nobody has to keep an evening in mind.")),
    Klass.SERVICE: (
        _("About your seats and your tables"),
        _("Codes, and the word that a gathering is called off, always come."),
    ),
}


class SwitchesForm(forms.Form):
    """A switch for every kind of mail that one may do without, in the order of GROUPS."""

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        self.member = member
        self.choices = choices_of(member)
        for name, is_on in self.choices.items():
            self.fields[name] = forms.BooleanField(label=KINDS[name].label, required=False, initial=is_on)

    def groups(self) -> list[dict[str, Any]]:
        return [
            {
                "klass": klass,
                "title": title,
                "words": words,
                "fields": [self[name] for name in self.choices if KINDS[name].klass == klass],
            }
            for klass, (title, words) in GROUPS.items()
        ]

    def save(self) -> None:
        """Keep what has been changed, and only that: what stands as it was has not been said anew."""
        for name in self.changed_data:
            Consent.objects.say(self.member, name, self.cleaned_data[name])
