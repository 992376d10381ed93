"""After a first seat, and never before it: three short screens, each of which may be skipped. They end at the table."""

from collections.abc import Callable
from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.gatherings.models import Rsvp
from apps.gatherings.views.with_a_seat import own_seat
from apps.profiles.models import Needs, Picture, ProfileAnswer
from apps.profiles.page_forms import CONSENT, CalledForm, FirstAnswerForm, WithPictureForm
from apps.profiles.picture_views import may_send
from apps.profiles.requests import MemberRequest, posted
from apps.profiles.uploads import takes_file

SCREENS = ["welcome", "welcome_words", "welcome_more"]


@login_required
@never_cache
def you(request: MemberRequest, key: str) -> HttpResponse:
    """The first screen: what to call them."""
    form = CalledForm(posted(request), instance=copy(request.user))
    return screen(request, own_seat(request, key), form, CalledForm.keep)


@login_required
@never_cache
def words(request: MemberRequest, key: str) -> HttpResponse:
    """The second: one sentence of their own."""
    rsvp = own_seat(request, key)
    known = list(ProfileAnswer.objects.of(request.user).values_list("prompt", "words"))
    form = FirstAnswerForm(posted(request), known)
    return screen(request, rsvp, form, lambda form: ProfileAnswer.objects.keep(request.user, form.all_said))


@takes_file
@login_required
@never_cache
def more(request: MemberRequest, key: str) -> HttpResponse:
    """The third: a picture, and what helps them."""
    rsvp = own_seat(request, key)
    if request.FILES and "skip" not in request.POST and not may_send(request):
        return redirect("gatherings:welcome_more", key=key)
    kept = Needs.objects.words_of(request.user)
    form = WithPictureForm(posted(request), request.FILES, initial={"words": kept, "is_agreed": bool(kept)})

    def keep(form: WithPictureForm) -> None:
        Needs.objects.keep(request.user, form.cleaned_data["words"], str(CONSENT))
        if form.cleaned_data["picture"]:
            Picture.objects.send(request.user, form.cleaned_data["picture"].chunks())

    return screen(request, rsvp, form, keep)


def screen(request: MemberRequest, rsvp: Rsvp, form: Any, keep: Callable[[Any], object]) -> HttpResponse:
    """Kept or skipped, it leads on. Whoever has answered one of them is not invited again."""
    assert request.resolver_match is not None
    number = SCREENS.index(request.resolver_match.url_name or "")
    is_skipped = "skip" in request.POST
    if request.method == "POST" and (is_skipped or form.is_valid()):
        with transaction.atomic():
            request.user.end_welcome()
            if not is_skipped:
                keep(form)
                if any(form.cleaned_data.values()):
                    messages.success(request, _("Kept. You may change it in your settings at any time."))
        return redirect(where_next(request, rsvp, number))
    context = {"gathering": rsvp.gathering, "form": form, "number": number + 1, "last": len(SCREENS)}
    status = 422 if request.method == "POST" else 200
    return render(request, f"gatherings/{SCREENS[number]}.html", context, status=status)


def where_next(request: MemberRequest, rsvp: Rsvp, number: int) -> str:
    if request.POST.get("skip") == "all" or number + 1 == len(SCREENS):
        return rsvp.gathering.get_absolute_url()
    return reverse(f"gatherings:{SCREENS[number + 1]}", args=[rsvp.gathering.key])
