"""A question to the host: asked by whoever may see the gathering, read and answered by its hosts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.gatherings.answering import answer_page
from apps.gatherings.comfort import FACTS, facts_for
from apps.gatherings.forms_asking import AskForm
from apps.gatherings.models import Gathering, Question
from apps.gatherings.models.question import MOST_QUESTIONS, AskedEnough, CannotAsk
from apps.gatherings.views.seats import link_of, visible_gathering
from apps.profiles.requests import MemberRequest, posted


def fact_of(request: MemberRequest, gathering: Gathering) -> str:
    """The comfort fact that an Ask button names; whatever else stands there is passed over."""
    fact = request.POST.get("fact") or request.GET.get("fact") or ""
    return fact if fact in [each.field for each in facts_for(gathering.kind)] else ""


def page_of(request: MemberRequest, gathering: Gathering) -> str:
    """The gathering's page as this reader found it, by its link or without."""
    came_by_link = gathering.link and link_of(request) == gathering.link
    return gathering.invitation_url if came_by_link else gathering.get_absolute_url()


@login_required
@never_cache
def ask(request: MemberRequest, key: str) -> HttpResponse:
    gathering = visible_gathering(request, key)
    fact = fact_of(request, gathering)
    if gathering.is_run_by(request.user):
        return redirect("gatherings:questions", key=key)
    if not gathering.is_published or gathering.is_over or (fact and getattr(gathering, fact) is not None):
        return redirect(page_of(request, gathering))
    form = AskForm(posted(request), fact=fact)
    if request.method == "POST" and form.is_valid():
        try:
            Question.objects.ask(gathering, request.user, form.cleaned_data["words"], fact)
        except CannotAsk as refusal:
            form.add_error("words", refusal.sentence)
        else:
            words = _("Your question is on its way to %(host)s. We write to you as soon as there is an answer.")
            messages.success(request, words % {"host": gathering.host.name})
            return redirect(page_of(request, gathering))
    return render_ask(request, gathering, form, fact)


def render_ask(request: MemberRequest, gathering: Gathering, form: AskForm, fact: str) -> HttpResponse:
    asked = list(gathering.questions.of(request.user).shown_to(request.user).to_read())
    same = next((question for question in asked if fact and question.fact == fact), None)
    context = {
        "gathering": gathering,
        "link": link_of(request),
        "page": page_of(request, gathering),
        "fact": fact,
        "question": FACTS[fact].question if fact else "",
        "asked": asked,
        "same": same,
        "enough": AskedEnough.sentence if len(asked) >= MOST_QUESTIONS and not same else "",
        "form": form,
    }
    return render(request, "gatherings/ask.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def questions(request: MemberRequest, key: str) -> HttpResponse:
    gathering = get_object_or_404(Gathering.objects.run_by(request.user).for_cards(), key=key)
    asked = list(gathering.questions.for_hosts(request.user).to_read())
    context = {
        "gathering": gathering,
        "open": [question for question in asked if not question.is_answered],
        "answered": [question for question in asked if question.is_answered],
    }
    return render(request, "gatherings/questions.html", context)


@login_required
@never_cache
def answer(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    asked = Question.objects.for_hosts(request.user).to_read()
    question = get_object_or_404(asked, pk=pk, gathering__key=key)
    return answer_page(request, request.user, question)
