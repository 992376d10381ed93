from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.gatherings.emails import when
from apps.gatherings.models import Gathering
from apps.outbox.kinds import Mail, register
from apps.outbox.models import Message
from apps.privacy.leaving import HANDED_OVER
from apps.privacy.models import Departure, Export

TEMPLATES = "privacy/email"


def export_of(message: Message) -> Export | None:
    if message.member is None:
        return None
    return Export.objects.of(message.member).ready(timezone.now()).filter(pk=message.subject_id).first()


def export_ready(message: Message) -> Mail:
    export = export_of(message)
    assert export is not None  # or it would not be true any more
    url = settings.BASE_URL + reverse("privacy:export_file", args=[export.key])
    return Mail(_("Everything of yours is ready"), f"{TEMPLATES}/export_ready", {"url": url})


def departure_of(message: Message) -> Departure | None:
    return Departure.objects.filter(pk=message.subject_id, member__email=message.address).first()


def leaving(message: Message) -> Mail:
    departure = departure_of(message)
    assert departure is not None  # likewise
    context = {
        "until": date_format(timezone.localtime(departure.final_at), "l j F"),
        "url": settings.BASE_URL + reverse("account_login"),
    }
    return Mail(_("You have left"), f"{TEMPLATES}/leaving", context)


def gathering_of(message: Message) -> Gathering | None:
    if message.member is None:
        return None
    ahead = Gathering.objects.hosted_by(message.member).published().upcoming().for_cards()
    return ahead.filter(pk=message.subject_id).first()


def handed_over(message: Message) -> Mail:
    gathering = gathering_of(message)
    assert gathering is not None  # likewise
    return Mail(
        subject=_("You host it now: %(title)s, %(when)s") % {"title": gathering.title, "when": when(gathering)},
        template=f"{TEMPLATES}/handed_over",
        context={"gathering": gathering, "when": when(gathering)},
        thread=gathering.key,
    )


register("export_ready", lambda message: export_of(message) is not None, export_ready)
register("leaving", lambda message: departure_of(message) is not None, leaving)
register(HANDED_OVER, lambda message: gathering_of(message) is not None, handed_over)
