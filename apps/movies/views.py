from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.gatherings.models import Gathering
from apps.movies.evening import Evening, evening
from apps.movies.forms import BallotForm, DeadlineForm, FilmForm, TimesForm
from apps.movies.models import MOST_FILMS, CannotShow, CannotVote, Film, NothingToShow, Showing, Vote
from apps.profiles.requests import MemberRequest, posted


def hosted_night(request: MemberRequest, key: str) -> Evening:
    """For hosts and co-hosts, once it is published."""
    hosted = Gathering.objects.run_by(request.user).exclude(state=Gathering.State.DRAFT)
    night = evening(get_object_or_404(hosted.for_cards(), key=key))
    if night is None:
        raise Http404
    return night


def own_night(request: MemberRequest, key: str) -> Evening:
    """For guests who have a seat there."""
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).for_cards(), key=key)
    night = evening(gathering)
    if night is None or not gathering.is_seat(gathering.rsvps.of(request.user).first()):
        raise Http404
    return night


def back(gathering: Gathering) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{gathering.get_absolute_url()}#film")


def is_past(night: Evening) -> bool:
    return not night.gathering.is_published or night.gathering.is_over


# What is shown, for hosts


@login_required
@never_cache
def films(request: MemberRequest, key: str) -> HttpResponse:
    night = hosted_night(request, key)
    if is_past(night):
        messages.warning(request, NothingToShow.sentence)
        return back(night.gathering)
    form = FilmForm(posted(request), night.gathering)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                add(request, night, form)
        except CannotShow as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("movies:films", key=key)
    return render_films(request, night, form=form)


def add(request: MemberRequest, night: Evening, form: FilmForm) -> None:
    """Put it on the list; and name it as the film, if that is the button that was pressed."""
    film = Film.objects.add(night.gathering, **form.cleaned_data)
    if request.POST.get("act") == "name":
        Showing.objects.show(film)
        messages.success(request, _("That is the film. Your guests find it on the page."))
    else:
        messages.success(request, _("It is on the list: %(film)s.") % {"film": film})


def render_films(request: MemberRequest, night: Evening, **forms: Any) -> HttpResponse:
    shown = {
        "form": FilmForm(None, night.gathering),
        "times": TimesForm(None, night.showing),
        "deadline": DeadlineForm(None, night.showing),
        **forms,
    }
    context = {
        "gathering": night.gathering,
        "night": night,
        "has_room": len(night.films) < MOST_FILMS and not night.showing.is_closed,
        **shown,
    }
    return render(request, "movies/films.html", context, status=422 if any(f.errors for f in shown.values()) else 200)


@login_required
@never_cache
@require_POST
def times(request: MemberRequest, key: str) -> HttpResponse:
    night = hosted_night(request, key)
    form = TimesForm(request.POST, night.showing)
    if is_past(night) or not form.is_valid():
        return redirect("movies:films", key=key) if is_past(night) else render_films(request, night, times=form)
    return attempt(request, night, _("Kept."), lambda: Showing.objects.keep_times(night.gathering, **form.times))


@login_required
@never_cache
@require_POST
def open_vote(request: MemberRequest, key: str) -> HttpResponse:
    night = hosted_night(request, key)
    form = DeadlineForm(request.POST, night.showing)
    if is_past(night) or not form.is_valid():
        return redirect("movies:films", key=key) if is_past(night) else render_films(request, night, deadline=form)
    said = _(
        "Your guests choose on the page of the evening. Nobody sees who ticks what; all of you hear of it at once."
    )
    if night.showing.is_open:
        said = _("Kept. The vote ends then.")
    return attempt(request, night, said, lambda: Showing.objects.open_vote(night.gathering, form.until))


def attempt(request: MemberRequest, night: Evening, said: str, act: Any) -> HttpResponse:
    """Do it, or say why it cannot be done; back to the page of the films either way."""
    try:
        act()
    except CannotShow as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, said)
    return redirect("movies:films", key=night.gathering.key)


@login_required
@never_cache
def film(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    """One of the list, said anew."""
    night = hosted_night(request, key)
    found = film_of(night, pk)
    if is_past(night):
        return redirect("movies:films", key=key)
    form = FilmForm(posted(request), night.gathering, found, is_voted_on=night.showing.is_open)
    if request.method == "POST" and form.is_valid():
        try:
            found.change(**form.cleaned_data)
        except CannotShow as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Kept."))
            return redirect("movies:films", key=key)
    context = {"gathering": night.gathering, "night": night, "film": found, "form": form}
    return render(request, "movies/film.html", context, status=422 if form.errors else 200)


def film_of(night: Evening, pk: int) -> Film:
    found = get_object_or_404(Film.objects.of(night.gathering), pk=pk)
    found.gathering = night.gathering
    return found


@login_required
@require_POST
def show(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    night = hosted_night(request, key)
    found = film_of(night, pk)
    said = _("That is the film. Your guests find it on the page.")
    return attempt(request, night, said, lambda: Showing.objects.show(found))


@login_required
@require_POST
def drop(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    night = hosted_night(request, key)
    return attempt(request, night, _("It is off the list."), film_of(night, pk).take_out)


# What the guests choose


@login_required
@never_cache
def vote(request: MemberRequest, key: str) -> HttpResponse:
    night = own_night(request, key)
    ticked = set(Vote.objects.of(request.user, night.gathering).values_list("film", flat=True))
    form = BallotForm(posted(request), night.films, ticked)
    if request.method != "POST" and not night.showing.takes_votes:
        return back(night.gathering)
    if request.method == "POST" and form.is_valid():
        try:
            Vote.objects.cast(night.gathering, request.user, map(int, form.cleaned_data["films"]))
        except CannotVote as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Kept. You can change it until %(when)s.") % {"when": night.until})
            return back(night.gathering)
    context = {"gathering": night.gathering, "night": night, "ballot": form, "has_voted": bool(ticked)}
    return render(request, "movies/vote.html", context, status=422 if form.errors else 200)
