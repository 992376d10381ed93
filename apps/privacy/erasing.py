"""For good, two weeks after: whoever has left is nowhere any more, and what others lived through with them stays."""

import json
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from apps.gatherings.comfort import FACTS
from apps.gatherings.details import FIELDS as DETAILS
from apps.gatherings.models import Gathering, Invitation, Question, Rsvp
from apps.meals.models import Meal, TableRequest
from apps.movies.models import Film, Showing
from apps.outbox.models import Message, Suppression
from apps.privacy.leaving import each, let_go
from apps.privacy.models import Departure, Export, nameless
from apps.profiles.models import JoinInvitation, Member, ShutOut

NOBODY = "somebody@left.invalid"  # an address that no mail can have, so nobody can ever sign in with it


def sweep_departures(now: datetime) -> None:
    """Whoever left lately has nothing ahead; whoever left long enough ago is gone."""
    left = Member.objects.filter(departure__isnull=False)
    left.filter(is_active=True).update(is_active=False)  # a suspension that ran out brings nobody back; only they do
    each(left, let_go)
    each(Departure.objects.over(now).select_related("member"), finish)


def finish(departure: Departure) -> None:
    """Coming back and this wait for one another, and the first of them counts."""
    with transaction.atomic():
        still = Departure.objects.locked(departure.member)
        if still:
            erase(still.member, still.name)


def erase(member: Member, name: str) -> None:
    """Whoever calls has locked the member."""
    leave_gatherings(member)
    Message.objects.filter(address=member.email).delete()
    JoinInvitation.objects.filter(email=member.email).delete()
    Suppression.objects.hold_traces(member.email)
    keep_shut_out(member)
    end_sessions(member)
    blank_admin_log(member, name)
    for export in Export.objects.filter(member=member):
        transaction.on_commit(export.forget)
    member.delete()


def keep_shut_out(member: Member) -> None:
    """Whom moderators have banned does not come in anew by having left; nor before their day, whom they suspended."""
    suspended = Member.objects.filter(pk=member.pk, suspension__isnull=False)
    for until in suspended.values_list("suspension__until", flat=True):
        ShutOut.objects.hold(member.email, until)


def leave_gatherings(member: Member) -> None:
    """Evenings that others came to remain, with nothing in them of who held them; all else goes."""
    nobody = somebody_who_has_left()
    theirs = Gathering.objects.hosted_by(member)
    others = Rsvp.objects.seated().exclude(member=member).values("gathering")
    theirs.exclude(pk__in=others).delete()
    for gathering in theirs.select_related("town"):
        gathering.host = nobody
        blank(gathering)
        gathering.changes.all().delete()
        gathering.invitations.all().delete()
        gathering.rsvps.update(host_words="")
        for model in (Meal, TableRequest, Showing, Film):
            model.objects.filter(gathering=gathering).delete()
        Question.objects.filter(gathering=gathering).delete()
    Invitation.objects.filter(inviter=member).update(inviter=nobody)  # so that nobody is written to twice


def blank(gathering: Gathering) -> None:
    words = ["words", "cost", "area", "address", "way_in", "contact", "met_by", "link", "cancel_words", "languages"]
    for name in [*words, "for_whom", *DETAILS]:
        setattr(gathering, name, "")
    for name in [*FACTS, "door_width"]:
        setattr(gathering, name, None)
    gathering.title = str(gathering.get_kind_display())
    gathering.has_own_point = False
    gathering.settle_place()
    gathering.save(update_fields=[field.name for field in Gathering._meta.concrete_fields if field.name != "id"])


def somebody_who_has_left() -> Member:
    """Who stands as the host of those evenings: one and the same for all who have left."""
    nobody: Member | None = Member.objects.with_email(NOBODY)
    return nobody or Member.objects.join(NOBODY, nameless(), is_active=False, promised_at=None, last_seen_on=None)


def end_sessions(member: Member) -> None:
    """Also of browsers in which only their address was typed."""
    for session in Session.objects.iterator():
        known = session.get_decoded()
        if known.get("_auth_user_id") == str(member.pk) or json.dumps(member.email) in json.dumps(known):
            session.delete()


def blank_admin_log(member: Member, name: str) -> None:
    """What a keeper did stays written down; whom it was about does not."""
    addresses = EmailAddress.objects.filter(user=member).values_list("pk", flat=True)
    is_member = Q(content_type=ContentType.objects.get_for_model(Member), object_id=str(member.pk))
    is_address = Q(
        content_type=ContentType.objects.get_for_model(EmailAddress), object_id__in=[str(pk) for pk in addresses]
    )
    named = Q(object_repr__icontains=member.email) | Q(object_repr=name)
    LogEntry.objects.filter(is_member | is_address | named).update(object_repr=nameless())
    LogEntry.objects.filter(user=member).update(user=somebody_who_has_left())
