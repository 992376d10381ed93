from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.gatherings.browse import Search
from apps.places.models import Town
from apps.profiles.requests import MemberRequest
from apps.reminders.models import NearWish, also_of


@login_required
@never_cache
def tell_me(request: MemberRequest, slug: str) -> HttpResponse:
    """ "Tell me when there is." Whoever pressed it as a stranger comes back here, to the same button."""
    search = Search.of(get_object_or_404(Town, slug=slug), request.GET)
    if request.method != "POST":
        return render(request, "reminders/tell_me.html", {"search": search, "town": search.town})
    NearWish.objects.ask(request.user, search.town, search.km, search.kind, also_of(search))
    if search.lasting:
        said = _("We write to you once when something that fits is on near %(town)s.")
    else:
        said = _("We write to you once when something is on near %(town)s.")
    stop = _("You can stop that under “Mail to you”.")
    messages.success(request, said % {"town": search.town.name} + " " + stop)
    return redirect(search.url)
