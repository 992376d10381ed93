from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.gatherings.copies import host_again
from apps.gatherings.emails import when
from apps.gatherings.forms_series import RhythmForm
from apps.gatherings.models import CannotSit, Gathering, Series
from apps.gatherings.views.hosting import own_gathering, run_gathering
from apps.gatherings.views.seats import back_to, visible_gathering
from apps.profiles.requests import MemberRequest, posted


@login_required
@never_cache
def series(request: MemberRequest, key: str) -> HttpResponse:
    """For hosts: begin a series with this gathering, or see how the one it is of goes on."""
    gathering = run_gathering(request, key)
    if gathering.series:
        return its_series(request, gathering, gathering.series)
    if gathering.host_id != request.user.pk:
        raise Http404
    if not gathering.is_published or gathering.is_over:
        return redirect(gathering)
    form = RhythmForm(gathering.day, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            Series.begin(gathering, form.cleaned_data["rhythm"])
        except CannotSit as refusal:
            form.add_error("rhythm", refusal.sentence)
        else:
            messages.success(request, _("It is a series now. Each date has its own page and its own seats."))
            return redirect("gatherings:series", key=key)
    context = {"gathering": gathering, "form": form}
    return render(request, "gatherings/series_begin.html", context, status=422 if form.errors else 200)


def its_series(request: MemberRequest, gathering: Gathering, series: Series) -> HttpResponse:
    if request.method == "POST":
        act_on(request, gathering, series)
        return redirect("gatherings:series", key=gathering.key)
    context = {
        "gathering": gathering,
        "series": series,
        "dates": series.coming(),
        "has_run_out": series.last_day < timezone.now().date(),
        "may_end": gathering.host_id == request.user.pk,
    }
    return render(request, "gatherings/series_page.html", context)


def act_on(request: MemberRequest, gathering: Gathering, series: Series) -> None:
    """Renew it, as long as it is the one that was shown, or end it, which is the host's alone."""
    act = request.POST.get("act")
    if act == "renew" and request.POST.get("renewals") == str(series.renewals):
        if series.renew(series.renewals):
            messages.success(request, _("It goes on. New dates appear by themselves."))
    elif act == "end" and gathering.host_id == request.user.pk:
        series.end()
        messages.success(request, _("No new dates are made. Those that are there take place unless you call them off."))


@login_required
@require_POST
def join(request: MemberRequest, key: str) -> HttpResponse:
    """Come to the whole series."""
    gathering = visible_gathering(request, key)
    series = get_object_or_404(Series, dates=gathering)
    try:
        passed_over = series.join(request.user, seen=gathering)
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(back_to(request, gathering))
    messages.success(request, _("You come to the whole series. One mail says what you have on each date."))
    for date, why in passed_over:
        words = {"when": when(date), "why": why.sentence}
        messages.warning(request, _("Not on %(when)s: %(why)s") % words)
    return redirect(back_to(request, gathering))


@login_required
@never_cache
def leave(request: MemberRequest, key: str) -> HttpResponse:
    gathering = visible_gathering(request, key)
    series = get_object_or_404(Series, dates=gathering)
    standing = series.standing.filter(member=request.user).select_related("member").first()
    if not standing:
        return redirect(gathering)
    if request.method == "POST":
        series.leave(request.user)
        messages.success(request, _("Your seats are free again. That is fine; you may come to any single date."))
        return redirect(gathering)
    dates = [rsvp.gathering for rsvp in standing.rsvps_ahead().select_related("gathering")]
    context = {"gathering": gathering, "series": series, "dates": dates}
    return render(request, "gatherings/series_leave.html", context)


@login_required
@require_POST
def again(request: MemberRequest, key: str) -> HttpResponse:
    """Host again: a draft like a gathering that is past or was called off."""
    gathering = own_gathering(request, key)
    if gathering.is_draft or not (gathering.is_cancelled or gathering.is_over):
        return redirect(gathering)
    draft = host_again(gathering)
    messages.success(request, _("Here it is again, as a draft. Nobody sees it until you publish it."))
    return redirect("gatherings:edit", key=draft.key)
