from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.outbox.kinds import KINDS, Klass
from apps.outbox.models import Consent, choices_of
from apps.profiles.models import Member

# On the page in this order: the classes, whether about the reader's own table, a title and a sentence.
GROUPS = [
    (
        [Klass.NUDGE, Klass.DIGEST],
        False,
        _("A nudge now and then"),
        _("One of all these a week at most, with one small step. They stop by themselves when nobody answers them."),
    ),
    ([Klass.REMINDER], False, _("Reminders"), _("So that nobody has to keep an evening in mind.")),
    (
        [Klass.SERVICE],
        False,
        _("About your seats"),
        _("Codes, and the word that a gathering is called off, always come."),
    ),
    ([Klass.SERVICE, Klass.REMINDER], True, _("When you host"), ""),
]


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
            {"title": title, "words": words, "fields": [self[name] for name in self.names_in(classes, is_for_hosts)]}
            for classes, is_for_hosts, title, words in GROUPS
        ]

    def names_in(self, classes: list[Klass], is_for_hosts: bool) -> list[str]:
        kinds = [KINDS[name] for name in self.choices]
        return [kind.name for kind in kinds if kind.klass in classes and kind.is_for_hosts == is_for_hosts]

    def save(self) -> None:
        """Keep what has been changed, and only that: what stands as it was has not been said anew."""
        for name in self.changed_data:
            Consent.objects.say(self.member, name, self.cleaned_data[name])
