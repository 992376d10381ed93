"""To whom a host would like us to write: addresses, and nothing else that we would carry for them."""

import re

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models.invitation import MOST_A_DAY
from apps.profiles.fields import WordsField
from apps.profiles.forms import LONGEST_EMAIL, SignInForm

BETWEEN = re.compile(r"[\s,;]+")
NO_ADDRESS = _("There is no address here yet.")


def mailbox(text: str) -> str:
    """An address spelled as the sign-in page spells it, so that whoever is asked is the one who can answer.

    Raises ValidationError.
    """
    form = SignInForm({"email": text})
    if not form.is_valid():
        raise forms.ValidationError(form.errors.as_data()["email"])
    return str(form.cleaned_data["email"])


class CoHostForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail"),
        max_length=LONGEST_EMAIL,
        help_text=_("We ask them by mail. They help once they say yes."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        return mailbox(self.cleaned_data["email"])


class InvitationForm(forms.Form):
    emails = WordsField(
        label=_("E-mail addresses"),
        max_length=MOST_A_DAY * LONGEST_EMAIL,
        help_text=_("Up to ten, one to a line. Each gets one mail about this gathering, and no other."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": NO_ADDRESS},
    )

    def clean_emails(self) -> list[str]:
        """Each once. How many may be written to today, the verb says."""
        typed = filter(None, BETWEEN.split(self.cleaned_data["emails"]))
        emails = list(dict.fromkeys(self.read(each) for each in typed))
        if not emails:
            raise forms.ValidationError(NO_ADDRESS)
        return emails

    def read(self, text: str) -> str:
        try:
            return mailbox(text)
        except forms.ValidationError:
            words = _("“%s” is not an address that mail can reach. Is it typed as it should be?")
            raise forms.ValidationError(words % Truncator(text).chars(60)) from None
