from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _lazy

from apps.gatherings.emails import day_time_title, rsvp_of, seat_mail, when
from apps.gatherings.models import Gathering, Plan, Rsvp
from apps.outbox.kinds import Klass, Mail, register
from apps.outbox.links import link_to
from apps.outbox.models import Message
from apps.reminders import due

TEMPLATES = "reminders/email"


def seat_is_held(message: Message) -> bool:
    """Still seated, still taking place, and not moved since the reminder was put."""
    rsvp = rsvp_of(message)
    return rsvp is not None and rsvp.gathering.is_published and rsvp.gathering.moves == message.version


def seat_of(message: Message) -> Rsvp:
    rsvp = rsvp_of(message)
    if rsvp is None:
        raise Rsvp.DoesNotExist
    return rsvp


def is_only_guest(rsvp: Rsvp) -> bool:
    return due.people_at(rsvp.gathering) == 1


def day_before(message: Message) -> Mail:
    """With the guest's own plan, read back to them, and one tap to say yes."""
    rsvp = seat_of(message)
    mail = seat_mail(rsvp, day_time_title(rsvp.gathering), f"{TEMPLATES}/day_before")
    plan = Plan.objects.filter(rsvp=rsvp).select_related("rsvp__gathering").first()
    mail.context["plan"] = plan.lines if plan else []
    mail.context["is_only_guest"] = is_only_guest(rsvp)
    mail.context["coming_url"] = "" if rsvp.said_yes_at else link_to("coming", rsvp.member, rsvp.pk, rsvp.round)
    return mail


def soon(message: Message) -> Mail:
    rsvp = seat_of(message)
    mail = seat_mail(rsvp, day_time_title(rsvp.gathering), f"{TEMPLATES}/soon")
    mail.context["is_only_guest"] = is_only_guest(rsvp)
    mail.context["late_url"] = link_to("late", rsvp.member, rsvp.pk, rsvp.round)
    return mail


def is_too_small(message: Message) -> bool:
    """Still below the floor, undecided, not moved, and the reader still hosts it."""
    small = due.below_their_floor(Gathering.objects.filter(pk=message.subject_id, moves=message.version))
    return message.member is not None and small.run_by(message.member).exists()


def too_few(message: Message) -> Mail:
    gathering = Gathering.objects.for_cards().get(pk=message.subject_id)
    member = message.member
    assert member is not None  # put for hosts, who are members
    return Mail(
        subject=gettext("Few guests so far: %(title)s") % {"title": gathering.title},
        template=f"{TEMPLATES}/too_few",
        context={
            "gathering": gathering,
            "when": when(gathering),
            "people": due.people_at(gathering),
            "is_the_host": gathering.host_id == member.pk,
            "url": link_to("go_ahead", member, gathering.pk, gathering.moves),
            "call_off_url": link_to("call_off", member, gathering.pk, gathering.moves),
        },
        thread=gathering.key,
    )


register(
    "day_before",
    seat_is_held,
    day_before,
    klass=Klass.REMINDER,
    label=_lazy("The day before, with the address"),
)
register("soon", seat_is_held, soon, klass=Klass.REMINDER, label=_lazy("Two hours before"))
register("too_few", is_too_small, too_few, label=_lazy("Few guests so far, and the choice is yours"), is_for_hosts=True)
