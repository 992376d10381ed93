from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.gatherings.drawing import seating_of
from apps.gatherings.models import Gathering, Rsvp
from apps.profiles.requests import MemberRequest


@require_safe
@login_required
@never_cache
def table(request: MemberRequest) -> HttpResponse:
    """Where signing in leads: what comes next, what one hosts, and what one has begun to plan."""
    seats = Rsvp.objects.of(request.user).seated().filter(gathering__in=Gathering.objects.published().not_over())
    rsvps = list(seats.select_related("gathering__town", "gathering__host").order_by("gathering__starts_at"))
    hosted = list(Gathering.objects.hosted_by(request.user).not_over().for_cards().soonest_first())
    next_up = rsvps[0] if rsvps else None
    context = {
        "next_up": next_up.gathering if next_up else None,
        "rsvp": next_up,
        "address": next_up.gathering.address_for(next_up) if next_up else "",
        "seating": seating_of(next_up.gathering, next_up) if next_up else None,
        "coming": [rsvp.gathering for rsvp in rsvps[1:]],
        "hosting": [gathering for gathering in hosted if gathering.is_published],
        "drafts": [gathering for gathering in hosted if gathering.is_draft],
    }
    return render(request, "steps/table.html", context)
