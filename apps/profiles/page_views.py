"""One's own page, as one edits it, and what helps oneself. Others read the page at apps/gatherings/views/people.py."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.profiles.models import Needs, Picture, ProfileAnswer
from apps.profiles.page_forms import CONSENT, AnswerForms, NeedsForm, PageForm
from apps.profiles.requests import MemberRequest, posted


@login_required
@never_cache
def own_page(request: MemberRequest) -> HttpResponse:
    known = list(ProfileAnswer.objects.of(request.user).values_list("prompt", "words"))
    form, answers = PageForm(posted(request), instance=copy(request.user)), AnswerForms(posted(request), known)
    if request.method == "POST" and all([form.is_valid(), answers.is_valid()]):
        with transaction.atomic():
            form.keep()
            ProfileAnswer.objects.keep(request.user, answers.said)
        messages.success(request, _("Kept."))
        return redirect("profiles:page")
    is_refused = request.method == "POST"
    context = {"form": form, "answers": answers, "has_picture": Picture.objects.of(request.user).shown().exists()}
    return render(request, "profiles/page.html", context, status=422 if is_refused else 200)


@login_required
@never_cache
def own_needs(request: MemberRequest) -> HttpResponse:
    """What helps one to be there, for oneself; nobody else reads it here."""
    kept = Needs.objects.words_of(request.user)
    form = NeedsForm(posted(request), initial={"words": kept, "is_agreed": bool(kept)})
    if request.method == "POST" and form.is_valid():
        Needs.objects.keep(request.user, form.cleaned_data["words"], str(CONSENT))
        messages.success(request, _("Kept, for you alone. At each table you choose whether its host is told."))
        return redirect("profiles:needs")
    return render(request, "profiles/needs.html", {"form": form}, status=422 if form.errors else 200)
