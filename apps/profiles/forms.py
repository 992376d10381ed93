from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from apps.places import zones
from apps.places.forms import TownField
from apps.places.models import Town
from apps.profiles.fields import LineField
from apps.profiles.models import Member

LONGEST_EMAIL = 254  # characters, RFC 5321
UNREACHABLE = _("No mail can reach this address. Is it typed as it should be?")
PROMISE_MISSING = _("Please tick this if it is true for you. Everyone at the table has said so.")


def name_field(**more: Any) -> LineField:
    return LineField(
        label=_("What shall we call you?"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        **more,
    )


def promise_field(**more: Any) -> forms.BooleanField:
    return forms.BooleanField(label=_("I am 18 or over and I keep the community promise"), **more)


class AddressForm(forms.Form):
    """An e-mail address that a code is sent to."""

    email = forms.EmailField(
        label=_("Your new e-mail"),
        max_length=LONGEST_EMAIL,
        help_text=_("We send a code there first. Nobody at the table sees your address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """As mail servers read it: one spelling for each mailbox, and none that no mail can be sent to."""
        mailbox, _at, domain = self.cleaned_data["email"].rpartition("@")
        try:
            email = f"{mailbox}@{punycode(domain)}".lower()
        except UnicodeError:
            raise forms.ValidationError(UNREACHABLE) from None
        if not (email.isascii() and email.isprintable() and len(email) <= LONGEST_EMAIL):
            raise forms.ValidationError(UNREACHABLE)
        return email


class SignInForm(AddressForm):
    """For new and known addresses alike. What is missing for a new one is asked once the code is proved."""

    name = name_field(required=False, help_text=_("A first name is plenty. Been here before? Leave it empty."))
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=LONGEST_EMAIL,
        help_text=_("We send you a code. Nobody at the table sees your address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    promise = promise_field(required=False)
    field_order = ("name", "email", "promise")


class ClosedSignInForm(SignInForm):
    """Where strangers see nothing: an address alone. What joining takes is asked of whoever may join, in their turn."""

    name = promise = None  # type: ignore[assignment]  # Django's way to leave out fields of a parent


class IntroductionForm(forms.Form):
    """What a new member still has to say after the code."""

    name = name_field(help_text=_("A first name is plenty."))
    promise = promise_field(error_messages={"required": PROMISE_MISSING})


class CodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("The code from the mail")
        code.max_length = 20
        code.widget.attrs = {"autocomplete": "one-time-code", "autocapitalize": "characters", "maxlength": 20}
        code.error_messages["required"] = _("Type the code from the mail we just sent you.")


class PasskeyForm(LoginWebAuthnForm):
    def clean_credential(self) -> Any:
        """What no device would send makes the library that reads it stumble; here it is one more wrong passkey."""
        try:
            return super().clean_credential()
        except (AttributeError, LookupError, TypeError, ValueError):
            raise forms.ValidationError(_("That passkey is not known here. You can use the code instead.")) from None


class SettingsForm(forms.ModelForm):
    """Where somebody is, and how we speak to them."""

    town = TownField(label=_("Your town"), required=False, help_text=_("Where we look for gatherings first."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("So that mail comes by day, where you are.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Member
        fields = ["town", "time_zone", "language", "is_discreet"]

    def __init__(self, data: Any, instance: Member) -> None:
        own = instance.time_zone
        is_of_town = own == (instance.town.time_zone if instance.town else "UTC")
        super().__init__(data, instance=instance, initial={"time_zone": "" if is_of_town else own})
        names = sorted({*zones.names(), own})
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]  # of a ChoiceField
            ("", _("That of my town")),
            *((name, name.replace("_", " ")) for name in names),
        ]

    def clean_time_zone(self) -> str:
        """Where none is chosen, that of the town; without a town, the one there was."""
        town: Town | None = self.cleaned_data.get("town")
        return self.cleaned_data["time_zone"] or (town.time_zone if town else self.instance.time_zone)

    def save(self, commit: bool = True) -> Member:
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance
