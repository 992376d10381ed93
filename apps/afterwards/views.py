"""The page of the morning after, for whoever came or hosted; each of its forms has an address of its own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.afterwards.evening import Evening, lately, next_date
from apps.afterwards.forms import ReflectionForm, ThanksForm, TouchForm
from apps.afterwards.models import LASTS, Reflection, Thanks, Tick
from apps.gatherings.models import Gathering, Rsvp
from apps.profiles.requests import MemberRequest


def own_evening(request: MemberRequest, key: str) -> Evening:
    """For guests who came and hosts, from the end on, for 30 days."""
    return Evening(get_object_or_404(lately(request.user).for_cards(), key=key), request.user)


def back(key: str) -> HttpResponseRedirect:
    """To where the page says what has come of it. What is refused shows at its own form, to which that form leads."""
    return HttpResponseRedirect(f"{reverse('afterwards:page', args=[key])}#main")


@login_required
@never_cache
@require_safe
def page(request: MemberRequest, key: str) -> HttpResponse:
    gathering = lately(request.user).for_cards().filter(key=key).first()
    return render_page(request, Evening(gathering, request.user)) if gathering else elsewhere(request, key)


def elsewhere(request: MemberRequest, key: str) -> HttpResponse:
    """Whoever could not make it finds only that there is another time; too early or too late, the evening's page."""
    seen = Gathering.objects.visible_to(request.user).published().for_cards()
    gathering = get_object_or_404(seen, key=key)
    rsvp = Rsvp.objects.of(request.user).filter(gathering=gathering).first()
    if rsvp is None and not gathering.is_run_by(request.user):
        raise Http404
    if rsvp is None or not gathering.is_over or gathering.ends_at <= timezone.now() - LASTS:
        return redirect(gathering)
    next_one = next_date(gathering, request.user)
    context = {"gathering": gathering, "next": next_one, "has_missed": rsvp.is_seated and rsvp.has_missed}
    return render(request, "afterwards/another_time.html", context)


def render_page(request: MemberRequest, evening: Evening, **forms: Form) -> HttpResponse:
    """With the form that was refused, if one was."""
    context = {
        "evening": evening,
        "gathering": evening.gathering,
        "answer_form": ReflectionForm(None, evening),
        "thanks_form": ThanksForm(None, evening),
        "touch_form": TouchForm(None, evening),
        "next": next_date(evening.gathering, request.user),
        **forms,
    }
    return render(request, "afterwards/page.html", context, status=422 if forms else 200)


@login_required
@never_cache
@require_POST
def answer(request: MemberRequest, key: str) -> HttpResponse:
    evening = own_evening(request, key)
    form = ReflectionForm(request.POST, evening)
    if not form.is_valid():
        return render_page(request, evening, answer_form=form)
    Reflection.objects.keep(request.user, evening.gathering, **form.cleaned_data)
    messages.success(request, _("Kept, for you alone."))
    return back(key)


@login_required
@require_POST
def forget(request: MemberRequest, key: str) -> HttpResponse:
    """Their own words, also once the page has closed: those are read back to them for longer."""
    written = Reflection.objects.of(request.user).filter(gathering__key=key)
    if not written.exists():
        own_evening(request, key)  # for whoever was not there, there is nothing here
    written.delete()
    messages.success(request, _("Forgotten. Nobody has read it."))
    return back(key) if lately(request.user).filter(key=key).exists() else redirect(settings.LOGIN_REDIRECT_URL)


@login_required
@never_cache
@require_POST
def thank(request: MemberRequest, key: str) -> HttpResponse:
    evening = own_evening(request, key)
    form = ThanksForm(request.POST, evening)
    if not form.is_valid():
        return render_page(request, evening, thanks_form=form)
    Thanks.objects.send(evening.gathering, request.user, form.receiver, form.cleaned_data["words"])
    messages.success(request, _("It is on its way to %(name)s.") % {"name": form.receiver.name})
    return back(key)


@login_required
@never_cache
@require_POST
def keep_in_touch(request: MemberRequest, key: str) -> HttpResponse:
    """What is said afterwards is the same whoever has ticked whom."""
    evening = own_evening(request, key)
    form = TouchForm(request.POST, evening)
    if not form.is_valid():
        return render_page(request, evening, touch_form=form)
    listed = [person.pk for person in form.listed]
    Tick.objects.keep(request.user, evening.gathering, listed, form.wished, form.cleaned_data["contact"])
    messages.success(request, _("Kept. Whoever ticks you, too, hears of it together with you; nobody else does."))
    return back(key)
