from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings import timing
from apps.gatherings.comfort import UNDER_MORE
from apps.gatherings.details import FIELDS as DETAILS
from apps.gatherings.details import details_for
from apps.gatherings.forms_comfort import fact_field, said
from apps.gatherings.forms_details import detail_field
from apps.gatherings.models import MOST_COMPANIONS, MOST_SEATS, MOST_SEATS_OF_A_LARGER, Gathering
from apps.gatherings.models.comforts import NARROWEST_DOOR, WIDEST_DOOR
from apps.gatherings.one_point import point_of
from apps.places.distance import metres_between
from apps.places.forms import PointField, TownField
from apps.places.zones import zone_at
from apps.profiles.fields import LineField, WordsField

LONGEST = timedelta(hours=12)
LONGEST_BEFORE = timedelta(hours=3)  # that guests may come before the start
FURTHEST = timedelta(days=365)
FAR_FROM_TOWN = 100_000  # metres; a point further off is taken for a slip


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class GatheringForm(forms.ModelForm):
    """The host's page: seven fields in sight, everything else under "More"."""

    title = LineField(
        label=_("What shall we call it?"),
        max_length=80,
        error_messages={"required": _("It needs a name. “Soup on Friday” is enough.")},
    )
    day = forms.DateField(label=_("Day"), widget=DayInput())
    starts = forms.TimeField(label=_("From"), widget=ClockInput())
    ends = forms.TimeField(label=_("To"), widget=ClockInput())
    area = LineField(label=_("Area"), max_length=60, required=False, help_text=_("Everyone sees this."))
    address = LineField(
        label=_("Address and how to get in"),
        max_length=300,
        help_text=_(
            "Of a home, only guests with a seat see this, by default from the day before. Of a public place, everyone."
        ),
        error_messages={"required": _("Your guests will need this to find you.")},
    )
    seats = forms.IntegerField(
        label=_("Seats for guests"),
        min_value=1,
        max_value=MOST_SEATS_OF_A_LARGER,
        help_text=_("Your own seat is not counted."),
    )
    words = WordsField(
        label=_("A sentence in your own words"),
        max_length=600,
        required=False,
        help_text=_("*Emphasis*, lists and [links](https://example.org) work."),
    )

    town = TownField(label=_("Town"))
    point = PointField(
        label=_("Where on the map"),
        required=False,
        help_text=_(
            "Latitude and longitude, such as 51.45, -2.59. We keep only a square of about one kilometre. "
            "Without it, pages say the town and no distance."
        ),
    )
    setting = forms.ChoiceField(
        label=_("Where it happens"),
        choices=Gathering.Setting.choices,
        help_text=_("In a public place the address is shown to everyone."),
    )
    visibility = forms.ChoiceField(label=_("Who may see it"), choices=Gathering.Visibility.choices)
    address_from = forms.ChoiceField(
        label=_("When guests see the address of a home"), choices=Gathering.AddressFrom.choices
    )
    way_in = LineField(
        label=_("Nearest stop, and the way in"),
        max_length=300,
        required=False,
        help_text=_("Guests see this as soon as they have a seat: the stop, the steps, the door."),
    )
    arrive_from = forms.TimeField(label=_("Guests may come from"), widget=ClockInput(), required=False)
    cost = LineField(
        label=_("What it costs"),
        max_length=120,
        required=False,
        help_text=_("In a sentence, if it is not a plain yes or no."),
    )
    is_larger = forms.BooleanField(
        label=_("A larger gathering"), required=False, help_text=_("More than 12 seats, up to 40.")
    )

    asks_first = forms.BooleanField(
        label=_("I say yes to each guest first"),
        required=False,
        help_text=_("Whoever would like to come asks you, and you answer by mail or on the page of your guests."),
    )
    most_companions = forms.IntegerField(
        label=_("How many people a guest may bring"),
        min_value=0,
        max_value=MOST_COMPANIONS,
        required=False,
        help_text=_("Each takes a seat. Some only dare to come with a friend."),
    )
    seats_kept = forms.IntegerField(
        label=_("Seats kept for people who come for the first time"),
        min_value=0,
        max_value=MOST_SEATS_OF_A_LARGER // 2,
        required=False,
        help_text=_("Up to half of the seats. Two days before, they become as any other."),
    )
    least_guests = forms.IntegerField(
        label=_("It goes ahead with at least so many guests"),
        min_value=1,
        max_value=MOST_SEATS_OF_A_LARGER,
        required=False,
        help_text=_("Should fewer come, we ask you the day before what you would like to do."),
    )
    contact = LineField(
        label=_("On the day, reach me at"),
        max_length=100,
        required=False,
        help_text=_("A number, or whatever suits you. Guests see it from two hours before until the end."),
    )
    met_from = forms.TimeField(
        label=_("Somebody waits outside from"),
        widget=ClockInput(),
        required=False,
        help_text=_("Nobody then has to find the door alone."),
    )
    met_by = LineField(
        label=_("Who that is"), max_length=60, required=False, help_text=_("“Ada in a green coat”. Empty: you.")
    )

    door_width = forms.IntegerField(
        label=_("How wide the narrowest door is, in centimetres"),
        min_value=NARROWEST_DOOR,
        max_value=WIDEST_DOOR,
        required=False,
        error_messages=dict.fromkeys(("min_value", "max_value"), _("Somewhere between 40 and 300, please.")),
        help_text=_("On the way to the table and the toilet. Whoever comes by wheelchair goes by this."),
    )
    languages = LineField(
        label=_("Languages spoken"), max_length=120, required=False, help_text=_("“English, and some Polish”.")
    )
    for_whom = LineField(
        label=_("Whom it is for"),
        max_length=120,
        required=False,
        help_text=_("In your words: “Anyone who likes soup”, “Women and non-binary people”. Empty: everyone."),
    )

    MORE = {
        _("How it goes"): DETAILS,
        _("The place"): ["town", "point", "setting", "way_in", "door_width", "address_from"],
        _("Arriving"): ["arrive_from", "met_from", "met_by", "contact"],
        _("Who may come"): [
            "for_whom", "visibility", "asks_first", "most_companions", "seats_kept", "least_guests", "is_larger",
        ],
        _("What guests like to know"): ["languages", "cost", *(fact.field for fact in UNDER_MORE)],
    }  # fmt: skip

    class Meta:
        model = Gathering
        fields = [
            "title", "day", "starts", "ends", "area", "address", "words", "town", "setting", "visibility",
            "address_from", "way_in", "arrive_from", "cost", "is_larger", "asks_first", "most_companions",
            "seats_kept", "least_guests", "contact", "met_from", "met_by", "door_width", "languages", "for_whom",
            *(fact.field for fact in UNDER_MORE), *DETAILS,
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_for_comforts()
        self.ask_for_details()
        if self.instance.pk:
            self.initial.update(seats=self.instance.seats_wanted)
            if self.instance.has_own_point:
                self.initial.update(point=f"{self.instance.latitude}, {self.instance.longitude}")

    def ask_for_comforts(self) -> None:
        """Those that concern a gathering of this kind; nothing is preselected."""
        for fact in UNDER_MORE:
            del self.fields[fact.field]
            if fact.is_for(self.instance.kind):
                self.fields[fact.field] = fact_field(fact, fact.question)
                self.initial[fact.field] = said(self.instance, fact)

    def ask_for_details(self) -> None:
        for name in DETAILS:
            del self.fields[name]
        for detail in details_for(self.instance.kind):
            self.fields[detail.field] = detail_field(detail)
        if "pace" in self.fields:
            self.initial["pace"] = self.instance.pace or (None if self.instance.is_draft else "unsaid")

    @property
    def has_details(self) -> bool:
        return bool(details_for(self.instance.kind))

    @property
    def asked_fields(self) -> list[str]:
        """What it may have changed of the gathering: nothing that concerns only gatherings of another kind."""
        return [name for name in self.Meta.fields if name in self.fields]

    @property
    def more_fields(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """What is folded under "More", in groups with a heading each."""
        groups = {heading: [name for name in names if name in self.fields] for heading, names in self.MORE.items()}
        return [(heading, [self[name] for name in names]) for heading, names in groups.items() if names]

    @property
    def has_errors_under_more(self) -> bool:
        return self.is_bound and any(name in self.errors for names in self.MORE.values() for name in names)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.check_seats(data)
        self.check_companions(data)
        zone = self.place(data)
        if zone and all(data.get(name) is not None for name in ("day", "starts", "ends")):
            self.check_time(data, zone)
        return data

    def check_companions(self, data: dict[str, Any]) -> None:
        if (data.get("most_companions") or 0) + 1 > (data.get("seats") or MOST_SEATS):
            self.add_error("most_companions", _("A guest and whom they bring must fit into the seats."))

    def check_seats(self, data: dict[str, Any]) -> None:
        seats = data.get("seats")
        if seats is None:
            return
        if seats > MOST_SEATS and not data.get("is_larger"):
            self.add_error("seats", _("Up to 12 seats; for more, tick “A larger gathering” under “More”."))
        elif self.instance.seats_taken > MOST_SEATS and not data.get("is_larger"):
            self.add_error("is_larger", _("More than 12 seats are taken, so this stays a larger gathering."))
        elif (data.get("seats_kept") or 0) * 2 > seats:
            self.add_error("seats_kept", _("At most half of the seats, so that there is room for everyone else, too."))
        elif (data.get("least_guests") or 0) > seats:
            self.add_error("least_guests", _("That is more than there are seats."))
        self.instance.seats_wanted = seats

    def clean_seats_kept(self) -> int:
        return self.cleaned_data["seats_kept"] or 0

    def clean_most_companions(self) -> int:
        return self.cleaned_data["most_companions"] or 0

    def place(self, data: dict[str, Any]) -> ZoneInfo | None:
        """Set point and zone on the gathering, from the given point or else from the town."""
        town, point = data.get("town"), data.get("point")
        if not town or "point" in self.errors:
            return None
        if point and metres_between(*point, *town.point) > FAR_FROM_TOWN:
            self.add_error("point", _("This point is far from the town above. Is it the right one?"))
            return None
        if point and "address" in data:
            point = point_of(self.instance.host, data["address"], point)
        self.instance.has_own_point = bool(point)
        self.instance.latitude, self.instance.longitude = point or town.point
        self.instance.time_zone = zone_at(*point) if point else town.time_zone
        return self.instance.zone

    def check_time(self, data: dict[str, Any], zone: ZoneInfo) -> None:
        day, starts, ends = data["day"], data["starts"], data["ends"]
        now = timezone.now()
        if day > now.astimezone(zone).date() + FURTHEST:
            return self.add_error("day", _("That is more than a year away. Please choose a nearer day."))
        if starts == ends:
            return self.add_error("ends", _("It needs an end after its beginning. A rough one is fine."))
        last_day = day + timedelta(days=1 if ends < starts else 0)
        for name, at, on in (("starts", starts, day), ("ends", ends, last_day)):
            if timing.is_skipped(on, at, zone):
                return self.add_error(name, _("The clocks go forward over this time, so it does not exist that day."))
        begin, end = timing.moment(day, starts, zone), timing.moment(last_day, ends, zone)
        if end - begin > LONGEST or end <= begin:
            return self.add_error("ends", _("The end comes before the start. It may last up to twelve hours."))
        sentences = {
            "arrive_from": _("Guests come up to three hours before it starts, not later."),
            "met_from": _("Somebody waits outside up to three hours before it starts, not later."),
        }
        for name, sentence in sentences.items():
            if data.get(name) and not timing.clock_between(data[name], starts) <= LONGEST_BEFORE:
                self.add_error(name, sentence)
        has_moved = not self.instance.pk or self.instance.starts_at != begin
        if begin <= now and has_moved:
            if day < now.astimezone(zone).date():
                return self.add_error("day", _("That day is over. Please choose one that is still to come."))
            return self.add_error("starts", _("That time has passed. Please choose one that is still to come."))
        return None


class CancelForm(forms.Form):
    words = WordsField(
        label=_("A few words to your guests"),
        max_length=600,
        required=False,
        help_text=_("They are told at once, by mail. No reason is needed."),
    )
