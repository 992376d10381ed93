"""A link for somebody whom a guest trusts: where they make and withdraw it, and what it shows."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.gatherings.views.with_a_seat import own_seat
from apps.moderation.models import TrustedLink
from apps.profiles.door import open_to_all
from apps.profiles.requests import MemberRequest, Request


@login_required
@never_cache
def trusted(request: MemberRequest, key: str) -> HttpResponse:
    rsvp = own_seat(request, key)
    if request.method != "POST":
        link = TrustedLink.objects.standing().filter(rsvp=rsvp).first()
        return render(request, "moderation/trusted.html", {"gathering": rsvp.gathering, "trusted": link})
    if request.POST.get("act") == "new":
        TrustedLink.objects.renew(rsvp)
        messages.success(request, _("Here is your link. Any link before it has ended."))
    elif request.POST.get("act") == "end":
        TrustedLink.objects.end(rsvp)
        messages.success(request, _("The link has ended. It shows nothing any more."))
    return redirect("moderation:trusted", key=key)


@open_to_all
@require_safe
@never_cache
def trusted_open(request: Request, token: str) -> HttpResponse:
    """Without signing in. Whatever shows nothing now is answered as what never was."""
    link = TrustedLink.objects.showing().filter(token=token).first()
    if link is None:
        response = render(request, "moderation/trusted_closed.html", status=404)
    else:
        gathering = link.rsvp.gathering
        context = {"gathering": gathering, "member": link.rsvp.member, "address": gathering.address_for(link.rsvp)}
        response = render(request, "moderation/trusted_open.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
