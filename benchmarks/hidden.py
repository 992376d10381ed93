"""How long an answer takes must not tell what is there behind a door or a block.

python -m benchmarks.hidden

What is there and not for this reader, beside two that never were: how far those two are apart is noise. That the
answers are the same to the byte is the suite's to show.
"""

from typing import Any

from benchmarks.answers import HERE, measure

LOOKS = 300  # at each, in random order


def main() -> None:
    import django

    django.setup()
    from django.test.utils import override_settings

    from benchmarks import rows

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={"default": plain, "staticfiles": plain}):
        rows.empty_tables()
        measure_all()


def measure_all() -> None:
    from django.test import Client

    from apps.gatherings.parting import block
    from apps.profiles.models import HouseRules
    from tests.factories import make_gathering, make_member, make_seat

    rules, reader, stranger = HouseRules.objects.now(), Client(headers=HERE), Client(headers=HERE)
    robin, table, members_only = make_member("Robin"), make_gathering(), make_gathering(visibility="members")
    make_seat(table)
    block(robin, table.host)
    reader.force_login(robin)
    rules.change(who_may_look="everyone")
    for act in ("", "calendar.ics", "rsvp/"):
        compare(f"a table of somebody blocked, /{act}", reader, table.key, act)
    for act in ("", "rsvp/"):
        compare(f"a table for members only, to a stranger, /{act}", stranger, members_only.key, act)
    rules.change(who_may_look="members")
    for act in ("", "rsvp/"):
        compare(f"a closed community, to a stranger, /{act}", stranger, table.key, act)


def compare(what: str, client: Any, key: str, act: str) -> None:
    keys = {"there": key, "never": "zzzzzzzzzz", "nowhere": "yyyyyyyyyy"}
    ask = client.post if act == "rsvp/" else client.get
    measure(what, list(keys), lambda address: ask(f"/gatherings/{keys[kind_of(address)]}/{act}"), LOOKS)


def kind_of(address: str) -> str:
    return address.split("@")[0].rstrip("0123456789")


if __name__ == "__main__":
    main()
