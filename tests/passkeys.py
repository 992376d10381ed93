"""A passkey as it is kept, and a browser that has signed in with it. It is made up: no device could use it."""

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from apps.profiles.models import Member

KEY = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})


def add_passkey(member: Member) -> Authenticator:
    name = f"passkey of {member.pk}".encode()
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    known = AuthenticatorData.create(b"h" * 32, flags, 0, AttestedCredentialData.create(b"a" * 16, name, KEY))
    response = {
        "clientDataJSON": websafe_encode(CollectedClientData.create("webauthn.create", b"c", "http://localhost")),
        "attestationObject": websafe_encode(AttestationObject.create("none", known, {})),
    }
    credential = {"id": websafe_encode(name), "rawId": websafe_encode(name), "type": "public-key", "response": response}
    data = {"name": "a phone", "credential": credential}
    return Authenticator.objects.create(user=member, type=Authenticator.Type.WEBAUTHN, data=data)


def sign_in_with_passkey(client: Client, member: Member) -> None:
    client.force_login(member)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "webauthn", "at": 0}]
    session["account_authentication_methods_user"] = str(member.pk)
    session.save()


def let_moderate(client: Client, member: Member) -> None:
    """Make them a moderator who has signed in here with their passkey."""
    member.is_moderator = True
    member.save(update_fields=["is_moderator"])
    add_passkey(member)
    sign_in_with_passkey(client, member)
