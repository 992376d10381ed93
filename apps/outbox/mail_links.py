"""What the foot of a mail links to: stop this kind, all switches, no more invitations. None needs a session."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.outbox.kinds import KINDS
from apps.outbox.links import Link, is_one_click, path_to, register
from apps.outbox.models import Consent, Suppression, choices_of
from apps.outbox.switches import answer_switches
from apps.profiles.models import Member
from apps.profiles.requests import Request


def unsubscribe(request: Request, link: Link) -> HttpResponse:
    """One kind. A mail program posts here by itself when its reader presses its own button (RFC 8058)."""
    member, kind = link.member, KINDS.get(link.text)
    if kind is None or not kind.label:
        raise Member.DoesNotExist
    if request.method == "POST":
        Consent.objects.say(member, kind.name, is_given=False)
        return HttpResponse(status=204) if is_one_click(request) else redirect(request.path)
    context = {"kind": kind, "is_on": choices_of(member)[kind.name], "switches": path_to("switches", member)}
    return render(request, "outbox/unsubscribe.html", context)


def switches(request: Request, link: Link) -> HttpResponse:
    return answer_switches(request, link.member)


def no_more(request: Request, link: Link) -> HttpResponse:
    """Of somebody who has no account: they were invited, and would rather not be."""
    if request.method == "POST":
        Suppression.objects.suppress(link.text, Suppression.Reason.ASKED)
        return redirect(request.path)
    is_done = Suppression.objects.of(link.text).exists()
    context = {
        "title": _("We write no more") if is_done else _("No more mail from us?"),
        "lead": link.text,
        "words": _("Nobody is told.") if is_done else _("Nobody can then invite you here by mail. Nobody is told."),
        "button": "" if is_done else _("No more mail"),
    }
    return render(request, "outbox/link.html", context)


register("unsubscribe", unsubscribe)
register("switches", switches)
register("no_more", no_more)
