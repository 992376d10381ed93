"""What a guest says with their seat: whom they bring, what the host should know, how they wait, and their plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.gatherings.forms import ClockInput
from apps.gatherings.models import Companion, Gathering, Plan, Rsvp
from apps.profiles.fields import LineField
from apps.profiles.models import Needs

LONGEST_NOTE = 300


class CompanionForm(forms.Form):
    who = forms.ChoiceField(
        label=_("Coming with somebody?"),
        choices=[("", _("Nobody")), ("adult", _("An adult")), ("child", _("A child"))],
        widget=forms.RadioSelect,
        required=False,
    )
    name = LineField(label=_("Their name"), max_length=60, required=False, help_text=_("Only the host reads it."))
    needs = LineField(
        label=_("What they need at the table"),
        max_length=200,
        required=False,
        help_text=_("A high chair, a seat near the door. Only the host reads it."),
    )

    def __init__(self, data: Any, number: int, companions: list[Companion]) -> None:
        known = companions[number : number + 1]
        super().__init__(data, prefix=f"companion{number}", initial=said_of(known))
        self.known = known[0] if known else None
        if number:
            self.fields["who"].label = _("And somebody else?")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("who") and (said.get("name") or said.get("needs")):
            self.add_error("who", _("Is that an adult or a child? Or nobody: then please empty the fields below."))
        return said

    def companion(self) -> Companion | None:
        said = self.cleaned_data
        if not said["who"]:
            return None
        companion = Companion(is_child=said["who"] == "child", name=said["name"], needs=said["needs"])
        if self.known and is_the_same(companion, self.known):
            companion.pk = self.known.pk
        return companion


class SeatForm(forms.ModelForm):
    """With the seat, or with the wish for one."""

    note = LineField(
        label=_("Something my host should know"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("“I may be quiet at first”, for instance. Only the host and co-hosts read it."),
    )
    tells_needs = forms.BooleanField(label=_("Tell the host of this table what helps me"), required=False)
    wants_space = forms.BooleanField(
        label=_("Leave a space without a chair for me"),
        required=False,
        help_text=_("For a wheelchair, a pram, or a chair of your own."),
    )
    is_straight_away = forms.BooleanField(
        label=_("If I wait: seat me straight away when a seat comes free"),
        required=False,
        help_text=_("Until two days before. Later, and without this, we hold the seat and ask you first."),
    )

    class Meta:
        model = Rsvp
        fields = ["note", "wants_space", "is_straight_away"]

    field_order = ("note", "tells_needs", "wants_space", "is_straight_away")

    def __init__(self, data: Any, gathering: Gathering, rsvp: Rsvp) -> None:
        super().__init__(data, instance=rsvp)
        self.offer_needs(Needs.objects.words_of(rsvp.member), rsvp.note)
        if rsvp.is_seated:
            del self.fields["is_straight_away"]
        elif rsvp.is_waitlisted:
            self.fields["is_straight_away"].label = _("Seat me straight away when a seat comes free")
        brought = list(rsvp.companions.order_by("pk")) if rsvp.is_open else []
        self.companion_forms = [
            CompanionForm(data, number, brought) for number in range(max(gathering.most_companions, len(brought)))
        ]

    def offer_needs(self, needs: str, note: str) -> None:
        """What they keep for themself the host reads by one tick, and only by it: it then stands in their note here."""
        self.needs = needs
        if not needs or needs in note:
            del self.fields["tells_needs"]
        else:
            words = _("It is added to your note, for this table alone: “%(needs)s”")
            self.fields["tells_needs"].help_text = words % {"needs": needs}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("tells_needs") and "note" in said and self.needs not in said["note"]:
            note = f"{said['note']} {self.needs}".strip()
            if len(note) > LONGEST_NOTE:
                self.add_error("note", _("Together that is more than fits. Please say it a little shorter."))
            else:
                said["note"] = note
        return said

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(form.is_valid() for form in self.companion_forms)])

    @property
    def companions(self) -> list[Companion]:
        return [companion for form in self.companion_forms if (companion := form.companion())]

    def refuse(self, sentence: Any) -> None:
        """Say beside the last of the companions why the party stays as it is."""
        named = [form for form in self.companion_forms if form.cleaned_data["who"]]
        named[-1].add_error("who", sentence) if named else self.add_error(None, sentence)

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}


def is_the_same(companion: Companion, known: Companion) -> bool:
    """Whether it is still that person; one who had no name may have been given theirs."""
    return companion.is_child == known.is_child and known.name in ("", companion.name)


def said_of(companions: list[Companion]) -> dict[str, str]:
    return {
        name: value
        for companion in companions
        for name, value in {
            "who": "child" if companion.is_child else "adult",
            "name": companion.name,
            "needs": companion.needs,
        }.items()
    }


class PlanForm(forms.ModelForm):
    """If it is this time, I set off; if I get nervous, I … . Nobody else reads it."""

    sets_off = forms.TimeField(label=_("On the day, I set off when it is"), widget=ClockInput(), required=False)
    sets_off_from = LineField(label=_("from"), max_length=60, required=False)
    sets_off_by = LineField(
        label=_("by"), max_length=60, required=False, help_text=_("Bike, bus 76, on foot with a friend.")
    )
    if_nervous = LineField(
        label=_("If I get nervous, I"),
        max_length=200,
        required=False,
        help_text=_("“stay twenty minutes, then decide”, for instance."),
    )

    class Meta:
        model = Plan
        fields = ["sets_off", "sets_off_from", "sets_off_by", "if_nervous"]


class LateForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label=_("About how late?"),
        choices=[(15, _("A quarter of an hour")), (30, _("Half an hour")), (60, _("An hour")), (90, _("More"))],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("A rough guess is enough.")},
    )
