from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.gatherings import wish
from apps.gatherings.drawing import seating_of
from apps.gatherings.models import CannotSit, Gathering, Rsvp
from apps.profiles.requests import Request


def visible_gathering(request: Request, key: str) -> Gathering:
    return get_object_or_404(Gathering.objects.visible_to(request.user).for_cards(), key=key)


def seats_context(request: Request, gathering: Gathering) -> dict[str, Any]:
    """What the gathering's page shows to this reader, and to this reader only."""
    rsvp = gathering.rsvps.of(request.user).first()
    is_host = gathering.host_id == request.user.pk
    is_at_the_table = is_host or (rsvp is not None and rsvp.is_seated)
    seated = gathering.rsvps.seated().select_related("member") if is_at_the_table else []
    guests = [seat.member for seat in seated]
    return {
        "gathering": gathering,
        "rsvp": rsvp,
        "is_host": is_host,
        "guests_may_read": is_at_the_table,
        "is_past": gathering.is_over,
        "address": gathering.address_for(rsvp, is_host),
        "guests": guests,
        "seating": seating_of(gathering, rsvp, guests),
    }


@require_safe
@never_cache
def detail(request: Request, key: str) -> HttpResponse:
    gathering = visible_gathering(request, key)
    if gathering.is_draft:
        return redirect("gatherings:preview", key=key)
    return render(request, "gatherings/detail.html", seats_context(request, gathering))


@require_POST
def rsvp(request: Request, key: str) -> HttpResponse:
    gathering = visible_gathering(request, key)
    if not request.user.is_authenticated:
        wish.remember(request, gathering)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': gathering.get_absolute_url()})}")
    try:
        gathering.seat(request.user)
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, wish.SEATED)
    return redirect(gathering)


@login_required
@never_cache
def leave(request: Request, key: str) -> HttpResponse:
    gathering = visible_gathering(request, key)
    rsvp = get_object_or_404(Rsvp.objects.of(request.user).filter(gathering=gathering))
    if request.method == "POST":
        if rsvp.bow_out():
            messages.success(request, _("Your seat is free again. That is fine; thank you for saying so."))
        return redirect(gathering)
    if not rsvp.is_seated or gathering.is_over:
        return redirect(gathering)
    return render(request, "gatherings/leave.html", {"gathering": gathering, "rsvp": rsvp})
