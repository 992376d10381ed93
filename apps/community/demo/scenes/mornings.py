"""The morning after."""

from datetime import timedelta

from apps.afterwards.models import Thanks, Tick
from apps.community.demo.scenes.stage import dinner, due, mail_to, mei, noor, somebody
from apps.gatherings.models import Gathering
from apps.outbox.models import Message


def yesterday() -> Gathering:
    """Mei's soup, to which Noor and Efua came. Seats are taken while it is to come."""
    table = dinner(5)
    for guest in (noor(), somebody("Efua")):
        table.seat(guest)
    Message.objects.all().filter(member__in=[mei(), noor(), somebody("Efua")]).delete()
    back = timedelta(days=6)
    table.day -= back
    table.settle()
    Gathering.objects.filter(pk=table.pk).update(day=table.day, starts_at=table.starts_at, ends_at=table.ends_at)
    return table


def afterwards() -> Message:
    """To Noor, who came."""
    table = yesterday()
    return due("afterwards", noor(), table.pk, version=table.moves)


def afterwards_to_the_host() -> Message:
    """To Mei, who may host it again."""
    table = yesterday()
    return due("afterwards", mei(), table.pk, version=table.moves)


def thanks() -> Message:
    """From Noor to Mei."""
    Thanks.objects.send(
        yesterday(), noor(), mei(), "Thank you for the chair near the kitchen.\nI had not laughed like that for weeks."
    )
    return mail_to(mei(), "thanks")


def match() -> Message:
    """Noor and Efua would both like to meet again."""
    table, efua = yesterday(), somebody("Efua")
    Tick.objects.keep(efua, table, [noor().pk], [noor().pk], "0117 496 0123, in the evening")
    Tick.objects.keep(noor(), table, [efua.pk], [efua.pk], "noor@home.example, or a note through the blue door")
    return mail_to(noor(), "match")


SCENES = [afterwards, afterwards_to_the_host, thanks, match]
