from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.outbox.forms import SwitchesForm
from apps.outbox.models import Suppression
from apps.profiles.models import Member
from apps.profiles.requests import Request, posted


def answer_switches(request: Request, member: Member) -> HttpResponse:
    """The page of all switches, for a member who has signed in or came by their own mail."""
    act, form = request.POST.get("act", ""), SwitchesForm(posted(request), member=member)
    if request.method == "POST":
        if act == "pause":
            member.pause_nudges()
            messages.success(request, _("No nudges for a month. Everything else comes as before."))
        elif act == "resume":
            member.resume_nudges()
            messages.success(request, _("As you had it before the pause."))
        elif act == "reached":
            Suppression.objects.of(member.email).delete()
            messages.success(request, _("We write to you again."))
        elif form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
        return redirect(request.path)
    suppression = Suppression.objects.of(member.email).first()
    return render(request, "outbox/switches.html", {"form": form, "reader": member, "suppression": suppression})
