from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing
from apps.gatherings.forms import ClockInput, DayInput
from apps.gatherings.models import Gathering
from apps.movies.content import CONTENT, Captions
from apps.movies.evening import usual_deadline
from apps.movies.models import LATEST_BEGIN, LONGEST, LONGEST_BREAK, LONGEST_TALK, Film, Showing
from apps.movies.models.film import FIRST_YEAR, NAME
from apps.profiles.fields import LineField

MINUTES = dict.fromkeys(("invalid", "min_value", "max_value"), _("Whole minutes, from 1 to 420, please."))
YEARS = dict.fromkeys(("invalid", "min_value", "max_value"), _("A year in which there were films, please, or nothing."))
PAUSES = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Whole minutes, from 0 to 60, please."))
TALKS = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Whole minutes, from 0 to 120, please."))


class FilmForm(forms.Form):
    """Two fields; the rest is folded, and known by nobody until somebody says it."""

    title = LineField(label=_("Which film?"), max_length=120, error_messages={"required": _("A film needs its title.")})
    minutes = forms.IntegerField(
        label=_("How many minutes long?"),
        min_value=1,
        max_value=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Its box, its page or a search says so. The end of the evening follows from it."),
        error_messages={"required": _("Roughly is enough: 100, say."), **MINUTES},
    )
    why = LineField(
        label=_("Why this one?"),
        max_length=200,
        required=False,
        help_text=_("A line in your own words. Everyone sees it."),
    )
    year = forms.IntegerField(
        label=_("From which year?"),
        min_value=FIRST_YEAR,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=YEARS,
    )
    language = LineField(label=_("Which language is spoken in it?"), max_length=60, required=False)
    captions = forms.ChoiceField(
        label=_("Can one read along?"),
        choices=[("", _("Not said")), *Captions.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    captions_language = LineField(label=_("In which language?"), max_length=60, required=False)
    content = forms.MultipleChoiceField(
        label=_("What it holds"),
        choices=list(CONTENT.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("So that nobody meets it unprepared. What is not ticked is not said."),
    )
    content_words = LineField(
        label=_("Or in your words"),
        max_length=300,
        required=False,
        help_text=_("“The dog lives”, for instance. Guests may ask you for more, and nobody else reads that."),
    )
    FOLDED = ("year", "language", "captions", "captions_language", "content", "content_words")

    def __init__(self, data: Any, gathering: Gathering, film: Film | None = None, is_voted_on: bool = False) -> None:
        super().__init__(data, initial={name: getattr(film, name) for name in self.base_fields} if film else None)
        self.gathering = gathering
        self.fields["year"].max_value = timezone.now().year + 1  # type: ignore[attr-defined]  # of an IntegerField
        for name in NAME if is_voted_on else ():
            del self.fields[name]

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year and year > timezone.now().year + 1:
            raise forms.ValidationError(YEARS["max_value"])
        return year

    def clean_captions(self) -> str:
        captions: str = self.cleaned_data["captions"]
        if captions == Captions.NONE and self.gathering.has_captions:
            raise forms.ValidationError(
                _("You have said that there are captions that evening. Please name a film that has some.")
            )
        return captions

    @property
    def plain(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.FOLDED]

    @property
    def is_unfolded(self) -> bool:
        """Something was said there, or is wrong there."""
        return any(field.errors or field.value() for field in self.folded)


class TimesForm(forms.Form):
    begins = forms.TimeField(
        label=_("The film begins at"),
        widget=ClockInput(),
        error_messages=dict.fromkeys(("required", "invalid"), _("A time, such as 19:45.")),
    )
    break_minutes = forms.IntegerField(
        label=_("Minutes of break"), min_value=0, max_value=LONGEST_BREAK, error_messages=PAUSES
    )
    talk_minutes = forms.IntegerField(
        label=_("Minutes to talk after"), min_value=0, max_value=LONGEST_TALK, error_messages=TALKS
    )

    def __init__(self, data: Any, showing: Showing) -> None:
        initial = {"begins": showing.begins_local.time(), "talk_minutes": showing.talk_minutes}
        super().__init__(data, initial={**initial, "break_minutes": showing.break_minutes})
        self.gathering = showing.gathering

    def clean_begins(self) -> time:
        """By the clock on the wall, from the doors on."""
        begins: time = self.cleaned_data["begins"]
        if self.minutes_after(begins) > LATEST_BEGIN:
            doors = self.gathering.starts_local
            words = {"doors": f"{doors:%H:%M}", "latest": f"{doors + timedelta(minutes=LATEST_BEGIN):%H:%M}"}
            raise forms.ValidationError(_("Between %(doors)s, when the evening begins, and %(latest)s."), params=words)
        return begins

    def minutes_after(self, begins: time) -> int:
        doors = self.gathering.starts_local.time()
        wait = timing.clock_between(doors, begins) if begins != doors else timedelta()
        return int(wait.total_seconds() // 60)

    @property
    def times(self) -> dict[str, int]:
        said = self.cleaned_data
        after = self.minutes_after(said["begins"])
        return {"begins_after": after, **{name: said[name] for name in ("break_minutes", "talk_minutes")}}


class DeadlineForm(forms.Form):
    day = forms.DateField(
        label=_("Guests choose until"),
        widget=DayInput(),
        error_messages=dict.fromkeys(("required", "invalid"), _("Please choose a day.")),
    )
    at = forms.TimeField(
        label=_("At"),
        widget=ClockInput(),
        error_messages=dict.fromkeys(("required", "invalid"), _("A time, such as 18:00.")),
    )

    def __init__(self, data: Any, showing: Showing) -> None:
        until = showing.closes_local or usual_deadline(showing.gathering)
        super().__init__(data, initial={"day": until.date(), "at": until.time()})
        self.gathering = showing.gathering

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not timezone.now().astimezone(self.gathering.zone).date() <= day <= self.gathering.starts_local.date():
            raise forms.ValidationError(_("A day from today on, and not after the evening itself."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if {"day", "at"} <= said.keys():
            if timing.is_skipped(said["day"], said["at"], self.gathering.zone):
                self.add_error("at", _("The clocks jump over this hour that day. Please choose another."))
            elif not timezone.now() < self.until <= self.gathering.starts_at:
                self.add_error("at", _("Some moment from now on, and not after the evening has begun."))
        return said

    @property
    def until(self) -> datetime:
        return timing.moment(self.cleaned_data["day"], self.cleaned_data["at"], self.gathering.zone)


class BallotForm(forms.Form):
    films = forms.MultipleChoiceField(
        label=_("Tick all that you would enjoy"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("The list has changed. Please look once more."),
                        "invalid_list": _("The list has changed. Please look once more.")},
    )  # fmt: skip

    def __init__(self, data: Any, films: list[Film], ticked: set[int]) -> None:
        super().__init__(data, initial={"films": [str(pk) for pk in ticked]})
        self.fields["films"].choices = [(str(film.pk), str(film)) for film in films]  # type: ignore[attr-defined]  # of a ChoiceField
        self.listed = films

    @property
    def lines(self) -> list[tuple[Film, bool]]:
        """Each film, and whether it stands ticked."""
        ticked = set(self["films"].value() or [])
        return [(film, str(film.pk) in ticked) for film in self.listed]
