"""Form fields for what people write: any language and emoji, nothing that hides or breaks out of its line."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Bidirectional overrides can make a line read as something else; zero-width marks can make two names look alike.
# The zero-width joiner and non-joiner stay: emoji families and several scripts need them.
HIDDEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def tidy(text: str) -> str:
    """The text in composed form (NFC), without invisible marks; empty where nothing is left to be seen.

    Raises ValidationError for control characters.
    """
    text = HIDDEN.sub("", unicodedata.normalize("NFC", text))
    if CONTROLS.search(text):
        raise ValidationError(_("There is a character in here that we cannot show. Please type it again."), "hidden")
    return text if any(unicodedata.category(character)[0] in "LNPS" for character in text) else ""


class TidyField(forms.CharField):
    """Text that others will read."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if self.max_length and len(text) > 4 * self.max_length:
            return text  # refused as it is, for its length: to compose a megabyte of accents would take minutes
        return self.tidied(text)

    def tidied(self, text: str) -> str:
        return tidy(text)


class LineField(TidyField):
    """One line of text: a name, a title."""

    def tidied(self, text: str) -> str:
        return " ".join(tidy(BREAKS.sub(" ", text)).split())


class WordsField(TidyField):
    """A few sentences; line breaks are kept."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("rows", 3)

    def tidied(self, text: str) -> str:
        return tidy(re.sub(r"\r\n?", "\n", text)).strip()
