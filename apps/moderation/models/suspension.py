from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.gatherings.letting_go import let_go
from apps.moderation.models.word import Word
from apps.profiles.models import Member


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def impose(self, member: Member, until: date | None, words: str = "") -> None:
        """They are as a stranger from now on: until that day, or for good. Their evenings are let go, kindly.

        Whoever calls in a transaction of their own has locked no row yet.
        """
        ends = datetime.combine(until, time(), UTC) if until else None
        what = Word.What.SUSPENSION if until else Word.What.BAN
        with transaction.atomic():
            for gathering in let_go(member, ends, _("Your host cannot be there. We are sorry; nobody is to blame.")):
                Word.objects.send(Word.What.HOST_NOW, gathering.host, gathering=gathering)
            self.update_or_create(member=member, defaults={"until": until, "words": words, "made_at": timezone.now()})
            Member.objects.filter(pk=member.pk).update(is_active=False)
            member.sign_out_everywhere()
            Word.objects.send(what, member.email, words=words, until=until)

    def lift(self, member: Member, words: str = "") -> None:
        """They may sign in again at once, and are told. As when its day comes, nothing is given back to them."""
        with transaction.atomic():
            if self.filter(member=member).delete()[0]:
                open_again(member.pk)
                member.refresh_from_db()
                Word.objects.send(Word.What.BACK, member, words=words)

    def end_what_is_over(self) -> None:
        """Whose day has come may sign in again. They take seats anew; nothing is given back to them."""
        for suspension in self.filter(until__lte=timezone.now().date()):
            with transaction.atomic():
                if self.filter(pk=suspension.pk, until__lte=timezone.now().date()).delete()[0]:
                    open_again(suspension.member_id)


def open_again(pk: int) -> None:
    """They may sign in, unless they have left meanwhile: then they come back by themselves, if they wish."""
    Member.objects.filter(pk=pk, departure=None).update(is_active=True)


class Suspension(models.Model):
    """That a member may not sign in, until a day or, without one, for good. The log says who decided it, and why."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="suspension")
    until = models.DateField(null=True, blank=True)
    words = models.TextField(max_length=1000, blank=True)  # to them: in the mail, and where signing in leads
    made_at = models.DateTimeField(default=timezone.now)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("suspension")
        verbose_name_plural = gettext_lazy("suspensions")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"
