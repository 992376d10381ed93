from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.gatherings.forms_inviting import NO_ADDRESS, InvitationForm
from apps.profiles.fields import LineField, WordsField
from apps.profiles.forms import LONGEST_EMAIL
from apps.profiles.models import HouseRules


class RulesForm(forms.ModelForm):
    """The keeper's page."""

    who_may_look = forms.ChoiceField(
        label=_("Who may look"),
        choices=HouseRules.Look.choices,
        widget=forms.RadioSelect,
        help_text=_("With “members only”, a stranger finds the sign-in page and nothing else, by whatever link."),
    )
    who_may_join = forms.ChoiceField(
        label=_("Who may join"),
        choices=HouseRules.Join.choices,
        widget=forms.RadioSelect,
        help_text=_("Whoever is invited is in at once, also where a keeper says yes to everybody else."),
    )
    members_invite = forms.BooleanField(
        label=_("Members may invite others by mail"),
        required=False,
        help_text=_("Without it, only keepers do. Invitations that members have sent end when you take this away."),
    )
    answered_by = LineField(
        label=_("Who answers when something is wrong"),
        max_length=120,
        required=False,
        help_text=_(
            "By name: “Sam and Noor”. People, not an office. Members read it in the promise and on the help page."
        ),
    )
    answered_within = LineField(
        label=_("Within which time"),
        max_length=60,
        required=False,
        help_text=_("“24 hours”, for instance. Promise what you can keep on a holiday, too."),
    )
    crisis_line = LineField(
        label=_("A crisis line"),
        max_length=200,
        required=False,
        help_text=_("A name and a number that somebody answers at night: “Samaritans, 116 123”."),
    )
    promise_additions = WordsField(
        label=_("What you add to the promise"),
        max_length=1200,
        required=False,
        help_text=_("A line each, as a member would say it: “I leave my shoes at the door.”"),
    )

    class Meta:
        model = HouseRules
        fields = [
            "who_may_look", "who_may_join", "members_invite", "answered_by", "answered_within", "crisis_line",
            "promise_additions",
        ]  # fmt: skip

    def save(self, commit: bool = True) -> Any:
        """By the verb, which says what else follows; the instance may be older than the row."""
        self.instance.change(**self.cleaned_data)
        return self.instance


class InviteForm(InvitationForm):
    """The same for members and strangers; who is one, it does not say."""

    emails = WordsField(
        label=_("E-mail addresses"),
        max_length=100 * LONGEST_EMAIL,
        help_text=_("One to a line. Each gets one mail, and may join with that address for a month."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": NO_ADDRESS},
    )
