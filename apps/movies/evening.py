"""A movie night as its readers are told of it: the film or the list it is chosen from, and how the evening goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.gatherings.models import Gathering
from apps.gatherings.timing import moment, on_the_wall
from apps.movies.models import Film, Showing, Vote
from apps.profiles.models import Member

SIX = time(18)
AT_LEAST = timedelta(hours=12)  # which a vote should be open for, if there is as much time


class Evening:
    def __init__(self, gathering: Gathering, showing: Showing) -> None:
        self.gathering, self.showing = gathering, showing

    @property
    def film(self) -> Film | None:
        return self.showing.chosen

    @cached_property
    def films(self) -> list[Film]:
        """Those that are voted on, or that the host has named so far; the first named first."""
        return list(Film.objects.of(self.gathering))

    @property
    def course(self) -> str:
        """ "Doors at 19:00, the film at 19:30, a break of 10 minutes, then talk until about 22:00." """
        steps = [
            _("doors at %(time)s") % {"time": clock(self.gathering.arrive_from or self.gathering.starts_local)},
            _("the film at %(time)s") % {"time": clock(self.showing.begins_local)},
        ]
        if minutes := self.showing.break_minutes:
            words = ngettext("a break of %(minutes)s minute", "a break of %(minutes)s minutes", minutes)
            steps.append(words % {"minutes": minutes})
        if self.film:
            steps.append(self.last_step)
        elif self.showing.talk_minutes:
            steps.append(_("and time to talk after"))
        return capfirst(_(", ").join(steps)) + _(".")

    @property
    def last_step(self) -> str:
        talk = _("then talk until about %(time)s")
        words = talk if self.showing.talk_minutes else _("and home by about %(time)s")
        return words % {"time": clock(on_the_wall(self.gathering.ends_at, self.gathering.zone))}

    @property
    def until(self) -> str:
        """ "Tuesday 24 November, 18:00" """
        return date_format(self.showing.closes_local, "l j F, H:i") if self.showing.closes_local else ""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """For mails, as other facts stand there; nothing where the host has said nothing."""
        if self.film:
            holds = [(_("What it holds"), content_in_words(self.film))] if self.film.has_content_said else []
            return [(_("The film"), in_words(self.film)), *holds, (_("How it goes"), self.course)]
        if self.showing.is_open:
            chosen = _("The guests choose it until %(when)s; you find it on the page.") % {"when": self.until}
            return [(_("The film"), chosen), (_("How it goes"), self.course)]
        return []


def has_films(gathering: Gathering) -> bool:
    return gathering.kind == Gathering.Kind.MOVIE_NIGHT


def evening(gathering: Gathering) -> Evening | None:
    return evenings([gathering]).get(gathering.pk)


def evenings(gatherings: Iterable[Gathering]) -> dict[int, Evening]:
    """Those of them that are movie nights; one query, however many they are, and none where there is none."""
    nights = list({each.pk: each for each in gatherings if has_films(each)}.values())
    if not nights:
        return {}
    return {each.gathering.pk: Evening(each.gathering, each) for each in Showing.objects.of_each(nights).values()}


def may_choose(member: Member, seats: Iterable[Gathering]) -> set[Gathering]:
    """Of these, at which they have a seat, those where they could still say which films they would enjoy, and have not.

    Two queries at most, however many they are.
    """
    open_votes = [each.gathering for each in evenings(seats).values() if each.showing.takes_votes]
    if not open_votes:
        return set()
    cast = Vote.objects.counted().filter(voter=member, film__gathering__in=open_votes)
    voted = set(cast.values_list("film__gathering", flat=True))
    return {gathering for gathering in open_votes if gathering.pk not in voted}


def usual_deadline(gathering: Gathering) -> datetime:
    """Two days before, at six in the evening; of one that is sooner, half way to the start."""
    now, starts = timezone.now(), gathering.starts_at
    until = moment(gathering.day - timedelta(days=2), SIX, gathering.zone)
    if until - now < AT_LEAST:
        half_way = (now + (starts - now) / 2).replace(second=0, microsecond=0)
        quarter = half_way - timedelta(minutes=half_way.minute % 15)
        until = quarter if quarter > now else half_way
    return on_the_wall(until, gathering.zone)


def clock(at: Any) -> str:
    return date_format(at, "H:i")


def length_in_words(minutes: int) -> str:
    """ "1 hour 44 minutes" """
    hours, rest = divmod(minutes, 60)
    words = [ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}] if hours else []
    if rest or not hours:
        words.append(ngettext("%(minutes)s minute", "%(minutes)s minutes", rest) % {"minutes": rest})
    return " ".join(words)


def facts_of(film: Film) -> str:
    """ "1 hour 44 minutes, in English, subtitles in German" """
    words = [length_in_words(film.minutes)]
    if film.language:
        words.append(_("in %(language)s") % {"language": film.language})
    if film.captions:
        words.append(captions_in_words(film))
    return _(", ").join(words)


def captions_in_words(film: Film) -> str:
    kinds = {"subtitles": _("subtitles"), "captions": _("captions"), "none": _("nothing to read along")}
    words = kinds[film.captions]
    if film.captions_language and film.captions != "none":
        return _("%(captions)s in %(language)s") % {"captions": words, "language": film.captions_language}
    return words


def captions_of(night: Evening) -> str:
    """Of the film that is shown, or of all that may be; nothing where one of them is not said to have any."""
    films = [night.film] if night.film else night.films if night.showing.is_open else []
    if not films or not all(film.captions in ("subtitles", "captions") for film in films):
        return ""
    return capfirst(captions_in_words(films[0])) if night.film else _("Subtitles or captions, whichever film it is")


def content_in_words(film: Film) -> str:
    """ "Violence, sudden loud sounds. The dog lives." """
    listed = capfirst(_(", ").join(str(words) for words in film.content_said))
    return " ".join(part for part in (listed + _(".") if listed else "", film.content_words) if part)


def in_words(film: Film) -> str:
    return _("%(film)s, %(facts)s") % {"film": film, "facts": facts_of(film)}
