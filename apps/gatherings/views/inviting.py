from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.gatherings.forms_inviting import InvitationForm
from apps.gatherings.models import Invitation
from apps.gatherings.models.invitation import CannotInvite, takes_invitations, way_to
from apps.gatherings.views.hosting import run_gathering
from apps.profiles.requests import MemberRequest, posted


@login_required
@never_cache
def invite(request: MemberRequest, key: str) -> HttpResponse:
    gathering = run_gathering(request, key)
    if not takes_invitations(gathering):
        return redirect(gathering)
    form = InvitationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        emails = form.cleaned_data["emails"]
        try:
            Invitation.send(gathering, request.user, emails)
        except CannotInvite as refusal:
            form.add_error("emails", refusal.sentence)
        else:
            messages.success(request, ngettext("We write to them.", "We write to each of them.", len(emails)))
            return redirect("gatherings:invite", key=key)
    left = Invitation.objects.left_today(request.user)
    context = {"gathering": gathering, "form": form, "address": way_to(gathering), "left": left}
    return render(request, "gatherings/invite.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def link(request: MemberRequest, key: str) -> HttpResponse:
    """A new secret link, or none any more, for what only those who have its link may see."""
    gathering = run_gathering(request, key)
    act = request.POST.get("act")
    if gathering.is_by_link and act == "new":
        gathering.make_link()
        messages.success(request, _("Here is a new link. One there was before opens nothing any more."))
    elif gathering.is_by_link and act == "end":
        gathering.revoke_link()
        messages.success(request, _("The link has ended. Whoever has said they come still sees the page."))
    return redirect("gatherings:invite", key=key)
