"""From a gathering's page: block whom one reads of there. One page that says what follows, one press."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.gatherings import parting
from apps.gatherings.company import read_of
from apps.gatherings.models import Gathering
from apps.gatherings.views.seats import back_to, link_of, visible_gathering
from apps.profiles.requests import MemberRequest
from apps.safety.models import Block


@login_required
@never_cache
def block(request: MemberRequest, key: str, person: str) -> HttpResponse:
    if request.method == "POST" and Block.objects.made_by(request.user).filter(blocked__key=person).exists():
        return redirect("safety:blocks")  # they have pressed twice
    gathering = visible_gathering(request, key)
    member = get_object_or_404(read_of(gathering, request.user), key=person)
    if request.method == "POST":
        parting.block(request.user, member)
        words = _("You have blocked %(name)s. They are not told. You may undo it in your settings.")
        messages.success(request, words % {"name": member.name})
        return redirect(where_next(request, gathering))
    context = {
        "gathering": gathering,
        "link": link_of(request),
        "back": back_to(request, gathering),
        "member": member,
        "parting": parting.Parting(request.user, member),
    }
    return render(request, "gatherings/block.html", context)


def where_next(request: MemberRequest, gathering: Gathering) -> str:
    """Back to the page, if it is still there for them."""
    is_there = Gathering.objects.visible_to(request.user, link_of(request)).filter(pk=gathering.pk).exists()
    return back_to(request, gathering) if is_there else "steps:table"
