from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.gatherings import waitlist
from apps.gatherings.comfort import FACTS
from apps.gatherings.models.gathering import Gathering
from apps.outbox.models import Message
from apps.profiles.models import Member
from apps.safety.models import Block

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_QUESTIONS = 3  # of one member at one gathering, those about comfort facts too


class CannotAsk(Exception):
    sentence = _("This question cannot be asked just now.")


class NothingToAsk(CannotAsk):
    sentence = _("This gathering is over or called off, so there is nothing left to ask.")


class HostsKnow(CannotAsk):
    sentence = _("You host this gathering yourself.")


class FactIsSaid(CannotAsk):
    sentence = _("This has been said by now; you find it on the gathering’s page.")


class AskedEnough(CannotAsk):
    sentence = _(
        "You have asked three questions here, which is as many as we carry. The rest you can ask at the table."
    )


class QuestionQuerySet(models.QuerySet["Question"]):
    def of(self, member: Member) -> QuestionQuerySet:
        return self.filter(asker=member)

    def open(self) -> QuestionQuerySet:
        return self.filter(answered_at=None)

    def for_hosts(self, member: Member) -> QuestionQuerySet:
        """Those that this host or co-host may read and answer."""
        return self.shown_to(member).filter(gathering__in=Gathering.objects.run_by(member))

    def shown_to(self, reader: Member) -> QuestionQuerySet:
        """Not what was asked or answered across a block."""
        apart = Block.objects.others_of(reader)
        return self.exclude(asker__in=apart).exclude(answered_by__in=apart)

    def to_read(self) -> QuestionQuerySet:
        return self.select_related("asker", "answered_by", "gathering__host").order_by("asked_at", "pk")

    def ask(self, gathering: Gathering, member: Member, words: str = "", fact: str = "") -> Question:
        """Ask the hosts and write to each of them. Asking the same twice is asking once. Raises a CannotAsk."""
        with transaction.atomic():
            gathering = Gathering.objects.locked(gathering.pk)
            asked = gathering.questions.of(member)
            if same := asked.filter(fact=fact) if fact else asked.filter(fact="", words=words):
                return same[0]
            gathering.questions.refuse(gathering, member, fact)
            question = gathering.questions.create(asker=member, words=words, fact=fact)
            question.tell_each("question_asked", gathering.hosts())
        return question

    def answer_by_the_card(self, said: list[str]) -> None:
        """An edit has said these facts: whoever asked no more than that has their answer.

        One with words besides stays open, for a host to answer. Whoever calls holds the lock on the gathering.
        """
        for question in self.open().filter(fact__in=said, words="").select_related("asker"):
            if question.fact_said:
                question.close("")

    def refuse(self, gathering: Gathering, member: Member, fact: str) -> None:
        """Raise the reason why this member cannot ask here now, if there is one.

        Whom the hosts have blocked, or who has blocked them, does not get this far: `visible_to` is their gate.
        """
        if not gathering.is_published or gathering.is_over:
            raise NothingToAsk
        if gathering.is_run_by(member):
            raise HostsKnow
        if fact and getattr(gathering, fact) is not None:
            raise FactIsSaid
        if self.of(member).count() >= MOST_QUESTIONS:
            raise AskedEnough


class Question(models.Model):
    """One thing a member would like to know of the host, and the answer; between the two of them.

    One about a comfort fact that is not said names its field, and its answer fills the card.
    """

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="questions")
    asker = models.ForeignKey(Member, models.CASCADE, related_name="questions_asked")
    fact = models.CharField(max_length=30, blank=True)
    words = models.CharField(_("your question"), max_length=400, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("your answer"), max_length=600, blank=True)
    answered_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="questions_answered")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(condition=~Q(fact="") | ~Q(words=""), name="question_asks_something"),
            models.UniqueConstraint(
                fields=["gathering", "asker", "fact"], condition=~Q(fact=""), name="question_once_per_fact"
            ),
        ]

    def __str__(self) -> str:
        return self.words or self.fact

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def can_be_answered(self) -> bool:
        return not self.is_answered and self.gathering.is_published and not self.gathering.is_over

    @property
    def fact_asked(self) -> _StrPromise | str:
        """The question about a fact, already worded; nothing for one in the asker's own words only."""
        return FACTS[self.fact].question if self.fact in FACTS else ""

    @property
    def fact_said(self) -> _StrPromise | str:
        """What the card says of the fact now, in whatever language it is read; nothing where it is unsaid."""
        said = getattr(self.gathering, self.fact) if self.fact in FACTS else None
        return "" if said is None else FACTS[self.fact].reply(said)

    @property
    def answerer(self) -> str:
        return (self.answered_by or self.gathering.host).name

    # Verbs

    def reply(self, member: Member, words: str, fact_answer: bool | None = None) -> bool:
        """A host's answer; the first one counts. Says whether it was this one.

        What is said of a fact goes on the card, and to everyone else who asked the same.
        """
        with transaction.atomic():
            gathering = Gathering.objects.locked(self.gathering_id)
            question = gathering.questions.get(pk=self.pk)
            is_first = question.can_be_answered and gathering.is_run_by(member)
            if is_first:
                question.settle(member, words, fact_answer)
        self.refresh_from_db()
        return is_first

    def settle(self, member: Member, words: str, fact_answer: bool | None) -> None:
        """Keep the answer and tell who asked. Whoever calls holds the lock on the gathering."""
        answered = [self]
        if self.fact and fact_answer is not None:
            answered = list(self.gathering.questions.open().filter(fact=self.fact).select_related("asker"))
            setattr(self.gathering, self.fact, fact_answer)
            self.gathering.change([self.fact])
        for question in answered:
            question.close(words, member)

    def close(self, words: str, member: Member | None = None) -> None:
        """Keep what is said to it, by this host or by the card alone, and tell who asked."""
        self.answer, self.answered_by, self.answered_at = words, member, timezone.now()
        self.save(update_fields=["answer", "answered_by", "answered_at"])
        self.tell_each("question_answered", [self.asker])

    def tell_each(self, kind: str, members: list[Member]) -> None:
        slot = {"subject_id": self.pk, "version": self.pk, "expires_at": self.gathering.ends_at}
        slot["due_at"] = waitlist.by_day(self.gathering)
        Message.objects.put_all([Message.objects.row(kind, member, **slot) for member in members])
