"""Where moderators read reports and act on them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.gatherings.models import Gathering
from apps.moderation.acts import ACTS, Act, Case, acts_for
from apps.moderation.gate import moderators_only
from apps.moderation.log import log_of
from apps.moderation.models import Report
from apps.moderation.people import at_the_table, shown_the_address
from apps.profiles.requests import MemberRequest, posted

MOST_OPEN, MOST_DECIDED = 100, 20
REVEALED: dict[str, Callable[[Report], list[Any]]] = {"guests": at_the_table, "looks": shown_the_address}


@moderators_only
@require_safe
def queue(request: MemberRequest) -> HttpResponse:
    """What waits, the most urgent first; and what was answered lately."""
    reports = Report.objects.readable_by(request.user).told()
    context = {
        "waiting": reports.still_open().most_urgent_first()[:MOST_OPEN],
        "decided": reports.decided().order_by("-decided_at", "-pk")[:MOST_DECIDED],
    }
    return render(request, "moderation/queue.html", context)


@moderators_only
@require_safe
def one(request: MemberRequest, key: str) -> HttpResponse:
    report = readable(request, key)
    seen = Gathering.objects.visible_to(request.user)
    context = {
        "report": report,
        "is_seen": report.gathering is not None and seen.filter(pk=report.gathering.pk).exists(),
        "acts": acts_for(report),
        "log": log_of(report),
    }
    return render(request, "moderation/one.html", context)


def readable(request: MemberRequest, key: str) -> Report:
    return get_object_or_404(Report.objects.readable_by(request.user).told(), key=key)


@moderators_only
def act(request: MemberRequest, key: str, act: str) -> HttpResponse:
    """One page for each act: what it does, why it is done, one press."""
    report = readable(request, key)
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    if not chosen.fits(report):
        messages.warning(request, _("That is done already, or there is nothing to do."))
        return redirect("moderation:one", key=key)
    form = chosen.form(posted(request), request.user, report, chosen.is_noticed)
    if request.method == "POST" and form.is_valid():
        chosen.do(Case(request.user, report, form))
        return answer(request, report, chosen)
    context = {"report": report, "act": chosen, "form": form}
    return render(request, "moderation/act.html", context, status=422 if form.errors else 200)


def answer(request: MemberRequest, report: Report, act: Act) -> HttpResponse:
    """What was to be revealed is shown this once, in the answer to the press that is in the log."""
    if act.reveals:
        rows: list[Any] = REVEALED[act.reveals](report) if act.reveals in REVEALED else []
        return render(request, "moderation/revealed.html", {"report": report, "act": act, "rows": rows})
    messages.success(request, _("Done, and written down."))
    return redirect("moderation:one", key=report.key)
