from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import Gathering, GatheringQuerySet, Rsvp
from apps.outbox.models import Message
from apps.profiles.keys import new_key
from apps.profiles.models import Member


class ReportQuerySet(models.QuerySet["Report"]):
    """`readable_by` comes first in every question whose answer anybody reads."""

    def readable_by(self, member: Member | AnonymousUser) -> ReportQuerySet:
        """For moderators alone, and never for one whom it concerns."""
        if not (member.is_authenticated and member.is_active and member.is_moderator):
            return self.none()
        return self.not_concerning(member)

    def not_concerning(self, member: Member) -> ReportQuerySet:
        """Those that are neither theirs, nor about them, nor about a table that they run, ran or came to."""
        theirs = Q(reporter=member) | Q(email=member.email) | Q(about=member)
        ran = Q(pk__in=Report.hosts.through.objects.filter(member=member).values("report"))
        run = Q(gathering__in=Gathering.objects.run_by(member).values("pk"))
        came = Q(gathering__in=Rsvp.objects.of(member).values("gathering"))
        return self.exclude(theirs).exclude(ran).exclude(run).exclude(came)

    def still_open(self) -> ReportQuerySet:
        return self.filter(decided_at=None)

    def decided(self) -> ReportQuerySet:
        return self.exclude(decided_at=None)

    def most_urgent_first(self) -> ReportQuerySet:
        return self.order_by("-is_urgent", "at", "pk")

    def told(self) -> ReportQuerySet:
        """With what a page says of each."""
        return self.select_related("reporter", "about", "gathering__town", "gathering__host")

    def make(self, reporter: Member | None, **said: Any) -> Report:
        """Keep a report, write to whoever made it, and to those who may read it. `said` holds its fields."""
        with transaction.atomic():
            report = self.create(reporter=reporter, **said)
            if report.gathering:
                report.hosts.set([report.gathering.host, *report.gathering.named_co_hosts])
            if recipient := report.recipient:
                Message.objects.put("report_received", recipient, subject_id=report.pk)
            tell_whoever_reads(report)
        return report


class Report(models.Model):
    """That something was not right: who says so, about whom or which gathering, in their own words or none.

    Read by moderators and nobody else; its words go into no mail and no log.
    """

    class Outcome(models.TextChoices):
        ACTED = "acted", _("We have done something about it")
        LOOKED = "looked", _("We have looked into it, and there is no more that we can do")
        HELPED = "helped", _("It is settled")

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    reporter = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)  # of somebody without an account
    about = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    gathering = models.ForeignKey(Gathering, models.SET_NULL, null=True, blank=True, related_name="+")
    # Who ran it when it was reported: whoever steps down as a co-host must not read it then.
    hosts = models.ManyToManyField(Member, related_name="+", editable=False)
    where = models.CharField(_("where or who"), max_length=200, blank=True)  # as a stranger puts it
    words = models.TextField(_("what happened"), max_length=4000, blank=True)
    is_urgent = models.BooleanField(_("it is urgent"), default=False)
    asks_first = models.BooleanField(_("ask me before you act"), default=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, editable=False)
    answer = models.TextField(max_length=1000, blank=True, editable=False)  # what whoever reported may be told

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="") | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="report_decided_has_an_outcome",
            ),
            models.CheckConstraint(condition=Q(reporter__isnull=True) | Q(email=""), name="report_from_one_of_the_two"),
        ]
        indexes = [
            models.Index(fields=["-is_urgent", "at"], condition=Q(decided_at__isnull=True), name="report_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.key}"  # nobody's name and no words, not even in a log

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None

    @property
    def recipient(self) -> Member | str:
        """Where an answer goes: to a member, an address, or nowhere."""
        return self.reporter or self.email

    def decide(self, outcome: str, answer: str) -> None:
        """Close it, and tell whoever made it. Doing so twice changes nothing."""
        with transaction.atomic():
            now = timezone.now()
            still_open = Report.objects.still_open().filter(pk=self.pk)
            is_change = still_open.update(decided_at=now, outcome=outcome, answer=answer)
            if is_change and self.recipient:
                Message.objects.put("report_decided", self.recipient, subject_id=self.pk)
        self.refresh_from_db()


def tell_whoever_reads(report: Report) -> None:
    """Every moderator who may read it. If there is none, the keepers, who can name one; if it concerns all of those,
    the community's own address: a report is never left lying without anybody knowing.
    """
    here = Member.objects.filter(is_active=True)
    there = [member for member in here.filter(is_moderator=True) if may_read(member, report)]
    keepers = here.filter(is_staff=True, is_superuser=True)
    there = there or [keeper for keeper in keepers if not is_concerned(keeper, report)]
    for reader in there or [settings.COMMUNITY_EMAIL]:
        Message.objects.put("moderators_needed", reader, subject_id=report.pk)


def may_read(member: Member, report: Report) -> bool:
    return Report.objects.readable_by(member).filter(pk=report.pk).exists()


def is_concerned(member: Member, report: Report) -> bool:
    return not Report.objects.not_concerning(member).filter(pk=report.pk).exists()


def met_at(member: Member | AnonymousUser) -> GatheringQuerySet:
    """The tables at which this member has, or had, a seat, or which they run: they may report these whatever has come
    between them and a host since.
    """
    if not member.is_authenticated:
        return Gathering.objects.none()
    had = Q(state=Rsvp.State.SEATED) | Q(history__state=Rsvp.State.SEATED)
    sat = Q(pk__in=Rsvp.objects.of(member).filter(had).values("gathering"))
    shown = Gathering.objects.exclude(state=Gathering.State.DRAFT)
    return shown.filter(sat | Q(pk__in=Gathering.objects.run_by(member).values("pk")))
