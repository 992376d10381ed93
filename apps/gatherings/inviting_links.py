"""What the mail that asks somebody to co-host leads to."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.gatherings.emails import when
from apps.gatherings.models import CoHost, Gathering
from apps.gatherings.models.co_host import AskEnded, may_co_host, takes_co_hosts
from apps.outbox.links import Link, register
from apps.profiles.door import is_member
from apps.profiles.requests import Request


def co_host(request: Request, link: Link) -> HttpResponse:
    rows = CoHost.objects.select_related("gathering__town", "gathering__host")
    row = rows.filter(pk=link.subject_id).first()
    if not row or not takes_co_hosts(row.gathering) or is_closed_to(request, row):
        return render(request, "outbox/link_ended.html", status=404)
    if row.accepted_at:
        return answered(request, row)
    if request.method != "POST":
        return render(request, "gatherings/co_host_asked.html", question(request, row))
    if request.POST.get("act") == "no":
        row.turn_down()
        messages.success(request, _("Thank you for answering. Not this time is a fine answer."))
        return redirect("gatherings:browse")
    return say_yes(request, row)


def is_closed_to(request: Request, row: CoHost) -> bool:
    """For whom it is, once signed in, where somebody there must not meet them: as if the host had taken it back."""
    user = request.user
    return user.is_authenticated and user.email == row.email and not may_co_host(row.gathering, user)


def say_yes(request: Request, row: CoHost) -> HttpResponse:
    """Only the member whose address was asked may; whoever is signed in as nobody is led to the code first."""
    if not is_member(request.user):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    if request.user.email != row.email:
        return redirect(request.path)
    try:
        row.accept(request.user)
    except AskEnded as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(request.path)
    messages.success(request, _("You are a co-host now. Thank you."))
    return redirect(row.gathering)


def question(request: Request, row: CoHost) -> dict[str, object]:
    gathering = row.gathering
    is_theirs = request.user.is_authenticated and request.user.email == row.email
    can_answer = is_theirs or not request.user.is_authenticated
    rsvp = gathering.rsvps.of(request.user).first() if is_theirs else None
    return {
        "title": _("Would you co-host with %s?") % gathering.host.name,
        "lead": f"{gathering.title}. {when(gathering)}, {gathering.where}.",
        "host": gathering.host.name,
        "gives_back": rsvp is not None and rsvp.is_open,
        "is_for_another": not can_answer,
        "button": _("Yes, I’ll co-host") if can_answer else "",
        "other_button": _("Not this time"),
        "gathering": visible(request, gathering),
    }


def answered(request: Request, row: CoHost) -> HttpResponse:
    if request.user.is_authenticated and request.user == row.member:
        return redirect(row.gathering)
    context = {
        "title": _("You have said yes"),
        "lead": _("Sign in, and you find the gathering on your table."),
        "gathering": visible(request, row.gathering),
    }
    return render(request, "outbox/link.html", context)


def visible(request: Request, gathering: Gathering) -> Gathering | None:
    """The gathering, where its page would open for this reader."""
    return Gathering.objects.visible_to(request.user).filter(pk=gathering.pk).first()


register("cohost", co_host)
