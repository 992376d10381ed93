from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.privacy.leaving import leave as leave_for_good
from apps.privacy.models import Departure, Export, OnlyKeeper, is_only_keeper
from apps.privacy.outlook import outlook
from apps.profiles.door import open_to_all
from apps.profiles.proving import proved, proved_inactive, proved_lately, proved_shut_out
from apps.profiles.requests import MemberRequest, Request


@never_cache
@proved_lately
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    """Ask for everything that is one's own, and find it once it is there."""
    if request.method == "POST":
        Export.objects.ask(request.user)
        return redirect("privacy:export")
    return render(request, "privacy/export.html", {"export": Export.objects.of(request.user).first()})


@require_safe
@login_required
@never_cache
def export_file(request: MemberRequest, key: str) -> HttpResponseBase:
    found = get_object_or_404(Export.objects.of(request.user).ready(timezone.now()), key=key)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError:  # on a disk that was lost, say
        return redirect("privacy:export")
    return FileResponse(opened, as_attachment=True, filename="everything-of-mine.zip", content_type="application/zip")


@never_cache
@proved_lately
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            leave_for_good(request.user)
        except OnlyKeeper:
            return render(request, "privacy/leave.html", {"is_only_keeper": True}, status=422)
        request.session.flush()
        messages.success(request, _("You have left. Thank you for having been here. Go well."))
        return redirect("privacy:left")
    context = {"is_only_keeper": is_only_keeper(request.user), **outlook(request.user)}
    return render(request, "privacy/leave.html", context)


@open_to_all
@require_safe
def left(request: Request) -> HttpResponse:
    """What follows leaving, said so that it is true for anybody who opens it; that they left is said once, above."""
    return render(request, "privacy/left.html")


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: Request) -> HttpResponse:
    """Where signing in leads whoever may not: back, if it was they who left; else to what became of their place.

    Whoever has not proved the address a moment ago reads the same as anybody.
    """
    member = proved_inactive(request)
    departure = Departure.objects.that_may_return(member).first() if member else None
    if request.method == "POST":
        if departure is None or not (back := departure.come_back()):
            return redirect("account_login")
        login(request, back, settings.AUTHENTICATION_BACKENDS[0])
        proved(request, back)
        messages.success(request, _("Welcome back. What you gave back is with others now; there are other tables."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    if departure is None:
        context = {"member": member, "shut_out": proved_shut_out(request)}
        return render(request, "account/account_inactive.html", context)
    return render(request, "privacy/come_back.html", {"departure": departure})
