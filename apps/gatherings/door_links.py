"""What the question about the door links to. GET shows, POST answers; the answer may be changed until the start."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.gatherings.models import Rsvp
from apps.gatherings.rsvp_links import is_still, rsvp_behind, show, show_state
from apps.outbox.links import Link, register
from apps.profiles.requests import Request


def answer_door(request: Request, link: Link) -> HttpResponse:
    rsvp = rsvp_behind(link)
    if not (rsvp.is_seated and is_still(rsvp, link)) or rsvp.gathering.has_begun:
        return show_state(request, rsvp)
    if request.method == "POST":
        rsvp.say_about_the_door(request.POST.get("act") != "no")
        return redirect(request.path)
    return show_door(request, rsvp)


def show_door(request: Request, rsvp: Rsvp) -> HttpResponse:
    others = rsvp.gathering.rsvps.at_the_door().exclude(pk=rsvp.pk)
    door = others.named_for(rsvp.member).select_related("member").first()
    if door:
        title = _("%(name)s opens the door") % {"name": door.member.name if door.is_named else _("Another guest")}
        return show(request, rsvp, title, words=_("Somebody has said yes already, so there is nothing you need to do."))
    title, words, yes, no = {
        None: (
            _("Would you like to open the door?"),
            _("You come a little earlier, and whoever rings sees you first. Both answers are fine."),
            _("Yes, I open the door"),
            _("Not this time"),
        ),
        True: (
            _("You open the door"),
            _("Your host and the others at the table can see it. If you would rather not after all, that is fine."),
            "",
            _("Not this time after all"),
        ),
        False: (
            _("Not this time"),
            _("That is fine. You have your seat as before."),
            _("I open the door after all"),
            "",
        ),
    }[rsvp.opens_door]
    return show(request, rsvp, title, words=words, button=yes, other_button=no)


register("door", answer_door)
