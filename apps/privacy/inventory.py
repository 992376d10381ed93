"""What is kept of people: every model and every field, with what was decided about each.

The export is made from it, docs/privacy.md says the same in a table, and the suite fails where a model or a field has
no decision here. For a new one: is it about somebody? Then name the paths that go into their export (or say why a field
is kept back), what becomes of it when they leave for good, and how long it is kept (by a rule of `retention.py`, if it
is to go by itself). If it is about nobody, say so in NOBODYS.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from apps.profiles.models import Member


@dataclass(frozen=True)
class File:
    """One file of the export: which rows are the member's, and what of them is theirs to have."""

    name: str
    model: str
    whose: str | Callable[[Member], Q]  # the path to the member, or more than a path can say
    paths: tuple[str, ...]

    def rows_of(self, member: Member) -> QuerySet[Any]:
        theirs = Q(**{self.whose: member.pk}) if isinstance(self.whose, str) else self.whose(member)
        return apps.get_model(self.model)._base_manager.filter(theirs).order_by("pk")


@dataclass(frozen=True)
class Decision:
    """About one model that says something of somebody."""

    leaving: str  # what becomes of it when its member leaves for good
    kept: str  # how long, while they are here
    files: tuple[File, ...] = ()
    kept_back: dict[str, str] = field(default_factory=dict)  # fields, and why nobody is given them


def about(model: str, name: str, whose: Any, paths: str) -> File:
    return File(name, model, whose, tuple(paths.split()))


def why(names: str, reason: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), reason)


def among(model: str, question: str, member: Member) -> Q:
    """Those that the member may read now, as the model itself says."""
    manager = apps.get_model(model)._default_manager
    return Q(pk__in=getattr(manager, question)(member).values("pk"))


OURS = "what the app reckons with; it says nothing more of anybody"
GATHERING = (
    "gathering__title gathering__day gathering__starts gathering__time_zone gathering__town__name gathering__key "
)
RSVP_GATHERING = "rsvp__gathering__title rsvp__gathering__day rsvp__gathering__key "
WITH_THEM = "with the account"
AT_ONCE = "deleted at once"
AFTER = "deleted after the 14 days"

PERSONAL: dict[str, Decision] = {
    "profiles.Member": Decision(
        leaving="nameless and shut at once; deleted after the 14 days",
        kept=WITH_THEM,
        files=(
            about(
                "profiles.Member", "you", "pk",
                "email name pronouns languages town__name time_zone language promised_at promise_version joined_at "
                "last_seen_on welcomed_at last_login is_discreet nudges_paused_until is_waiting is_staff is_superuser "
                "is_moderator groups__name key",
            ),
        ),
        kept_back=why("id session_round is_active", OURS)
        | why("password", "there is none; the field holds a mark that says so")
        | why("user_permissions", "nobody is given any; keepers are keepers"),
    ),
    "profiles.Member_groups": Decision(AFTER, WITH_THEM, (), why("id member group", "stands with the member")),
    "profiles.Member_user_permissions": Decision(AFTER, WITH_THEM, (), why("id member permission", "none are given")),
    "account.EmailAddress": Decision(
        AFTER, WITH_THEM,
        (about("account.EmailAddress", "e-mail-addresses", "user", "email verified primary"),),
        why("id user", OURS),
    ),
    "account.EmailConfirmation": Decision(
        AFTER, "none are made", (), why("id email_address created sent key", "a way in, if there were one")
    ),
    "mfa.Authenticator": Decision(
        AFTER, "until its member removes it, or with the account",
        (about("mfa.Authenticator", "passkeys", "user", "type created_at last_used_at"),),
        why("id user", OURS) | why("data", "what a passkey is checked by; whoever has it elsewhere gains nothing"),
    ),
    "sessions.Session": Decision(
        "ended at once; deleted after the 14 days", "90 days, or until they sign out; 180 at the most", (),
        why("session_key session_data expire_date", "a key to the account, and of use to nobody but its browser"),
    ),
    "admin.LogEntry": Decision(
        "what a keeper did stays, without their name or whom it was about", "a year",
        (about("admin.LogEntry", "changes-in-the-admin", "user", "action_time action_flag content_type__model"),),
        why("id object_id object_repr change_message", "about somebody else"),
    ),
    "outbox.Consent": Decision(
        AFTER, WITH_THEM, (about("outbox.Consent", "what-mail-you-want", "member", "kind is_given words said_at"),),
        why("id", OURS),
    ),
    "outbox.Message": Decision(
        "none is sent any more; deleted after the 14 days", "90 days after it was sent",
        (
            about(
                "outbox.Message", "mail-to-you", lambda member: Q(member=member) | Q(address=member.email),
                "kind member__email address state due_at expires_at created_at done_at",
            ),
        ),
        why("id key rank subject_id version lease leased_until attempts last_error budget_week", OURS)
        | why("secret", "a code, unreadable, and wiped once sent"),
    ),
    "outbox.Suppression": Decision(
        "where its reader wanted no mail, a trace is kept that names nobody and that we find again by the address "
        "alone; else deleted after the 14 days",
        "a year where mail came back; while it is wished where its reader wanted none",
        (about("outbox.Suppression", "where-mail-does-not-reach-you", lambda member: Q(address=member.email),
               "address reason at"),),
        why("id", OURS),
    ),
    "gatherings.CalendarFeed": Decision(
        AT_ONCE, "until its member ends it",
        (about("gatherings.CalendarFeed", "calendar-link", "member", "token made_at"),), why("id", OURS),
    ),
    "gatherings.Gathering": Decision(
        "one to come goes to the co-host who has helped longest, or is called off at once; one that others came to "
        "stays with nothing but kind, town and time; the rest is deleted after the 14 days",
        WITH_THEM,
        (
            about(
                "gatherings.Gathering", "what-you-host", "host",
                "title kind state visibility words day starts ends time_zone starts_at ends_at arrive_from setting "
                "town__name area latitude longitude address way_in address_from contact met_from met_by seats_wanted "
                "is_larger seats_kept most_companions asks_first least_guests cost is_step_free is_alcohol_free "
                "is_animal_free is_quiet has_captions is_scent_free is_smoke_free is_softly_lit is_child_friendly "
                "is_fine_to_leave is_fine_to_listen is_costless has_vegan has_vegetarian has_halal has_kosher "
                "has_no_gluten door_width languages for_whom meeting_point walk_length pace surface toilets "
                "in_rain who_pays treats which_games players rules what_is_made materials quiet_means "
                "key link series__rhythm series_day created_at "
                "published_at cancelled_at cancel_words "
                "hidden_at",
            ),
        ),
        why("id moves moved_at day_before_at sequence has_own_point cell_small cell_medium cell_large origin", OURS)
        | why("seats seats_taken kept_left goes_ahead", "follows from the guests, who are no host’s to take along"),
    ),
    "gatherings.Change": Decision(
        "the old place of one that is handed over is deleted at once; the rest after the 14 days",
        "90 days after the gathering",
        (about("gatherings.Change", "what-you-changed", "gathering__host", "gathering__key field old new at"),),
        why("id sequence", OURS),
    ),
    "gatherings.Invitation": Decision(
        "the address stays until its 90 days are over, so that nobody is written to twice; not who asked us to",
        "90 days after the gathering",
        (about("gatherings.Invitation", "invitations-you-sent", "inviter", GATHERING + "email at"),),
        why("id", OURS),
    ),
    "gatherings.CoHost": Decision(
        AT_ONCE, "with the gathering; 90 days after it where nobody said yes",
        (about("gatherings.CoHost", "what-you-co-host", "member", GATHERING + "email invited_at accepted_at"),),
        why("id", OURS),
    ),
    "gatherings.Rsvp": Decision(
        "what is to come is given back at once; the rest is deleted after the 14 days", WITH_THEM,
        (
            about(
                "gatherings.Rsvp", "your-seats", "member",
                GATHERING + "gathering__host__name state changed_at party is_first_time offered_until is_straight_away "
                "note wants_space host_words said_yes_at minutes_late opens_door has_missed",
            ),
        ),
        why("id round turn", OURS) | why("is_absent", "the hosts’ own mark; nothing goes by it, and it is soon gone"),
    ),
    "gatherings.Reveal": Decision(
        AFTER, "90 days after the gathering",
        (about("gatherings.Reveal", "addresses-you-were-shown", "member", GATHERING + "day"),), why("id", OURS),
    ),
    "gatherings.Companion": Decision(
        AT_ONCE, "90 days after the gathering; what they need, 7",
        (about("gatherings.Companion", "whom-you-bring", "rsvp__member",
               RSVP_GATHERING + "name is_child is_agreed needs"),),
        why("id", OURS),
    ),
    "gatherings.RsvpChange": Decision(
        AFTER, "90 days after the gathering",
        (about("gatherings.RsvpChange", "what-your-seats-were", "rsvp__member", RSVP_GATHERING + "state party at"),),
        why("id round is_told", OURS),
    ),
    "gatherings.Plan": Decision(
        AT_ONCE, "90 days after the gathering",
        (about("gatherings.Plan", "your-plans", "rsvp__member",
               RSVP_GATHERING + "sets_off sets_off_from sets_off_by if_nervous"),),
        why("id", OURS),
    ),
    "gatherings.Question": Decision(
        AT_ONCE, "90 days after the gathering",
        (
            about("gatherings.Question", "your-questions", "asker",
                  GATHERING + "fact words asked_at answer answered_at"),
            about("gatherings.Question", "your-answers", "answered_by", GATHERING + "fact answer answered_at"),
        ),
        why("id", OURS) | why("asker answered_by", "each reads their own words, and the answer to them"),
    ),
    "gatherings.Note": Decision(
        AT_ONCE, "90 days after the gathering",
        (about("gatherings.Note", "your-notes", "author", GATHERING + "words at"),), why("id", OURS),
    ),
    "gatherings.Series": Decision(
        "handed on or ended at once; one that was ended is deleted after the 14 days", WITH_THEM,
        (about("gatherings.Series", "your-series", "host", "rhythm first_day last_day renewals created_at"),),
        why("id", OURS),
    ),
    "gatherings.StandingRsvp": Decision(
        AT_ONCE, "until they come no more",
        (about("gatherings.StandingRsvp", "series-you-come-to", "member",
               "series__rhythm series__first_day series__host__name since"),),
        why("id", OURS),
    ),
    "meals.Meal": Decision(
        "goes with the gathering that it is about; of an evening that stays, deleted after the 14 days", WITH_THEM,
        (about("meals.Meal", "how-the-food-came", "gathering__host",
               "gathering__title gathering__day gathering__key how"),),
        why("id gathering", OURS),
    ),
    "meals.Adjustment": Decision(
        "with the meal", WITH_THEM,
        (about("meals.Adjustment", "what-you-asked-for", "meal__gathering__host",
               "meal__gathering__title meal__gathering__key need more"),),
        why("id meal", OURS),
    ),
    "movies.Film": Decision(
        "goes with the gathering that it was named for; of an evening that stays, deleted after the 14 days", WITH_THEM,
        (about("movies.Film", "films-you-named", "gathering__host",
               "gathering__title gathering__day gathering__key title year minutes language captions captions_language "
               "why content content_words at"),),
        why("id gathering place", OURS),
    ),
    "movies.Showing": Decision(
        "with the films", WITH_THEM,
        (about("movies.Showing", "how-your-movie-nights-go", "gathering__host",
               "gathering__title gathering__key begins_after break_minutes talk_minutes vote_until closed_at "
               "chosen__title"),),
        why("id gathering", OURS),
    ),
    "movies.Vote": Decision(
        AT_ONCE, "until the vote closes; 7 days after the gathering where it was called off",
        (about("movies.Vote", "films-you-would-enjoy", "voter",
               "film__gathering__title film__gathering__key film__title at"),),
        why("id round", OURS),
    ),
    "meals.Dish": Decision(
        AT_ONCE, "90 days after the gathering",
        (about("meals.Dish", "what-you-bring", "bringer",
               GATHERING + "need what serves diets allergens is_sure needs_oven needs_fridge at"),),
        why("id round place", OURS),
    ),
    "meals.ToldDiet": Decision(
        AT_ONCE, "while the seat is held, and 7 days after the gathering",
        (about("meals.ToldDiet", "what-you-told-of-what-you-eat", "rsvp__member",
               RSVP_GATHERING + "companion__name to diets allergens words at"),),
        why("id round", OURS),
    ),
    "meals.TableRequest": Decision(
        "goes with the gathering that it is about; of one that is past, deleted at once", "7 days after the gathering",
        (about("meals.TableRequest", "what-you-asked-of-your-table", "gathering__host",
               "gathering__title gathering__day gathering__key words at"),),
        why("id", OURS),
    ),
    "afterwards.Reflection": Decision(
        AFTER, "a year after the gathering",
        (about("afterwards.Reflection", "your-private-answers", "member", GATHERING + "felt line at"),),
        why("id", OURS),
    ),
    "afterwards.Thanks": Decision(
        "what they wrote is deleted at once; what was written to them, after the 14 days",
        "90 days after the gathering",
        (
            about("afterwards.Thanks", "thanks-you-wrote", "writer", GATHERING + "receiver__name words at"),
            about("afterwards.Thanks", "thanks-to-you", lambda member: among("afterwards.Thanks", "read_by", member),
                  GATHERING + "writer__name words at"),
        ),
        why("id", OURS),
    ),
    "afterwards.Tick": Decision(
        AT_ONCE, "30 days, or until it is answered",
        (about("afterwards.Tick", "whom-you-would-like-to-see-again",
               lambda member: among("afterwards.Tick", "of", member), GATHERING + "other__name contact at"),),
        why("id", OURS) | why("member", "each reads their own, and nobody else’s"),
    ),
    "afterwards.Match": Decision(
        AT_ONCE, "30 days",
        (about("afterwards.Match", "who-you-keep-in-touch-with",
               lambda member: among("afterwards.Match", "of", member),
               GATHERING + "other__name contact given at"),),
        why("id", OURS) | why("member", "each of the two has a row of their own"),
    ),
    "safety.Block": Decision(
        AFTER, "until whoever made it takes it back",
        (about("safety.Block", "whom-you-have-blocked", "blocker", "blocked__name made_at"),),
        why("id", OURS),
    ),
    "safety.KeepApart": Decision(
        AFTER, "with either account", (), why("id first second made_at", "a moderator’s act, silent to both")
    ),
    "safety.LogEntry": Decision(
        "stays: it names nobody, but by a key that leads nowhere any more", "for good: it is only added to", (),
        why("id by act about reason at", "what moderators did and why; for moderators"),
    ),
    "moderation.Report": Decision(
        "stays for moderators, without who made it or whom it is about, until its year is over",
        "a year after it was decided",
        (
            about("moderation.Report", "what-you-reported", "reporter",
                  "where words is_urgent asks_first at decided_at outcome answer"),
        ),
        why("id key gathering", OURS)
        | why("email", "of somebody without an account")
        | why("about", "who it is about has not said so")
        | why("hosts", "so that they do not read it"),
    ),
    "moderation.Report_hosts": Decision(
        AFTER, "with the report", (), why("id report member", "so that they do not read it")
    ),
    "moderation.Word": Decision(
        "stays until its year is over; whom it went to is in no field of it", "a year", (),
        why("id report gathering what words until at", "its reader has it as a mail"),
    ),
    "moderation.Suspension": Decision(
        AFTER, "until its day, or until moderators end it",
        (about("moderation.Suspension", "suspension", "member", "until words made_at"),), why("id", OURS),
    ),
    "moderation.TrustedLink": Decision(
        "opens nothing once the seat is given back; deleted after the 14 days", "7 days after the gathering",
        (about("moderation.TrustedLink", "links-for-somebody-trusted", "rsvp__member", RSVP_GATHERING + "made_at"),),
        why("id round", OURS) | why("token", "a secret between you and whom you trust"),
    ),
    "gatherings.KeptWish": Decision(
        AT_ONCE, "until a keeper has answered",
        (about("gatherings.KeptWish", "the-seat-you-wished-for", "member", GATHERING + "at"),), why("id link", OURS),
    ),
    "steps.NotThisTime": Decision(
        AFTER, "30 days, in which it is not offered again",
        (about("steps.NotThisTime", "what-you-did-not-want-this-time", "member", "step at"),), why("id", OURS),
    ),
    "reminders.NearWish": Decision(
        AFTER, "90 days, or until its member looks no further",
        (about("reminders.NearWish", "towns-you-asked-about", "member", "town__name km kind also asked_at until"),),
        why("id", OURS),
    ),
    "profiles.ShutOut": Decision(
        "where moderators had banned or suspended them, a trace is kept that names nobody and that we find again by "
        "the address alone",
        "until their day, or for good", (), why("id trace until", "there is one only when the account is gone"),
    ),
    "profiles.JoinInvitation": Decision(
        "those they sent let nobody in at once; deleted after the 14 days, as those to their address", "90 days",
        (about("profiles.JoinInvitation", "whom-you-invited-to-join", "inviter", "email at expires_at"),),
        why("id", OURS),
    ),
    "profiles.ProfileAnswer": Decision(
        "read by nobody any more; deleted after the 14 days", "until its member empties it",
        (about("profiles.ProfileAnswer", "what-your-page-says", "member", "place prompt words"),), why("id", OURS),
    ),
    "profiles.Needs": Decision(
        AFTER, "until its member takes their yes back",
        (about("profiles.Needs", "what-helps-you", "member", "words consent_words consented_at"),), why("id", OURS),
    ),
    "profiles.Diet": Decision(
        AFTER, "until its member takes their yes back",
        (about("profiles.Diet", "what-you-eat", "member", "diets allergens words consent_words consented_at"),),
        why("id", OURS),
    ),
    "profiles.Picture": Decision(
        "deleted at once, with its files", "until its member takes it away; the file as it was sent, a few minutes",
        (about("profiles.Picture", "your-picture", "member", "sent_at has_failed"),),
        why("id", OURS) | why("key sent", "names of files; the picture itself lies beside"),
    ),
    "privacy.Export": Decision(
        "deleted with its file after the 14 days at the latest", "a day",
        (about("privacy.Export", "exports", "member", "asked_at ready_at"),),
        why("id", OURS) | why("key", "opens the file that this is in"),
    ),
    "privacy.Departure": Decision(
        AFTER, "14 days", (), why("id member name pronouns at", "there is one only while nobody can sign in to ask")
    ),
}  # fmt: skip

NOBODYS: dict[str, str] = {
    "profiles.HouseRules": "the community’s own; it names whoever the keeper says answers",
    "afterwards.Shares": "tenths of twenty people at least, made once for whole months",
    "places.Town": "the gazetteer",
    "places.TownName": "the gazetteer",
    "auth.Group": "what a group of keepers may do",
    "auth.Group_permissions": "likewise",
    "auth.Permission": "Django’s own list",
    "contenttypes.ContentType": "Django’s own list",
}


def files_of() -> list[File]:
    return [file for decision in PERSONAL.values() for file in decision.files]


def undecided() -> list[str]:
    """What of the models has no decision, and what of the decisions has no model: sentences that say what to do."""
    models = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
    found = [
        f"{label} is not in apps/privacy/inventory.py. Say there whose it is, what of it they get in their export, "
        "what becomes of it when they leave, and how long it is kept; or put it into NOBODYS."
        for label in models
        if label not in PERSONAL and label not in NOBODYS
    ]
    found += [f"{label} is decided in apps/privacy/inventory.py, and there is no such model." for label in
              [*PERSONAL, *NOBODYS] if label not in models]  # fmt: skip
    for label, decision in PERSONAL.items():
        if label in models:
            found += undecided_fields(models[label], decision)
    return found


def undecided_fields(model: Any, decision: Decision) -> list[str]:
    names = {each.name for each in (*model._meta.concrete_fields, *model._meta.local_many_to_many)}
    exported = {path.split("__")[0] for file in decision.files for path in file.paths}
    whose = {file.whose.split("__")[0] for file in decision.files if isinstance(file.whose, str)} - {"pk"}
    new = names - exported - whose - set(decision.kept_back)
    gone = (exported | set(decision.kept_back)) - names
    where = f"{model._meta.label} in apps/privacy/inventory.py"
    found = [f"Decide about {name}: put it into a file of {where}, or say why it is kept back." for name in new]
    return found + [f"Take {name} out of {where}: there is no such field." for name in gone]
