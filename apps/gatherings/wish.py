"""The wish to sit: it lies in the session while a stranger signs in, and is granted in the POST that lets them in."""

import time
from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.gatherings.models import CannotSit, Gathering, KeptWish, Rsvp
from apps.profiles.models import Member

WISH = "wish"
LASTS = 3600  # seconds: whoever signs in tomorrow for another reason is not to find themselves at a table
# What a press came to, as a sentence for whom it concerns.
OUTCOMES = {
    Rsvp.State.SEATED: _("You have a seat. We have sent you a mail with everything in it."),
    Rsvp.State.WAITLISTED: _(
        "No seat is free for you just now, so you are on the waitlist. We write to you as soon as it is your turn."
    ),
    Rsvp.State.ASKED: _(
        "The host has your request and says yes to each guest. We write to you as soon as they answer."
    ),
}
FAREWELLS = {
    Rsvp.State.SEATED: _("Your seat is free again. That is fine; thank you for saying so."),
    Rsvp.State.OFFERED: _("The seat goes on to whose turn it is. That is fine; thank you for saying so."),
    Rsvp.State.WAITLISTED: _("You are no longer on the waitlist. That is fine; you may come back to it."),
    Rsvp.State.ASKED: _("Your request is taken back. That is fine; you may ask again."),
}


TOGETHER = _(
    "%(party)s seats together are not free just now, so you are on the waitlist. "
    "We write to you as soon as it is your turn. Fewer of you may find seats sooner."
)


def say(request: HttpRequest, rsvp: Rsvp) -> None:
    level = messages.SUCCESS if rsvp.is_seated else messages.INFO
    is_several = rsvp.is_waitlisted and rsvp.party > 1
    sentence = TOGETHER % {"party": rsvp.party} if is_several else OUTCOMES[Rsvp.State(rsvp.state)]
    messages.add_message(request, level, sentence)


def farewell(state: str) -> Any:
    return FAREWELLS[Rsvp.State(state)]


def remember(request: HttpRequest, gathering: Gathering, link: str = "") -> None:
    request.session[WISH] = {"key": gathering.key, "link": link, "at": time.time()}


def fresh(wish: dict[str, Any] | None) -> dict[str, Any]:
    return wish if wish and time.time() - wish["at"] < LASTS else {}


def wanted(member: Any, wish: dict[str, Any]) -> Gathering | None:
    if not wish:
        return None
    return Gathering.objects.visible_to(member, wish.get("link", "")).for_cards().filter(key=wish["key"]).first()


def wished_for(request: HttpRequest) -> Gathering | None:
    """The gathering this visitor would like to come to, if they may still know of it."""
    return wanted(request.user, fresh(request.session.get(WISH)))


def grant(sender: Any, request: HttpRequest, user: Member, **_kwargs: Any) -> None:
    wish = fresh(request.session.pop(WISH, None))
    gathering = wanted(user, wish)
    if not gathering:
        return
    if user.is_waiting:
        KeptWish.objects.update_or_create(member=user, defaults={"gathering": gathering, "link": wish["link"]})
        return
    try:
        say(request, gathering.seat(user))
    except CannotSit as refusal:
        messages.warning(request, refusal.sentence)


def kept_of(member: Any) -> Gathering | None:
    """What somebody would like to come to whose joining waits for a keeper, if they may still know of it."""
    kept = (
        KeptWish.objects.filter(member=member).select_related("gathering").first() if member.is_authenticated else None
    )
    return wanted(member, {"key": kept.gathering.key, "link": kept.link}) if kept else None


def grant_kept(member: Member) -> None:
    """After the keeper's yes: the seat they wished for, or what there is in its place. They read of it by mail."""
    gathering = kept_of(member)
    KeptWish.objects.filter(member=member).delete()
    try:
        if gathering:
            gathering.seat(member)
    except CannotSit:  # that evening is past, or off; the welcome leads to others
        return


def listen() -> None:
    user_logged_in.connect(grant, dispatch_uid="grant the wish to sit")
