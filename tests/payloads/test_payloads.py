"""Three hundred payloads in every field that somebody writes in, seen in Chromium on every page and in every mail.

Twice: all of them in each field at once, and one in each field. Whatever was written, a page has the same elements and
attributes, and leads to the same places. None runs, nothing is asked of anybody, and the policy has nothing to forbid.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page

from apps.community.demo.scenes import SCENES, finished
from tests.factories import html_of
from tests.payloads import planting
from tests.payloads.inside import Inside, Shown, only_reporting
from tests.payloads.laying import lay
from tests.test_gates import World, world  # noqa: F401  a fixture is found by its name

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# Kept, and shown on no page and in no mail.
UNSEEN = {
    "account.EmailAddress.email": "of allauth, which the admin leaves out; ours is in profiles.Member",
    "auth.Group.name": "there are no groups here",
    "gatherings.Change.new": "a mail says it as the gathering has it",
    "gatherings.Change.old": "a mail says what is now",
    "gatherings.Invitation.email": "whoever was invited is told to nobody",
    "outbox.Consent.words": "of a switch, for the export",
    "outbox.Message.address": "not for the admin either",
    "privacy.Departure.name": "kept for whoever comes back",
    "privacy.Departure.pronouns": "likewise",
    "reminders.NearWish.also": "read as the address of a search, of which pages say what they know",
    "profiles.Diet.consent_words": "of the box, for the export",
    "profiles.Needs.consent_words": "likewise",
    "profiles.Picture.key": "the app makes it: a name of files",
    "profiles.Picture.sent": "likewise",
    "profiles.ShutOut.trace": "likewise: a hash",
}
# No mail program has a policy of ours; this one tells of whatever would be fetched or run.
AS_A_MAIL_PROGRAM = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy-Report-Only": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
}
LINK = re.compile(r'href="[^"]*(/m/[^/"]+/)"')
OF_THE_MAIL = re.compile(r' src="cid:\w+@localhost"')  # a picture that the mail brings; no browser looks for it there
seen: set[str] = set()  # fields, by all tests of this module


@pytest.fixture
def inside(page: Page) -> Iterator[Inside]:
    with Inside(page) as inside:
        yield inside


def named(settings: Any, words: planting.Words) -> None:
    """What the host of a community says in the environment."""
    settings.COMMUNITY_NAME = settings.COMMUNITY_ANSWERED_BY = settings.COMMUNITY_ANSWERED_WITHIN = words(0)


MAP = "/sitemap.xml"  # keys and slugs; Chromium shows it by a page of its own, whose style our policy forbids


def seen_on_all(world: World, inside: Inside, pages: list[tuple[str, str]], is_strict: bool) -> dict[str, str]:  # noqa: F811
    """The elements of each page. Fails where anything else came of it."""
    bones, found, shapes = {}, {}, set()
    for reader, path in pages:
        cache.clear()
        answer = world.readers[reader].get(path)
        if answer.get("Content-Type", "").startswith("image/"):
            continue  # drawn of numbers; there are no words in it
        shown, shape = Shown.of(answer), (path, shape_of(answer.content))
        if shown.status == 200 and shape not in shapes and path != MAP:
            shapes.add(shape)
            sight = inside.show(path, shown if is_strict else only_reporting(shown))
            bones[f"{path} to the {reader}"] = sight.bones
            found[f"{path} to the {reader}"] = sight.faults
            seen.update(planting.seen_in(shown.body.decode()))
    assert {where: what for where, what in found.items() if what} == {}
    return bones


def shape_of(body: bytes) -> str:
    """Of those who are given the same elements in the middle of a page, one looks; at a file one of all."""
    return str(re.findall(rb"</?\w+", body.partition(b"<main")[2].partition(b"</main>")[0]))


def test_nothing_that_anybody_wrote_runs_on_any_page(inside: Inside, world: World, settings: Any) -> None:  # noqa: F811
    pages = lay(world)
    inside.beside["/admin/jsi18n/"] = Shown.of(world.readers["keeper"].get("/admin/jsi18n/"))
    bones = []
    for words, is_strict in ((planting.all_at_once, True), (planting.one_each(1), False)):
        with transaction.atomic():
            planting.plant(words)
            named(settings, words)
            bones.append(seen_on_all(world, inside, pages, is_strict))
            transaction.set_rollback(True)
    assert {where for where in bones[0] if bones[0][where] != bones[1].get(where)} == set()


def mail_with(name: str, words: planting.Words) -> tuple[str, list[Shown]]:
    """The HTML of a mail whose scene somebody has written all of, and the pages that its links open."""
    with transaction.atomic():
        message = SCENES[name]()
        planting.plant(words, with_addresses=False)
        html = OF_THE_MAIL.sub("", html_of(finished(message)))
        pages = [Shown.of(Client().get(path)) for path in dict.fromkeys(LINK.findall(html))]
        transaction.set_rollback(True)
    return html, pages


def test_nothing_that_anybody_wrote_runs_in_any_mail_or_behind_its_links(inside: Inside, settings: Any) -> None:
    found, bones = {}, defaultdict(list)
    for name in SCENES:
        for words in (planting.all_at_once, planting.one_each(len(name))):
            named(settings, words)
            html, pages = mail_with(name, words)
            sights = [inside.show("/mail/", Shown(html.encode(), AS_A_MAIL_PROGRAM))]
            sights += [inside.show("/m/x/", page) for page in pages]
            found[name] = [fault for sight in sights for fault in sight.faults]
            bones[name].append([sight.bones for sight in sights])
            for body in (html, *(page.body.decode() for page in pages)):
                seen.update(planting.seen_in(body))
    assert {name: what for name, what in found.items() if what} == {}
    assert [name for name, (one, other) in bones.items() if one != other] == []


def test_every_field_that_somebody_writes_in_was_seen_with_all_of_it() -> None:
    """By the tests above. A new field of a model comes by itself, and must be laid where it can be seen."""
    assert set(planting.fields_of_words()) - seen == set(UNSEEN)
