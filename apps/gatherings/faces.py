"""Whose picture a member may see: of those they share or shared a table with, and of those who ask them for a seat."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from apps.gatherings.models import CoHost, Gathering, GatheringQuerySet, Rsvp, RsvpQuerySet
from apps.profiles.door import is_member
from apps.profiles.models import Member, Picture
from apps.profiles.pictures import PictureQuerySet
from apps.safety.models import Block, KeepApart

Reader = Member | AnonymousUser


def faces_for(reader: Reader) -> PictureQuerySet:
    """The gate of pictures. Their own is everybody's; those of others stay out of sight across a block, and between two
    who are kept apart: to each it is as if the other had sent none."""
    if not is_member(reader):
        return Picture.objects.none()
    is_parted = Q(member__in=Block.objects.others_of(reader)) | Q(member__in=KeepApart.objects.keys_from(reader))
    return Picture.objects.shown().filter(Q(member=reader) | met_by(reader) & ~is_parted)


def met_by(reader: Member) -> Q:
    tables = tables_of(reader).values("pk")
    guests = sitting(Rsvp.objects.filter(gathering__in=tables))
    hosts = Gathering.objects.filter(pk__in=tables).values("host")
    co_hosts = CoHost.objects.accepted().filter(gathering__in=tables).order_by()
    asking = Rsvp.objects.open().filter(gathering__in=Gathering.objects.run_by(reader).published().not_over())
    return Q(
        Q(member__in=guests.values("member")) | Q(member__in=hosts) | Q(member__in=co_hosts.values("member"))
        | Q(member__in=asking.values("member"))
    )  # fmt: skip


def tables_of(reader: Member) -> GatheringQuerySet:
    """That they host or have a seat at, to come or past; nobody has met at one that was called off."""
    theirs = Gathering.objects.run_by(reader).values("pk")
    seats = sitting(Rsvp.objects.of(reader)).values("gathering")
    return Gathering.objects.published().filter(Q(pk__in=theirs) | Q(pk__in=seats))


def sitting(rsvps: RsvpQuerySet) -> RsvpQuerySet:
    """Those with a seat who have not said that they were not there after all."""
    return rsvps.seated().filter(has_missed=False)


def with_faces(rsvps: RsvpQuerySet, reader: Reader) -> RsvpQuerySet:
    """Each with `has_face`: whether there is a picture of the guest that this reader may see."""
    return rsvps.annotate(has_face=Exists(faces_for(reader).filter(member=OuterRef("member"))))


def with_host_face(gatherings: GatheringQuerySet, reader: Reader) -> GatheringQuerySet:
    """Each with `has_host_face`, likewise of its host."""
    return gatherings.annotate(has_host_face=Exists(faces_for(reader).filter(member=OuterRef("host"))))
