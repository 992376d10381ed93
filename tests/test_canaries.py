"""Words that only some may read, planted and looked for everywhere: pages, headers, calendars, mails, the log.

A later app adds its own by a line in CANARIES and a line in `plant`.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from apps.afterwards.models import Felt, Reflection, Thanks, Tick
from apps.community import joining
from apps.gatherings.models import CalendarFeed, Gathering, Invitation, Plan, Question, Rsvp
from apps.gatherings.models.note import Note
from apps.meals.models import ToldDiet
from apps.moderation.models import Report, TrustedLink
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.privacy.exporting import as_json, contents, write
from apps.privacy.models import Export
from apps.profiles.models import Diet, HouseRules, Member
from apps.safety.models import LogEntry
from config.logs import Formatter
from tests.factories import make_gathering, make_member
from tests.test_gates import ADMIN_TABLES, READERS, TABLE, World, world  # noqa: F401  a fixture is found by its name

pytestmark = pytest.mark.django_db
# A token of ours begins with what it holds.
JOIN_TOKEN = signing.b64_encode(b'"canaryjoincanaryjoinca"').decode()
BY_LINK = [
    ("gatherings:detail", "by link"),
    ("gatherings:invite", "by link"),
    ("gatherings:rsvp", "by link"),
    ("moderation:trusted", "soon"),
]
LINE = Formatter("{asctime} {levelname} {name}: {message}", style="{")


@pytest.fixture(autouse=True)
def exports_root(settings: Any, tmp_path: Path) -> None:
    settings.EXPORTS_ROOT = tmp_path


@dataclass(frozen=True)
class Canary:
    words: str
    readers: frozenset[str]  # who may read it, in a page or in a mail


def canary(words: str, *readers: str) -> Canary:
    return Canary(words, frozenset(readers))


CANARIES = {
    "the address of a home": canary("77 Canary Steps", "host"),  # the guest's time has not come
    "how to reach the host": canary("0117 555 0177", "host"),
    "the e-mail of a guest": canary("guest.canary@example.org", "guest"),
    "the e-mail of a host": canary("host.canary@example.org", "host"),
    "a plan": canary("breathe like a canary", "guest"),
    "a note to the host": canary("quiet as a canary", "guest", "host"),
    "what a guest told the host that they eat": canary("no canary seed", "guest", "host"),
    "what a member eats, told to nobody": canary("only canary grass", "member"),
    "a question": canary("May my canary come", "member", "host"),
    "a note from the host": canary("Mind the canary on the stairs", "guest", "host"),
    "the words of a report": canary("as loud as a canary", "moderator"),
    "a line to oneself": canary("perch like a canary", "guest"),
    "what somebody would give to be reached": canary("whistle for the canary", "guest"),
    "how two reach each other": canary("the canary on the third floor", "guest", "host"),
    "words of thanks": canary("you sang like a canary", "host"),
    "a draft": canary("A canary supper", "host"),
    "the link of a gathering": canary("canarylinkcanarylinkca", "host"),
    "the link by which one joins": canary(JOIN_TOKEN, "keeper"),
    "a link for somebody trusted": canary("canarytrustcanarytrust", "guest"),
    "the address of somebody invited": canary("invited.canary@example.org", "keeper", "somebody invited"),
    "the address of a friend": canary("friend.canary@example.org", "a friend"),
    "the link to an export": canary("canaryexportcanaryexpo", "member"),
    "the link of a calendar": canary("canarycalendarcanaryca", "guest"),
    "what a moderator wrote down": canary("weighed like a canary", "moderator"),
}
# Whom a mail reaches that is none of the readers.
OTHERS = {"the address of somebody invited": "somebody invited", "the address of a friend": "a friend"}
ONLY_IN_MAIL = {"words of thanks", "a note from the host", "the address of a friend", "the link to an export"}
# What somebody takes along that no page shows them: it is their own.
ALONG = {
    "the words of a report": {"guest"},
    "the address of a friend": {"host"},
    "words of thanks": {"guest"},
}
OF_KEEPERS = {"the e-mail of a guest", "the e-mail of a host"}  # in the admin, where they help to sign in


def words_of(name: str) -> str:
    return CANARIES[name].words


def plant(world: World) -> None:  # noqa: F811
    noon = f"Etc/GMT{timezone.now().hour - 12:+d}"  # a zone in which it is day now, so that mail goes at once
    Gathering.objects.update(time_zone=noon)
    for gathering in world.gatherings.values():
        gathering.refresh_from_db()
    opened, guest, host = world.gatherings["open"], world.members["guest"], world.members["host"]
    # Not the one of tomorrow: its guest reads the address by now, and whoever has their trusted link.
    later = [gathering.pk for name, gathering in world.gatherings.items() if name != "soon"]
    homes = Gathering.objects.filter(pk__in=later)
    homes.update(address=words_of("the address of a home"), contact=words_of("how to reach the host"))
    world.gatherings["by link"] = make_gathering(host=host, visibility=Gathering.Visibility.LINK)
    Gathering.objects.filter(pk=world.gatherings["by link"].pk).update(link=words_of("the link of a gathering"))
    homes.filter(state=Gathering.State.DRAFT).update(title=words_of("a draft"))
    for member, name in ((guest, "the e-mail of a guest"), (host, "the e-mail of a host")):
        Member.objects.filter(pk=member.pk).update(email=words_of(name))
    seat = Rsvp.objects.get(gathering=opened, member=guest)
    Rsvp.objects.filter(pk=seat.pk).update(note=words_of("a note to the host"))
    Plan.objects.update_or_create(rsvp=seat, defaults={"if_nervous": words_of("a plan")})
    words = words_of("what a guest told the host that they eat")
    ToldDiet.objects.tell(seat, {None: {"to": "host", "words": words}})
    Diet.objects.keep(world.members["member"], "yes", words=words_of("what a member eats, told to nobody"))
    Question.objects.filter(asker=world.members["member"]).update(words=words_of("a question"))
    Report.objects.update(words=words_of("the words of a report"))
    plant_links(world)
    plant_the_morning_after(world)
    Note.objects.send(opened, host, words_of("a note from the host"))


def plant_the_morning_after(world: World) -> None:  # noqa: F811
    past, guest, host = world.gatherings["past"], world.members["guest"], world.members["host"]
    Reflection.objects.keep(guest, past, Felt.HOME, words_of("a line to oneself"))
    Thanks.objects.send(past, guest, host, words_of("words of thanks"))
    Tick.objects.keep(host, past, [guest.pk], [guest.pk], words_of("how two reach each other"))
    Tick.objects.keep(guest, past, [host.pk], [host.pk], "by the blue door")
    other = make_member("Wren")
    Rsvp.objects.create(gathering=past, member=other, state=Rsvp.State.SEATED)
    Tick.objects.keep(guest, past, [other.pk], [other.pk], words_of("what somebody would give to be reached"))


def plant_links(world: World) -> None:  # noqa: F811
    """Whatever opens something to whoever has it, and where it was sent."""
    keeper, member, moderator = (world.members[name] for name in ("keeper", "member", "moderator"))
    HouseRules.objects.now().change(
        join_link="canaryjoincanaryjoinca", join_link_until=timezone.now() + timedelta(days=1), who_may_join="invited"
    )
    TrustedLink.objects.update(token=words_of("a link for somebody trusted"))
    joining.invite(keeper, [words_of("the address of somebody invited")])
    host = world.members["host"]
    Invitation.send(world.gatherings["open"], host, [words_of("the address of a friend")])
    export = Export.objects.create(member=member, key=words_of("the link to an export"))
    write(member, export.file)
    export.say_ready()
    CalendarFeed.objects.update(token=words_of("the link of a calendar"))
    report = Report.objects.earliest("pk")
    LogEntry.objects.add(moderator, "warn", f"report {report.key}", words_of("what a moderator wrote down"))


def said_by(answer: HttpResponseBase) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    cookies = answer.cookies.output()
    return f"{headers}\n{cookies}\n{answer.content.decode(errors='replace')}"  # type: ignore[attr-defined]  # none streams


def seen_by_everyone(world: World) -> dict[str, set[str]]:  # noqa: F811
    """Reader to what they met on their way through every address, by GET and by an empty POST."""
    seen: dict[str, set[str]] = {reader: set() for reader in READERS}
    kept = {reader: client.cookies.output(header="", sep=";") for reader, client in world.readers.items()}
    for name, of in [(name, of) for name, of, *_answers in TABLE] + BY_LINK:
        url = world.url(name, of)
        for reader, client in world.readers.items():
            cache.clear()
            client.cookies = SimpleCookie(kept[reader])  # what they did last may have signed them out
            with transaction.atomic():
                said = "".join(said_by(answer) for answer in (client.get(url), client.post(url)))
                transaction.set_rollback(True)
            seen[reader] |= {each for each, planted in CANARIES.items() if planted.words in said}
    return seen


def all_that_a_mail_says(email: EmailMessage) -> str:
    parts = [part.get_payload(decode=True) for part in email.message().walk() if not part.is_multipart()]
    bodies = [part.decode(errors="replace") for part in parts if isinstance(part, bytes)]
    return "\n".join([*map(str, email.message().values()), *bodies]).replace("\r\n ", "")


def taken_along(world: World) -> dict[str, set[str]]:  # noqa: F811
    """Member to what stands in the file that they can ask for."""
    found = {}
    for reader, member in world.members.items():
        said = "".join(as_json(rows) for rows in contents(Member.objects.get(pk=member.pk)).values())
        found[reader] = {each for each, planted in CANARIES.items() if planted.words in said}
    return found


def strays(seen: dict[str, set[str]]) -> set[tuple[str, str]]:
    return {(reader, each) for reader, met in seen.items() for each in met if reader not in CANARIES[each].readers}


def test_no_canary_is_seen_where_it_may_not_be(world: World, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    caplog.set_level(logging.INFO)
    plant(world)
    seen = seen_by_everyone(world)
    assert strays(seen) == set()
    assert set().union(*seen.values()) >= set(CANARIES) - ONLY_IN_MAIL  # each is alive where it may be
    lines = "\n".join(LINE.format(record) for record in caplog.records)
    assert not [each for each, planted in CANARIES.items() if planted.words in lines]


def test_no_canary_is_in_a_mail_to_whoever_may_not_read_it(world: World) -> None:  # noqa: F811
    plant(world)
    Message.objects.waiting().update(due_at=timezone.now())  # also of what the world holds since before it was noon
    readers = {member.email: reader for reader, member in world.members.items()}
    readers |= {words_of(f"the e-mail of a {reader}"): reader for reader in ("guest", "host")}
    readers |= {words_of(name): reader for name, reader in OTHERS.items()}
    send()
    assert mail.outbox
    seen: dict[str, set[str]] = {}
    for email in mail.outbox:
        said = all_that_a_mail_says(email)
        seen.setdefault(readers.get(email.to[0], "stranger"), set()).update(
            each for each, planted in CANARIES.items() if planted.words in said
        )
    assert strays(seen) == set()
    assert "a note from the host" in seen["guest"]
    assert "a question" in seen["host"]
    assert set().union(*seen.values()) >= ONLY_IN_MAIL


def test_nobody_takes_a_canary_along_that_is_not_their_own(world: World) -> None:  # noqa: F811
    plant(world)
    seen = taken_along(world)
    assert {(reader, each) for reader, each in strays(seen) if reader not in ALONG.get(each, ())} == set()
    for reader, each in [("host", "the address of a home"), ("guest", "a plan"), ("guest", "the words of a report")]:
        assert each in seen[reader]


def test_control_the_address_of_somebody_elses_home_is_seen_in_an_export(world: World) -> None:  # noqa: F811
    plant(world)
    Plan.objects.update(sets_off_from=words_of("the address of a home"))
    assert ("guest", "the address of a home") in strays(taken_along(world))


def test_the_admin_shows_the_keeper_addresses_to_sign_in_with_and_no_other_canary(world: World) -> None:  # noqa: F811
    plant(world)
    keeper = world.readers["keeper"]
    said = ""
    for table in sorted(ADMIN_TABLES):
        page = keeper.get(reverse(f"admin:{table}_changelist"))
        said += said_by(page)
        for row in page.context["cl"].result_list:
            said += said_by(keeper.get(reverse(f"admin:{table}_change", args=[row.pk])))
    assert {each for each, planted in CANARIES.items() if planted.words in said} <= OF_KEEPERS


def test_control_a_canary_in_a_title_is_seen_by_those_who_may_not(world: World) -> None:  # noqa: F811
    plant(world)
    Gathering.objects.filter(pk=world.gatherings["open"].pk).update(title=words_of("a plan"))
    assert ("stranger", "a plan") in strays(seen_by_everyone(world))
