"""What guests tell of what they eat, what their hosts read of it, and what hosts ask of their table."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.gatherings.models import Gathering, Rsvp
from apps.meals.diet_forms import RequestForm, Telling
from apps.meals.eaters import Eaters, for_hosts
from apps.meals.laid import is_a_meal, laid
from apps.meals.models import CannotBring, NobodyEats, TableRequest, ToldDiet
from apps.meals.models.told import LONGEST_REQUEST
from apps.meals.views import back, hosted_meal
from apps.profiles.requests import MemberRequest, posted


def own_place(request: MemberRequest, key: str) -> Rsvp:
    """For whoever has a seat there, or hopes for one."""
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).for_cards(), key=key)
    open_ones = Rsvp.objects.of(request.user).open().filter(gathering=gathering)
    rsvp = get_object_or_404(open_ones.select_related("member"))
    rsvp.gathering = gathering
    if not is_a_meal(gathering):
        raise Http404
    return rsvp


@login_required
@never_cache
def diet(request: MemberRequest, key: str) -> HttpResponse:
    rsvp = own_place(request, key)
    if not rsvp.gathering.is_published or rsvp.gathering.is_over:
        messages.warning(request, NobodyEats.sentence)
        return back(rsvp.gathering)
    told = ToldDiet.objects.of(rsvp)
    telling = Telling(posted(request), rsvp, told)
    if request.method == "POST" and telling.is_valid():
        try:
            ToldDiet.objects.tell(rsvp, telling.told)
        except CannotBring as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, after_telling(telling))
        return back(rsvp.gathering)
    context = {"gathering": rsvp.gathering, "rsvp": rsvp, "telling": telling, "has_told": bool(told)}
    return render(request, "meals/diet.html", context, status=422 if telling.errors else 200)


def after_telling(telling: Telling) -> str:
    to = {each["to"] for each in telling.told.values()}
    if ToldDiet.To.TABLE in to:
        return _("Kept. The table reads what you have told it, and the host what you have told them.")
    return _("Kept. Only your host reads it.") if ToldDiet.To.HOST in to else _("Kept. Nobody is told.")


@login_required
@never_cache
def told(request: MemberRequest, key: str) -> HttpResponse:
    """For hosts: who eats what, which dishes suit them, and what they would like to ask of their table."""
    gathering = hosted_meal(request, key)
    eaters = for_hosts([laid(gathering)], request.user)[gathering.pk]
    asked = TableRequest.objects.words_of([gathering]).get(gathering.pk, "")
    form = RequestForm(posted(request), initial={"words": asked or suggestion(request, eaters)})
    if request.method == "POST" and form.is_valid():
        try:
            TableRequest.objects.ask(gathering, form.cleaned_data["words"])
        except NobodyEats as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, after_asking(form.cleaned_data["words"]))
        return back(gathering)
    is_open = gathering.is_published and not gathering.is_over
    context = {"gathering": gathering, "eaters": eaters, "form": form, "asked": asked, "is_open": is_open}
    return render(request, "meals/told.html", context, status=422 if form.errors else 200)


def suggestion(request: MemberRequest, eaters: Eaters) -> str:
    """What a host may begin with, if they pressed for it: of all that nothing suits. They send it, or change it."""
    words = " ".join(group.ask_for for group in eaters.unmet) if "suggest" in request.GET else ""
    return words if len(words) <= LONGEST_REQUEST else eaters.unmet[0].ask_for


def after_asking(words: str) -> str:
    return _("Your guests read it on the page from now on.") if words else _("Nothing is asked of your table any more.")


@login_required
@require_POST
def take_back(request: MemberRequest) -> HttpResponse:
    ToldDiet.objects.take_back(request.user)
    messages.success(request, _("All of it is deleted: here, and at every table where you had told it."))
    return redirect("profiles:diet")
