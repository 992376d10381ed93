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
