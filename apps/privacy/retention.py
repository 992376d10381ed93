"""What is forgotten by itself, and when. A rule here is all there is to do: the task and the tests read this list.

Whoever adds something that is not to be kept adds its rule, and a line in docs/privacy.md.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

logger = logging.getLogger(__name__)
AT_ONCE = 500  # rows in a transaction, so that nobody waits for long


@dataclass(frozen=True)
class Rule:
    """Rows of `model` are forgotten so many `days` after `since`: the whole row, or what stands in `blank`."""

    model: str
    days: int
    since: str
    words: str  # as docs/privacy.md has it
    blank: dict[str, Any] = field(default_factory=dict)
    where: Q = field(default_factory=Q)

    def due(self, now: datetime) -> QuerySet[Any]:
        rows = apps.get_model(self.model)._base_manager.filter(
            self.where, **{f"{self.since}__lte": now - timedelta(days=self.days)}
        )
        return rows.exclude(**self.blank) if self.blank else rows

    def apply(self, now: datetime) -> None:
        manager = apps.get_model(self.model)._base_manager
        while keys := list(self.due(now).values_list("pk", flat=True)[:AT_ONCE]):
            some = manager.filter(pk__in=keys)
            some.update(**self.blank) if self.blank else some.delete()


OVER, RSVP_OVER = "gathering__ends_at", "rsvp__gathering__ends_at"
CAME_BACK = Q(reason__in=["refused", "bounced"])
GIVEN_BACK = Q(rsvp__state__in=["left", "declined"])
# Diets are gone 7 days after the gathering: whatever holds one adds itself here.
RULES = [
    Rule("gatherings.Companion", 7, RSVP_OVER, "what a companion needs at the table", {"needs": ""}),
    Rule("meals.ToldDiet", 7, RSVP_OVER, "what a guest has told of what they eat"),
    Rule("meals.ToldDiet", 0, "rsvp__changed_at", "the same, once the seat is given back", where=GIVEN_BACK),
    Rule("meals.TableRequest", 7, OVER, "what a host has asked of their table"),
    Rule("gatherings.Rsvp", 7, OVER, "that somebody needs a space without a chair", {"wants_space": False}),
    Rule("gatherings.Rsvp", 30, OVER, "the hosts’ mark that somebody was absent", {"is_absent": False}),
    Rule("gatherings.Rsvp", 90, OVER, "what a guest wanted the host to know", {"note": ""}),
    Rule("gatherings.Rsvp", 90, OVER, "with which words a host said no", {"host_words": ""}),
    Rule("gatherings.Companion", 90, RSVP_OVER, "whom somebody brought along"),
    Rule("gatherings.Plan", 90, RSVP_OVER, "a guest’s plan"),
    Rule("gatherings.RsvpChange", 90, RSVP_OVER, "when somebody took a seat or gave it back"),
    Rule("gatherings.Reveal", 90, OVER, "on which days a guest was shown the address of a home"),
    Rule("gatherings.Question", 90, OVER, "questions and their answers"),
    Rule("gatherings.Note", 90, OVER, "a host’s notes to the table"),
    Rule("gatherings.Change", 90, OVER, "what a gathering was before an edit"),
    Rule("gatherings.Invitation", 90, OVER, "who was invited by mail"),
    Rule("gatherings.CoHost", 90, OVER, "who was asked to co-host and did not say yes", where=Q(accepted_at=None)),
    Rule("meals.Dish", 90, OVER, "what somebody brought to a table"),
    Rule("afterwards.Tick", 30, "at", "whom somebody would like to see again"),
    Rule("afterwards.Match", 30, "at", "that two keep in touch, and how they reach each other"),
    Rule("afterwards.Thanks", 90, OVER, "thanks"),
    Rule("afterwards.Reflection", 365, OVER, "a private answer, and the line to oneself"),
    Rule("movies.Vote", 7, "film__gathering__ends_at", "a vote that never closed"),
    Rule("moderation.TrustedLink", 7, RSVP_OVER, "a link for somebody trusted"),
    Rule("moderation.Report", 365, "decided_at", "a report that was decided"),
    Rule("moderation.Word", 365, "at", "what moderators wrote to somebody"),
    Rule("steps.NotThisTime", 30, "at", "a small step that somebody did not want this time"),
    Rule("reminders.NearWish", 0, "until", "that somebody wanted to hear of something near a town, 90 days after it"),
    Rule("profiles.ShutOut", 1, "until", "that a suspended member who left may not join anew"),
    Rule("profiles.JoinInvitation", 90, "at", "who was invited to join"),
    Rule("outbox.Message", 90, "done_at", "which mail was sent to whom, once it has been", where=~Q(state="waiting")),
    Rule("outbox.Suppression", 365, "at", "that mail to an address came back", where=CAME_BACK),
    Rule("sessions.Session", 0, "expire_date", "a visit that ended by itself, after 90 days or 180 at the most"),
    Rule("admin.LogEntry", 365, "action_time", "what a keeper changed in the admin"),
]  # fmt: skip


def forget(now: datetime) -> None:
    for rule in RULES:
        try:
            rule.apply(now)
        except Exception:  # what is wrong with one rule must not keep the others
            logger.exception("What %s holds could not be forgotten", rule.model)
