"""The one small next step that fits, or none: coming is enough.

Each is a warm offer, never an order; what somebody has done already they are not offered as something new, and what
they did not want this time rests for a month. The first that fits is the one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.gatherings.models import Gathering, Rsvp
from apps.meals.laid import Open
from apps.steps import tables
from apps.steps.facts import came, hosted, knows_the_way
from apps.steps.models import NotThisTime
from apps.steps.your_table import YourTable

Name = NotThisTime.Step
DOOR_IS_ASKED = timedelta(days=7)  # before the start
HOSTED_LATELY = timedelta(days=180)


@dataclass(frozen=True)
class Step:
    """What is offered, and where a yes leads: to a page, or, where it `is_done_at_once`, by a press of the button."""

    name: str
    words: str
    more: str
    yes: str
    url: str
    is_done_at_once: bool = False

    @property
    def no_url(self) -> str:
        """Where "Not this time" goes: about the door it is an answer that is asked for by mail, too."""
        return self.url if self.name == Name.DOOR else reverse("steps:not_this_time")


class Look:
    """One look at a table, for a step that fits there. What several steps ask is asked once."""

    def __init__(self, table: YourTable) -> None:
        self.table, self.member, self.now = table, table.member, table.now

    @property
    def done(self) -> set[str]:
        return self.table.done

    @property
    def seat(self) -> Rsvp | None:
        """The next one, until it begins."""
        return self.table.rsvp if self.table.rsvp and not self.table.rsvp.gathering.has_begun else None

    @cached_property
    def last(self) -> Gathering | None:
        """Where they came last."""
        rsvps = came(self.member).select_related("gathering").order_by("-gathering__ends_at")
        return next((rsvp.gathering for rsvp in rsvps[:1]), None)


def day_of(gathering: Gathering) -> str:
    return gathering.day_word.lower() or _("on %(day)s") % {"day": date_format(gathering.starts_local, "l j F")}


def open_the_door(look: Look) -> Step | None:
    """Where they have been before, and nobody opens it so far."""
    if not look.seat or "came" not in look.done or look.seat.opens_door is not None or look.table.door:
        return None
    gathering = look.seat.gathering
    if not gathering.starts_within(DOOR_IS_ASKED) or not knows_the_way(look.member, gathering).exists():
        return None
    words = _("Would you like to open the door on %(day)s?") % {"day": date_format(gathering.starts_local, "l")}
    more = _("You come a little earlier, and whoever rings sees a face that they can ask. Both answers are fine.")
    url = reverse("steps:door", args=[gathering.key])
    return Step(Name.DOOR, words, more, _("Yes"), url, is_done_at_once=True)


def bring_something(look: Look) -> Step | None:
    need = open_need(look, is_role=False) if "brought" not in look.done else None
    if not need:
        return None
    words = _("%(title)s could still do with something: %(need)s. Would you like to bring some?")
    more = _("Small and bought is welcome, and so are empty hands.")
    return step_of_the_meal(Name.BRING, look, words, more, need)


def lend_a_hand(look: Look) -> Step | None:
    need = open_need(look, is_role=True) if "helped" not in look.done else None
    if not need:
        return None
    words = _("At %(title)s there is something to lend a hand with: %(need)s. Would you like to?")
    more = _("Some people sit easier with something to do. Just sitting is as good.")
    return step_of_the_meal(Name.HELP, look, words, more, need)


def open_need(look: Look, is_role: bool) -> Open | None:
    """For whoever has come before, and has nothing in hand for this evening."""
    laid = look.table.laid
    if not look.seat or "came" not in look.done or not laid or look.table.brings:
        return None
    return next((each for each in laid.open if each.need.is_role == is_role), None)


def step_of_the_meal(name: str, look: Look, words: str, more: str, need: Open) -> Step:
    assert look.seat
    said = {"title": look.seat.gathering.title, "need": str(need.label)}
    return Step(name, words % said, more, _("See what is open"), f"{look.seat.gathering.get_absolute_url()}#food")


def make_a_plan(look: Look) -> Step | None:
    if not look.seat or look.table.plan_lines:
        return None
    gathering = look.seat.gathering
    words = _("When would you set off for %(title)s?") % {"title": gathering.title}
    more = _("It can be easier to go when that is settled beforehand. A line is enough, and only you read it.")
    return Step(Name.PLAN, words, more, _("Make a small plan"), reverse("gatherings:plan", args=[gathering.key]))


def ask_the_host(look: Look) -> Step | None:
    """For whoever has not been anywhere, and may be nervous."""
    if not look.seat or not look.done.isdisjoint({"came", "asked"}):
        return None
    gathering = look.seat.gathering
    words = _("Is there something you would like to know before you go?")
    more = _("Where to put a coat, whether one has to talk: you may ask %(host)s anything about the evening.")
    url = reverse("gatherings:ask", args=[gathering.key])
    return Step(Name.ASK, words, more % {"host": gathering.host.name}, _("Ask %(host)s") % said_of(gathering), url)


def said_of(gathering: Gathering) -> dict[str, str]:
    return {"host": gathering.host.name, "title": gathering.title, "day": day_of(gathering)}


def host_again(look: Look) -> Step | None:
    table = look.table
    if table.hosted or table.drafts or "hosted" not in look.done:
        return None
    before = hosted(look.member).filter(ends_at__gt=look.now - HOSTED_LATELY).order_by("-ends_at").first()
    if before is None or before in table.been:  # which has a button of its own there
        return None
    words = _("Would you like to set the table again, as for %(title)s?") % {"title": before.title}
    more = _("Everything is filled in as it was, for a day you choose. Nobody sees it until you say so.")
    url = reverse("gatherings:again", args=[before.key])
    return Step(Name.HOST_AGAIN, words, more, _("Fill it in"), url, is_done_at_once=True)


def come_again(look: Look) -> Step | None:
    """The next of the host or the series that they came to last."""
    if not look.table.has_nothing_ahead or not look.last:
        return None
    for gathering in tables.of_the_same(look.member, look.now, look.last):
        is_same_host = gathering.host_id == look.last.host_id
        words = _("%(host)s sets the table again: %(title)s, %(day)s.") if is_same_host else _("%(title)s is %(day)s.")
        more = _("You have been there before, so you know the way. There is a free seat.")
        return Step(Name.AGAIN, words % said_of(gathering), more, _("Have a look"), gathering.get_absolute_url())
    return None


def look_at_one(look: Look) -> Step | None:
    """One small table near by, by its name; where they came last, they have been asked already."""
    if not look.table.has_nothing_ahead:
        return None
    for gathering in tables.first_steps(look.member, look.now):
        if look.last and tables.is_same_as(gathering, look.last):
            continue
        words = _("%(title)s is a small table near you, %(day)s. %(host)s is the host.") % said_of(gathering)
        more = _("Have a look at what it is like there. You need not decide anything yet.")
        return Step(Name.LOOK, words, more, _("Have a look"), gathering.get_absolute_url())
    return None


STEPS: dict[str, Callable[[Look], Step | None]] = {
    Name.DOOR: open_the_door,
    Name.BRING: bring_something,
    Name.HELP: lend_a_hand,
    Name.PLAN: make_a_plan,
    Name.ASK: ask_the_host,
    Name.HOST_AGAIN: host_again,
    Name.AGAIN: come_again,
    Name.LOOK: look_at_one,
}


def next_step(table: YourTable) -> Step | None:
    set_aside = set(NotThisTime.objects.of(table.member).lasting(table.now).values_list("step", flat=True))
    look = Look(table)
    fitting = (step(look) for name, step in STEPS.items() if name not in set_aside)
    return next((each for each in fitting if each), None)
