from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.gatherings.models import Gathering, Reveal, Rsvp
from apps.movies.evening import may_choose
from apps.outbox.models import has_chosen_nudges
from apps.profiles.requests import MemberRequest
from apps.steps.models import NotThisTime
from apps.steps.next_step import next_step
from apps.steps.your_table import YourTable


@require_safe
@login_required
@never_cache
def table(request: MemberRequest) -> HttpResponse:
    """Where signing in leads: what comes next, what was, what waits for an answer, and one small step."""
    own = YourTable(request.user, timezone.now())
    next_up, rsvp = own.next_up, own.rsvp
    context = {
        "table": own,
        "next_up": next_up,
        "rsvp": rsvp,
        "is_host": own.is_host,
        "address": Reveal.objects.address(next_up, rsvp, own.is_host) if next_up else "",
        "contact": next_up.contact_for(rsvp) if next_up else "",
        "films_to_choose": may_choose(request.user, own.seats),
        "coming": own.coming,
        "hosting": own.hosting,
        "drafts": own.drafts,
        "step": next_step(own),
        "has_chosen_nudges": has_chosen_nudges(request.user),
        "has_passkey": Authenticator.objects.filter(user=request.user).exists(),
    }
    return render(request, "steps/table.html", context)


@require_POST
@login_required
def not_this_time(request: MemberRequest) -> HttpResponse:
    step = request.POST.get("step", "")
    if step not in NotThisTime.Step.values:
        raise Http404
    NotThisTime.objects.say(request.user, step)
    messages.success(request, _("That is fine."))
    return redirect("steps:table")


@require_POST
@login_required
def door(request: MemberRequest, key: str) -> HttpResponse:
    """The answer to whether they open the door; a no is the same word as by the mail that asks it."""
    seen = Gathering.objects.visible_to(request.user).published()
    rsvp = get_object_or_404(Rsvp.objects.of(request.user).seated(), gathering__in=seen, gathering__key=key)
    is_yes = request.POST.get("act") == "yes"
    rsvp.say_about_the_door(is_yes)
    if not is_yes:
        NotThisTime.objects.say(request.user, NotThisTime.Step.DOOR)
        messages.success(request, _("That is fine. You have your seat as before."))
    elif rsvp.opens_door:
        messages.success(request, _("You open the door. Your host and the others at the table can see it."))
    else:
        messages.success(request, _("Somebody has said yes already, so there is nothing you need to do."))
    return redirect("steps:table")
