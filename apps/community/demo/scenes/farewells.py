"""Mail about what is one's own: taking it along, and leaving."""

from django.utils import timezone

from apps.community.demo.scenes.stage import dinner, mail_to, mei, noor
from apps.gatherings.models import CoHost
from apps.outbox.models import Message
from apps.privacy.leaving import leave
from apps.privacy.models import Export


def export_ready() -> Message:
    """Asked for in the settings, and put together by a worker. (Here there is no file.)"""
    Export.objects.create(member=noor()).say_ready()
    return mail_to(noor(), "export_ready")


def leaving() -> Message:
    """The last mail, to the address alone."""
    leave(noor())
    word: Message = Message.objects.get(kind="leaving")
    return word


def handed_over() -> Message:
    """Mei has left, and Noor, who helped to host, has it now."""
    CoHost.objects.create(gathering=dinner(), email=noor().email, member=noor(), accepted_at=timezone.now())
    leave(mei())
    return mail_to(noor(), "handed_over")


SCENES = [export_ready, leaving, handed_over]
