from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.profiles.requests import MemberRequest
from apps.safety.models import Block


@login_required
@never_cache
def blocks(request: MemberRequest) -> HttpResponse:
    """Whom one has blocked: the one place that goes on naming them, so that it can be undone."""
    made = Block.objects.made_by(request.user).select_related("blocked").order_by("-made_at", "-pk")
    if request.method != "POST":
        return render(request, "safety/blocks.html", {"blocks": made})
    for block in made:  # compared here: what was sent may be anything
        if block.blocked.key == request.POST.get("member"):
            block.delete()
            words = _("You have unblocked %(name)s. They are not told. What the block has ended stays ended.")
            messages.success(request, words % {"name": block.blocked.name})
    return redirect("safety:blocks")
