from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.gatherings.forms_inviting import CoHostForm
from apps.gatherings.models import CoHost
from apps.gatherings.models.co_host import takes_co_hosts
from apps.gatherings.models.invitation import CannotInvite
from apps.gatherings.views.hosting import own_gathering
from apps.profiles.requests import MemberRequest, posted


@login_required
@never_cache
def co_hosts(request: MemberRequest, key: str) -> HttpResponse:
    gathering = own_gathering(request, key)
    form = CoHostForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            CoHost.invite(gathering, form.cleaned_data["email"])
        except CannotInvite as refusal:
            form.add_error("email", refusal.sentence)
        else:
            messages.success(request, _("We ask them by mail. The answer shows here."))
            return redirect("gatherings:co_hosts", key=key)
    rows = gathering.co_hosts.select_related("member").order_by("invited_at", "pk")
    context = {"gathering": gathering, "form": form, "rows": rows, "takes_more": takes_co_hosts(gathering)}
    return render(request, "gatherings/co_hosts.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def remove(request: MemberRequest, key: str) -> HttpResponse:
    gathering = own_gathering(request, key)
    for row in gathering.co_hosts.all():  # compared here: what was sent may be anything
        if row.email == request.POST.get("co_host"):
            row.end()
            messages.success(request, _("Done. They no longer help to host."))
    return redirect("gatherings:co_hosts", key=key)


@login_required
@never_cache
def step_down(request: MemberRequest, key: str) -> HttpResponse:
    rows = CoHost.objects.select_related("gathering__town", "gathering__host")
    row = get_object_or_404(rows, gathering__key=key, member=request.user)
    if request.method == "POST":
        row.end()
        messages.success(request, _("You are no longer a co-host. That is fine; thank you for having helped."))
        return redirect("steps:table")
    return render(request, "gatherings/step_down.html", {"gathering": row.gathering})
