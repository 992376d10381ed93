"""Form fields for what people write: any language and emoji, nothing that hides or breaks out of its line."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Bidirectional overrides can make a line read as something else; zero-width marks can make two names look alike.
# The zero-width joiner and non-joiner stay: emoji families and several scripts need them.
HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def tidy(text: str) -> str:
    """The text in composed form (NFC), without invisible marks.

    Raises ValidationError for control characters.
    """
    text = HIDDEN.sub("", unicodedata.normalize("NFC", text))
    if CONTROLS.search(text):
        raise ValidationError(_("There is a character in here that we cannot show. Please type it again."), "hidden")
    return text


class LineField(forms.CharField):
    """One line of text: a name, a title."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return " ".join(tidy(BREAKS.sub(" ", text)).split()) if text else ""


class WordsField(forms.CharField):
    """A few sentences; line breaks are kept."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("rows", 3)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return tidy(re.sub(r"\r\n?", "\n", text)).strip() if text else ""
