from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.gatherings.drawing import seating_of
from apps.gatherings.models import Gathering, Reveal, Rsvp
from apps.meals.laid import names_of_brought
from apps.movies.evening import may_choose
from apps.outbox.models import has_chosen_nudges
from apps.profiles.requests import MemberRequest


def first_of_each_series(rsvps: Iterable[Rsvp]) -> list[Rsvp]:
    """Soonest first as they come; of a series the next date stands for all."""
    first: dict[object, Rsvp] = {}
    for rsvp in rsvps:
        first.setdefault(rsvp.gathering.series_id or rsvp.gathering, rsvp)
    return list(first.values())


@require_safe
@login_required
@never_cache
def table(request: MemberRequest) -> HttpResponse:
    """Where signing in leads: what comes next, what one hosts, and what one has begun to plan."""
    own = (
        Rsvp.objects.of(request.user)
        .open()
        .filter(gathering__in=Gathering.objects.visible_to(request.user).published().not_over())
    )
    own = own.select_related("gathering__town", "gathering__host").order_by("gathering__starts_at")
    rsvps = {rsvp.gathering: rsvp for rsvp in own if rsvp.is_seated}
    hosted = list(Gathering.objects.run_by(request.user).still_open().for_cards().soonest_first())
    hosting = [gathering for gathering in hosted if gathering.is_published]
    next_up = min([*rsvps, *hosting], key=lambda gathering: gathering.starts_at, default=None)
    rsvp = rsvps.get(next_up) if next_up else None
    context = {
        "next_up": next_up,
        "is_host": next_up in hosting,
        "address": Reveal.objects.address(next_up, rsvp, next_up in hosting) if next_up else "",
        "dishes": names_of_brought(rsvp) if rsvp else [],
        "may_choose_film": rsvp is not None and may_choose(rsvp),
        "seating": seating_of(next_up, rsvp) if next_up else None,
        "offers": [each for each in own if each.is_offered],
        "coming": first_of_each_series(seat for seat in rsvps.values() if seat != rsvp),
        "hoping": [each for each in own if each.is_waitlisted or each.is_asked],
        "hosting": [gathering for gathering in hosting if gathering != next_up],
        "drafts": [gathering for gathering in hosted if gathering.is_draft],
        "has_chosen_nudges": has_chosen_nudges(request.user),
        "has_passkey": Authenticator.objects.filter(user=request.user).exists(),
    }
    return render(request, "steps/table.html", context)
