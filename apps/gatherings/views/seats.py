from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.gatherings import kept, machines, wish
from apps.gatherings.drawing import seating_of
from apps.gatherings.faces import recognise
from apps.gatherings.models import CannotSit, Gathering, GatheringQuerySet, Plan, Reveal, Rsvp
from apps.gatherings.party import at_the_table, children_words
from apps.gatherings.ways_in import look_full_if_kept_out, way_in
from apps.profiles.requests import MemberRequest, Request

ALONE_IS_SAID = timedelta(hours=48)  # before the start: earlier, the first guest is simply the first


def link_of(request: Request) -> str:
    """The secret of the invitation link a reader came by; it stays in the address and in the forms of the page."""
    link = request.POST.get("link") or request.GET.get("link") or ""
    return link if link.isascii() and link.isprintable() else ""


def back_to(request: Request, gathering: Gathering) -> str:
    """The gathering's page as this reader may read it: with the link they came by, if any."""
    link = link_of(request)
    return gathering.get_absolute_url() + (f"?{urlencode({'link': link})}" if link else "")


def visible(request: Request) -> GatheringQuerySet:
    return Gathering.objects.visible_to(request.user, link_of(request)).for_cards()


def visible_gathering(request: Request, key: str) -> Gathering:
    return get_object_or_404(visible(request), key=key)


def own_rsvp(request: MemberRequest, key: str) -> Rsvp:
    """The reader's own RSVP at a gathering they may see."""
    gathering = visible_gathering(request, key)
    rsvp = get_object_or_404(Rsvp.objects.of(request.user).select_related("member"), gathering=gathering)
    rsvp.gathering = gathering
    return rsvp


def seats_context(request: Request, gathering: Gathering) -> dict[str, Any]:
    """What the gathering's page shows to this reader, and to this reader only."""
    rsvp = gathering.rsvps.of(request.user).first()
    is_host = gathering.is_run_by(request.user)
    is_at_the_table = is_host or gathering.is_seat(rsvp)
    seats = list(gathering.rsvps.at_the_table().named_for(request.user)) if is_at_the_table else []
    recognise(request.user, [gathering.host, *gathering.named_co_hosts, *(seat.member for seat in seats)])
    named = [seat for seat in seats if seat.is_named]
    if not is_host and is_to_come(gathering):
        look_full_if_kept_out(gathering, rsvp, request.user)
    way = way_in(gathering, rsvp, request.user) if not is_host and is_to_come(gathering) else None
    return {
        "gathering": gathering,
        "link": link_of(request),
        "rsvp": rsvp,
        "is_host": is_host,
        "had_a_seat": is_host or (rsvp is not None and rsvp.is_seated),
        "is_past": gathering.is_over,
        "address": Reveal.objects.address(gathering, rsvp, is_host),
        "contact": gathering.contact_for(rsvp, is_host),
        "plan_words": plan_words(rsvp) if gathering.is_seat(rsvp) and not gathering.is_over else [],
        "guests": at_the_table(named),
        "door": next((seat.member for seat in named if seat.opens_door), None),
        "children": children_words(seats),
        "is_only_guest": gathering.is_seat(rsvp) and is_one_alone(seats) and gathering.starts_within(ALONE_IS_SAID),
        "seating": seating_of(
            gathering, rsvp, [seat.member for seat in named], is_first_time=bool(way and way.is_for_you)
        ),
        "way_in": way,
    }


def is_one_alone(seats: list[Rsvp]) -> bool:
    return sum(seat.party for seat in seats) == 1


def plan_words(rsvp: Rsvp | None) -> list[str]:
    plan = Plan.objects.filter(rsvp=rsvp).select_related("rsvp__gathering").first()
    return plan.lines if plan else []


def is_to_come(gathering: Gathering) -> bool:
    return gathering.is_published and not gathering.has_begun


@require_safe
@never_cache
def detail(request: Request, key: str) -> HttpResponse:
    """To strangers it is one page, drawn anew when anything of its state has changed; and each minute, for a table
    begins, ends and keeps seats by the minute."""
    if request.user.is_authenticated or request.GET:
        return draw(request, key)
    state = Gathering.objects.state_of(key)
    minute = timezone.now().replace(second=0, microsecond=0)
    return kept.answer(request, (state, minute), lambda: draw(request, key)) if state else draw(request, key)


def draw(request: Request, key: str) -> HttpResponse:
    gathering = visible_gathering(request, key)
    if gathering.is_draft:
        return redirect("gatherings:preview", key=key)
    context = seats_context(request, gathering)
    if not request.user.is_authenticated and machines.is_for_everybody(request, gathering):
        context["event"] = machines.event(gathering)
    return render(request, "gatherings/detail.html", context)


@require_POST
def rsvp(request: Request, key: str) -> HttpResponse:
    """One press: a seat, a place in the line, or a request, whichever it comes to by now."""
    gathering = visible_gathering(request, key)
    if not request.user.is_authenticated:
        wish.remember(request, gathering, link_of(request))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back_to(request, gathering)})}")
    try:
        wish.say(request, gathering.seat(request.user))
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)
    return redirect(back_to(request, gathering))


@login_required
@require_POST
def accept(request: MemberRequest, key: str) -> HttpResponse:
    rsvp = own_rsvp(request, key)
    try:
        rsvp.accept()
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)
    else:
        wish.say(request, rsvp)
    return redirect(rsvp.gathering)


@login_required
@never_cache
def leave(request: MemberRequest, key: str) -> HttpResponse:
    rsvp = own_rsvp(request, key)
    if request.method == "POST":
        if given_up := rsvp.bow_out():
            messages.success(request, wish.farewell(given_up))
        return redirect(rsvp.gathering)
    if not rsvp.is_open or rsvp.gathering.is_over:
        return redirect(rsvp.gathering)
    return render(request, "gatherings/leave.html", {"gathering": rsvp.gathering, "rsvp": rsvp})
