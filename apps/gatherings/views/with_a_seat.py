"""What somebody does who has a seat, or hopes for one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.gatherings import wish
from apps.gatherings.models import CannotSit, Plan, Rsvp
from apps.gatherings.seat_forms import LateForm, PlanForm, SeatForm
from apps.gatherings.views.seats import is_to_come, link_of, own_rsvp, visible_gathering
from apps.gatherings.ways_in import look_full_if_kept_out, way_in
from apps.profiles.requests import MemberRequest, posted


def own_seat(request: MemberRequest, key: str) -> Rsvp:
    rsvp = own_rsvp(request, key)
    if not rsvp.gathering.is_seat(rsvp):
        raise Http404
    return rsvp


@login_required
@never_cache
def your_seat(request: MemberRequest, key: str) -> HttpResponse:
    """Whom one brings and what one says, before the seat or after."""
    gathering = visible_gathering(request, key)
    if gathering.is_run_by(request.user) or not is_to_come(gathering):
        return redirect(gathering)
    rsvp = gathering.rsvps.of(request.user).first() or Rsvp(member=request.user)
    rsvp.gathering = gathering
    form = SeatForm(posted(request), gathering, rsvp)
    if request.method == "POST" and form.is_valid() and save_seat(request, form, rsvp):
        return redirect(gathering)
    context = {"gathering": gathering, "rsvp": rsvp, "form": form, "link": link_of(request)}
    look_full_if_kept_out(gathering, rsvp, request.user)
    context["way_in"] = way_in(gathering, rsvp, request.user)
    return render(request, "gatherings/your_seat.html", context, status=422 if request.method == "POST" else 200)


def save_seat(request: MemberRequest, form: SeatForm, rsvp: Rsvp) -> bool:
    """Whether it could be done; if not, the form says why, and what they have stays as it was."""
    try:
        if rsvp.is_open:
            rsvp.bring(form.companions, **form.said)
            messages.success(request, after_saving(rsvp))
        else:
            wish.say(request, rsvp.gathering.seat(request.user, companions=form.companions, **form.said))
    except CannotSit as refusal:
        form.refuse(refusal.sentence)
        return False
    return True


def after_saving(rsvp: Rsvp) -> str:
    if rsvp.companions.filter(is_agreed=False).exists():
        return _("Kept. The host says yes to each guest, so we have asked them about your company.")
    return _("Kept.")


@login_required
@never_cache
def plan(request: MemberRequest, key: str) -> HttpResponse:
    rsvp = own_seat(request, key)
    plan = Plan.objects.filter(rsvp=rsvp).first() or Plan(rsvp=rsvp)
    form = PlanForm(posted(request), instance=plan)
    if request.method == "POST" and form.is_valid():
        Plan.objects.update_or_create(rsvp=rsvp, defaults=form.cleaned_data)
        messages.success(request, _("Kept, for you alone. We read it back to you the day before."))
        return redirect(rsvp.gathering)
    context = {"gathering": rsvp.gathering, "form": form}
    return render(request, "gatherings/plan.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def coming(request: MemberRequest, key: str) -> HttpResponse:
    rsvp = own_seat(request, key)
    rsvp.say_yes()
    messages.success(request, _("Your host knows that you are coming. See you there."))
    return redirect(rsvp.gathering)


@login_required
@never_cache
def late(request: MemberRequest, key: str) -> HttpResponse:
    rsvp = own_seat(request, key)
    if not rsvp.may_run_late:
        return redirect(rsvp.gathering)
    form = LateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if rsvp.run_late(form.cleaned_data["minutes"]):
            messages.success(request, _("Your host knows. No need to hurry."))
        return redirect(rsvp.gathering)
    context = {"gathering": rsvp.gathering, "form": form}
    return render(request, "gatherings/late.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def missed(request: MemberRequest, key: str) -> HttpResponse:
    """After it: the guest says themself that they did not make it, or that they did after all."""
    rsvp = own_seat(request, key)
    has_missed = request.POST.get("act") != "undo"
    if not rsvp.say_missed(has_missed):
        return redirect(rsvp.gathering)
    if has_missed:
        messages.success(request, _("Thank you for saying so. That is fine, and there is another."))
    else:
        messages.success(request, _("You were there. Good."))
    return redirect("afterwards:page", key=key)
