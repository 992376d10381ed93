"""Sessions in the database, looked for only under such keys as we give, and over at the latest half a year after the
sign-in that began them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.utils import timezone

SIGNED_IN_AT = "signed in at"


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold anything, also a NUL, with which Postgres would refuse to look."""
        is_long_enough = super()._validate_session_key(key)  # type: ignore[misc]  # unknown to django-stubs
        return bool(is_long_enough and key and key.isascii() and key.isalnum())

    def get_expiry_date(self, **more: Any) -> datetime:
        """As Django has it, from what was kept in it last; but never past its end, whatever is kept. The row has it."""
        ends: datetime = super().get_expiry_date(**more)
        since = self.get(SIGNED_IN_AT)
        if since is None:
            return ends
        return min(ends, datetime.fromtimestamp(since, UTC) + timedelta(seconds=settings.SESSION_LASTS_AT_MOST))

    def get_expiry_age(self, **more: Any) -> int:
        """Likewise for the cookie."""
        age: int = super().get_expiry_age(**more)
        return min(age, max(0, int((self.get_expiry_date() - timezone.now()).total_seconds())))


def begin(sender: Any, request: Any, **_more: Any) -> None:
    """Whoever signs in anew begins anew. To show that it is still oneself is no sign-in."""
    request.session[SIGNED_IN_AT] = int(timezone.now().timestamp())


def listen() -> None:
    user_logged_in.connect(begin, dispatch_uid="a session begins")
