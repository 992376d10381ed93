"""A town that somebody wants to hear of no more: from the page of switches, which is open by mail, too."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.outbox.links import Link, register
from apps.profiles.requests import Request
from apps.reminders.models import NearWish


def stop_looking(request: Request, link: Link) -> HttpResponse:
    found = NearWish.objects.of(link.member).filter(pk=link.subject_id)
    if request.method == "POST":
        found.delete()
        return redirect(request.path)
    wish = found.select_related("town").first()
    context = {
        "title": _("We look no further")
        if not wish
        else _("Look no further near %(town)s?") % {"town": wish.town.name},
        "words": _("No mail comes about it. You can ask again at any time.")
        if not wish
        else _("Then no mail comes when something is on there."),
        "button": _("Look no further") if wish else "",
    }
    return render(request, "outbox/link.html", context)


register("near_wish", stop_looking)
