"""Calendar files: of one gathering, of one's own evenings by a secret link, of a town."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from apps.gatherings import calendar, feeds, machines
from apps.gatherings.browse import Search
from apps.gatherings.models import CalendarFeed, Reveal
from apps.gatherings.views.seats import visible_gathering
from apps.places.models import Town
from apps.profiles.door import open_to_all
from apps.profiles.house_rules import rules_of
from apps.profiles.requests import MemberRequest, Request

PUBLISHED = "text/calendar; charset=utf-8; method=PUBLISH"


@require_safe
@login_required
@never_cache
def of_a_gathering(request: MemberRequest, key: str) -> HttpResponse:
    gathering = visible_gathering(request, key)
    if gathering.is_draft:
        raise Http404
    rsvp = gathering.rsvps.of(request.user).first()
    address = Reveal.objects.address(gathering, rsvp, gathering.is_run_by(request.user))
    entry = calendar.Entry(gathering, address, is_off=gathering.is_cancelled, round=rsvp.round if rsvp else 0)
    return HttpResponse(calendar.publication([entry], request.user.is_discreet), content_type=PUBLISHED)


@open_to_all
@require_safe
@cache_control(public=True, max_age=300)
def of_a_town(request: Request, slug: str) -> HttpResponse:
    """The same for everybody, as a stranger sees it, so that it may be kept by any cache on the way.

    Where strangers see nothing there is none: a calendar app cannot sign in.
    """
    if rules_of(request).is_closed:
        raise Http404
    town = get_object_or_404(Town, slug=slug)
    name = _("Gatherings near %(town)s") % {"town": town.name}
    return HttpResponse(
        calendar.publication(feeds.around(Search.of(town, request.GET)), name=name), content_type=PUBLISHED
    )


@open_to_all
@require_safe
@cache_control(public=True, max_age=300)
def atom_of_a_town(request: Request, slug: str) -> HttpResponse:
    """The same, for feed readers."""
    if rules_of(request).is_closed:
        raise Http404
    town = get_object_or_404(Town, slug=slug)
    return HttpResponse(machines.atom(Search.of(town, request.GET)), content_type="application/atom+xml; charset=utf-8")


@open_to_all
@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: Request) -> HttpResponse:
    if rules_of(request).is_closed:
        raise Http404
    return sitemap_of(request, {"towns": machines.TownMap, "gatherings": machines.GatheringMap})


@open_to_all
@require_safe
@cache_control(private=True, no_store=True)
def of_a_member(request: Request, token: str) -> HttpResponse:
    """For a calendar app, which nobody has signed in to: whoever has the link reads it."""
    member = get_object_or_404(CalendarFeed.objects.live(), token=token).member
    with override(member.language):
        name = _("Appointments") if member.is_discreet else settings.COMMUNITY_NAME
        file = calendar.publication(feeds.own(member), member.is_discreet, name)
    return HttpResponse(file, content_type=PUBLISHED)


@login_required
@never_cache
def own_link(request: MemberRequest) -> HttpResponse:
    """Where a member makes the link of their own feed, copies it, and ends it."""
    if request.method != "POST":
        feed = CalendarFeed.objects.filter(member=request.user).first()
        return render(request, "gatherings/own_calendar.html", {"feed": feed})
    if request.POST.get("act") == "new":
        CalendarFeed.objects.renew(request.user)
        messages.success(request, _("Here is your link. Any link before it has ended."))
    elif request.POST.get("act") == "end":
        CalendarFeed.objects.end(request.user)
        messages.success(request, _("The link has ended. What your calendar keeps of it, you can remove there."))
    return redirect("gatherings:own_calendar")
