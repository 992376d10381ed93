"""Mail about joining where not everybody does."""

from django.utils import timezone

from apps.community import joining
from apps.community.demo.scenes.stage import DOMAIN, mail_to, mei, somebody
from apps.outbox.models import Message
from apps.profiles.models import HouseRules, Member


def keeper() -> Member:
    return Member.objects.make_keeper(mei().email)


def newcomer() -> Member:
    """Noor has proved their address, and waits."""
    HouseRules.objects.now().change(who_may_join=HouseRules.Join.ASKED)
    waiting = somebody("Noor")
    waiting.is_waiting, waiting.joined_at = True, timezone.now()
    waiting.save(update_fields=["is_waiting", "joined_at"])
    return waiting


def mail_to_address(email: str, kind: str) -> Message:
    found: Message = Message.objects.get(kind=kind, address=email)
    return found


def joining_invited() -> Message:
    """A keeper invites somebody by mail."""
    joining.invite(keeper(), [f"noor@{DOMAIN}"])
    return mail_to_address(f"noor@{DOMAIN}", "joining_invited")


def joining_asked() -> Message:
    """Somebody would like to join; a keeper reads it."""
    reader = keeper()
    joining.tell_keepers(None, None, newcomer())
    return mail_to(reader, "joining_asked")


def welcome() -> Message:
    """A keeper has said yes."""
    waiting = newcomer()
    joining.say_yes(waiting)
    return mail_to(waiting, "welcome")


def not_now() -> Message:
    """A keeper has said not now."""
    waiting = newcomer()
    joining.say_no(waiting)
    return mail_to_address(waiting.email, "not_now")


SCENES = [joining_invited, joining_asked, welcome, not_now]
