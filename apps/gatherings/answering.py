"""The page on which a question is answered: on the site, and behind the link of the mail that brought it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.gatherings.forms_asking import answer_form
from apps.gatherings.models import Question
from apps.profiles.models import Member
from apps.profiles.requests import Request, posted


def answer_page(request: Request, host: Member, question: Question) -> HttpResponse:
    """`host` may answer it: whoever calls has asked."""
    form = answer_form(question, posted(request)) if question.can_be_answered else None
    if request.method == "POST" and form is None:
        say(request, host, question)
        return redirect(request.path)
    if request.method == "POST" and form and form.is_valid():
        question.reply(host, form.cleaned_data["words"], form.fact_answer)
        say(request, host, question)
        return redirect(request.path)
    context = {"gathering": question.gathering, "question": question, "form": form, "host": host}
    return render(request, "gatherings/answer.html", context, status=422 if form and form.errors else 200)


def say(request: Request, host: Member, question: Question) -> None:
    """Whoever presses twice has still answered; whoever came second reads on the page what the other said."""
    if question.is_answered and question.answered_by == host:
        messages.success(request, _("Your answer is on its way to %(name)s.") % {"name": question.asker.name})
    elif question.is_answered:
        messages.info(
            request, _("%(name)s was first to answer, so nothing more was sent.") % {"name": question.answerer}
        )
