from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.gatherings.forms_asking import NoteForm
from apps.gatherings.models import Gathering, Note
from apps.gatherings.models.note import CannotWrite
from apps.profiles.models import Member
from apps.profiles.requests import MemberRequest, posted


@login_required
@never_cache
def note(request: MemberRequest, key: str) -> HttpResponse:
    gathering = get_object_or_404(Gathering.objects.run_by(request.user).for_cards(), key=key)
    form = NoteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            Note.objects.send(gathering, request.user, form.cleaned_data["words"])
        except CannotWrite as refusal:
            form.add_error("words", refusal.sentence)
        else:
            messages.success(request, _("Your note is on its way. At night it waits for the morning."))
            return redirect("gatherings:note", key=key)
    context = {
        "gathering": gathering,
        "form": form,
        "readers": gathering.rsvps.seated().count(),
        "is_closed": not gathering.is_published or gathering.is_over,
        "notes": gathering.notes.filter(author__in=Member.objects.visible_to(request.user)).latest_first(),
    }
    return render(request, "gatherings/note.html", context, status=422 if form.errors else 200)
