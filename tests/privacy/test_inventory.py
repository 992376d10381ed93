"""Every model and field has a decision, every rule of forgetting is kept, and the docs say the same."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.gatherings.models import Companion, Invitation, Plan, Question, Rsvp
from apps.outbox.models import Message, Suppression
from apps.outbox.tasks import send
from apps.privacy import inventory, retention
from apps.privacy.inventory import NOBODYS, PERSONAL, undecided
from apps.privacy.models import MAY_COME_BACK
from apps.privacy.retention import RULES
from apps.privacy.tasks import night
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat

DOCS = (Path(settings.BASE_DIR) / "docs" / "privacy.md").read_text()


def test_every_model_and_every_field_has_a_decision() -> None:
    assert undecided() == []


def test_control_a_new_field_and_a_new_model_fail_with_a_sentence_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(PERSONAL["gatherings.Note"].kept_back, "id")  # as if it were new
    monkeypatch.delitem(NOBODYS, "places.Town")
    monkeypatch.setitem(NOBODYS, "places.Gone", "it was once")
    found = undecided()
    where = "apps/privacy/inventory.py"
    assert f"Decide about id: put it into a file of gatherings.Note in {where}, or say why it is kept back." in found
    assert any(each.startswith(f"places.Town is not in {where}. Say there whose it is") for each in found)
    assert f"places.Gone is decided in {where}, and there is no such model." in found
    assert len(found) == 3


def test_whatever_points_at_a_member_is_somebodys() -> None:
    pointing = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Member
    }
    assert pointing <= set(PERSONAL)


def line_of(label: str) -> str:
    decision = PERSONAL[label]
    return f"| `{label}` | {decision.leaving} | {decision.kept} |"


@pytest.mark.parametrize("label", PERSONAL)
def test_the_docs_have_the_decision_about_each(label: str) -> None:
    assert line_of(label) in DOCS, f"docs/privacy.md lacks this line: {line_of(label)}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.words)
def test_the_docs_have_each_rule(rule: retention.Rule) -> None:
    line = f"| {rule.words} | {rule.days} days |"
    assert line in DOCS, f"docs/privacy.md lacks this line: {line}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.words)
@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_rule_can_be_asked_and_names_what_is_personal(rule: retention.Rule) -> None:
    assert rule.due(timezone.now()).count() == 0
    assert rule.model in PERSONAL


# By the task


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("days", "left"),
    [
        (6, {"needs", "space", "note", "plan", "companion", "question", "invitation", "history"}),
        (8, {"note", "plan", "companion", "question", "invitation", "history"}),
        (89, {"note", "plan", "companion", "question", "invitation", "history"}),
        (91, set()),
    ],
)
def test_what_was_said_for_an_evening_is_forgotten_after_it(days: int, left: set[str]) -> None:
    host, guest = make_member(), make_member()
    gathering = make_gathering(timezone.now() + timedelta(hours=1), host=host, most_companions=2)
    brought = [Companion(name="Jo", needs="no nuts")]
    seat = gathering.seat(guest, note="I am deaf", wants_space=True, companions=brought)
    Plan.objects.create(rsvp=seat, if_nervous="breathe")
    Question.objects.ask(gathering, make_member(), "Is there a bus?")
    Invitation.send(gathering, host, ["friend@example.org"])
    with time_machine.travel(gathering.ends_at + timedelta(days=days)):
        night()
    seat.refresh_from_db()
    found = {
        "needs": Companion.objects.exclude(needs="").exists(),
        "space": seat.wants_space,
        "note": bool(seat.note),
        "plan": Plan.objects.exists(),
        "companion": Companion.objects.exists(),
        "question": Question.objects.exists(),
        "invitation": Invitation.objects.exists(),
        "history": seat.history.exists(),
    }
    assert {name for name, is_there in found.items() if is_there} == left
    assert seat.state == Rsvp.State.SEATED  # that they came stays theirs


@pytest.mark.django_db
@pytest.mark.both_databases
def test_mail_is_forgotten_after_ninety_days_but_not_what_waits() -> None:
    make_seat(make_gathering(timezone.now() + timedelta(days=200)))
    send()
    Message.objects.put("seat_confirmed", make_member(), due_at=timezone.now() + timedelta(days=150))
    Suppression.objects.suppress("full@example.org", "bounced")
    Suppression.objects.suppress("please@example.org", "asked")
    for days, mails, suppressed in [(89, 2, 2), (91, 1, 2), (366, 1, 1)]:
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            night()
        assert (Message.objects.count(), Suppression.objects.count()) == (mails, suppressed)
    assert Message.objects.get().state == "waiting"


@pytest.mark.django_db
def test_what_is_wrong_with_one_rule_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = retention.Rule("gatherings.Plan", 1, "no_such_field", "nothing")
    monkeypatch.setattr(retention, "RULES", [broken, *RULES])
    Suppression.objects.suppress("full@example.org", "bounced")
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        night()
    assert not Suppression.objects.exists()


def test_beat_runs_both() -> None:
    tasks: Any = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert {"apps.privacy.tasks.often", "apps.privacy.tasks.night"} <= set(tasks)
    assert f"{MAY_COME_BACK.days} days" in DOCS
    assert inventory.__doc__
