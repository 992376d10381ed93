"""Every field that holds what somebody wrote, found from the models; and what a test writes into all of them."""

from collections.abc import Callable
from html import unescape
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import IntegrityError, models, transaction

from apps.gatherings.models import Change
from apps.safety.models import LogEntry
from tests.payloads.payloads import PAYLOADS

# Text that the app or one of its libraries makes, and nobody types.
MADE = {
    "admin.LogEntry": "object_id change_message",
    "account.EmailConfirmation": "key",
    "auth.Permission": "name codename",
    "contenttypes.ContentType": "app_label model",
    "sessions.Session": "session_key session_data",
    "gatherings.CalendarFeed": "token",
    "gatherings.Change": "field",
    "gatherings.Gathering": "time_zone key link",
    "gatherings.KeptWish": "link",
    "gatherings.Question": "fact",
    "meals.Dish": "diets allergens",
    "movies.Film": "content",
    "meals.ToldDiet": "diets allergens",
    "moderation.Report": "key",
    "moderation.TrustedLink": "token",
    "outbox.Consent": "kind",
    "outbox.Message": "key kind secret lease",
    "places.Town": "country time_zone other_names slug",
    "places.TownName": "name",
    "privacy.Export": "key",
    "profiles.Diet": "diets allergens",
    "profiles.HouseRules": "join_link",
    "profiles.ProfileAnswer": "prompt",
    "profiles.Member": "password key time_zone language",
    "safety.LogEntry": "by act about",
}
# Where it is only part of what a field of JSON holds: how it gets there.
IN_JSON: dict[str, Callable[[str], None]] = {
    "mfa.Authenticator.data": lambda words: put_into_passkeys(words),
    "gatherings.Change.old": lambda words: put_into_changes("old", words),
    "gatherings.Change.new": lambda words: put_into_changes("new", words),
}
Words = Callable[[int], str]  # by the number of the field


def put_into_passkeys(words: str) -> None:
    for passkey in Authenticator.objects.all():
        passkey.data["name"] = words
        passkey.save(update_fields=["data"])


def put_into_changes(name: str, words: str) -> None:
    for change in Change.objects.filter(field__in=["title", "area", "address", "words"]):
        setattr(change, name, words)
        change.save(update_fields=[name])


def fields_of_words() -> dict[str, Any]:
    """By label: whatever is text, is chosen from no list, and does not stand above."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        made = MADE.get(model._meta.label, "").split()
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            if is_text and not field.choices and field.name not in made:
                found[f"{model._meta.label}.{field.name}"] = field
    return found


def mark(number: int) -> str:
    return f"⟦{number}⟧"


def all_at_once(number: int) -> str:
    """Every payload, and by which field it was seen; each field begins with another of them."""
    at = number * 29 % len(PAYLOADS)
    return "".join(PAYLOADS[at:] + PAYLOADS[:at]) + mark(number)


def one_each(turn: int) -> Words:
    """A single payload in each field, another at each turn."""
    return lambda number: PAYLOADS[(turn * 31 + number * 7) % len(PAYLOADS)]


def plant(words: Words, with_addresses: bool = True) -> None:
    """Into every row of every such field. The columns of SQLite hold what a form would refuse for its length."""
    for number, (label, field) in enumerate(fields_of_words().items()):
        if label in IN_JSON:
            IN_JSON[label](words(number))
        elif field.model is LogEntry:
            LogEntry.objects.bulk_create([renewed(entry, words(number)) for entry in LogEntry.objects.all()[:1]])
        elif is_address(field):
            if with_addresses:
                plant_addresses(field, words(number))
        else:
            write(field, words(number))


def renewed(entry: LogEntry, words: str) -> LogEntry:
    """The log is only ever added to."""
    return LogEntry(by=entry.by, act=entry.act, about=entry.about, reason=words)


def is_address(field: Any) -> bool:
    return isinstance(field, models.EmailField)


def plant_addresses(field: Any, words: str) -> None:
    numbers = count(1)
    for row in field.model._base_manager.exclude(**{field.name: ""}):
        value = f'{quoted(words)}{next(numbers)}"@elsewhere.example'
        field.model._base_manager.filter(pk=row.pk).update(**{field.name: value})


def quoted(words: str) -> str:
    """How an address begins that has them before its @, in quotes: it is one still, and as we keep it in small letters.

    What stands after it tells it from others.
    """
    return '"' + words.replace("\\", "").replace('"', "").lower()


def write(field: Any, words: str) -> None:
    rows = field.model._base_manager.all()
    try:
        with transaction.atomic():
            rows.update(**{field.name: words})
    except IntegrityError:  # some may have none
        rows.exclude(**{field.name: ""}).update(**{field.name: words})


def seen_in(body: str) -> set[str]:
    """The fields of which every payload stands there, as it was written."""
    found, text = set(), unescape(body)
    for number, (label, field) in enumerate(fields_of_words().items()):
        if mark(number) in body:
            words = quoted(all_at_once(number)) if is_address(field) else all_at_once(number)
            if words in text:
                found.add(label)
    return found
