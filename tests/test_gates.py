"""Who may open what: every address, every reader. An address that is not in the table fails the suite."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.gatherings.models import CalendarFeed, Gathering, Question, Reveal
from apps.meals.models import Dish, Meal
from apps.moderation.models import Report, TrustedLink
from apps.movies.models import Film, Showing
from apps.profiles.models import Member
from tests.factories import make_gathering, make_member, make_seat
from tests.odd import all_rows
from tests.passkeys import add_passkey, let_moderate, sign_in_with_passkey
from tests.pictures import give_picture

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"

MOMENTARY = ("Set-Cookie", "Expires")  # an answer of the next second has other ones
READERS = ["stranger", "member", "guest", "host", "other host", "keeper", "moderator"]
OK, NONE, NO, READ_ONLY, BAD = "200", "404", "403", "405", "422"
IN, ON = "sign in", "302"  # to the sign-in page; to another page of ours

# What each reader is answered, in the order of READERS; one answer stands for all. A moderator is answered as any
# member where nothing else is said.
# "of" is the gathering: one published for everyone, one for members only, a draft, or none.
TABLE: list[tuple[str, str, str, str]] = [
    # name, of, GET, POST
    ("gatherings:browse", "", OK, READ_ONLY),
    ("gatherings:near", "town", OK, READ_ONLY),
    ("gatherings:near_feed", "town", OK, READ_ONLY),
    ("gatherings:near_atom", "town", OK, READ_ONLY),
    ("reminders:tell_me", "town", "in 200 200 200 200 200", "in 302 302 302 302 302"),
    ("gatherings:sitemap", "", OK, READ_ONLY),
    ("gatherings:own_feed", "feed", OK, READ_ONLY),  # whoever has the link: a calendar app signs in nowhere
    ("gatherings:own_feed", "token", NONE, READ_ONLY),
    ("gatherings:own_calendar", "", "in 200 200 200 200 200", "in 302 302 302 302 302"),
    ("gatherings:calendar_file", "open", "in 200 200 200 200 200", READ_ONLY),
    ("gatherings:calendar_file", "members", "in 200 200 200 200 200", READ_ONLY),
    ("gatherings:calendar_file", "draft", "in 404 404 404 404 404", READ_ONLY),  # nothing to come to yet
    ("gatherings:calendar_file", "none", "in 404 404 404 404 404", READ_ONLY),
    ("gatherings:detail", "open", OK, READ_ONLY),
    ("gatherings:detail", "members", "404 200 200 200 200 200", READ_ONLY),
    ("gatherings:detail", "draft", "404 404 404 302 404 404", READ_ONLY),
    ("gatherings:detail", "none", NONE, READ_ONLY),
    ("gatherings:detail", "soon", OK, READ_ONLY),  # whose address is open to the seated
    ("gatherings:calendar_file", "soon", "in 200 200 200 200 200", READ_ONLY),
    ("gatherings:table_picture", "open", OK, READ_ONLY),
    ("gatherings:table_picture", "members", NONE, READ_ONLY),  # for previews of links, which are strangers
    ("gatherings:table_picture", "draft", NONE, READ_ONLY),
    ("gatherings:table_picture", "none", NONE, READ_ONLY),
    ("gatherings:rsvp", "open", READ_ONLY, "in 302 302 302 302 302"),
    ("gatherings:rsvp", "members", READ_ONLY, "404 302 302 302 302 302"),
    ("gatherings:rsvp", "draft", READ_ONLY, "404 404 404 302 404 404"),
    ("gatherings:rsvp", "none", READ_ONLY, NONE),
    ("gatherings:leave", "open", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("gatherings:leave", "members", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("gatherings:leave", "draft", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("gatherings:leave", "none", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("gatherings:accept", "open", "in 405 405 405 405 405", "in 404 302 404 404 404"),
    ("gatherings:accept", "draft", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("gatherings:your_seat", "open", "in 200 200 302 200 200", "in 302 302 302 302 302"),
    ("gatherings:your_seat", "draft", "in 404 404 302 404 404", "in 404 404 302 404 404"),
    ("gatherings:plan", "open", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("gatherings:welcome", "open", "in 404 200 404 404 404", "in 404 422 404 404 404"),  # whoever has a seat
    ("gatherings:welcome_words", "open", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("gatherings:welcome_more", "open", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("gatherings:welcome", "none", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("gatherings:coming", "open", "in 405 405 405 405 405", "in 404 302 404 404 404"),
    ("gatherings:late", "open", "in 404 302 404 404 404", "in 404 302 404 404 404"),  # not before its day
    ("gatherings:missed", "open", "in 405 405 405 405 405", "in 404 302 404 404 404"),
    ("gatherings:guests", "open", "in 404 404 200 404 404", "in 405 405 405 405 405"),
    ("gatherings:guests", "draft", "in 404 404 404 404 404", "in 405 405 405 405 405"),
    ("gatherings:guest_act", "open", "in 404 404 404 404 404", "in 404 404 302 404 404"),
    ("gatherings:offer", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:sheet", "open", "in 404 404 200 404 404", "in 405 405 405 405 405"),
    ("gatherings:go_ahead", "open", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("outbox:mail_link", "token", NONE, NONE),
    ("outbox:switches", "", "in 200 200 200 200 200", "in 302 302 302 302 302"),
    ("gatherings:ask", "open", "in 200 200 302 200 200", "in 422 422 302 422 422"),
    ("gatherings:ask", "members", "in 200 200 302 200 200", "in 422 422 302 422 422"),
    ("gatherings:ask", "draft", "in 404 404 302 404 404", "in 404 404 302 404 404"),
    ("gatherings:questions", "open", "in 404 404 200 404 404", "in 405 405 405 405 405"),
    ("gatherings:questions", "draft", "in 404 404 200 404 404", "in 405 405 405 405 405"),
    ("gatherings:answer", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:answer", "members", "in 404 404 404 404 404", "in 404 404 404 404 404"),  # not of this gathering
    ("gatherings:block", "open", "in 200 200 404 200 200", "in 302 302 404 302 302"),  # whom one reads of there
    ("gatherings:block", "members", "in 200 200 404 200 200", "in 302 302 404 302 302"),
    ("gatherings:block", "draft", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("gatherings:person", "host", "404 404 200 200 404 404", READ_ONLY),  # of those one has met at a table
    ("gatherings:person", "guest", "404 404 200 200 404 404", READ_ONLY),
    ("gatherings:person", "member", "404 200 404 404 404 404 404", READ_ONLY),
    ("gatherings:person", "none", NONE, READ_ONLY),
    ("gatherings:picture", "host", "404 404 200 200 404 404", READ_ONLY),  # of those one shares a table with
    ("gatherings:picture", "guest", "404 404 200 200 404 404", READ_ONLY),
    ("gatherings:picture", "member", "404 200 404 404 404 404 404", READ_ONLY),
    ("gatherings:picture", "none", NONE, READ_ONLY),
    ("profiles:picture", "", "in 200 200 200 200 200", "in 422 422 422 422 422"),
    ("profiles:take_picture_away", "", "in 405 405 405 405 405", "in 302 302 302 302 302"),
    ("safety:blocks", "", "in 200 200 200 200 200", "in 302 302 302 302 302"),
    ("moderation:report", "", OK, ON),
    ("moderation:received", "", OK, READ_ONLY),
    ("moderation:report_gathering", "open", OK, ON),
    ("moderation:report_gathering", "members", "404 200 200 200 200 200", "404 302 302 302 302 302"),
    ("moderation:report_gathering", "draft", NONE, NONE),
    ("moderation:report_gathering", "none", NONE, NONE),
    ("moderation:trusted", "open", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("moderation:trusted", "none", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("moderation:trusted_open", "trusted", OK, READ_ONLY),  # whoever has the link, around the gathering
    ("moderation:trusted_open", "token", NONE, READ_ONLY),
    ("moderation:queue", "", "in 403 403 403 403 403 200", "in 403 403 403 403 403 405"),
    ("moderation:one", "report", "in 403 403 403 403 403 200", "in 403 403 403 403 403 405"),
    ("moderation:one", "token", "in 403 403 403 403 403 404", "in 403 403 403 403 403 405"),
    ("moderation:act", "report", "in 403 403 403 403 403 200", "in 403 403 403 403 403 422"),
    ("moderation:act", "token", "in 403 403 403 403 403 404", "in 403 403 403 403 403 404"),
    ("meals:food", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("meals:food", "draft", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("meals:needs", "open", "in 405 405 405 405 405", "in 404 404 422 404 404"),
    ("meals:needs", "members", "in 405 405 405 405 405", "in 404 404 422 404 404"),
    ("meals:bring", "open", "in 404 200 200 404 404", "in 404 422 422 404 404"),
    ("meals:bring", "members", "in 404 302 302 404 404", "in 404 422 422 404 404"),
    ("meals:bring", "draft", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("meals:take", "open", "in 405 405 405 405 405", "in 404 302 302 404 404"),
    ("meals:dish", "open", "in 404 200 404 404 404", "in 404 422 404 404 404"),  # whoever brings it
    ("meals:dish", "members", "in 404 404 404 404 404", "in 404 404 404 404 404"),  # not of this gathering
    ("meals:drop", "open", "in 405 405 405 405 405", "in 404 302 302 404 404"),
    ("movies:films", "night", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("movies:films", "open", "in 404 404 404 404 404", "in 404 404 404 404 404"),  # a dinner shows no film
    ("movies:films", "draft", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("movies:times", "night", "in 405 405 405 405 405", "in 404 404 422 404 404"),
    ("movies:times", "open", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("movies:open_vote", "night", "in 405 405 405 405 405", "in 404 404 422 404 404"),
    ("movies:open_vote", "open", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("movies:film", "night", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("movies:film", "other night", "in 404 404 404 404 404", "in 404 404 404 404 404"),  # not of this evening
    ("movies:show", "night", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("movies:show", "other night", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("movies:drop", "night", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("movies:drop", "other night", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("movies:vote", "night", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("movies:vote", "other night", "in 404 302 404 404 404", "in 404 422 404 404 404"),  # there is no vote there
    ("movies:vote", "open", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("afterwards:page", "past", "in 404 200 200 404 404", "in 405 405 405 405 405"),  # whoever came or hosted
    ("afterwards:page", "open", "in 404 302 302 404 404", "in 405 405 405 405 405"),  # not before its end
    ("afterwards:page", "draft", "in 404 404 404 404 404", "in 405 405 405 405 405"),
    ("afterwards:answer", "past", "in 405 405 405 405 405", "in 404 422 422 404 404"),
    ("afterwards:answer", "open", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("afterwards:forget", "past", "in 405 405 405 405 405", "in 404 302 302 404 404"),
    ("afterwards:forget", "open", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("afterwards:thank", "past", "in 405 405 405 405 405", "in 404 422 422 404 404"),
    ("afterwards:thank", "open", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("afterwards:keep_in_touch", "past", "in 405 405 405 405 405", "in 404 302 302 404 404"),
    ("afterwards:keep_in_touch", "open", "in 405 405 405 405 405", "in 404 404 404 404 404"),
    ("meals:diet", "open", "in 404 200 404 404 404", "in 404 302 404 404 404"),  # whoever has a seat, or hopes for one
    ("meals:diet", "members", "in 404 200 404 404 404", "in 404 302 404 404 404"),
    ("meals:diet", "draft", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("meals:told", "open", "in 404 404 200 404 404", "in 404 404 302 404 404"),
    ("meals:told", "draft", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("meals:take_back_diets", "", "in 405 405 405 405 405", "in 302 302 302 302 302"),
    ("profiles:page", "", "in 200 200 200 200 200", "in 422 422 422 422 422"),
    ("profiles:needs", "", "in 200 200 200 200 200", "in 302 302 302 302 302"),
    ("profiles:diet", "", "in 200 200 200 200 200", "in 302 302 302 302 302"),
    ("gatherings:note", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:note", "draft", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:preview", "open", "in 404 404 302 404 404", "in 405 405 405 405 405"),
    ("gatherings:preview", "draft", "in 404 404 200 404 404", "in 405 405 405 405 405"),
    ("gatherings:publish", "open", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("gatherings:publish", "draft", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("gatherings:edit", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:edit", "draft", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:cancel", "open", "in 404 404 200 404 404", "in 404 404 302 404 404"),
    ("gatherings:cancel", "draft", "in 404 404 302 404 404", "in 404 404 302 404 404"),
    ("gatherings:invite", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:invite", "draft", "in 404 404 302 404 404", "in 404 404 302 404 404"),
    ("gatherings:invite_link", "open", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("gatherings:co_hosts", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:co_hosts", "draft", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:co_host_remove", "open", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("gatherings:co_host_step_down", "open", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("gatherings:series", "open", "in 404 404 200 404 404", "in 404 404 422 404 404"),
    ("gatherings:series", "draft", "in 404 404 302 404 404", "in 404 404 302 404 404"),
    ("gatherings:series_join", "open", "in 405 405 405 405 405", "in 404 404 404 404 404"),  # there is no series
    ("gatherings:series_leave", "open", "in 404 404 404 404 404", "in 404 404 404 404 404"),
    ("gatherings:again", "open", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("gatherings:again", "draft", "in 405 405 405 405 405", "in 404 404 302 404 404"),
    ("gatherings:host", "", OK, READ_ONLY),
    ("gatherings:host_kind", "kind", "in 200 200 200 200 200", "in 422 422 422 422 422"),
    ("gatherings:card", "kind", "in 200 200 200 200 200", READ_ONLY),
    ("steps:table", "", "in 200 200 200 200 200", READ_ONLY),
    ("steps:not_this_time", "", READ_ONLY, "in 404 404 404 404 404"),  # which step, nobody says here
    ("steps:door", "open", READ_ONLY, "in 404 302 404 404 404"),
    ("steps:door", "draft", READ_ONLY, "in 404 404 404 404 404"),
    ("steps:door", "none", READ_ONLY, "in 404 404 404 404 404"),
    ("profiles:settings", "", "in 200 200 200 200 200", "in 422 422 422 422 422"),
    ("profiles:prove", "", "in 200 200 200 200 200", "in 200 200 200 200 200"),
    ("profiles:own_address", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),  # first, show that it is you
    ("profiles:confirm_address", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),
    ("profiles:sign_out_everywhere", "", "in 405 405 405 405 405", "in in in in in in"),
    ("privacy:export", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),  # first, show that it is you
    ("privacy:export_file", "token", "in 404 404 404 404 404", READ_ONLY),
    ("privacy:leave", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),
    ("privacy:left", "", OK, READ_ONLY),
    ("profiles:introduce", "", IN, IN),  # only between the code and the account
    ("profiles:by_invitation", "", IN, READ_ONLY),  # anyone may join here
    ("profiles:waiting", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),  # nobody of these waits
    ("community:help", "", OK, READ_ONLY),
    ("community:promise", "", OK, READ_ONLY),
    ("community:robots", "", OK, READ_ONLY),
    ("community:keeper", "", "in 404 404 404 404 200", "in 404 404 404 404 422"),
    ("community:waiting", "", "in 404 404 404 404 200", "in 404 404 404 404 405"),
    ("community:answer", "token", "in 404 404 404 404 405", "in 404 404 404 404 404"),
    ("community:invite", "", "in 404 404 404 404 200", "in 404 404 404 404 422"),
    ("community:invite_link", "", "in 404 404 404 404 405", "in 404 404 404 404 302"),
    ("community:withdraw", "", "in 405 405 405 405 405", "in 302 302 302 302 302"),
    ("community:join", "token", NONE, NONE),
    ("community:livez", "", OK, READ_ONLY),
    ("community:readyz", "", OK, READ_ONLY),
    ("places:towns", "", OK, READ_ONLY),
    ("account_login", "", "200 302 302 302 302 302", "422 302 302 302 302 302"),
    ("account_signup", "", "200 302 302 302 302 302", "422 302 302 302 302 302"),
    ("account_request_login_code", "", "200 302 302 302 302 302", "422 302 302 302 302 302"),
    ("account_confirm_login_code", "", IN, IN),  # only between the address and the code
    ("account_logout", "", "302 200 200 200 200 200", ON),
    ("account_inactive", "", OK, IN),
    ("mfa_index", "", ON, ON),
    ("set_language", "", ON, ON),
    ("mfa_list_webauthn", "", "in 200 200 200 200 200", "in 405 405 405 405 405"),
    ("mfa_add_webauthn", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),  # first, show that it is you
    ("mfa_edit_webauthn", "passkey", "in 404 404 404 404 302 302", "in 404 404 404 404 302 302"),
    ("mfa_remove_webauthn", "passkey", "in 404 404 404 404 302 302", "in 404 404 404 404 302 302"),
    ("mfa_authenticate", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),
    ("mfa_reauthenticate", "", "in 403 403 403 403 302 302", "in 403 403 403 403 302 302"),
    ("mfa_reauthenticate_webauthn", "", "in 403 403 403 403 200 200", "in 403 403 403 403 in in"),
    ("mfa_login_webauthn", "", "in 302 302 302 302 302", "in 302 302 302 302 302"),
]
# The keeper's own: whoever signed in as somebody else gets no further than this.
ADMIN = "in in in in in 200"
ADMIN_PAGES = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site",
    "app_list", None,
}  # fmt: skip
ADMIN_TABLES = {
    "gatherings_gathering", "outbox_message", "outbox_suppression", "profiles_member", "places_town",
    "mfa_authenticator",
}  # fmt: skip
ADMIN_ACTS = ("changelist", "add", "history", "delete", "change")
DEVELOPMENT_ONLY = "mail/"


@dataclass
class World:
    """One of everything that an address may be about, and everybody who may read it."""

    readers: dict[str, Client]
    members: dict[str, Member]
    gatherings: dict[str, Gathering]
    further: dict[str, list[Any]]  # what an address names besides

    def url(self, name: str, of: str) -> str:
        fixed = {"town": "bristol-gb", "kind": "dinner", "passkey": "0", "none": "zzzzzzzzzz", "token": "x"}
        fixed["trusted"] = TrustedLink.objects.get().token
        fixed["report"] = Report.objects.earliest("pk").key
        fixed["feed"] = CalendarFeed.objects.get().token
        fixed |= {reader: member.key for reader, member in self.members.items()}
        first = [fixed.get(of) or self.gatherings[of].key] if of else []
        return reverse(name, args=first + self.further.get(name, []))


def make_past_gathering(host: Member, *guests: Member) -> Gathering:
    """To which these came; it ended some hours ago."""
    gathering = make_gathering(host=host, title="Soup of yesterday")
    for guest in guests:
        make_seat(gathering, guest)
    ends = timezone.now() - timedelta(hours=7)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=ends - timedelta(hours=2), ends_at=ends)
    gathering.refresh_from_db()
    return gathering


@pytest.fixture
def world(pictures: Path) -> World:
    members = {reader: make_member(reader.title()) for reader in READERS[1:]}
    Member.objects.filter(pk=members["keeper"].pk).update(is_staff=True, is_superuser=True)
    host, guest = members["host"], members["guest"]
    gatherings = {
        "open": make_gathering(host=host),
        "members": make_gathering(host=host, visibility=Gathering.Visibility.MEMBERS),
        "draft": make_gathering(host=host, is_draft=True, title="A secret supper"),
        "night": make_gathering(host=host, kind="movie-night", title="A film"),
        "other night": make_gathering(host=host, kind="movie-night", title="Another film"),
    }
    for name in ("open", "members", "night", "other night"):
        make_seat(gatherings[name], guest)
    make_gathering(host=members["other host"])
    readers = {reader: Client(raise_request_exception=False) for reader in READERS}  # a 500 is an answer to be seen
    for reader, member in members.items():
        readers[reader].force_login(member)
    gatherings["past"] = make_past_gathering(host, guest)
    soon = make_gathering(timezone.now() + timedelta(hours=20), host=host, title="Soup tomorrow")
    gatherings["soon"] = soon
    TrustedLink.objects.renew(make_seat(soon, guest))
    let_moderate(readers["moderator"], members["moderator"])
    Report.objects.make(guest, gathering=gatherings["open"], about=host, words="I was not at ease.")
    add_passkey(members["keeper"])
    sign_in_with_passkey(readers["keeper"], members["keeper"])
    CalendarFeed.objects.renew(guest)
    question = Question.objects.ask(gatherings["open"], members["member"], "Is there a bus home?")
    further: dict[str, list[Any]] = {"gatherings:answer": [question.pk], "gatherings:guest_act": [guest.key, "absent"]}
    further["gatherings:block"] = [host.key]
    Meal.objects.choose(gatherings["open"], "everyone")
    dish = Dish.objects.bring(gatherings["open"], guest, "dessert", "Plum cake", serves=6)
    further["meals:take"], further["meals:dish"], further["meals:drop"] = ["bread"], [dish.pk], [dish.pk]
    films = [Film.objects.add(gatherings["night"], title=title, minutes=90) for title in ("Totoro", "Paddington 2")]
    Showing.objects.open_vote(gatherings["night"], timezone.now() + timedelta(days=2))
    further |= {f"movies:{name}": [films[0].pk] for name in ("film", "show", "drop")}
    further["gatherings:picture"] = [96]
    for somebody in (host, guest, members["member"]):
        give_picture(somebody)
    further["moderation:act"] = ["ban"]
    return World(readers, members, gatherings, further)


def every_address(resolver: URLResolver, before: str = "") -> Iterator[tuple[str | None, str]]:
    """The name, with its namespace, and the path of each address of the app."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inside = f"{before}{each.namespace}:" if each.namespace else before
            yield from every_address(each, inside)
        elif isinstance(each, URLPattern):
            yield (f"{before}{each.name}" if each.name else None if not before else f"{before}None"), str(each.pattern)


def answer_of(answer: HttpResponseBase) -> str:
    if answer.status_code == 302 and re.match(rf"{LOGIN}(\?next=|$)|/admin/login/", answer["Location"]):
        return "in"
    return str(answer.status_code)


def expected(answers: str) -> dict[str, str]:
    words = ["in"] if answers == IN else answers.split()
    if len(words) == len(READERS) - 1:
        words = [*words, words[READERS.index("member")]]
    return dict(zip(READERS, words * len(READERS) if len(words) == 1 else words, strict=True))


def test_every_address_has_its_place_in_the_table() -> None:
    known = {name for name, *_rest in TABLE}
    known |= {f"admin:{page}" for page in ADMIN_PAGES}
    known |= {f"admin:{table}_{act}" for table in ADMIN_TABLES for act in ADMIN_ACTS}
    assert {name for name, _path in every_address(get_resolver())} == known


@pytest.mark.parametrize(("name", "of", "gets", "posts"), TABLE, ids=lambda value: str(value)[:24])
def test_each_reader_is_answered_as_the_table_says(world: World, name: str, of: str, gets: str, posts: str) -> None:
    url = world.url(name, of)
    for method, answers in (("get", gets), ("head", gets), ("post", posts)):
        found = {}
        for reader, client in world.readers.items():
            cache.clear()  # nobody pays for what another tried
            with transaction.atomic():  # each finds the world as it was
                found[reader] = answer_of(getattr(client, method)(url))
                transaction.set_rollback(True)
        assert found == expected(answers), f"{method.upper()} {url}"


def test_the_admin_is_the_keepers_alone(world: World) -> None:
    for table in sorted(ADMIN_TABLES):
        for act in ("changelist", "add", "change"):
            url = reverse(f"admin:{table}_{act}", args=[1] if act == "change" else [])
            for reader, client in world.readers.items():
                if reader != "keeper":
                    assert answer_of(client.get(url)) == answer_of(client.post(url)) == "in"
        assert world.readers["keeper"].get(reverse(f"admin:{table}_changelist")).status_code == 200
    for reader in set(READERS) - {"stranger", "keeper"}:
        assert world.readers[reader].get("/admin/login/").status_code == 403
    assert world.readers["keeper"].get("/admin/").status_code == 200


def test_the_admin_shows_no_table_to_staff_who_are_not_keepers(client: Client) -> None:
    client.force_login(make_member(is_staff=True))
    for table in sorted(ADMIN_TABLES):
        for act in ("changelist", "add"):
            assert client.get(reverse(f"admin:{table}_{act}")).status_code == 403


def test_the_admin_shows_no_address_of_a_home_and_no_draft(world: World) -> None:
    for gathering in world.gatherings.values():
        page = world.readers["keeper"].get(f"/admin/gatherings/gathering/{gathering.pk}/change/").content.decode()
        assert (gathering.title in page) is not gathering.is_draft
        assert gathering.address not in page


@pytest.mark.parametrize(
    "act",
    ["", "rsvp/", "leave/", "preview/", "publish/", "edit/", "cancel/", "ask/", "questions/", "note/", "calendar.ics"],
)
def test_what_is_hidden_and_what_never_was_are_the_same_to_the_byte(world: World, act: str) -> None:
    for reader, hidden in [("stranger", "draft"), ("stranger", "members"), ("member", "draft"), ("keeper", "draft")]:
        for method in ("get", "post"):
            seen = []
            for key in (world.gatherings[hidden].key, "zzzzzzzzzz"):
                answer = getattr(world.readers[reader], method)(f"/gatherings/{key}/{act}")
                body = re.sub(rb'value="\w{64}"', b"", answer.content)
                headers = {name: value.replace(key, "KEY") for name, value in answer.items() if name not in MOMENTARY}
                seen.append((answer.status_code, headers, body))
            assert seen[0] == seen[1]


def fingerprint() -> str:
    return hashlib.sha256(repr(all_rows()).encode()).hexdigest()


def rows_but_for_the_two() -> str:
    """All that a GET may not change. It may write the day of a visit, and that an address was shown."""
    others = [field.attname for field in Member._meta.concrete_fields if field.name != "last_seen_on"]
    members = list(Member.objects.order_by("pk").values_list(*others))
    return repr({**all_rows(), "profiles.Member": members, "gatherings.Reveal": []})


def test_no_get_changes_a_row_of_any_table_but_for_two(world: World) -> None:
    """Not even a session. Pages of passkeys keep their challenge there and are asked for by a script or a click."""
    challenging = {"mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
    today = timezone.now().date()
    Member.objects.update(last_seen_on=today - timedelta(days=1))
    before = rows_but_for_the_two()
    for name, of, *_answers in TABLE:
        for reader, client in world.readers.items():
            if name not in challenging:
                for headers in ({}, {"HX-Request": "true"}):
                    client.get(world.url(name, of), headers=headers)
                assert rows_but_for_the_two() == before, f"{reader} at {name}"
    shown = Reveal.objects.values_list("member", "gathering", "day")
    assert list(shown) == [(world.members["guest"].pk, world.gatherings["soon"].pk, today)]
    seen = Member.objects.filter(last_seen_on=today)
    assert set(seen) == set(world.members.values())  # and nobody who was not here


def test_control_a_row_of_either_kind_is_seen_where_it_does_not_belong(world: World) -> None:
    before, everything = rows_but_for_the_two(), fingerprint()
    world.readers["guest"].get(world.gatherings["soon"].get_absolute_url())
    assert (rows_but_for_the_two() == before, fingerprint() == everything) == (True, False)
    Member.objects.filter(pk=world.members["guest"].pk).update(is_discreet=True)
    assert rows_but_for_the_two() != before


def test_a_stranger_who_only_looks_gets_no_session(world: World) -> None:
    for name, of, *_answers in TABLE:
        stranger = Client(raise_request_exception=False)
        stranger.get(world.url(name, of))
        assert settings.SESSION_COOKIE_NAME not in stranger.cookies


def test_no_post_passes_without_its_token(world: World) -> None:
    before = fingerprint()
    urls = [world.url(name, of) for name, of, *_answers in TABLE]
    urls += [reverse(f"admin:{table}_add") for table in sorted(ADMIN_TABLES)] + ["/admin/logout/", "/admin/login/"]
    for reader in ("stranger", "host", "keeper"):
        careful = Client(enforce_csrf_checks=True)
        careful.cookies = world.readers[reader].cookies
        for url in urls:
            for headers in ({}, {"HX-Request": "true"}, {"Origin": "https://evil.example"}, {"X-CSRFToken": "x" * 64}):
                answer = careful.post(url, {"words": "x"}, headers=headers)
                assert answer.status_code == 403, f"{reader} at {url}"
    assert fingerprint() == before


PERSONAL = ["gatherings:your_seat", "gatherings:plan", "gatherings:late", "gatherings:guests", "gatherings:sheet",
            "gatherings:offer", "gatherings:questions", "gatherings:ask", "gatherings:answer", "gatherings:note",
            "gatherings:invite", "gatherings:co_hosts", "gatherings:series", "steps:table", "profiles:settings",
            "meals:food", "meals:bring", "meals:dish", "meals:diet", "meals:told", "profiles:diet", "movies:films",
            "movies:film", "movies:vote",
            "gatherings:detail", "gatherings:leave", "gatherings:edit", "gatherings:cancel", "gatherings:preview",
            "gatherings:host_kind", "gatherings:card", "account_login", "account_confirm_login_code",
            "profiles:introduce", "profiles:prove", "profiles:own_address", "gatherings:browse", "gatherings:near",
            "profiles:picture", "gatherings:picture", "profiles:page", "profiles:needs", "gatherings:person",
            "gatherings:welcome", "gatherings:welcome_words", "gatherings:welcome_more",
            "privacy:export", "privacy:export_file", "privacy:leave", "account_inactive",
            "community:keeper", "community:waiting", "community:invite", "profiles:waiting",
            "gatherings:own_feed", "gatherings:own_calendar", "gatherings:calendar_file", "moderation:report",
            "moderation:received", "moderation:report_gathering", "moderation:queue", "moderation:one",
            "moderation:act", "moderation:trusted", "moderation:trusted_open"]  # fmt: skip


SAME_FOR_ALL = [
    "places:towns",
    "gatherings:near_feed",
    "gatherings:near_atom",
    "gatherings:sitemap",
    "gatherings:table_picture",
]


def test_no_page_about_somebody_is_kept_by_any_cache(world: World) -> None:
    for name, of, *_answers in TABLE:
        for reader in READERS[1:]:
            answer = world.readers[reader].get(world.url(name, of))
            kept = answer.get("Cache-Control", "")
            if name in PERSONAL and answer.status_code in (200, 302):
                assert "no-store" in kept, f"{reader} at {name}"
                assert "private" in kept
            if name not in SAME_FOR_ALL:
                assert "public" not in kept
            elif answer.status_code == 200:
                assert "Cookie" not in answer.get("Vary", "")


def test_the_page_of_the_code_and_a_refused_form_are_not_kept_either(client: Client, world: World) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    assert "no-store" in client.get("/accounts/login/code/confirm/")["Cache-Control"]
    draft = world.gatherings["draft"]
    refused = world.readers["host"].post(f"/gatherings/{draft.key}/publish/", {"is_step_free": "maybe"})
    assert (refused.status_code, "no-store" in refused["Cache-Control"]) == (422, True)


def test_every_page_carries_what_protects_it(world: World) -> None:
    for reader in ("stranger", "host", "keeper"):
        for url in [world.url(name, of) for name, of, *_answers in TABLE] + ["/nowhere/", "/admin/"]:
            answer = world.readers[reader].get(url)
            policy = answer["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "*" not in policy
            assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'",
                    "form-action 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))  # fmt: skip
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["X-Frame-Options"] == "DENY"
            assert answer["Referrer-Policy"] == "same-origin"
            assert "geolocation=(self)" in answer["Permissions-Policy"]


def test_no_cookie_can_be_read_by_a_script_or_sent_from_another_site(client: Client, world: World) -> None:
    client.get(LOGIN)
    client.get("/", {"town": "Bristol"})
    client.post(f"{world.gatherings['open'].get_absolute_url()}rsvp/")
    client.get("/accounts/login/code/confirm/")
    assert {"session", "csrf", "town"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/"


ASK_OVER_HTTPS = """
import django; django.setup()
import json
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.http import HttpResponse
from apps.places.memory import remember_town
from apps.places.models import Town
from config.notices import InACookie
call_command("migrate", "profiles", verbosity=0)
remembered = HttpResponse()
remember_town(remembered, Town(slug="bristol-gb"), 10)
visitor = Client(headers={"host": "chairs.example"})
page = visitor.get("/accounts/login/", secure=True)
print(json.dumps({
    "status": page.status_code,
    "cookies": [morsel.OutputString() for morsel in page.cookies.values()],
    "hsts": page["Strict-Transport-Security"],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_SAMESITE],
    "others": [settings.TOWN_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, InACookie.cookie_name],
    "locked": [settings.LANGUAGE_COOKIE_SECURE, settings.LANGUAGE_COOKIE_HTTPONLY, settings.LANGUAGE_COOKIE_DOMAIN],
    "town": remembered.cookies[settings.TOWN_COOKIE_NAME].OutputString(),
    "plain": visitor.get("/accounts/login/")["Location"],
    "alive": visitor.get("/livez").status_code,
}))
"""


def test_over_https_cookies_are_locked_to_the_host(tmp_path: Any) -> None:
    around = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BASE_URL": "https://chairs.example",
        "VAR": str(tmp_path),
    }
    asked = subprocess.run(
        [sys.executable, "-c", ASK_OVER_HTTPS], env=around, capture_output=True, text=True, check=True
    )
    seen = json.loads(asked.stdout)
    assert seen["session"] == ["__Host-session", True, True, None, "/", "Lax"]
    [csrf] = seen["cookies"]
    assert csrf.startswith("__Host-csrf=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(csrf.split("; "))
    assert "Domain" not in csrf
    assert seen["others"] == ["__Host-town", "__Host-language", "__Host-messages"]
    assert seen["locked"] == [True, True, None]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(seen["town"].split("; "))
    assert "Domain" not in seen["town"]
    assert (seen["status"], seen["plain"], seen["alive"]) == (200, "https://chairs.example/accounts/login/", 200)
    assert seen["hsts"] == "max-age=31536000"


@pytest.mark.parametrize("url", ["javascript:alert(1)", " https://www.wikipedia.org/", "//evil.example", "data:,x"])
def test_the_way_out_leads_to_a_page(url: str) -> None:
    around = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "QUICK_EXIT_URL": url}
    command = [sys.executable, "-c", "import django; django.setup()"]
    asked = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    assert asked.returncode
    assert "QUICK_EXIT_URL must begin with https:// or http://" in asked.stderr


BAD_HOSTS = [
    "evil.example", "localhost.evil.example", "evil.example:80", "evil-localhost", "localhost@evil.example",
    "evil.example/localhost", "evil.example#localhost", "evil.example?localhost", "localhost,evil.example",
    "localhost evil.example", "localhost\tx", "localhost:80:80", "localhost:port", "localhost:80/evil", "local_host",
    "*", ".", "..", ".localhost", "localhost..", "[::1", "[::1]", "::1", "0.0.0.0", "127.1", "169.254.169.254",
    "xn--localhost-", "ｌocalhost", "localhost%00", "{{7*7}}", "<script>", "'localhost'", "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_a_host_that_is_not_ours_is_refused(client: Client, host: str) -> None:
    for url in ("/help/", LOGIN, "/livez"):
        assert client.get(url, headers={"host": host}).status_code == 400
    assert client.get("/help/").content == client.get("/help/", headers={"X-Forwarded-Host": host}).content


BAD_NEXTS = [
    "https://evil.example/", "http://evil.example", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "\t//evil.example", " //evil.example", " https://evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "HTTPS://EVIL.EXAMPLE", "javascript:alert(1)", "java\nscript:alert(1)",
    "data:text/html,x", "ftp://evil.example", "//testserver@evil.example", "https://testserver@evil.example",
    "https://testserver.evil.example", "//evil.example\\@testserver", "\x00//evil.example", "\u2028//evil.example",
    "／／evil.example", "evil.example", "@evil.example", "foo", "gatherings:browse", "account_logout", "steps:table",
    "?next=//evil.example", "#", "/" + "x" * 3000, "/é" * 900, "/a\r\nSet-Cookie: x=1", "x" * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize("url", BAD_NEXTS, ids=lambda url: ascii(url)[:30])
def test_nobody_is_led_away_by_signing_in(client: Client, member: Member, url: str) -> None:
    page = client.get(LOGIN, {"next": url})
    assert page.status_code == 200
    answer = client.post(LOGIN, {"email": "ada@example.org", "next": url})
    assert re.match("/accounts/login/code/confirm/", answer["Location"])
    client.force_login(member)
    for answer in (client.get(LOGIN, {"next": url}), client.post(LOGIN, {"next": url})):
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", answer["Location"])
        assert "evil" not in answer["Location"]
        assert len(answer["Location"]) < 2048
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "url", ["/table/", "/near/bristol-gb/?km=10&when=week", "/gatherings/abcdefghjk/", "/a%20b/?q=%C3%A9"]
)
def test_a_path_of_ours_is_kept(client: Client, member: Member, url: str) -> None:
    client.force_login(member)
    assert client.get(LOGIN, {"next": url})["Location"] == url
