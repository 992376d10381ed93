"""What stands on a member's page, and what helps them: asked for in their settings, and once in the welcome."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.profiles.fields import LineField
from apps.profiles.models import Member
from apps.profiles.own_needs import LONGEST_NEEDS
from apps.profiles.own_page import LONGEST_ANSWER, LONGEST_LANGUAGES, MOST_ANSWERS
from apps.profiles.picture_forms import PictureForm
from apps.profiles.prompts import PROMPTS

CONSENT = _("Yes, keep this with my account, though it may say something of my health")
Said = tuple[str, str]  # the key of a prompt, and what was written to it


class SuggestingInput(forms.TextInput):
    """A line of text for which the browser may suggest some of what others say. Anything else is as good."""

    template_name = "profiles/suggesting_input.html"

    def __init__(self, suggestions: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id') or f'id_{name}'}_list"
        context["widget"]["attrs"]["list"] = list_id
        return {**context, "suggestions": self.suggestions, "list_id": list_id}


PRONOUNS = [_("they/them"), _("she/her"), _("he/him"), _("she/they"), _("he/they"), _("just my name"), _("ask me")]


class CalledForm(forms.ModelForm):
    """How somebody is called."""

    name = LineField(
        label=_("What shall we call you?"),
        max_length=60,
        help_text=_("A first name is plenty."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    pronouns = LineField(
        label=_("Your pronouns"),
        max_length=60,
        required=False,
        help_text=_("In any words. They stand beside your name at your table."),
        widget=SuggestingInput(PRONOUNS, attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Member
        fields = ["name", "pronouns"]

    def keep(self) -> None:
        self.instance.save(update_fields=list(self.Meta.fields))


class PageForm(CalledForm):
    languages = LineField(
        label=_("Languages you speak, or sign"),
        max_length=LONGEST_LANGUAGES,
        required=False,
        help_text=_("“Polish, English, a little BSL”, for instance."),
    )

    class Meta(CalledForm.Meta):
        fields = ["name", "pronouns", "languages"]


class AnswerForm(forms.Form):
    prompt = forms.ChoiceField(
        label=_("A sentence to finish"), choices=[("", _("Choose one")), *PROMPTS.items()], required=False
    )
    words = LineField(
        label=_("In your words"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("words") and said.get("prompt") == "":
            self.add_error("prompt", _("Which sentence does this finish? Or empty the field below."))
        return said

    @property
    def said(self) -> Said:
        return self.cleaned_data.get("prompt", ""), self.cleaned_data.get("words", "")


class AnswerForms:
    """One for each sentence that a page has room for; sent together."""

    def __init__(self, data: Any, known: list[Said]) -> None:
        self.forms = [self.form(data, number, known) for number in range(MOST_ANSWERS)]

    def form(self, data: Any, number: int, known: list[Said]) -> AnswerForm:
        prompt, words = known[number] if number < len(known) else ("", "")
        return AnswerForm(data, prefix=f"answer{number + 1}", initial={"prompt": prompt, "words": words})

    def is_valid(self) -> bool:
        """All of them are asked, so that each says what is wrong with it."""
        are_fine = not [form for form in self.forms if form.errors]
        chosen: set[str] = set()
        for form in self.forms:
            prompt, words = form.said
            if words and prompt in chosen:
                form.add_error("prompt", _("You have finished this one above. Please choose another."))
                are_fine = False
            chosen |= {prompt} if words and prompt else set()
        return are_fine

    @property
    def said(self) -> list[Said]:
        return [form.said for form in self.forms]


class FirstAnswerForm(AnswerForm):
    """One sentence: the first on their page. What stands there besides stays."""

    def __init__(self, data: Any, known: list[Said]) -> None:
        first = dict(zip(("prompt", "words"), known[0], strict=True)) if known else {}
        super().__init__(data, initial=first)
        self.others = known[1:]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("prompt") in dict(self.others):
            self.add_error("prompt", _("You have finished this one already. Please choose another."))
        return said

    @property
    def all_said(self) -> list[Said]:
        return [self.said, *self.others]


class NeedsForm(forms.Form):
    words = LineField(
        label=_("What helps you"),
        max_length=LONGEST_NEEDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("“A chair with a back, and to see who speaks”, for instance. Or a quiet corner, or a clear end."),
    )
    is_agreed = forms.BooleanField(label=CONSENT, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("words") and not said.get("is_agreed"):
            self.add_error("is_agreed", _("We keep it only with your yes. Without it, please empty the field above."))
        return said


class WithPictureForm(NeedsForm, PictureForm):
    """And a picture, if they like."""

    field_order = ("picture", "words", "is_agreed")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["picture"].required = False

    def clean_picture(self) -> Any:
        return super().clean_picture() if self.cleaned_data["picture"] else None
