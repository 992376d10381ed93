"""Mails between host and guests: a question, its answer, a note. What somebody wrote stands in them as a quotation."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings.emails import TEMPLATES
from apps.gatherings.models import Gathering, Note, Question, Rsvp
from apps.outbox.kinds import Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.outbox.templatetags.quoting import quoted


def question_of(message: Message) -> Question:
    return Question.objects.to_read().get(pk=message.subject_id)


def is_still_asked(message: Message) -> bool:
    question = Question.objects.to_read().filter(pk=message.subject_id, asker__is_active=True).first()
    if question is None or message.member is None:
        return False
    return question.can_be_answered and Question.objects.for_hosts(message.member).filter(pk=question.pk).exists()


def question_asked(message: Message) -> Mail:
    question = question_of(message)
    words = {"name": question.asker.name, "title": question.gathering.title}
    return Mail(
        subject=_("%(name)s has a question about %(title)s") % words,
        template=f"{TEMPLATES}/question_asked",
        context={
            "gathering": question.gathering,
            "question": question,
            "quoted": quoted(question.words),
            "url": link_to("answer_question", message.member, question.pk),
        },
        thread=question.gathering.key,
    )


def has_an_answer(message: Message) -> bool:
    assert message.member is not None  # only members ask
    asked = Question.objects.of(message.member).shown_to(message.member)
    question = asked.to_read().filter(pk=message.subject_id).first()
    if question is None or not question.is_answered:
        return False
    takes_place = question.gathering.is_published and not question.gathering.is_over
    return takes_place and bool(question.answer or question.fact_said) and is_open_to_its_asker(question)


def is_open_to_its_asker(question: Question) -> bool:
    return Gathering.objects.unblocked_for(question.asker).filter(pk=question.gathering_id).exists()


def question_answered(message: Message) -> Mail:
    question = question_of(message)
    # Whoever came by a link finds the page by that link alone; it may have been revoked, so it is not in the mail.
    can_be_found = Gathering.objects.visible_to(question.asker).filter(pk=question.gathering_id).exists()
    words = {"name": question.answerer, "title": question.gathering.title}
    return Mail(
        subject=_("%(name)s has answered your question about %(title)s") % words,
        template=f"{TEMPLATES}/question_answered",
        context={
            "gathering": question.gathering,
            "question": question,
            "quoted_question": quoted(question.words),
            "quoted_answer": quoted(question.answer),
            "can_be_found": can_be_found,
        },
        thread=question.gathering.key,
    )


def note_of(message: Message) -> Note | None:
    notes = Note.objects.select_related("author", "gathering__host", "gathering__town")
    return notes.filter(pk=message.subject_id).first()


def seat_of(message: Message, note: Note) -> Rsvp | None:
    return note.gathering.rsvps.seated().filter(member=message.member).first()


def is_still_for_them(message: Message) -> bool:
    """The reader has their seat still, and the writer the right to write."""
    note = note_of(message)
    if note is None or not note.gathering.is_published or note.gathering.is_over:
        return False
    return note.gathering.is_run_by(note.author) and seat_of(message, note) is not None


def note_from_host(message: Message) -> Mail:
    note = note_of(message)
    rsvp = seat_of(message, note) if note else None
    if note is None or rsvp is None:
        raise Note.DoesNotExist
    words = {"name": note.author.name, "title": note.gathering.title}
    return Mail(
        subject=_("A note from %(name)s about %(title)s") % words,
        template=f"{TEMPLATES}/note_from_host",
        context={
            "gathering": note.gathering,
            "note": note,
            "quoted": quoted(note.words),
            "leave_url": link_to("leave", message.member, rsvp.pk, rsvp.round),
        },
        thread=note.gathering.key,
    )


register(
    "question_asked",
    is_still_asked,
    question_asked,
    label=_lazy("Somebody has a question about your gathering"),
    is_for_hosts=True,
)
register("question_answered", has_an_answer, question_answered, label=_lazy("A host has answered your question"))
register("note_from_host", is_still_for_them, note_from_host, label=_lazy("A note from your host"))
