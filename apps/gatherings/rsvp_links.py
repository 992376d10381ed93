"""What mails about a seat link to: take what is held, give it back, say yes, be late. GET shows, POST acts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from apps.gatherings import wish
from apps.gatherings.emails import when
from apps.gatherings.forms import CancelForm
from apps.gatherings.models import CannotSit, Declined, Gathering, GatheringFull, Rsvp
from apps.gatherings.party import brings
from apps.gatherings.seat_forms import LateForm
from apps.outbox.links import Link, register
from apps.profiles.models import Member
from apps.profiles.requests import Request, posted

ANSWERED = {
    Rsvp.State.SEATED: _lazy("%(name)s has a seat."),
    Rsvp.State.WAITLISTED: _lazy("%(name)s is on the waitlist: there is no free seat just now."),
    Rsvp.State.DECLINED: _lazy("We have told %(name)s, kindly."),
    "": _lazy("%(name)s does not ask any more. There is nothing you need to do."),
}


def rsvp_behind(link: Link) -> Rsvp:
    """Raises Member.DoesNotExist, which ends the link, where there is no such RSVP of this member.

    Nor is there one for them where there is a block between them and a host.
    """
    rsvps = Rsvp.objects.of(link.member).select_related("gathering__town", "gathering__host", "member")
    rsvp = rsvps.filter(pk=link.subject_id, gathering__in=Gathering.objects.unblocked_for(link.member)).first()
    if rsvp is None:
        raise Member.DoesNotExist
    return rsvp


def is_still(rsvp: Rsvp, link: Link) -> bool:
    """Whether the RSVP is as it was when the mail was written."""
    return rsvp.round == link.version and rsvp.gathering.is_published and not rsvp.gathering.is_over


def show(request: Request, rsvp: Rsvp, title: str, **more: Any) -> HttpResponse:
    lead = f"{rsvp.gathering.title}, {when(rsvp.gathering)}"
    context = {"title": title, "lead": lead, "gathering": rsvp.gathering, **more}
    return render(request, "outbox/link.html", context, status=422 if "form" in more and more["form"].errors else 200)


def show_state(request: Request, rsvp: Rsvp) -> HttpResponse:
    """How it stands now: after the act, and for a link whose moment has passed."""
    if rsvp.gathering.is_cancelled:
        return show(request, rsvp, _("This gathering is called off"), words=_("There is nothing you need to do."))
    if rsvp.gathering.is_over:
        return show(request, rsvp, _("This gathering is over"))
    if not rsvp.is_open:
        return show_farewell(request, rsvp)
    titles = {
        Rsvp.State.SEATED: _("You have a seat"),
        Rsvp.State.OFFERED: _("A seat is held for you"),
        Rsvp.State.WAITLISTED: _("You are on the waitlist"),
        Rsvp.State.ASKED: _("You have asked for a seat"),
    }
    words = wish.OUTCOMES.get(Rsvp.State(rsvp.state), "")
    return show(request, rsvp, titles[Rsvp.State(rsvp.state)], words=words)


def show_farewell(request: Request, rsvp: Rsvp) -> HttpResponse:
    """What they have just given back, in kind words; or that there is no seat for them."""
    before = rsvp.history.filter(round=rsvp.round - 1).order_by("-pk").first()
    near = reverse("gatherings:near", args=[rsvp.gathering.town.slug])
    if rsvp.is_declined or before is None:
        return show(request, rsvp, _("There is no seat for you here"), words=Declined.sentence, near=near)
    return show(request, rsvp, _("That is fine"), words=wish.farewell(before.state), near=near)


def take_offer(request: Request, link: Link) -> HttpResponse:
    rsvp = rsvp_behind(link)
    if not (rsvp.is_offered and is_still(rsvp, link)):
        return show_state(request, rsvp)
    if request.method != "POST":
        until = date_format(rsvp.offered_until_local, "l j F, H:i")
        words = _("It is yours until %(until)s. After that it goes on to whose turn it is.") % {"until": until}
        title, take, pass_on = _("A seat is held for you"), _("Take it"), _("Pass it on")
        return show(request, rsvp, title, words=words, button=take, other_button=pass_on)
    if request.POST.get("act") == "no":
        rsvp.bow_out()
        return redirect(request.path)
    try:
        rsvp.accept()
    except CannotSit as refusal:
        return show(request, rsvp, _("The offer has ended"), words=refusal.sentence)
    return redirect(request.path)


def give_back(request: Request, link: Link) -> HttpResponse:
    rsvp = rsvp_behind(link)
    if not (rsvp.is_open and is_still(rsvp, link)):
        return show_state(request, rsvp)
    if request.method == "POST":
        rsvp.bow_out()
        return redirect(request.path)
    if rsvp.is_waitlisted:
        words = _("That is fine; no reason needed. You can come another time.")
        return show(request, rsvp, _("Stop waiting?"), words=words, button=_("Stop waiting"))
    if rsvp.is_asked:
        words = _("That is fine; no reason needed. You can ask another time.")
        return show(request, rsvp, _("Take your request back?"), words=words, button=_("Take it back"))
    words = _("That is fine; no reason needed. Somebody else can sit down, and you can come another time.")
    return show(request, rsvp, _("Give your seat back?"), words=words, button=_("Give my seat back"))


def say_yes(request: Request, link: Link) -> HttpResponse:
    rsvp = rsvp_behind(link)
    if not (rsvp.is_seated and is_still(rsvp, link)):
        return show_state(request, rsvp)
    if request.method == "POST":
        rsvp.say_yes()
        return redirect(request.path)
    if rsvp.said_yes_at:
        return show(request, rsvp, _("Your host knows that you are coming"), words=_("See you there."))
    words = _("Your host is glad to know. Not answering has no consequence.")
    return show(request, rsvp, _("Are you coming?"), words=words, button=_("Yes, I’m coming"))


def run_late(request: Request, link: Link) -> HttpResponse:
    rsvp = rsvp_behind(link)
    if not (rsvp.may_run_late and is_still(rsvp, link)):
        return show_state(request, rsvp)
    form = LateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        rsvp.run_late(form.cleaned_data["minutes"])
        return redirect(request.path)
    told = _("Your host knows. No need to hurry.") if rsvp.minutes_late else ""
    words = told or _("It happens. We tell your host, so that nobody wonders.")
    return show(request, rsvp, _("Running late"), words=words, form=form, button=_("Tell my host"))


def rsvp_of_a_guest(link: Link) -> Rsvp:
    """For a host or co-host. Raises Member.DoesNotExist for whoever is none, or any more."""
    run = Gathering.objects.run_by(link.member)
    rsvps = Rsvp.objects.select_related("gathering__town", "gathering__host", "member")
    rsvp = rsvps.filter(
        pk=link.subject_id, gathering__in=run, member__in=Member.objects.visible_to(link.member)
    ).first()
    if rsvp is None:
        raise Member.DoesNotExist
    return rsvp


def answer_company(request: Request, link: Link) -> HttpResponse:
    """The host's or a co-host's yes to whom a guest would like to bring besides."""
    rsvp = rsvp_of_a_guest(link)
    pending = rsvp.companions.filter(is_agreed=False).count()
    name, party = rsvp.member.name, brings(rsvp.companions.all())
    if not (pending and is_still(rsvp, link)) or rsvp.gathering.has_begun:
        words = _("%(name)s comes %(party)s.") % {"name": name, "party": party} if party and rsvp.is_open else ""
        return show(request, rsvp, _("Answered"), words=words or _("There is nothing you need to do."))
    words = ngettext(
        "%(name)s would like to bring one more person.",
        "%(name)s would like to bring %(pending)s more people.",
        pending,
    )
    words %= {"name": name, "pending": pending}
    if request.method == "POST":
        try:
            rsvp.agree()
            return redirect(request.path)
        except GatheringFull as refusal:
            words = str(refusal.sentence)
    return show(request, rsvp, _("Is there room?"), words=words, button=_("They may bring them"))


def answer_request(request: Request, link: Link) -> HttpResponse:
    """The host's or a co-host's answer to somebody who asks for a seat."""
    rsvp = rsvp_of_a_guest(link)
    if request.method == "POST" and rsvp.is_asked and is_still(rsvp, link):
        rsvp.decline() if request.POST.get("act") == "no" else rsvp.admit()
        return redirect(request.path)
    words = {"name": rsvp.member.name}
    if not (rsvp.is_asked and is_still(rsvp, link)):
        return show(request, rsvp, _("Answered"), words=ANSWERED.get(Rsvp.State(rsvp.state), ANSWERED[""]) % words)
    title, no = _("%(name)s would like to come") % words, _("Not this time")
    return show(request, rsvp, title, words=rsvp.note, button=_("Say yes"), other_button=no)


def call_off(request: Request, link: Link) -> HttpResponse:
    """The host's word, from the mail about few guests, that it does not take place."""
    gathering = Gathering.objects.hosted_by(link.member).for_cards().filter(pk=link.subject_id).first()
    if gathering is None:
        raise Member.DoesNotExist
    form = CancelForm(posted(request))
    may_call_off = gathering.is_published and not gathering.is_over
    if may_call_off and request.method == "POST" and form.is_valid():
        gathering.cancel(form.cleaned_data["words"])
        return redirect(request.path)
    if may_call_off:
        words = _("It happens to every host. Your guests are told at once, by mail.")
        shown: dict[str, Any] = {"title": _("Call it off?"), "words": words, "form": form, "button": _("Call it off")}
    elif gathering.is_cancelled:
        shown = {"title": _("It is called off"), "words": _("Your guests are told. There is nothing else to do.")}
    else:
        shown = {"title": _("This gathering is over")}
    context = {"lead": f"{gathering.title}, {when(gathering)}", "gathering": gathering, **shown}
    return render(request, "outbox/link.html", context, status=422 if form.errors else 200)


def go_ahead(request: Request, link: Link) -> HttpResponse:
    """The host's word, below the floor they set, that it takes place all the same."""
    run = Gathering.objects.run_by(link.member).published().upcoming().for_cards()
    gathering = run.filter(pk=link.subject_id, moves=link.version).first()
    if gathering is None:
        raise Member.DoesNotExist
    if request.method == "POST":
        gathering.go_ahead()
        return redirect(request.path)
    context = {"title": _("It goes ahead"), "lead": f"{gathering.title}, {when(gathering)}", "gathering": gathering}
    if not gathering.goes_ahead:
        context.update(title=_("Shall it go ahead?"), button=_("It goes ahead"))
        context["words"] = _("With whoever comes. A small table can be the best one.")
    return render(request, "outbox/link.html", context)


register("offer", take_offer)
register("leave", give_back)
register("coming", say_yes)
register("late", run_late)
register("go_ahead", go_ahead)
register("call_off", call_off)
register("request", answer_request)
register("company", answer_company)
