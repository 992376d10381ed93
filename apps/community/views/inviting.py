"""Inviting somebody to join: by mail, and by the one link that a keeper may make."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.community import joining
from apps.community.forms import InviteForm
from apps.community.views.keeper import keepers_only
from apps.gatherings.models.invitation import CannotInvite
from apps.profiles.door import open_to_all
from apps.profiles.house_rules import JOIN_LINK, rules_of
from apps.profiles.models import JoinInvitation
from apps.profiles.passkeys import passkey_shown
from apps.profiles.requests import MemberRequest, Request, posted


@login_required
@never_cache
def invite(request: MemberRequest) -> HttpResponseBase:
    """For keepers, as all of theirs with their passkey; and for members where they may."""
    if not rules_of(request).may_invite(request.user):
        raise Http404
    return passkey_shown(inviting)(request) if request.user.is_keeper else inviting(request)


def inviting(request: MemberRequest) -> HttpResponse:
    rules = rules_of(request)
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        emails = form.cleaned_data["emails"]
        try:
            joining.invite(request.user, emails)
        except CannotInvite as refusal:
            form.add_error("emails", refusal.sentence)
        else:
            messages.success(request, ngettext("We write to them.", "We write to each of them.", len(emails)))
            return redirect("community:invite")
    context = {
        "form": form,
        "left": joining.left_today(request.user),
        "invited": JoinInvitation.objects.live().filter(inviter=request.user).order_by("-at", "-pk"),
        "link": settings.BASE_URL + rules.join_path if rules.join_path else "",
        "link_until": rules.join_link_until,
    }
    return render(request, "community/invite.html", context, status=422 if form.errors else 200)


@keepers_only
@require_POST
def link(request: MemberRequest) -> HttpResponse:
    rules = rules_of(request)
    if request.POST.get("act") == "new":
        rules.make_join_link()
        messages.success(request, _("Here is a new link. One there was before opens nothing any more."))
    elif request.POST.get("act") == "end":
        rules.end_join_link()
        messages.success(request, _("The link has ended. Whoever has joined by it stays a member."))
    return redirect("community:invite")


@login_required
@never_cache
@require_POST
def withdraw(request: MemberRequest) -> HttpResponse:
    """One's own invitation. Compared here: what was sent may be anything."""
    for row in JoinInvitation.objects.live().filter(inviter=request.user):
        if row.email == request.POST.get("email"):
            row.withdraw()
            messages.success(request, _("Withdrawn. That address cannot join by it any more."))
    return redirect("community:invite" if rules_of(request).may_invite(request.user) else "steps:table")


@open_to_all
@never_cache
def join(request: Request, token: str) -> HttpResponse:
    """What the link leads to. It opens nothing by itself: whoever goes on signs in, and is let in then if it stands."""
    if not rules_of(request).is_opened_by(token):
        return render(request, "outbox/link_ended.html", status=404)
    if request.user.is_authenticated:
        return redirect("steps:table")
    if request.method == "POST":
        request.session[JOIN_LINK] = token
        return redirect("account_login")
    return render(request, "community/join.html")
