"""Saying that something was not right: from a gathering's page, or from anywhere, with an account or without."""

import re
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.gatherings.company import read_of
from apps.gatherings.models import Gathering
from apps.gatherings.views.seats import link_of
from apps.moderation.answered import who_answers
from apps.moderation.forms import (
    WHOEVER_HOSTS,
    OpenReportForm,
    ReportForm,
    StrangersReportForm,
    StrangersTableReportForm,
    TableReportForm,
)
from apps.moderation.models import Report, met_at
from apps.profiles.door import open_to_all
from apps.profiles.models import Member
from apps.profiles.requests import Request, posted

LATELY = 10  # tables: those one would think of first


@never_cache
def report_gathering(request: Request, key: str) -> HttpResponse:
    """One page, on which everything may be left as it is; with one's name only if one is signed in."""
    gathering = reportable(request, key)
    people = people_of(request, gathering)
    form_class = TableReportForm if request.user.is_authenticated else StrangersTableReportForm
    choices = [(value, member.name or str(_("Whoever hosts it"))) for value, member in people.items()]
    form = form_class(posted(request), choices, request.GET.get("about", ""))
    if is_sent(request, form):
        said = {**form.cleaned_data, "about": people.get(form.cleaned_data["about"]), "gathering": gathering}
        Report.objects.make(own(request), **said)
        return redirect("moderation:received")
    context = {
        "gathering": gathering,
        "form": form,
        "link": link_of(request),
        "answered": who_answers(not request.user.is_authenticated),
    }
    return render(request, "moderation/report.html", context, status=422 if form.errors else 200)


def reportable(request: Request, key: str) -> Gathering:
    """A gathering that the reader may see, or has sat at, even if a host has blocked them since."""
    seen = Gathering.objects.visible_to(request.user, link_of(request)).filter(key=key)
    gathering = seen.for_cards().first() or met_at(request.user).filter(key=key).for_cards().first()
    if gathering is None or gathering.is_draft:
        raise Http404
    return gathering


def people_of(request: Request, gathering: Gathering) -> dict[str, Member]:
    """Whom a report may name, by what the form sends: those whose names this reader reads on the page of it.

    A host whose name they do not read any more, they may still mean.
    """
    if not request.user.is_authenticated:
        return {gathering.host.key: gathering.host}
    names = read_of(gathering, request.user).order_by("name", "pk")
    is_there = Gathering.objects.visible_to(request.user, link_of(request)).filter(pk=gathering.pk).exists()
    found = {member.key: member for member in names} if is_there else {}
    if gathering.host_id != request.user.pk and gathering.host.key not in found:
        found[WHOEVER_HOSTS] = Member(pk=gathering.host_id, name="")
    return found


@open_to_all
@never_cache
def report(request: Request) -> HttpResponse:
    """From anywhere. It answers alike, whatever or whoever is named."""
    form = (OpenReportForm if request.user.is_authenticated else StrangersReportForm)(posted(request))
    if is_sent(request, form):
        Report.objects.make(own(request), gathering=meant(form.cleaned_data["where"]), **form.cleaned_data)
        return redirect("moderation:received")
    tables = met_at(request.user).for_cards().order_by("-starts_at", "-pk")[:LATELY]
    context = {"form": form, "tables": tables, "answered": who_answers(not request.user.is_authenticated)}
    return render(request, "moderation/report.html", context, status=422 if form.errors else 200)


def meant(where: str) -> Gathering | None:
    """The gathering whose address was given, so that none of its hosts reads of it; nobody is told whether there is."""
    found = re.search(r"/gatherings/(\w{10})\b", where)
    known = Gathering.objects.exclude(state=Gathering.State.DRAFT)
    return known.select_related("host").filter(key=found[1]).first() if found else None


def own(request: Request) -> Member | None:
    return request.user if request.user.is_authenticated else None


def is_sent(request: Request, form: ReportForm) -> bool:
    """Whether it may be kept. So many come from nowhere within an hour that are not meant to bury the others."""
    if request.method != "POST" or not form.is_valid():
        return False
    user: Any = request.user
    sender = user.pk if user.is_authenticated else get_adapter().get_client_ip(request)
    if ratelimit.consume(request, action="report", key=f"report {sender}"):
        return True
    form.add_error(None, _("Several reports came from here within the hour, and we have them all. Please write to us."))
    return False


@open_to_all
@require_safe
@never_cache
def received(request: Request) -> HttpResponse:
    """The receipt. It knows nothing of what was sent, so that nobody can find that out from this browser."""
    return render(request, "moderation/received.html", {"answered": who_answers(not request.user.is_authenticated)})
