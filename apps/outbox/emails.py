from django.utils.translation import gettext as _

from apps.outbox import secret
from apps.outbox.kinds import Mail, register
from apps.outbox.models import Message


def sign_in_code(message: Message) -> Mail:
    code = secret.decrypt(message.secret)
    return Mail(
        subject=_("%(code)s is your code") % {"code": code},
        template="outbox/email/sign_in_code",
        context={"code": code},
        discreet_subject=_("%(code)s is your code") % {"code": code},
    )


register("sign_in_code", lambda message: bool(message.secret), sign_in_code, is_first=True)


def address_changed(message: Message) -> Mail:
    """To the address that an account has left, so that whoever reads there can say if it was not them."""
    return Mail(subject=_("The address of your account has changed"), template="outbox/email/address_changed")


register("address_changed", lambda message: True, address_changed)
