from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.moderation.gate import moderators_only
from apps.moderation.models import Report
from apps.profiles.requests import MemberRequest

MOST_OPEN, MOST_DECIDED = 100, 20


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
    return render(request, "moderation/one.html", {"report": report})


def readable(request: MemberRequest, key: str) -> Report:
    return get_object_or_404(Report.objects.readable_by(request.user).told(), key=key)
