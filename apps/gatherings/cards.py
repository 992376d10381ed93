"""The cards of a page of search results. All strangers find the same, and all members; so they are drawn once for each.

A member never sees a table of somebody they are parted from by a block. Its card is left out of what all members find,
which takes no longer than finding nothing to leave out: how soon a page comes must not tell of a block either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from apps.gatherings import kept, paging
from apps.gatherings.browse import Search
from apps.gatherings.models import CoHost, Gathering, Rsvp
from apps.gatherings.paging import PAGE, Mark
from apps.profiles.door import is_member
from apps.profiles.models import Member
from apps.safety.models import Block

SPARE = 5  # cards more than a page holds, for those that one reader does not see; then there are rarely more to draw


@dataclass(frozen=True)
class Card:
    pk: int
    title: str
    key: str
    metres: int | None
    day: str  # "Saturday <span>5 December</span>"
    html: str
    run_by: frozenset[int]  # keys of the host, and of whoever co-hosts or is asked to
    open_to: frozenset[int]  # where it is full: keys of those who have a seat there, or wait or ask for one
    mark: Mark  # from where a page goes on behind it


@dataclass(frozen=True)
class Day:
    words: str
    cards: list[Card]

    @property
    def html(self) -> str:
        return mark_safe("".join(card.html for card in self.cards))  # each rendered by a template, so escaped


@dataclass(frozen=True)
class Found:
    """A page of cards from where the last one ended, and the address of the next page or nothing."""

    days: list[Day]
    more_url: str

    @property
    def html(self) -> str:
        return render_to_string("gatherings/browse.html#results", vars(self))


def below(search: Search, found: Found) -> dict[str, object]:
    """For a part that is put under the cards of the page before: where a reader goes on, maybe within its last day."""
    return {**vars(found), "is_below": True, "last_day": words_of(search.after.day) if search.after else ""}


def found_by(search: Search, reader: Member | AnonymousUser) -> Found:
    seen = list(islice(seen_by(search, reader), PAGE + 1))
    shown = seen[:PAGE]
    days = [Day(words, list(group)) for words, group in groupby(with_own_seats(shown, reader), lambda card: card.day)]
    return Found(days, replace(search, after=shown[-1].mark).url if len(seen) > PAGE else "")


def seen_by(search: Search, reader: Member | AnonymousUser) -> Iterator[Card]:
    """All that this reader sees from here on; drawn some at a time, of which the first are mostly enough."""
    is_inside, has_more = is_member(reader), True
    apart = Block.objects.keys_of_others(reader) if isinstance(reader, Member) else set()
    while has_more:
        cards, has_more = kept.once(("cards", search.url, is_inside), partial(draw_all, search, is_inside))
        yield from (card for card in cards if not card.run_by & apart or reader.pk in card.run_by)
        search = replace(search, after=cards[-1].mark) if has_more else search


def with_own_seats(shown: list[Card], reader: Member | AnonymousUser) -> list[Card]:
    """These, and of a full table the card that those see who come to it: for them alone it is looked up and drawn."""
    own = {card.pk for card in shown if reader.pk in card.open_to}
    if not own:
        return shown
    told = Rsvp.objects.of(reader).open().filter(gathering__in=own).select_related("gathering__town", "gathering__host")
    seats = {rsvp.gathering_id: rsvp for rsvp in told}
    return [replace(card, html=own_html(card, seats[card.pk])) if card.pk in seats else card for card in shown]


def own_html(card: Card, rsvp: Rsvp) -> str:
    rsvp.gathering.metres = card.metres
    return render_to_string("components/card.html", {"gathering": rsvp.gathering, "rsvp": rsvp})


def draw_all(search: Search, is_inside: bool) -> tuple[list[Card], bool]:
    """A page and SPARE more, as every reader of that kind finds them; and whether there are others behind them."""
    everything = Gathering.objects.all()
    found = search.narrowed(everything.for_members() if is_inside else everything.visible_to(AnonymousUser()))
    gatherings, mark = paging.page(found, search.today(), search.after, PAGE + SPARE)
    run_by = by_gathering(CoHost.objects.all(), gatherings if is_inside else [])
    open_to = by_gathering(Rsvp.objects.open(), [each for each in gatherings if each.is_full_up and is_inside])
    return [
        draw(each, run_by.get(each.pk, set()), open_to.get(each.pk, set())) for each in gatherings
    ], mark is not None


def by_gathering(rows: QuerySet[Any], gatherings: list[Gathering]) -> dict[int, set[int]]:
    """The members of these rows; a query, or none where there are no gatherings."""
    found: dict[int, set[int]] = {}
    pairs = rows.filter(gathering__in=[each.pk for each in gatherings]).values_list("gathering", "member")
    for gathering, member in pairs if gatherings else []:
        found.setdefault(gathering, set()).add(member)
    return found


def words_of(day: date) -> str:
    return format_html("{} <span>{}</span>", date_format(day, "l"), date_format(day, "j F"))


def draw(gathering: Gathering, co_hosts: set[int], open_to: set[int]) -> Card:
    mark, day = Mark.of(gathering), gathering.starts_local.date()
    if not gathering.has_own_point:
        gathering.metres = None  # measured from a town's centre it would say nothing
    return Card(
        gathering.pk,
        gathering.title,
        gathering.key,
        gathering.metres,
        words_of(day),
        render_to_string("components/card.html", {"gathering": gathering}),
        frozenset({gathering.host_id, *co_hosts}),
        frozenset(open_to),
        mark,
    )
