from __future__ import annotations

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.gatherings import waitlist
from apps.gatherings.models.gathering import Gathering
from apps.gatherings.models.invitation import A_DAY, MOST_A_DAY, CannotInvite, NotNow
from apps.gatherings.models.queries import GatheringQuerySet
from apps.outbox.models import Message, MessageQuerySet
from apps.profiles.models import Member
from apps.safety.models import Block, KeepApart

MOST_CO_HOSTS = 5
MOST_MAILS_EACH = 2  # to one address about one gathering: whoever was removed by mistake can be asked once more
KIND = "cohost_invited"
LEFT_WITH_THE_HOST = ["address", "meeting_point", "way_in", "contact", "met_by", "met_from"]
# What was said of a home is not true of another; whoever goes by it has to read that it is open again.
SAID_OF_A_HOME = ["is_step_free", "is_animal_free", "is_scent_free", "is_smoke_free", "is_softly_lit", "door_width"]


class HostThemself(CannotInvite):
    sentence = _("This is your own address: you are the host already.")


class AskedAlready(CannotInvite):
    sentence = _("This address is on the list below already.")


class AskedOften(CannotInvite):
    sentence = _("We have written to this address about co-hosting here twice, and leave it at that.")


class CoHostsFull(CannotInvite):
    sentence = _("Five co-hosts are the most, counting those who have not answered.")


class ManyAskedToday(CannotInvite):
    sentence = _("We have asked ten people for you today. Tomorrow you can ask more.")


class AskEnded(CannotInvite):
    """For whom was asked: there is nothing to say yes to any more."""


class CoHostQuerySet(models.QuerySet["CoHost"]):
    def accepted(self) -> CoHostQuerySet:
        """In the order in which they said yes."""
        return self.filter(accepted_at__isnull=False).order_by("accepted_at", "pk")


class CoHost(models.Model):
    """Somebody who helps to host: asked by e-mail, so that nobody learns who is a member; theirs once they say yes.

    The row is the right: it goes the moment they step down or are removed.
    """

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="co_hosts")
    email = models.EmailField(_("e-mail"), max_length=254)
    member = models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="co_hosting")
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = CoHostQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-host")
        verbose_name_plural = _("co-hosts")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "email"], name="co_host_once_per_gathering_and_email"),
            models.UniqueConstraint(fields=["gathering", "member"], name="co_host_once_per_gathering_and_member"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="co_host_email_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(member__isnull=True, accepted_at__isnull=True)
                | models.Q(member__isnull=False, accepted_at__isnull=False),
                name="co_host_has_said_yes",
            ),
        ]

    def __str__(self) -> str:
        return self.member.name if self.member else self.email

    # Verbs

    @classmethod
    def invite(cls, gathering: Gathering, email: str) -> None:
        """Ask somebody to help: the same row, mail and answer whether they are a member or not. Raises CannotInvite."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            Member.objects.hold(gathering.host)
            written = mails_about(Gathering.objects.filter(pk=gathering.pk))
            written = written.filter(Q(address=email) | Q(member__email=email))
            refuse(gathering, email, written)
            cls.objects.create(gathering=gathering, email=email)
            if not written.waiting().exists():  # one that waits for the morning finds the new row
                slot = {"subject_id": gathering.pk, "version": written.count(), "expires_at": gathering.ends_at}
                slot["due_at"] = waitlist.by_day(gathering)
                Message.objects.put(KIND, Member.objects.with_email(email) or email, **slot)

    def accept(self, member: Member) -> None:
        """Theirs to help from now on; what they had there as a guest is given back. Twice changes nothing.

        Only for whom was asked. Raises AskEnded.
        """
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.gathering_id)
            row = gathering.co_hosts.filter(pk=self.pk, email=member.email).first()
            if row is None or not takes_co_hosts(gathering) or not may_co_host(gathering, member):
                raise AskEnded
            if gathering.is_run_by(member):  # or they were asked at another address of theirs, too
                gathering.co_hosts.filter(pk=row.pk, accepted_at=None).delete()
                return
            row.member, row.accepted_at = member, timezone.now()
            row.save(update_fields=["member", "accepted_at"])
            if rsvp := gathering.rsvps.of(member).first():
                rsvp.bow_out()

    def take_over(self) -> bool:
        """They host it from now on, in the place of a host who has left, or may not sign in. Says whether they do.

        A home was that host's, as were the ways to reach them: guests are told that the place will be another.
        """
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.gathering_id)
            row = gathering.co_hosts.accepted().filter(pk=self.pk, member__is_active=True).first()
            if row is None or not row.member or not takes_co_hosts(gathering):
                return False
            gathering.host = row.member
            gathering.save(update_fields=["host"])
            row.delete()
            if not gathering.is_public_place:
                gathering.address = gettext("%(name)s hosts now, and says in time where") % {"name": row.member.name}
                gathering.meeting_point = ""
                for fact in SAID_OF_A_HOME:
                    setattr(gathering, fact, None)
            gathering.way_in = gathering.way_in if gathering.is_public_place else ""
            gathering.contact, gathering.met_by, gathering.met_from = "", "", None
            gathering.change([*LEFT_WITH_THE_HOST, *SAID_OF_A_HOME])
            # Told, but not what it was; and what it had been before is told to nobody any more.
            theirs = gathering.changes.filter(field__in=LEFT_WITH_THE_HOST)
            theirs.exclude(sequence=gathering.sequence, field="address").delete()
            theirs.update(old="")
        return True

    def turn_down(self) -> None:
        """Not this time. A yes that was said meanwhile stands; stepping down is another act."""
        CoHost.objects.filter(pk=self.pk, accepted_at=None).delete()

    def end(self) -> None:
        """They step down or are removed: from this moment on nothing here is theirs, nor at later dates of a series."""
        from apps.gatherings.models.series import Series  # that module imports this one

        if not self.member or not self.gathering.series:
            self.delete()
            return
        with transaction.atomic():
            rows = self.from_here_on()
            Series.objects.lock_all(rows.values("gathering__series"))  # no date is made with them meanwhile
            rows.delete()

    def from_here_on(self) -> CoHostQuerySet:
        """Of the same person at this and later dates: in its series, or by the same yes in one that it went on in."""
        in_series = Q(gathering__series=self.gathering.series_id) | Q(
            gathering__series__isnull=False, member=self.member_id, accepted_at=self.accepted_at
        )
        theirs = Q(member=self.member_id) | Q(email=self.email)
        return CoHost.objects.filter(in_series, theirs, gathering__series_day__gte=self.gathering.series_day)


def takes_co_hosts(gathering: Gathering) -> bool:
    return not gathering.is_cancelled and not gathering.is_over


def may_co_host(gathering: Gathering, member: Member) -> bool:
    """Not with a block, or a moderator's word, between them and anyone who hosts or sits there: they came first."""
    there = {gathering.host_id, *gathering.co_hosts.accepted().values_list("member", flat=True)}
    there |= set(gathering.rsvps.open().values_list("member", flat=True))
    there -= {member.pk}
    apart = KeepApart.objects.others_of([member.pk]).get(member.pk, set())
    is_blocked = Block.objects.others_of(member).filter(Q(blocker__in=there) | Q(blocked__in=there)).exists()
    return not is_blocked and not apart & there


def mails_about(gatherings: GatheringQuerySet) -> MessageQuerySet:
    """What has been written about co-hosting these: it outlives the rows, which go when somebody says no."""
    found: MessageQuerySet = Message.objects.filter(kind=KIND, subject_id__in=gatherings.values("pk"))
    return found


def refuse(gathering: Gathering, email: str, written: MessageQuerySet) -> None:
    """Raise the reason why this address may not be asked now, if there is one."""
    if not takes_co_hosts(gathering):
        raise NotNow
    if gathering.host.email == email:
        raise HostThemself
    if gathering.co_hosts.filter(email=email).exists():
        raise AskedAlready
    if gathering.co_hosts.count() >= MOST_CO_HOSTS:
        raise CoHostsFull
    if written.count() >= MOST_MAILS_EACH:
        raise AskedOften
    everywhere = mails_about(Gathering.objects.hosted_by(gathering.host))
    if everywhere.filter(created_at__gt=timezone.now() - A_DAY).count() >= MOST_A_DAY:
        raise ManyAskedToday
