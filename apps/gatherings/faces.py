"""Whom a member may see more of than a name: whom they share or shared a table with, and who asks them for a seat."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.gatherings.models import CoHost, Gathering, GatheringQuerySet, Rsvp, RsvpQuerySet
from apps.profiles.door import is_member
from apps.profiles.models import Member, MemberQuerySet, Picture
from apps.profiles.pictures import PictureQuerySet
from apps.safety.models import Block, KeepApart

Reader = Member | AnonymousUser


def people_for(reader: Reader) -> MemberQuerySet:
    """The gate of members' pages: their own, and of those they have met; nobody's who has left or is shut out."""
    if not is_member(reader):
        return Member.objects.none()
    return Member.objects.filter(is_met_by(reader, "pk"), is_active=True)


def faces_for(reader: Reader) -> PictureQuerySet:
    """The gate of pictures, which is the same."""
    if not is_member(reader):
        return Picture.objects.none()
    return Picture.objects.shown().filter(is_met_by(reader, "member"))


def is_met_by(reader: Member, who: str) -> Q:
    """Whether `who`, a path to a member, is the reader or somebody they have met. Across a block, and between two who
    are kept apart, nobody has: to each it is as if the other had neither page nor picture."""
    guests, their_hosts, co_hosts, asking = met_by(reader)
    apart = Q(**{f"{who}__in": Block.objects.others_of(reader)}) | Q(
        **{f"{who}__in": KeepApart.objects.keys_from(reader)}
    )
    met = (
        Q(**{f"{who}__in": guests}) | Q(**{f"{who}__in": their_hosts}) | Q(**{f"{who}__in": co_hosts})
        | Q(**{f"{who}__in": asking})
    )  # fmt: skip
    return Q(**{who: reader.pk}) | met & ~apart


def met_by(reader: Member) -> list[QuerySet[Any, Any]]:
    """The keys of guests, hosts and co-hosts at the reader's tables, and of whoever hopes for a seat at theirs."""
    tables = tables_of(reader).values("pk")
    hoping = Gathering.objects.published().not_over().filter(hosts(reader)).values("pk")
    return [
        sitting(Rsvp.objects.filter(gathering__in=tables)).values("member"),
        Gathering.objects.filter(pk__in=tables).values("host"),
        CoHost.objects.accepted().filter(gathering__in=tables).order_by().values("member"),
        Rsvp.objects.open().filter(gathering__in=hoping).values("member"),
    ]


def tables_of(reader: Member) -> GatheringQuerySet:
    """That they host or have a seat at, to come or past; nobody has met at one that was called off."""
    seats = sitting(Rsvp.objects.of(reader)).values("gathering")
    return Gathering.objects.published().filter(hosts(reader) | Q(pk__in=seats))


def hosts(reader: Member) -> Q:
    """As `run_by`, in a form that goes by indexes alone, however many gatherings of others there are."""
    return Q(host=reader) | Q(pk__in=CoHost.objects.accepted().filter(member=reader).order_by().values("gathering"))


def sitting(rsvps: RsvpQuerySet) -> RsvpQuerySet:
    """Those with a seat who have not said that they were not there after all."""
    return rsvps.seated().filter(has_missed=False)


def met_at(reader: Member, member: Member) -> Gathering | None:
    """Where the reader has come to see this member last; a page of theirs leads back there. One query."""
    seen = Gathering.objects.visible_to(reader).published()
    both = Q(pk__in=tables_of(reader).values("pk")) & Q(pk__in=tables_of(member).values("pk"))
    hoping = Q(pk__in=Rsvp.objects.open().of(member).values("gathering"))
    hoping &= Q(pk__in=Gathering.objects.not_over().filter(hosts(reader)).values("pk"))
    return seen.filter(both | hoping).order_by("-starts_at", "-pk").first()


def recognise(reader: Reader, members: Iterable[Member]) -> None:
    """Tell each of these whether the reader may open their page, and whether there is a picture for them to see.

    One query for everybody on a page: to put the gate into words takes longer than to ask it.
    """
    if not is_member(reader):
        return
    everybody = list(members)
    met = people_for(reader).filter(pk__in={member.pk for member in everybody})
    pictures = Picture.objects.shown().filter(member=OuterRef("pk"))
    found = dict(met.annotate(is_pictured=Exists(pictures)).values_list("pk", "is_pictured"))
    for member in everybody:
        member.is_met, member.has_face = member.pk in found, found.get(member.pk, False)
