"""What a message must carry and nobody may read: sign-in codes. Encrypted with a key derived from SECRET_KEY."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def box() -> Fernet:
    digest = hashlib.sha256(b"outbox secret " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def encrypt(text: str) -> str:
    return box().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    return box().decrypt(token.encode()).decode()
