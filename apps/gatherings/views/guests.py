"""The host's and co-hosts' view of who comes, who hopes to, and what there is to decide."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.gatherings.company import Company, may_be_offered
from apps.gatherings.faces import recognise
from apps.gatherings.models import CannotSit, Gathering, Rsvp
from apps.gatherings.views.hosting import run_gathering
from apps.profiles.fields import LineField
from apps.profiles.models import Member
from apps.profiles.requests import MemberRequest, posted

HELD = gettext_lazy("A seat is held for %(name)s. The yes is theirs.")


class WordsForm(forms.Form):
    words = LineField(
        label=gettext_lazy("A line to them"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("They read it in the mail. No reason is needed."),
    )


class OfferForm(forms.Form):
    member = forms.ModelChoiceField(
        label=gettext_lazy("Somebody you have sat with"),
        queryset=Member.objects.none(),
        to_field_name="key",
        empty_label="",
        error_messages={"required": gettext_lazy("Please choose somebody.")},
    )

    def __init__(self, data: Any, people: Any) -> None:
        super().__init__(data)
        self.fields["member"].queryset = people  # type: ignore[attr-defined]  # of a ModelChoiceField


def shown_gathering(request: MemberRequest, key: str) -> Gathering:
    """A gathering that the reader hosts or co-hosts; a draft has no guests."""
    gathering = run_gathering(request, key)
    if gathering.is_draft:
        raise Http404
    return gathering


@login_required
@never_cache
@require_safe
def guests(request: MemberRequest, key: str) -> HttpResponse:
    gathering = shown_gathering(request, key)
    company = Company(gathering, request.user)
    recognise(request.user, [rsvp.member for rsvp in company.rsvps])
    context = {
        "gathering": gathering,
        "company": company,
        "is_past": gathering.is_over,
        "is_to_come": gathering.is_published and not gathering.has_begun,
        "is_the_host": gathering.host_id == request.user.pk,
    }
    return render(request, "gatherings/guests.html", context)


@login_required
@never_cache
@require_safe
def sheet(request: MemberRequest, key: str) -> HttpResponse:
    """To print: everything a host wants to have in the kitchen."""
    gathering = shown_gathering(request, key)
    return render(
        request, "gatherings/sheet.html", {"gathering": gathering, "company": Company(gathering, request.user)}
    )


# What a host may do with one guest's RSVP. Each says what it came to.


def admit(rsvp: Rsvp) -> str:
    rsvp.admit()
    if rsvp.is_seated:
        return _("%(name)s has a seat.") % {"name": rsvp.member.name}
    return _("%(name)s is on the waitlist: there is no free seat just now.") % {"name": rsvp.member.name}


def offer_seat(rsvp: Rsvp) -> str:
    rsvp.gathering.offer(rsvp.member)
    return HELD % {"name": rsvp.member.name}


def agree(rsvp: Rsvp) -> str:
    rsvp.agree()
    return _("%(name)s may bring their company.") % {"name": rsvp.member.name}


def absent(rsvp: Rsvp) -> str:
    rsvp.mark_absent(True)
    return _("Marked. Only the hosts see it, nothing goes by it, and it is gone after 30 days.")


def present(rsvp: Rsvp) -> str:
    rsvp.mark_absent(False)
    return _("The mark is gone.")


ACTS: dict[str, Callable[[Rsvp], str]] = {
    "admit": admit,
    "offer": offer_seat,
    "agree": agree,
    "absent": absent,
    "present": present,
}


@login_required
@never_cache
def act(request: MemberRequest, key: str, guest: str, act: str) -> HttpResponse:
    gathering = shown_gathering(request, key)
    seen = gathering.rsvps.open().filter(member__in=Member.objects.visible_to(request.user))
    rsvp = get_object_or_404(seen.select_related("member"), member__key=guest)
    rsvp.gathering = gathering
    if act == "decline":
        return decline(request, rsvp)
    if act not in ACTS or request.method != "POST":
        raise Http404
    try:
        messages.success(request, ACTS[act](rsvp))
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("gatherings:guests", key=key)


def decline(request: MemberRequest, rsvp: Rsvp) -> HttpResponse:
    """Say no to a request, or take a seat away; asked once more, since it cannot be undone by the guest."""
    form = WordsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if rsvp.decline(form.cleaned_data["words"]):
            messages.success(request, _("We have told %(name)s, kindly.") % {"name": rsvp.member.name})
        return redirect("gatherings:guests", key=rsvp.gathering.key)
    context = {"gathering": rsvp.gathering, "rsvp": rsvp, "form": form}
    return render(request, "gatherings/decline.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def offer(request: MemberRequest, key: str) -> HttpResponse:
    """Hold a free seat for somebody one has sat with before."""
    gathering = shown_gathering(request, key)
    if not gathering.is_published or gathering.has_begun:
        return redirect("gatherings:guests", key=key)
    people = may_be_offered(gathering, request.user)
    form = OfferForm(posted(request), people.order_by("name", "pk"))
    if request.method == "POST" and form.is_valid():
        try:
            rsvp = gathering.offer(form.cleaned_data["member"])
            messages.success(request, HELD % {"name": rsvp.member.name})
            return redirect("gatherings:guests", key=key)
        except CannotSit as refusal:
            form.add_error("member", refusal.sentence)
    context = {"gathering": gathering, "form": form, "has_people": people.exists()}
    return render(request, "gatherings/offer.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def go_ahead(request: MemberRequest, key: str) -> HttpResponse:
    gathering = shown_gathering(request, key)
    gathering.go_ahead()
    messages.success(request, _("It goes ahead, with whoever comes."))
    return redirect("gatherings:guests", key=key)
