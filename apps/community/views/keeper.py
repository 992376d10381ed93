"""The keeper's pages: with their passkey. To everybody else they are not there."""

from copy import copy
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.community import joining
from apps.community.forms import RulesForm
from apps.profiles.house_rules import rules_of
from apps.profiles.models import Member
from apps.profiles.passkeys import View, passkey_shown
from apps.profiles.requests import MemberRequest, posted


def keepers_only(view: View) -> View:
    with_passkey = passkey_shown(view)

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_keeper:
            raise Http404
        return with_passkey(request, *args, **kwargs)

    return login_required(never_cache(guarded))


@keepers_only
def rules(request: MemberRequest) -> HttpResponse:
    form = RulesForm(posted(request), instance=copy(rules_of(request)))  # the page shows besides what holds
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("community:keeper")
    context = {
        "form": form,
        "waiting": Member.objects.filter(is_waiting=True).count(),
        "has_moderator": Member.objects.filter(is_moderator=True, is_active=True, is_waiting=False).exists(),
    }
    return render(request, "community/keeper.html", context, status=422 if form.errors else 200)


@keepers_only
@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    """Who would like to join, the longest waiting first."""
    people = Member.objects.filter(is_waiting=True).order_by("joined_at", "pk")
    return render(request, "community/waiting.html", {"people": people})


@keepers_only
@require_POST
def answer(request: MemberRequest, key: str) -> HttpResponse:
    newcomer = get_object_or_404(Member, key=key, is_waiting=True)
    if request.POST.get("act") == "yes":
        joining.say_yes(newcomer)
        messages.success(request, _("%(name)s is in, and reads it by mail.") % {"name": newcomer.name})
    elif request.POST.get("act") == "no":
        joining.say_no(newcomer)
        messages.success(
            request, _("We have told %(name)s, kindly. Nothing of them is kept.") % {"name": newcomer.name}
        )
    return redirect("community:waiting")
