from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.gatherings.models import Gathering
from apps.meals.forms import DishForm, HowForm, NeedsForm
from apps.meals.laid import Laid, is_a_meal, laid
from apps.meals.models import CannotBring, Dish, Meal, NobodyEats
from apps.meals.needs import NEEDS
from apps.profiles.requests import MemberRequest, posted


def hosted_meal(request: MemberRequest, key: str) -> Gathering:
    """For hosts and co-hosts, once it is published."""
    hosted = Gathering.objects.run_by(request.user).exclude(state=Gathering.State.DRAFT)
    gathering = get_object_or_404(hosted.for_cards(), key=key)
    if not is_a_meal(gathering):
        raise Http404
    return gathering


def own_meal(request: MemberRequest, key: str) -> Gathering:
    """For whoever sits at that table, guest or host."""
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).for_cards(), key=key)
    is_there = gathering.is_seat(gathering.rsvps.of(request.user).first()) or gathering.is_run_by(request.user)
    if not is_there or gathering.is_draft or not is_a_meal(gathering):
        raise Http404
    return gathering


def back(gathering: Gathering) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{gathering.get_absolute_url()}#food")


def may_bring(gathering: Gathering) -> bool:
    return gathering.is_published and not gathering.is_over and Meal.objects.of(gathering).is_shared


# How the food comes, for hosts


@login_required
@never_cache
def food(request: MemberRequest, key: str) -> HttpResponse:
    gathering = hosted_meal(request, key)
    if not gathering.is_published or gathering.is_over:
        messages.warning(request, NobodyEats.sentence)
        return back(gathering)
    table = laid(gathering)
    form = HowForm(posted(request), table.meal)
    if request.method == "POST" and form.is_valid():
        Meal.objects.choose(gathering, form.cleaned_data["how"])
        messages.success(request, _("Kept. What follows from it stands below."))
        return redirect("meals:food", key=key)
    return render_food(request, table, form, NeedsForm(None, table))


@login_required
@never_cache
@require_POST
def needs(request: MemberRequest, key: str) -> HttpResponse:
    gathering = hosted_meal(request, key)
    if not gathering.is_published or gathering.is_over:
        return redirect("meals:food", key=key)
    table = laid(gathering)
    form = NeedsForm(request.POST, table)
    if form.is_valid():
        Meal.objects.adjust(gathering, form.cleaned_data)
        messages.success(request, _("Kept. Should you change the number of seats, this changes with it."))
        return back(gathering)
    return render_food(request, table, HowForm(None, table.meal), form)


def render_food(request: MemberRequest, table: Laid, how: HowForm, needs: NeedsForm) -> HttpResponse:
    context = {"gathering": table.gathering, "table": table, "form": how, "needs": needs}
    return render(request, "meals/food.html", context, status=422 if how.errors or needs.errors else 200)


# What is brought, for everyone at the table


@login_required
@require_POST
def take(request: MemberRequest, key: str, need: str) -> HttpResponse:
    gathering = own_meal(request, key)
    if need not in NEEDS:
        raise Http404
    try:
        dish = Dish.objects.take(gathering, request.user, need)
    except CannotBring as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("Thank you. It is on the list: %(what)s.") % {"what": dish.name})
    return back(gathering)


@login_required
@never_cache
def bring(request: MemberRequest, key: str) -> HttpResponse:
    """Somebody's own idea."""
    gathering = own_meal(request, key)
    if request.method != "POST" and not may_bring(gathering):
        return back(gathering)
    form = DishForm(posted(request), is_dry=bool(gathering.is_alcohol_free))
    if request.method == "POST" and form.is_valid():
        try:
            dish = Dish.objects.bring(gathering, request.user, **form.cleaned_data)
        except CannotBring as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Thank you. It is on the list: %(what)s.") % {"what": dish.name})
            return back(gathering)
    return render_dish(request, gathering, form)


@login_required
@never_cache
def dish(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    """One's own, said anew."""
    gathering = own_meal(request, key)
    dish = get_object_or_404(Dish.objects.on_the_table().filter(gathering=gathering, bringer=request.user), pk=pk)
    if request.method != "POST" and not may_bring(gathering):
        return back(gathering)
    form = DishForm(posted(request), bool(gathering.is_alcohol_free), dish)
    if request.method == "POST" and form.is_valid():
        try:
            dish.change(**form.cleaned_data)
        except CannotBring as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Kept."))
            return back(gathering)
    return render_dish(request, gathering, form, dish)


def render_dish(request: MemberRequest, gathering: Gathering, form: DishForm, dish: Dish | None = None) -> HttpResponse:
    context = {"gathering": gathering, "form": form, "dish": dish}
    return render(request, "meals/dish.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def drop(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    """By whoever brings it; hosts may take anything off the list of their own table."""
    gathering = own_meal(request, key)
    dishes = Dish.objects.filter(gathering=gathering)
    if not gathering.is_run_by(request.user):
        dishes = dishes.filter(bringer=request.user)
    get_object_or_404(dishes, pk=pk).take_back()
    messages.success(request, _("It is off the list. That is fine; coming with empty hands is, too."))
    return back(gathering)
