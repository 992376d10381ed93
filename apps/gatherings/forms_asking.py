from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.gatherings.comfort import FACTS
from apps.gatherings.models import Question
from apps.profiles.fields import WordsField


class AskForm(forms.Form):
    """A question to the host. One about a comfort fact is worded already, so its words are an addition to it."""

    words = WordsField(
        label=_("Your question"),
        max_length=400,
        error_messages={"required": _("What would you like to know? A few words are enough.")},
    )

    def __init__(self, *args: Any, fact: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fact:
            self.fields["words"].required = False
            self.fields["words"].label = _("Anything to add")


class AnswerForm(forms.Form):
    words = WordsField(
        label=_("Your answer"),
        max_length=600,
        error_messages={"required": _("A few words are enough, even “I don’t know yet”.")},
    )

    @property
    def fact_answer(self) -> bool | None:
        return self.cleaned_data.get("fact")


class FactAnswerForm(AnswerForm):
    """What the card will say, and a few words beside it. Nothing is preselected but what the card says already."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wording = FACTS[question.fact]
        self.fields["fact"] = forms.TypedChoiceField(
            label=wording.question,
            choices=[("yes", wording.reply(True)), ("no", wording.reply(False)), ("unsaid", _("Only in my own words"))],
            widget=forms.RadioSelect,
            coerce={"yes": True, "no": False, "unsaid": None}.get,
            error_messages={"required": _("Please choose one of these.")},
            help_text=_("Yes or no goes on the page of the gathering, and to everyone who asked the same."),
        )
        said = getattr(question.gathering, question.fact)
        self.initial["fact"] = {True: "yes", False: "no"}.get(said)
        self.fields["words"].required = False
        self.fields["words"].label = _("A few words")
        self.order_fields(["fact", "words"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "fact" in data and data["fact"] is None and data.get("words") == "":
            self.add_error("words", _("Your own words are missing here. A few are enough."))
        return data


def answer_form(question: Question, data: QueryDict | None) -> AnswerForm:
    return FactAnswerForm(data, question=question) if question.fact in FACTS else AnswerForm(data)


class NoteForm(forms.Form):
    words = WordsField(
        label=_("Your words"),
        max_length=1000,
        help_text=_("Everyone reads the same. Leave out what only one of them should know."),
        error_messages={"required": _("A note needs a few words.")},
    )
