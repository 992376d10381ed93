"""What the mail about a question links to."""

from django.http import HttpResponse

from apps.gatherings.answering import answer_page
from apps.gatherings.models import Question
from apps.outbox.links import Link, register
from apps.profiles.models import Member
from apps.profiles.requests import Request


def answer_question(request: Request, link: Link) -> HttpResponse:
    """For the host or co-host to whom the mail was written, as long as they are one."""
    host = link.member
    question = Question.objects.for_hosts(host).to_read().filter(pk=link.subject_id).first()
    if question is None:
        raise Member.DoesNotExist
    return answer_page(request, host, question)


register("answer_question", answer_question)
