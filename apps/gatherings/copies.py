"""A gathering copied to another day: everything its host entered, and nothing that happened to it since."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.gatherings.models.gathering import Gathering

# What is each gathering's own. All else was entered by its host, and is copied.
OWN = {
    "id", "key", "state", "link", "day", "starts_at", "ends_at", "day_before_at", "moved_at", "cell_small",
    "cell_medium", "cell_large", "moves", "sequence", "created_at", "seats", "seats_taken", "kept_left", "goes_ahead",
    "series", "series_day", "published_at", "cancelled_at", "cancel_words", "hidden_at", "origin",
}  # fmt: skip
FACTS = [field.attname for field in Gathering._meta.concrete_fields if field.name not in OWN]
# Facts that only make sense together: where one was edited, the others belong to it.
TOGETHER = [
    ("starts", "ends", "arrive_from", "met_from"),
    ("seats_wanted", "seats_kept", "is_larger"),
    ("town_id", "has_own_point", "latitude", "longitude", "time_zone"),
]
GROUPS = [*TOGETHER, *((name,) for name in FACTS if not any(name in group for group in TOGETHER))]


def facts(gathering: Gathering, names: tuple[str, ...] | list[str] = FACTS) -> tuple[Any, ...]:
    return tuple(getattr(gathering, name) for name in names)


def copy_of(gathering: Gathering, day: date, **own: Any) -> Gathering:
    """Not saved yet. One that is only for those who have its link gets a link of its own."""
    own["origin_id"] = gathering.origin_id or gathering.pk  # what higher floors keep of it is asked for by that
    copy = Gathering(day=day, **dict(zip(FACTS, facts(gathering), strict=True)), **own)
    if copy.is_by_link:
        copy.link = secrets.token_urlsafe(16)
    copy.settle()
    return copy


def usual(gatherings: list[Gathering]) -> Gathering:
    """The last of those that are as most of them are, so that what was edited for one date alone stays there."""
    [(most, _times)] = Counter(facts(each) for each in reversed(gatherings)).most_common(1)
    return next(each for each in reversed(gatherings) if facts(each) == most)


def host_again(gathering: Gathering) -> Gathering:
    """A draft like it, on the same weekday: a week later, or in the first week that is still to come.

    Asked twice, it is the same draft.
    """
    today = timezone.now().astimezone(gathering.zone).date()
    weeks = max(1, (today - gathering.day).days // 7 + 1)
    with transaction.atomic():
        draft = copy_of(Gathering.objects.locked(gathering.pk), gathering.day + timedelta(weeks=weeks))
        same = {"host": draft.host, "state": draft.state, "title": draft.title, "day": draft.day}
        if made := Gathering.objects.filter(**same, starts=draft.starts).first():
            return made
        draft.save()
    return draft
